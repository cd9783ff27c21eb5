/**
 * The loop closed: learners whose truth is known, of whom the nudge helps some and harms others; what the analysis finds, the rule that it proposes, the rule put in force, and
 * the next experiment that draws by it, by the command line, with a lane that stays random.
 */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { adminRoutes } from '#interfaces/admin'
import { runCommandLine, type CliContext } from '#interfaces/cli'
import { openHttp, openSignIn, signInRoutes } from '#interfaces/http'
import { composeLetter } from '#interfaces/look'
import { checkMailPage, mailedLinkPage, signInPage } from '#interfaces/pages'
import { publishedEffects, simulate, type Effects, type SimulationReport } from '#interfaces/twin'
import { achievementByHandle, recordCompletions } from '#journey/completion'
import { estimatesOfRun, gainsOfRun, latestRun, runAnalysis } from '#journey/estimate'
import { experimentById, experimentsOf } from '#journey/experiment'
import { addMember, issuerByHandle, type Issuer } from '#journey/party'
import { chooseTerms, policiesOf, publishPolicy, startByRule } from '#journey/policy'
import { generator } from '#kernel/numeric'
import { isFault } from '#kernel/fault'
import { sql } from '#platform/db'
import { flowWith } from '#flow'
import { client, type Client } from '#test/client'
import { testWorld, type TestWorld } from '#test/world'
import { report, seed } from './laurel.ts'

/** Sharing helps those who are least employable and harms those who are most: what one study found and another found the other way round, at once and large. */
const effects: Effects = { ...publishedEffects, visits: 1, coverage: 1, share: { base: 0.03, effect: 0.75 }, new_job: { base: { high: 0.6, medium: 0.45, low: 0.3 }, effect: { high: -0.42, medium: 0, low: 0.42 }, in_scope: 0.7 } }
const learners = 1000

let t: TestWorld
let issuer: Issuer
let told: SimulationReport
let folder: string

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'laurel-policy-'))
  t = await testWorld({ flow: flowWith({ compose: composeLetter }), start: new Date('2025-01-01T00:00:00Z'), seed: `policy ${seed}` })
  told = await simulate({ learners, seed, months: 18, effects, progress: () => {} }, { world: t.world, clock: t.clock, received: () => 0, elapsed: () => performance.now() })
  const found = await t.db.read((tx) => issuerByHandle(tx, 'demo'))
  assert.ok(found)
  issuer = found
})
after(async () => {
  await t.close()
  rmSync(folder, { recursive: true })
})

/** The command line on this test's own world. */
async function laurel(...words: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly said: string }> {
  const [out, said]: [string[], string[]] = [[], []]
  const never = () => Promise.reject(new Error('not asked for here'))
  const context: CliContext = {
    config: () => t.world.config, now: () => t.clock.now(), fetch: t.world.fetch, stdin: (async function* () {})(), out: (text) => void out.push(text), say: (text) => void said.push(text), terminal: false, progress: () => ({ to() {}, end() {} }),
    open: async () => ({ world: t.world, alone: true, close: async () => {} }), start: never, work: never, simulate: never,
  }
  const code = await runCommandLine([...words, '--issuer', 'demo', '--json'], context)
  return { code, out: out.join('\n'), said: said.join('\n') }
}

/** Visitors of the desk, by their part. */
async function enter(): Promise<(role: 'staff' | 'analyst') => Promise<Client>> {
  const signIn = await openSignIn(t.world)
  const http = openHttp({ world: t.world, routes: [...adminRoutes, ...signInRoutes(signIn, { signIn: signInPage, checkMail: checkMailPage, mailedLink: mailedLinkPage })], signIn })
  return async (role) => {
    const email = `${role}@university.example`
    await t.db.transaction((tx) => addMember(tx, email, { role, issuerId: issuer.id }))
    const visitor = client(http, t.world.config.publicUrl)
    visitor.take((await signIn.openFor(email, '')).cookies)
    return visitor
  }
}

/** What a page says. */
async function words(visitor: Client, path: string): Promise<string> {
  const answer = await visitor.get(path)
  assert.equal(answer.status, 200, path)
  return (await answer.text()).replaceAll(/<[^>]+>/g, ' ').replaceAll('\u00a0', ' ').replaceAll(/\s+/g, ' ').replaceAll(/ ([.,;:])/g, '$1')
}

