import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { answerOnce, completionRecorded, importCompletions, recordCompletions, requiredColumns, saveAchievement, type Achievement } from '#journey/completion'
import { consentsOf, createApiKey, createIssuer, recordConsents, type Issuer } from '#journey/party'
import { atOnce } from '#platform/queue'
import { sql } from '#platform/db'
import { testWorld, type TestWorld } from '#test/world'
import { adoptRule, createExperiment, defaultArms, draw, drawCounts, drawsOfLearners, startExperiment } from './index.ts'

let t: TestWorld
let issuer: Issuer
let achievement: Achievement
let keyId: string
let experimentId: string

before(async () => {
  t = await testWorld({ flow: [atOnce(completionRecorded, draw)] })
  issuer = await t.db.transaction((tx) => createIssuer(tx, { handle: 'example', name: 'Example University' }))
  achievement = await t.db.transaction((tx) =>
    saveAchievement(tx, { issuerId: issuer.id, handle: 'course', domain: 'Business', document: { id: 'https://example.org/a', type: ['Achievement'], name: 'Course', description: 'A course.', criteria: { narrative: 'Pass.' } } }),
  )
  keyId = (await t.db.transaction((tx) => createApiKey(tx, { issuerId: issuer.id, name: 'test', scopes: ['completions:write'] }))).key.id
  experimentId = await t.db.transaction(async (tx) => {
    const draft = await createExperiment(tx, { issuerId: issuer.id, name: 'Prompt', question: '?', arms: defaultArms('share.in_app') })
    await startExperiment(tx, draft.id)
    return draft.id
  })
})
after(() => t.close())

const input = (id: string, more: object = {}) => ({ learner: { externalId: id, name: `Learner ${id}`, country: 'IN', education: 'Bachelor degree', ...more }, achievement, completedAt: new Date('2026-02-01'), covariates: { score: 5 } })
const record = async (ids: readonly string[]) => await t.db.transaction((tx) => recordCompletions(tx, issuer, ids.map((id) => input(id)), 'api'))
const count = async (table: 'learner' | 'completion' | 'draw') =>
  (await t.db.read((tx) => tx.query(table === 'learner' ? sql<{ n: number }>`select count(*) n from party.learner` : table === 'completion' ? sql<{ n: number }>`select count(*) n from completion.completion` : sql<{ n: number }>`select count(*) n from experiment.draw`)))[0]?.n

test('a completion is recorded once, however often it is said, and its learner is drawn in the same transaction', async () => {
  const first = await record(['a', 'b'])
  assert.deepEqual(first.completions.map((one) => one.repeated), [false, false])
  assert.equal(await count('draw'), 2)
  const again = await record(['b', 'a', 'a'])
  assert.deepEqual(again.completions.map((one) => one.repeated), [true, true, true])
  assert.deepEqual([await count('learner'), await count('completion'), await count('draw')], [2, 2, 2])
})

test('eight at once that say the same thing leave one completion and one draw each', async () => {
  const ids = Array.from({ length: 30 }, (_, at) => `many-${at}`)
  await Promise.all(Array.from({ length: 8 }, () => record(ids)))
  const rows = await t.db.read((tx) => tx.query(sql<{ n: number }>`select count(*) n from completion.completion c join party.learner l on l.id = c.learner_id where l.external_id like 'many-%'`))
  assert.equal(rows[0]?.n, 30)
})

test('when anything in the transaction fails, neither completion nor draw is there', async () => {
  const before = [await count('completion'), await count('draw')]
  await assert.rejects(
    t.db.transaction(async (tx) => {
      await recordCompletions(tx, issuer, [input('failing')], 'api')
      throw new Error('crash')
    }),
    /crash/,
  )
  assert.deepEqual([await count('completion'), await count('draw')], before)
})

