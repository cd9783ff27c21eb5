import { z } from 'zod'
import { experimentsOf, runningExperiment, type Experiment } from '#journey/experiment'
import type { Issuer } from '#journey/party'
import { chooseTerms, harmLevel, policiesOf, publishPolicy, startByRule, termsOf, type Policy, type Terms } from '#journey/policy'
import { fault, file, formBody, page, rates, redirect, route, type Route } from '#interfaces/http'
import { deskAddress, deskChrome, mayEnter } from './desk.ts'
import { experimentOf } from './experiment-routes.ts'
import { policiesPage, policyPage, type PolicyView } from './policy-page.ts'

const params = z.strictObject({ experiment: z.uuid() })
const mayChange = ['owner', 'staff'] as const

export const policyRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/admin/:issuer/policies',
    summary: 'Whom to nudge, as it was proposed and published.',
    roles: mayEnter.policies,
    issuer: 'path',
    rate: rates.pages,
    params: z.strictObject({}),
    async handler(asked) {
      const { issuer, world } = asked
      const policies = await world.db.read(async (tx) => {
        const rows = []
        for (const experiment of await experimentsOf(tx, issuer.id)) {
          for (const policy of await policiesOf(tx, experiment.id)) rows.push({ sentence: policy.sentence, address: deskAddress(issuer, 'policies', `/${experiment.id}`), state: policy.state, experiment: experiment.name, proposedAt: policy.proposedAt })
        }
        return rows
      })
      return page(policiesPage({ policies }, deskChrome(asked, issuer, 'policies')))
    },
  }),
  route({
    method: 'GET',
    path: '/admin/:issuer/policies/:experiment',
    summary: 'The newest policy of an experiment, and what it is worth.',
    roles: mayEnter.policies,
    issuer: 'path',
    rate: rates.pages,
    params,
    async handler(asked) {
      const { issuer, world, input } = asked
      const { experiment, policy, terms, running } = await world.db.read(async (tx) => {
        const found = await experimentOf(tx, issuer, input.params.experiment)
        return { experiment: found, policy: (await policiesOf(tx, found.id))[0], terms: await termsOf(tx, found.id), running: await runningExperiment(tx, issuer.id) }
      })
      if (!policy) throw fault.nothing_here()
      const chrome = deskChrome(asked, issuer, 'policies')
      return page(policyPage(present({ issuer, experiment, policy, terms, running, mayChange: chrome.role !== 'analyst' }), chrome))
    },
  }),
  route({
    method: 'POST',
    path: '/admin/:issuer/policies/:experiment/publication',
    summary: 'Publishes the proposed policy for the next experiment to draw by.',
    roles: mayChange,
    issuer: 'path',
    csrf: 'form',
    audit: 'policy.publish',
    rate: rates.pages,
    params,
    body: formBody(z.strictObject({})),
    async handler({ issuer, input, change }) {
      await change(
        async (tx) => await publishPolicy(tx, (await experimentOf(tx, issuer, input.params.experiment)).id),
        (policy) => ({ subject: policy.id, issuerId: issuer.id, after: policy.sentence }),
      )
      return redirect(deskAddress(issuer, 'policies', `/${input.params.experiment}`))
    },
  }),
  route({
    method: 'POST',
    path: '/admin/:issuer/policies/:experiment/terms',
    summary: 'Says what a nudge must bring and how many can be nudged; whom to nudge is learned anew.',
    roles: mayChange,
    issuer: 'path',
    csrf: 'form',
    audit: 'policy.terms',
    rate: rates.pages,
    params,
    body: formBody(
      z.strictObject({
        /** Of 1,000 nudged learners. */
        cost: z.string().trim().regex(/^\d{1,3}(?:[.,]\d{1,2})?$/, 'a number from 0 to 999'),
        budget: z.string().regex(/^(?:100|[1-9]\d?)$/, 'a whole number of per cent'),
        depth: z.enum(['1', '2']),
      }),
    ),
    async handler({ issuer, input, change }) {
      const { cost, budget, depth } = input.body
      await change(
        async (tx) => await chooseTerms(tx, (await experimentOf(tx, issuer, input.params.experiment)).id, { cost: Number(cost.replace(',', '.')) / 1000, budget: Number(budget) / 100, depth: depth === '1' ? 1 : 2 }),
        (terms) => ({ subject: input.params.experiment, issuerId: issuer.id, after: terms }),
      )
      return redirect(deskAddress(issuer, 'policies', `/${input.params.experiment}`))
    },
  }),
  route({
    method: 'POST',
    path: '/admin/:issuer/policies/:experiment/experiment',
    summary: 'Starts the next experiment by the rule, with a share that stays random.',
    roles: mayChange,
    issuer: 'path',
    csrf: 'form',
    audit: 'policy.start_by_rule',
    rate: rates.pages,
    params,
    body: formBody(z.strictObject({ name: z.string().trim().min(1).max(200), random_share: z.enum(['10', '20', '30', '50']) })),
    async handler({ issuer, input, change }) {
      const { name, random_share: share } = input.body
      const started = await change(
        async (tx) => await startByRule(tx, { experimentId: (await experimentOf(tx, issuer, input.params.experiment)).id, name, randomShare: Number(share) / 100 }),
        (made) => ({ subject: made.id, issuerId: issuer.id, after: { rule: made.ruleId, randomShare: made.randomShare } }),
      )
      return redirect(deskAddress(issuer, 'experiments', `/${started.id}`))
    },
  }),
  route({
    method: 'GET',
    path: '/admin/:issuer/policies/:file{[0-9a-f-]{36}\\.json}',
    summary: 'The newest policy of an experiment as an experiment can adopt it.',
    roles: mayEnter.policies,
    issuer: 'path',
    rate: rates.pages,
    params: z.strictObject({ file: z.string().max(50) }),
    async handler({ issuer, world, input }) {
      const [policy] = await world.db.read(async (tx) => await policiesOf(tx, (await experimentOf(tx, issuer, input.params.file.slice(0, -'.json'.length))).id))
      if (!policy) throw fault.nothing_here()
      return file(`${JSON.stringify(policy.rule, undefined, 2)}\n`, 'application/json', { name: `policy-${input.params.file}` })
    },
  }),
]