type Tree = { readonly arm: string } | { readonly column: string; readonly is?: string; readonly at_most?: number; readonly yes: Tree; readonly no: Tree }
/** What a rule says, read by hand: undefined where the learner lacks what it asks for. */
function read(tree: Tree, traits: Readonly<Record<string, string | number | undefined>>): string | undefined {
  if ('arm' in tree) return tree.arm
  const own = traits[tree.column]
  if (own === undefined) return undefined
  return read((tree.is === undefined ? Number(own) <= tree.at_most! : own === tree.is) ? tree.yes : tree.no, traits)
}
const newestPolicy = async () => (await t.db.read((tx) => policiesOf(tx, told.experimentId)))[0]!

test('the analysis finds who gains, on learners that the ranking had not seen, and the truth lies where it says', async () => {
  const { gains, quality, estimates } = await t.db.read(async (tx) => {
    const run = await latestRun(tx, told.experimentId)
    return { gains: await gainsOfRun(tx, run!.id), quality: run!.diagnostics.employability, estimates: await estimatesOfRun(tx, run!.id) }
  })
  assert.ok(gains?.rate && gains.byEffect && gains.byScore && gains.reach && quality)
  assert.equal(gains.reason, null)
  assert.ok(gains.rate.autoc.low! > 0, 'some gain more')
  assert.ok(gains.byEffect.thirds.ends.high! < 0, 'the third predicted to gain least gains less than the third predicted to gain most')
  assert.ok(gains.byScore.thirds.ends.low! > 0, 'the least employable gain more than the most employable')
  assert.equal(quality.judged.length, 3)
  assert.ok(quality.judged[0]!.logLoss! < quality.withoutModel)
  // The thirds of the forest's sheet are those of the plan's estimates, figure by figure.
  const thirds = estimates.filter((row) => row.outcome === 'new_job' && /:(?:low|middle|high)$/.test(row.subgroup))
  assert.deepEqual(gains.byScore.thirds.parts.map((one) => one.estimate), thirds.map((row) => row.estimate))
  const low = told.estimates.find((row) => row.outcome === 'new_job' && row.subgroup === 'baseline_employability:low')!
  const high = told.estimates.find((row) => row.outcome === 'new_job' && row.subgroup === 'baseline_employability:high')!
  assert.ok(low.truth > high.truth + 0.05 && low.n > 250)
  const covered = told.estimates.filter((row) => row.covered === true).length
  report('who gains', { autoc: gains.rate.autoc.estimate.toFixed(3), 'low less high': gains.byScore.thirds.ends.estimate.toFixed(3), truth: (low.truth - high.truth).toFixed(3), covered }, { done: told.estimates.filter((row) => row.covered !== null).length, expected: told.estimates.length })
})

test('the same analysis again says the same, byte for byte', async () => {
  const figures = async () => {
    const [policy] = await t.db.read((tx) => policiesOf(tx, told.experimentId))
    const run = await t.db.read((tx) => latestRun(tx, told.experimentId))
    return JSON.stringify([await t.db.read((tx) => gainsOfRun(tx, run!.id)), policy!.findings, run!.diagnostics])
  }
  const first = await figures()
  t.clock.advanceTo(new Date(t.clock.now().getTime() + 1))
  await runAnalysis(t.world, told.experimentId)
  await t.world.queue.drain(t.world)
  assert.equal(await figures(), first)
})

test('a rule that is surely better than everybody and than nobody is proposed; on terms that nobody can meet it is not', async () => {
  const policy = await newestPolicy()
  const { findings } = policy
  assert.ok(findings)
  assert.equal(policy.rule['kind'], 'tree')
  assert.equal(policy.sentence, findings.tree.sentence)
  assert.ok(policy.valueLow! > 0)
  for (const name of ['nobody', 'everybody', 'random'] as const) assert.ok(findings.rivals.find((one) => one.name === name)!.less.low! > 0, name)
  assert.ok(findings.rivals.some((one) => one.name === 'lowest_third'))
  assert.ok(!findings.couldAsk.includes('country'), 'no rule asks where somebody is from')
  assert.deepEqual([...new Set(findings.harm.map((one) => one.trait))], ['country group', 'degree', 'field'])
  const on = async (terms: Parameters<typeof chooseTerms>[2]) => {
    t.clock.advanceTo(new Date(t.clock.now().getTime() + 1))
    await t.db.transaction((tx) => chooseTerms(tx, told.experimentId, terms))
    await t.world.queue.drain(t.world)
    return await newestPolicy()
  }
  const dear = await on({ cost: 0.9, budget: 1, depth: 2 })
  assert.deepEqual([dear.rule['kind'], dear.rule['settled']], ['no_one', true])
  const few = await on({ cost: 0, budget: 0.2, depth: 2 })
  assert.ok(few.findings!.nudged < 0.35, `rules with a budget of 20% nudged ${few.findings!.nudged}`)
  await assert.rejects(t.db.transaction((tx) => chooseTerms(tx, told.experimentId, { cost: -1, budget: 1, depth: 2 })), (e: unknown) => isFault(e) && e.code === 'policy.bad_terms')
  const again = await on({ cost: 0, budget: 1, depth: 2 })
  assert.equal(again.sentence, policy.sentence)
  assert.equal((await t.db.read((tx) => policiesOf(tx, told.experimentId))).filter((one) => one.state === 'proposed').length, 1)
})

