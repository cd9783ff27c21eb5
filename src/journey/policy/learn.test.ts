import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ScoredLearners } from '#journey/estimate'
import { generator, type Generator } from '#kernel/numeric'
import { decide } from './decide.ts'
import { learnRule } from './learn.ts'
import { usualTerms, type Findings, type Terms } from './policy.ts'

/** Scores as an experiment with even odds gives them: what was seen, over its chance. */
function learners(n: number, chance: Generator, effect: (skill: number, degree: string) => number): ScoredLearners {
  const skill = Float64Array.from({ length: n }, () => chance.below(10))
  const degrees = Array.from({ length: n }, () => ['yes', 'no'][chance.below(2)]!)
  const nudged = Uint8Array.from({ length: n }, () => chance.below(2))
  const worked = Float64Array.from(skill, (s, i) => Number(chance.uniform() < 0.4 + (nudged[i] === 1 ? effect(s, degrees[i]!) : 0)))
  const columns = { skill_score: skill, 'education=no': Float64Array.from(degrees, (one) => Number(one === 'no')) }
  return {
    outcome: 'new_job',
    traits: { columns, askable: Object.keys(columns), levels: { 'education=no': { trait: 'education', level: 'no' } }, others: { 'education=no': 'yes' }, groups: { degree: degrees } },
    untreated: worked.map((y, i) => (nudged[i] === 0 ? 2 * y : 0)),
    treated: worked.map((y, i) => (nudged[i] === 1 ? 2 * y : 0)),
    lowestThird: skill.map((s) => Number(s < 3)),
  }
}
const arms = ['control', 'nudge'] as const
const learned = (given: ScoredLearners, terms: Terms = usualTerms): Findings => learnRule(given, terms, arms, 'seed')!
const byName = ({ rivals }: Findings, name: string) => rivals.find((one) => one.name === name)!

test('a rule that is there is found and valued on learners that it was not learned from, beside nobody, everybody, chance and the lowest third', () => {
  const found = learned(learners(6000, generator(1, 'learn'), (skill) => (skill < 5 ? 0.2 : -0.2)))
  assert.equal(found.tree.sentence, 'Nudge where skill score is at most 4; nobody else.')
  assert.deepEqual(found.couldAsk, ['skill score', 'education'])
  assert.equal(found.judged, 4800)
  // Half of them gain 0.2 by it; everybody less nobody is nothing.
  for (const [name, truth] of [['nobody', 0.1], ['everybody', 0.1], ['random', 0.1], ['lowest_third', 0.04]] as const) {
    const { less } = byName(found, name)
    assert.ok(Math.abs(less.estimate - truth) < 4 * less.stdError!, `${name}: ${less.estimate}`)
  }
  assert.ok(Math.abs(found.everybodyLessNobody.estimate) < 4 * found.everybodyLessNobody.stdError!)
  assert.deepEqual(found.harm.map(({ trait, group }) => `${trait} ${group}`).toSorted(), ['degree no', 'degree yes'])
})

test('a cost is taken off, a budget is kept to, and a group that is harmed is named', () => {
  const given = learners(6000, generator(2, 'learn'), (skill, degree) => (degree === 'no' ? -0.15 : skill < 5 ? 0.3 : 0.1))
  const free = learned(given)
  const dear = learned(given, { ...usualTerms, cost: 0.2 })
  assert.ok(dear.nudged < free.nudged - 0.1 && dear.worth.estimate < free.worth.estimate)
  const few = learned(given, { ...usualTerms, budget: 0.2 })
  assert.ok(few.nudged <= 0.25, `${few.nudged} of those who were not learned from`)
  // A rule that may ask only who has little skill nudges some whom the nudge harms.
  const blind = learned({ ...given, traits: { ...given.traits, askable: ['skill_score'] } }, { ...usualTerms, depth: 1 })
  const harmed = blind.harm.filter((one) => one.pHarm !== null && one.pHarm < 0.05)
  assert.deepEqual(harmed.map((one) => one.group), ['no'])
  assert.equal(decide({ effect: { estimate: 0.02, stdError: 0.01, low: 0.001, high: 0.04 } }, blind, usualTerms).kind, 'none', 'nor may everybody be nudged')
})

test('where nothing that a rule may ask is known there is no rule', () => {
  const given = learners(300, generator(3, 'learn'), () => 0)
  assert.equal(learnRule({ ...given, traits: { ...given.traits, askable: [] } }, usualTerms, arms, 'seed'), undefined)
})

test('on noise a rule is hardly ever proposed: at most as often as an interval of 95% errs to one side', (t) => {
  const draws = process.env['LAUREL_FULL'] === '1' ? 500 : 100
  let proposed = 0
  for (let draw = 0; draw < draws; draw++) {
    const found = learned(learners(400, generator(draw, 'noise'), () => 0), { ...usualTerms, depth: 2 })
    if (decide({ effect: { estimate: 0, stdError: 0.05, low: -0.1, high: 0.1 } }, found, usualTerms).kind === 'tree') proposed++
  }
  // 2.5% of 100 are 2.5, of 500 12.5: more than 7, and than 22, would come with probability 0.005.
  assert.ok(proposed <= (draws === 100 ? 7 : 22), `${proposed} of ${draws}`)
  t.diagnostic(`${proposed} of ${draws}`)
})