interface ToPresent {
  readonly issuer: Issuer
  readonly experiment: Experiment
  readonly policy: Policy
  readonly terms: Terms
  readonly running: Experiment | undefined
  readonly mayChange: boolean
}

const kinds = ['tree', 'everyone', 'no_one', 'none'] as const

function present({ issuer, experiment, policy, terms, running, mayChange: may }: ToPresent): PolicyView {
  const address = deskAddress(issuer, 'policies', `/${experiment.id}`)
  const kind = kinds.find((one) => one === policy.rule['kind']) ?? 'none'
  const { instead } = policy.rule
  const usable = may && kind !== 'none' && policy.state !== 'superseded'
  return {
    sentence: policy.sentence,
    state: policy.state,
    kind,
    outcome: String(policy.rule['outcome'] ?? 'shared'),
    ...(policy.value === undefined || policy.valueLow === undefined || policy.valueHigh === undefined ? {} : { gain: { against: policy.against, estimate: policy.value, low: policy.valueLow, high: policy.valueHigh } }),
    ...(typeof instead === 'string' ? { instead } : {}),
    ...(policy.findings === undefined ? {} : { findings: policy.findings }),
    terms: policy.terms,
    learning: terms.cost !== policy.terms.cost || terms.budget !== policy.terms.budget || terms.depth !== policy.terms.depth,
    harmLevel,
    experiment: { name: experiment.name, address: deskAddress(issuer, 'experiments', `/${experiment.id}`) },
    reportAddress: deskAddress(issuer, 'reports', `/${experiment.id}`),
    proposedAt: policy.proposedAt,
    ...(policy.publishedAt === undefined ? {} : { publishedAt: policy.publishedAt }),
    ...(usable && policy.state === 'proposed' ? { publishAddress: `${address}/publication` } : {}),
    ...(may ? { termsAddress: `${address}/terms` } : {}),
    ...(usable ? { next: running ? { running: { name: running.name, address: deskAddress(issuer, 'experiments', `/${running.id}`) } } : { startAddress: `${address}/experiment` } } : {}),
    jsonAddress: `${address}.json`,
    listAddress: deskAddress(issuer, 'policies'),
  }
}