test('at the desk: the rule, its worth and what it does to groups are read; other terms are chosen, and only by those who may', async () => {
  const visitor = await enter()
  const [staff, analyst] = [await visitor('staff'), await visitor('analyst')]
  const address = `/admin/demo/policies/${told.experimentId}`
  const seen = await words(staff, address)
  const policy = await newestPolicy()
  assert.ok(seen.includes(policy.sentence))
  for (const part of [/surely better than nudging nobody and than nudging everybody/, /Nudge the third least likely to find work \d+ \(\d+ to \d+\)/, /country group: OECD/, /degree: no/, /Prompt to share is running\. Stop it first/, /Learn it anew/]) assert.match(seen, part)
  assert.doesNotMatch(seen, /cannot tell|not proposed:|NaN|undefined/)
  assert.doesNotMatch(await words(analyst, address), /Learn it anew|Put it in force|Stop it first/)
  assert.match(await words(staff, `/admin/demo/reports/${told.experimentId}`), /Some gain more than others, and what was known before the draw tells who.*Thirds, formed in two ways.*Nobody is ranked by this.*The score of baseline employability .* taken .*Calibration/)
  const kept = JSON.parse(await (await staff.get(`${address}.json`)).text()) as Record<string, unknown>
  assert.deepEqual(kept, JSON.parse(JSON.stringify(policy.rule)))

  t.clock.advanceTo(new Date(t.clock.now().getTime() + 1))
  assert.equal((await analyst.post(`${address}/terms`, { cost: '1', budget: '100', depth: '2' })).status, 403)
  for (const wrong of [{ cost: '-1', budget: '100', depth: '2' }, { cost: '1', budget: '0', depth: '2' }, { cost: '1', budget: '100', depth: '3' }]) assert.equal((await staff.post(`${address}/terms`, wrong)).status, 422, JSON.stringify(wrong))
  assert.equal((await staff.post(`${address}/terms`, { cost: '2,5', budget: '30', depth: '1' })).status, 303)
  assert.match(await words(staff, address), /being learned anew on other terms/)
  await t.world.queue.drain(t.world)
  assert.deepEqual((await newestPolicy()).terms, { cost: 0.0025, budget: 0.3, depth: 1 })
  assert.match(await words(staff, address), /each nudge costs 2\.5 of 1,000/)
  t.clock.advanceTo(new Date(t.clock.now().getTime() + 1))
  await staff.post(`${address}/terms`, { cost: '0', budget: '100', depth: '2' })
  await t.world.queue.drain(t.world)
  assert.equal((await newestPolicy()).sentence, policy.sentence)
  assert.equal((await staff.post(`${address}/experiment`, { name: 'Too early', random_share: '30' })).status, 409)
})

