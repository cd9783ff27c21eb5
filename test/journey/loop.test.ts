/**
 * The whole loop: learners whose truth is known through the real rooms, from completions to estimates, by the command line and in this process,
 * where the tables can be read.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { composeLetter } from '#interfaces/look'
import { publishedEffects, simulate, type SimulationReport } from '#interfaces/twin'
import { sql } from '#platform/db'
import { openMailer, smtpPeer } from '#platform/mail'
import { flowWith } from '#flow'
import { testWorld } from '#test/world'
import { full, jsonOf, laurel, report, seed } from './laurel.ts'

const learners = 150
const months = 3
const fields = ['estimand', 'outcome', 'subgroup', 'truth', 'estimate', 'std_error', 'conf_low', 'conf_high', 'covered', 'n']

/** Message ids as the mail server got them. */
async function played(): Promise<{ readonly told: SimulationReport; readonly letters: readonly string[]; readonly rows: <Row>(statement: ReturnType<typeof sql<Row>>) => Promise<readonly Row[]>; readonly close: () => Promise<void> }> {
  const letters: string[] = []
  const peer = await smtpPeer({ received: ({ content }) => void letters.push(/^Message-ID: (<[^>]+>)/im.exec(content)?.[1] ?? 'a letter without an id') })
  const t = await testWorld({ flow: flowWith({ compose: composeLetter }), start: new Date('2025-01-01T00:00:00Z'), seed: `twin ${seed}`, env: { LAUREL_PUBLIC_URL: 'https://twin.example' }, mail: (db) => openMailer({ db, smtpUrl: peer.url, from: 'credentials@twin.example' }) })
  const told = await simulate({ learners, seed, months, effects: publishedEffects, progress: () => {} }, { world: t.world, clock: t.clock, received: () => letters.length, elapsed: () => 0 })
  return {
    told,
    letters,
    rows: (statement) => t.db.read((tx) => tx.query(statement)),
    async close() {
      await t.close()
      await peer.close()
    },
  }
}

test(`${learners} learners over ${months} months: the command line says the same twice, byte for byte, and the same as in this process`, async () => {
  const words = ['simulate', '--learners', String(learners), '--months', String(months), '--seed', seed, '--json']
  const [first, second] = [await laurel(words), await laurel(words)]
  assert.equal(first.code, 0, first.err)
  const one = jsonOf<SimulationReport>(first)
  assert.deepEqual(Object.keys(one).slice(0, 3), ['learners', 'seconds', 'estimates'])
  assert.equal(one.learners, learners)
  assert.ok(one.seconds > 0)
  for (const row of one.estimates) assert.deepEqual(Object.keys(row), fields)

  const estimatesIn = (text: string) => text.slice(text.indexOf('"estimates"'))
  assert.equal(estimatesIn(second.out), estimatesIn(first.out))
  const other = jsonOf<SimulationReport>(await laurel(words.with(words.indexOf(seed), `${seed}0`)))
  assert.notDeepEqual(other.estimates, one.estimates, 'another seed is another world')

  const here = await played()
  try {
    assert.equal(JSON.stringify(here.told.estimates), JSON.stringify(one.estimates))
    assert.equal(here.letters.length, learners)
  } finally {
    await here.close()
  }
  report('the loop by the command line', { 's': one.seconds.toFixed(1), estimates: one.estimates.length }, { done: one.estimates.filter((row) => row.n > 0).length, expected: one.estimates.length })
})

