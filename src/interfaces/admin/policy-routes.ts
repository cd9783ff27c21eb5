import { z } from 'zod'
import { experimentsOf, type Experiment } from '#journey/experiment'
import type { Issuer } from '#journey/party'
import { policiesOf, publishPolicy, type Policy } from '#journey/policy'
import { fault, formBody, page, rates, redirect, route, type Route } from '#interfaces/http'
import { deskAddress, deskChrome, mayEnter } from './desk.ts'
import { experimentOf } from './experiment-routes.ts'
import { policiesPage, policyPage, type PolicyView } from './policy-page.ts'

const params = z.strictObject({ experiment: z.uuid() })

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
      const { experiment, policy } = await world.db.read(async (tx) => {
        const found = await experimentOf(tx, issuer, input.params.experiment)
        return { experiment: found, policy: (await policiesOf(tx, found.id))[0] }
      })
      if (!policy) throw fault.nothing_here()
      return page(policyPage(present(issuer, experiment, policy), deskChrome(asked, issuer, 'policies')))
    },
  }),
  route({
    method: 'POST',
    path: '/admin/:issuer/policies/:experiment/publication',
    summary: 'Publishes the proposed policy for the next experiment to draw by.',
    roles: ['owner', 'staff'],
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
]

function present(issuer: Issuer, experiment: Experiment, policy: Policy): PolicyView {
  const address = deskAddress(issuer, 'policies', `/${experiment.id}`)
  const settled = policy.rule['settled'] === true
  return {
    sentence: policy.sentence,
    state: policy.state,
    outcome: String(policy.rule['outcome'] ?? 'shared'),
    value: null,
    valueReason: 'The rule treats everybody alike, so what it is worth is its gain against the alternative.',
    alternatives: [],
    ...(policy.value === undefined || policy.valueLow === undefined || policy.valueHigh === undefined ? {} : { gain: { against: policy.against, estimate: policy.value, low: policy.valueLow, high: policy.valueHigh } }),
    reasons: [
      'The gain is the effect of the nudge itself, on everybody who was drawn; nothing was fitted to find it but its sign.',
      settled ? 'The interval lies on one side of zero.' : 'The interval includes zero: the data do not settle whether the rule or its opposite is better.',
    ],
    experiment: { name: experiment.name, address: deskAddress(issuer, 'experiments', `/${experiment.id}`) },
    reportAddress: deskAddress(issuer, 'reports', `/${experiment.id}`),
    proposedAt: policy.proposedAt,
    ...(policy.publishedAt === undefined ? {} : { publishedAt: policy.publishedAt }),
    ...(policy.state === 'proposed' ? { publishAddress: `${address}/publication` } : {}),
    listAddress: deskAddress(issuer, 'policies'),
  }
}