test('arms are near half and half, the row keeps probability, stratum and wave, and nobody can change it', async () => {
  await record(Array.from({ length: 900 }, (_, at) => `half-${at}`))
  const counts = await t.db.read((tx) => drawCounts(tx, experimentId))
  const nudged = counts.filter((one) => one.arm === 'nudge').reduce((sum, one) => sum + one.count, 0)
  const all = counts.reduce((sum, one) => sum + one.count, 0)
  assert.ok(Math.abs(nudged / all - 0.5) < 4 * Math.sqrt(0.25 / all), `${nudged} of ${all}`)
  const [row] = await t.db.read((tx) => tx.query(sql<{ probability: number; stratum: string; wave: string }>`select probability, stratum, wave from experiment.draw limit 1`))
  assert.deepEqual(row, { probability: 0.5, stratum: 'Business / other / degree', wave: '2026-03' })
  await assert.rejects(t.db.transaction((tx) => tx.change(sql`update experiment.draw set arm = 'nudge'`)), /not allowed/)
  await assert.rejects(t.db.transaction((tx) => tx.change(sql`update experiment.experiment set salt = 'other'`)), /not allowed/)
})

test('who did not agree to nudges is in no arm, and what a learner said is not overruled by the provider', async () => {
  const { completions } = await t.db.transaction((tx) => recordCompletions(tx, issuer, [{ ...input('no-nudge'), consents: ['credential'] }], 'api'))
  const learnerId = completions[0]!.completion.learnerId
  assert.equal((await t.db.read((tx) => drawsOfLearners(tx, [learnerId]))).size, 0)
  await t.db.transaction((tx) => recordConsents(tx, [{ learnerId, purpose: 'credential', given: false, textVersion: 'x', source: 'learner' }]))
  await t.db.transaction((tx) => recordCompletions(tx, issuer, [{ ...input('no-nudge'), consents: ['credential', 'nudge'] }], 'api'))
  assert.deepEqual((await t.db.read((tx) => consentsOf(tx, [learnerId]))).get(learnerId), { credential: false, nudge: false, research: false, outcome: false })
})

test('twenty copies of a request with one key have one effect and one answer; other content is refused', async () => {
  const ask = async (content: string) =>
    await t.db.transaction((tx) =>
      answerOnce(tx, { keyId, idempotencyKey: 'k1', content }, async () => {
        await recordCompletions(tx, issuer, [input('idempotent')], 'api')
        return { status: 201, body: { chance: tx.ids.token() } }
      }),
    )
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask('{"same":1}')))
  assert.equal(new Set(answers.map((one) => JSON.stringify(one))).size, 1)
  await assert.rejects(ask('{"other":1}'), { code: 'completion.key_reused' })
})

test('a file with one fault in it changes nothing; partial takes the good rows and hands back the others', async () => {
  const line = (id: string, date: string) => `${id},Name,,en,UTC,IN,x,${date}\n`
  const text = `${requiredColumns.join(',')}\n${line('f1', '2026-02-01')}${line('f2', '2026-02-31')}${line('f3', '2026-02-01')}`
  const open = async function* () {
    yield new TextEncoder().encode(text)
  }
  const before = await count('completion')
  await assert.rejects(importCompletions(t.world, { issuer, open, achievement, partial: false }), (error: { code: string; findings: readonly { row: number }[] }) => error.code === 'completion.bad_file' && error.findings[0]?.row === 3)
  assert.equal(await count('completion'), before)
  const refused: number[] = []
  const done = await importCompletions(t.world, { issuer, open, achievement, partial: true, onRefused: (row) => refused.push(row.row) })
  assert.deepEqual([done.recorded, done.refused, refused], [2, 1, [3]])
})