test('every estimand has a truth, the control arm saw nothing and its ghosts are written, and nothing happened twice', async () => {
  const { told, letters, rows, close } = await played()
  try {
    const asked = ['first_stage shared', 'itt shared', 'itt viewed', 'late viewed', 'itt new_job', 'late new_job', 'itt new_job_in_scope', 'late new_job_in_scope']
    for (const name of asked) assert.ok(told.estimates.some((row) => `${row.estimand} ${row.outcome}` === name && row.subgroup === 'all'), name)
    for (const row of told.estimates) {
      assert.ok(Number.isFinite(row.truth), JSON.stringify(row))
      if (row.conf_low !== null && row.conf_high !== null) assert.equal(row.covered, row.conf_low <= row.truth && row.truth <= row.conf_high)
    }
    const kept = await rows(sql<{ name: string; estimate: number | null; reason: string | null }>`select estimand || ' ' || outcome name, estimate, reason from estimate.estimate`)
    assert.ok(kept.length >= asked.length)
    for (const row of kept) assert.ok(row.estimate !== null || row.reason !== null)

    const arms = new Map((await rows(sql<{ arm: string; drawn: number; shown: number; ghosts: number }>`
      select d.arm, count(distinct d.learner_id)::int drawn, count(*) filter (where not m.ghost and m.nudge and m.state in ('shown', 'sent'))::int shown, count(*) filter (where m.ghost and m.state = 'shown')::int ghosts
      from experiment.draw d join nudge.message m on m.learner_id = d.learner_id group by 1`)).map((row) => [row.arm, row]))
    const [control, treated] = [arms.get('control'), [...arms.values()].find((row) => row.arm !== 'control')]
    assert.ok(control && treated)
    assert.equal(control.shown, 0)
    assert.ok(control.ghosts > 0)
    assert.ok(treated.shown > 0)
    assert.equal(treated.ghosts, 0)
    assert.equal(control.drawn + treated.drawn, learners)

    const [counts] = await rows(sql<Record<string, number>>`select
      (select count(*)::int from completion.completion) completions,
      (select count(*)::int from credential.credential where signed is not null) signed,
      (select count(distinct completion_id)::int from credential.credential) credited,
      (select count(distinct (status_list_id, status_index))::int from credential.credential) places,
      (select sum(used)::int from credential.status_list) used,
      (select count(*)::int from nudge.message where channel = 'e_mail' and not ghost) mails,
      (select count(*)::int from nudge.message where channel = 'e_mail' and not ghost and state = 'sent') sent,
      (select count(*)::int from nudge.message where state in ('sending', 'unknown', 'failed')) undone,
      (select count(*)::int from pgboss.job where name like '%/%' and state <> 'completed') jobs,
      (select count(*)::int from share.placement where confirmed_at is not null) shares,
      (select count(*)::int from outcome.observation) observations,
      (select count(*)::int from policy.policy) policies`)
    assert.ok(counts)
    const { shares = 0, observations = 0, ...rest } = counts
    assert.deepEqual(rest, { completions: learners, signed: learners, credited: learners, places: learners, used: learners, mails: learners, sent: learners, undone: 0, jobs: 0, policies: 1 })
    assert.ok(shares > 0 && observations > 0)
    assert.equal(new Set(letters).size, letters.length, 'no letter came twice')
    assert.equal(letters.length, learners)
    report('the loop in this process', { shown: treated.shown, ghosts: control.ghosts, shares, observations, letters: letters.length }, { done: rest['signed'] ?? 0, expected: learners })
  } finally {
    await close()
  }
})

test('over 20 seeds of 2,000 learners the interval of the effect on sharing covers the truth as often as it says', { skip: full ? false : 'the long form (LAUREL_FULL=1)', timeout: 1_800_000 }, async () => {
  const seeds = 20
  let [covered, judged, seconds] = [0, 0, 0]
  for (let one = 1; one <= seeds; one++) {
    const told = jsonOf<SimulationReport>(await laurel(['simulate', '--learners', '2000', '--months', '12', '--seed', String(one), '--json'], { withinMs: 300_000 }))
    const row = told.estimates.find((each) => each.estimand === 'itt' && each.outcome === 'shared' && each.subgroup === 'all')
    assert.ok(row && row.estimate !== null && row.covered !== null)
    judged++
    seconds += told.seconds
    if (row.covered) covered++
    console.log(`  seed ${String(one).padStart(2)}: truth ${row.truth}, estimate ${row.estimate.toFixed(4)}, ${row.covered ? 'covered' : 'not covered'}, ${told.seconds.toFixed(0)} s`)
  }
  report('coverage of the effect on sharing', { covered, 's a seed': (seconds / seeds).toFixed(1) }, { done: judged, expected: seeds })
  // Of 20 intervals that cover 95% of the time, fewer than 16 do with probability 0.003.
  assert.ok(covered >= 16, `${covered} of ${seeds}`)
})