test('`experiment start --rule adopted` draws by the rule that was put in force, with its random lane, and only that lane is compared', async () => {
  const none = await laurel('experiment', 'start', '--rule', 'adopted')
  assert.equal(none.code, 1)
  assert.match(none.said, /no policy has published a rule yet/)

  const policy = await t.db.transaction((tx) => publishPolicy(tx, told.experimentId))
  assert.equal((await newestPolicy()).state, 'published')
  const busy = await laurel('experiment', 'start', '--rule', 'adopted')
  assert.match(busy.said, /“Prompt to share” is running; stop it first/)
  assert.equal((await laurel('experiment', 'stop')).code, 0)
  const started = await laurel('experiment', 'start', '--name', 'By the rule', '--rule', 'adopted', '--random-share', '0.4')
  assert.equal(started.code, 0, started.said)
  const { id, ruleId, randomShare } = JSON.parse(started.out) as { id: string; ruleId: string; randomShare: number }
  assert.equal(ruleId, (await newestPolicy()).ruleId)
  assert.equal(randomShare, 0.4)

  const chance = generator(seed, 'those who come after')
  const traits = Array.from({ length: 600 }, (_, at) => ({ country: ['IN', 'DE'][chance.below(2)]!, education: ['Bachelor degree', 'Secondary school'][chance.below(2)]!, covariates: at % 10 === 0 ? {} : { experience_years: chance.below(80) / 10, past_tech_job: chance.below(2), skill_score: 30 + chance.below(41) } }))
  const achievement = await t.db.read((tx) => achievementByHandle(tx, issuer.id, 'data-analysis'))
  assert.ok(achievement)
  const { completions } = await t.db.transaction((tx) =>
    recordCompletions(tx, issuer, traits.map(({ country, education, covariates }, at) => ({ learner: { externalId: `after-${at}`, name: `Learner ${at}`, email: `after-${at}@learners.example`, country, education }, achievement, completedAt: tx.now, covariates })), 'api'),
  )
  const draws = new Map((await t.db.read((tx) => tx.query(sql<{ learner_id: string; arm: string; probability: number; rule_id: string | null; hash_version: string }>`select learner_id, arm, probability, rule_id, hash_version from experiment.draw where experiment_id = ${id}`))).map((row) => [row.learner_id, row]))
  assert.equal(draws.size, traits.length)
  let [ruled, random, undecided] = [0, 0, 0]
  const arms = new Set<string>()
  for (const [at, { completion }] of completions.entries()) {
    const { country, education, covariates } = traits[at]!
    const drawn = draws.get(completion.learnerId)!
    const says = read(policy.rule['tree'] as Tree, { ...covariates, country, education, domain: 'Data Science' })
    if (drawn.rule_id === null) {
      assert.equal(drawn.probability, 0.5)
      if (says === undefined) undecided++
      else random++
    } else {
      assert.equal(drawn.rule_id, ruleId)
      assert.equal(drawn.probability, 1)
      assert.equal(drawn.arm, says)
      arms.add(drawn.arm)
      ruled++
    }
  }
  assert.deepEqual([...arms].toSorted(), ['control', 'nudge'])
  assert.ok(undecided > 0, 'whom the rule cannot decide on, for want of what it asks, is drawn')
  // 40% of those on whom the rule can decide, within four standard deviations.
  const share = random / (ruled + random)
  assert.ok(Math.abs(share - 0.4) < 4 * Math.sqrt(0.24 / (ruled + random)), `${share}`)
  const { run } = await runAnalysis(t.world, id)
  assert.equal(run.rows, random + undecided, 'whom the rule placed is in no comparison')
  const page = await words(await (await enter())('staff'), `/admin/demo/experiments/${id}`)
  assert.ok(page.includes(policy.sentence))
  assert.match(page, /Stays random 40% of learners, and whom the rule cannot decide on; only they are counted above and compared Placed by the rule control \d+, nudge \d+/)
  report('draws by the rule', { rule: policy.sentence, ruled, random, undecided }, { done: draws.size, expected: traits.length })
})

test('the record is a file that the command line can start from, and the desk’s way starts the same; a rule that is none is refused', async () => {
  const policy = await newestPolicy()
  const file = join(folder, 'policy.json')
  writeFileSync(file, JSON.stringify(policy.rule))
  assert.equal((await laurel('experiment', 'stop')).code, 0)
  const fromFile = await laurel('experiment', 'start', '--name', 'From the file', '--rule', file)
  assert.equal(fromFile.code, 0, fromFile.said)
  assert.match((await laurel('experiment', 'list')).out, /From the file/)
  assert.equal((await laurel('experiment', 'stop')).code, 0)

  t.clock.advanceTo(new Date(t.clock.now().getTime() + 1))
  const next = await t.db.transaction((tx) => startByRule(tx, { experimentId: told.experimentId, name: 'From the desk', randomShare: 0.2 }))
  const [source, kept, all] = await t.db.read(async (tx) => [await experimentById(tx, told.experimentId), await experimentById(tx, next.id), await experimentsOf(tx, issuer.id)] as const)
  assert.deepEqual([kept?.state, kept?.ruleId, kept?.randomShare, kept?.plan], ['running', policy.ruleId, 0.2, source?.plan])
  assert.equal(all[0]?.id, next.id)
  await assert.rejects(t.db.transaction((tx) => startByRule(tx, { experimentId: next.id, name: 'x', randomShare: 0.2 })), (e: unknown) => isFault(e) && e.code === 'policy.none')
  await assert.rejects(t.db.transaction((tx) => startByRule(tx, { experimentId: told.experimentId, name: 'x', randomShare: 0.2 })), (e: unknown) => isFault(e) && e.code === 'experiment.one_at_a_time')
})