test('an experiment by a rule: the random lane is drawn and counted, the others get the rule’s arm, and chance decides where the rule cannot', async () => {
  const tree = { column: 'education', is: 'none', yes: { arm: 'nudge' }, no: { column: 'score', at_most: 5, yes: { arm: 'control' }, no: { arm: 'nudge' } } }
  const started = await t.db.transaction(async (tx) => {
    const own = await createIssuer(tx, { handle: 'ruled', name: 'Ruled University' })
    const rule = await adoptRule(tx, { issuerId: own.id, sentence: 'Nudge those without a degree.', rule: { kind: 'tree', tree } })
    await assert.rejects(createExperiment(tx, { issuerId: issuer.id, name: 'x', question: '?', arms: defaultArms('share.in_app'), rule: { id: rule.id, randomShare: 0.5 } }), /no such adopted rule/)
    await assert.rejects(createExperiment(tx, { issuerId: own.id, name: 'x', question: '?', arms: defaultArms('share.in_app'), rule: { id: rule.id, randomShare: 0 } }), /stays random is 0/)
    const odd = await adoptRule(tx, { issuerId: own.id, sentence: '', rule: { kind: 'everyone', arm: 'e-mail' } })
    await assert.rejects(createExperiment(tx, { issuerId: own.id, name: 'x', question: '?', arms: defaultArms('share.in_app'), rule: { id: odd.id, randomShare: 0.5 } }), /arm “e-mail”/)
    const draft = await createExperiment(tx, { issuerId: own.id, name: 'By the rule', question: '?', arms: defaultArms('share.in_app'), rule: { id: rule.id, randomShare: 0.4 } })
    await startExperiment(tx, draft.id)
    const course = await saveAchievement(tx, { issuerId: own.id, handle: 'course', domain: 'Business', document: { id: 'https://example.org/r', type: ['Achievement'], name: 'Course', description: 'A course.', criteria: { narrative: 'Pass.' } } })
    // "none" is nudged by the rule, "degree" with a score of 5 is not, and of whom no education is known nothing can be said.
    const people = Array.from({ length: 300 }, (_, i) => ({ learner: { externalId: `ruled-${i}`, name: `Learner ${i}`, country: 'IN', ...(i % 3 === 2 ? {} : { education: i % 3 === 0 ? 'none' : 'degree' }) }, achievement: course, completedAt: new Date('2026-02-01'), covariates: { score: 5 } }))
    await recordCompletions(tx, own, people, 'api')
    return draft
  })
  const rows = await t.db.read((tx) => tx.query(sql<{ arm: string; education: string | null; ruled: boolean; probability: number }>`select d.arm, l.education, d.rule_id is not null as ruled, d.probability
    from experiment.draw d join party.learner l on l.id = d.learner_id where d.experiment_id = ${started.id}`))
  assert.equal(rows.length, 300)
  const ruled = rows.filter((row) => row.ruled)
  // 60% of 200: mean 120, sd 6.9.
  assert.ok(ruled.length > 90 && ruled.length < 150, `${ruled.length}`)
  for (const row of ruled) assert.deepEqual([row.arm, row.probability], [row.education === 'none' ? 'nudge' : 'control', 1])
  assert.ok(ruled.every((row) => row.education !== null && row.education !== ''))
  const random = rows.filter((row) => !row.ruled)
  for (const kind of ['none', 'degree']) assert.equal(new Set(random.filter((row) => row.education === kind).map((row) => row.arm)).size, 2, 'both arms in the random lane')
  assert.ok(random.every((row) => row.probability === 0.5))
  const counted = await t.db.read((tx) => drawCounts(tx, started.id))
  assert.equal(counted.reduce((total, one) => total + one.count, 0), random.length)
  const panel = await t.db.read((tx) => tx.query(sql<{ n: number }>`select count(*)::int n from estimate.panel_v1 p where experiment_id = ${started.id} and not exists (select from estimate.ruled_v1 r where r.experiment_id = p.experiment_id and r.learner_id = p.learner_id)`))
  assert.equal(panel[0]?.n, random.length)
  await assert.rejects(t.db.transaction((tx) => tx.change(sql`update experiment.experiment set random_share = 1 where id = ${started.id}`)), /not allowed/)
})
