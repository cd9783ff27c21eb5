import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defaultArms, defaultPlan, type Experiment } from '#journey/experiment'
import { generator } from '#kernel/numeric'
import { panelOf } from './panel.ts'
import type { PanelRow } from './store.ts'
import { whoGains } from './who-gains.ts'

const experiment: Experiment = {
  id: '0', issuerId: '0', name: 'test', question: '?', state: 'running', arms: defaultArms('share.in_app'), plan: defaultPlan, planDigest: 'x', salt: 's', hashVersion: 'v1', ruleId: undefined, randomShare: 1, startedAt: new Date(0), stoppedAt: undefined,
}

/** The nudge brings work to those with a skill below 5, and takes as much from the others. */
function panel(count: number, effect: number, seed: string, change: (at: number) => Partial<PanelRow> = () => ({})) {
  const chance = generator(seed, 'who gains')
  const rows = Array.from({ length: count }, (_, at): PanelRow => {
    const nudged = chance.uniform() < 0.5
    const skill = chance.below(10)
    return {
      learnerId: String(at).padStart(6, '0'), arm: nudged ? 'nudge' : 'control', probability: 0.5, stratum: 'Business / other / degree', wave: '2026-01', drawnAt: new Date(0), country: 'IN', education: ['Bachelor degree', 'Secondary school'][chance.below(2)]!, domain: 'Business',
      covariates: { skill, experience: chance.below(30) / 10 }, promptsShown: 1, promptsGhost: 0, clicked: false, shared: false, seen: false, viewed: false, observed: true,
      newJob: chance.uniform() < 0.2 + 0.03 * skill + (nudged ? (skill < 5 ? effect : -effect) : 0), newJobInScope: null, researchRefused: false, ...change(at),
    }
  })
  return panelOf(rows, experiment)
}

test('where some gain and others lose it is found, on learners that the forest had not seen; the scores add up to the effect', async () => {
  const { gains, learners } = await whoGains(panel(2400, 0.18, '1'), defaultPlan, 'new_job', 'seed')
  assert.ok(gains.rate && gains.byEffect && gains.byScore && gains.average && gains.reach && learners)
  assert.ok(gains.rate.autoc.low! > 0)
  const [low, , high] = gains.byEffect.thirds.parts
  assert.ok(low!.high! < 0 && high!.low! > 0, `${low!.estimate} and ${high!.estimate}`)
  assert.ok(gains.byScore.thirds.ends.low! > 0, 'those expected to do worst gain more')
  assert.equal(gains.judged, 1600)
  assert.equal(gains.byScore.thirds.parts.reduce((sum, one) => sum + one.n, 0), 2400)
  const mean = learners.treated.reduce((sum, value, i) => sum + value - learners.untreated[i]!, 0) / 2400
  assert.ok(Math.abs(mean - gains.average.estimate) < 1e-12)
  const third = learners.lowestThird!.reduce((sum, one) => sum + one, 0)
  assert.ok(third > 700 && third < 900, `${third} of 2,400`)
  assert.ok(gains.reach.smallest > 0.05 && gains.reach.smallest < 0.4)
})

test('on noise nothing is found, and the same seed gives the same bytes with one thread and with two', async () => {
  const noise = panel(900, 0, '2')
  const one = await whoGains(noise, defaultPlan, 'new_job', 'seed')
  const { rate, byEffect } = one.gains
  assert.ok(rate!.autoc.low! < 0 && rate!.autoc.high! > 0)
  assert.ok(byEffect!.thirds.ends.low! < 0 && byEffect!.thirds.ends.high! > 0)
  assert.equal(byEffect!.tenths, null, 'sixty learners a tenth say nothing')
  const two = await whoGains(noise, defaultPlan, 'new_job', 'seed', { threads: 2 })
  assert.equal(JSON.stringify(two.gains), JSON.stringify(one.gains))
  assert.deepEqual(two.learners?.treated, one.learners?.treated)
  assert.notEqual(JSON.stringify((await whoGains(noise, defaultPlan, 'new_job', 'another')).gains.rate), JSON.stringify(rate))
})

test('where nothing can be said there is a reason: nobody looked, one arm, too few, nothing known before the draw', async () => {
  const reason = async (given: ReturnType<typeof panel>) => {
    const { gains, learners } = await whoGains(given, defaultPlan, 'new_job', 'seed')
    assert.equal(learners, undefined)
    assert.equal(gains.rate, null)
    return gains.reason ?? ''
  }
  assert.match(await reason(panel(50, 0, '3', () => ({ newJob: null }))), /Nobody has been looked at/)
  assert.match(await reason(panel(200, 0, '4', () => ({ arm: 'control' }))), /arm/)
  assert.ok((await reason(panel(4, 0, '5'))).length > 10)
  assert.match(await reason(panel(200, 0, '6', () => ({ covariates: {}, education: null }))), /Nothing was known/)
})
