import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decide } from './decide.ts'
import { usualTerms, type Findings, type RivalName, type Worth } from './policy.ts'

const worth = (estimate: number, half: number): Worth => ({ estimate, stdError: half / 1.96, low: estimate - half, high: estimate + half })
const less: Readonly<Record<RivalName, Worth>> = { nobody: worth(0.03, 0.01), everybody: worth(0.02, 0.01), random: worth(0.025, 0.01), lowest_third: worth(0, 0.01) }
const findings = (change: { readonly less?: Partial<Record<RivalName, Worth>>; readonly kind?: Findings['tree']['kind']; readonly harm?: Findings['harm']; readonly harmOfEverybody?: Findings['harm'] } = {}): Findings => ({
  outcome: 'new_job', learners: 1000, judged: 800, nudged: 0.5, worth: worth(0.2, 0.02), everybodyLessNobody: worth(0.01, 0.02), couldAsk: ['skill'],
  tree: { kind: change.kind ?? 'some', sentence: 'Nudge where skill is at most 4; nobody else.', record: { arm: 'nudge', rows: 1 }, drawing: { treats: true, rows: 1 } },
  rivals: Object.entries({ ...less, ...change.less }).map(([name, one]) => ({ name: name as RivalName, worth: worth(0.17, 0.02), less: one })),
  harm: change.harm ?? [], harmOfEverybody: change.harmOfEverybody ?? [],
})
const unsure = { effect: worth(0.004, 0.02) }

test('a rule is proposed where it is surely better than everybody and than nobody, valued against the nearer of them', () => {
  const decided = decide(unsure, findings(), usualTerms)
  assert.deepEqual([decided.kind, decided.settled, decided.against, decided.value?.estimate], ['tree', true, 'nudging everyone', 0.02])
  assert.equal(decided.instead, undefined)
})

test('it is not where either interval holds zero, where it harms a group, or where nothing is parted, and the reason is said', () => {
  for (const [given, said] of [
    [findings({ less: { everybody: worth(0.009, 0.01) } }), /surely better than nudging everyone:/],
    [findings({ less: { nobody: worth(0.009, 0.01) } }), /surely better than nudging no one:/],
    [findings({ less: { nobody: { estimate: 0.1, stdError: null, low: null, high: null } } }), /surely better than nudging no one:/],
    [findings({ harm: [{ trait: 'degree', group: 'no_degree', learners: 100, nudged: 1, change: worth(-0.1, 0.01), pHarm: 0.001 }] }), /does harm where degree is no degree/],
    [findings({ kind: 'no_one' }), /the best is to nudge nobody/],
    [undefined, /Nothing could be learned/],
  ] as const) {
    const decided = decide(unsure, given, usualTerms)
    assert.deepEqual([decided.kind, decided.settled], ['everyone', false])
    assert.match(decided.instead ?? '', said)
  }
})

test('everybody or nobody follow from the effect less the cost, and are settled where its interval leaves out zero', () => {
  const kind = (effect: Worth, cost: number) => {
    const { kind: of, settled, value } = decide({ effect }, findings({ kind: 'everyone' }), { ...usualTerms, cost })
    return [of, settled, Math.round(1000 * value!.low!)]
  }
  assert.deepEqual(kind(worth(0.03, 0.01), 0), ['everyone', true, 20])
  assert.deepEqual(kind(worth(0.03, 0.01), 0.025), ['everyone', false, -5])
  assert.deepEqual(kind(worth(0.03, 0.01), 0.05), ['no_one', true, 10])
  assert.deepEqual(kind(worth(-0.001, 0.01), 0), ['no_one', false, -9])
})

test('everybody is not proposed where that harms a group, however good it is on the whole', () => {
  const harm = [{ trait: 'degree', group: 'no_degree', learners: 100, nudged: 1, change: worth(-0.1, 0.01), pHarm: 0.001 }]
  const decided = decide({ effect: worth(0.03, 0.01) }, findings({ kind: 'everyone', harmOfEverybody: harm }), usualTerms)
  assert.deepEqual([decided.kind, decided.value], ['none', undefined])
  assert.match(decided.instead ?? '', /Nudging everybody does harm where degree is no degree, so it is not proposed either/)
  assert.equal(decide({ effect: worth(-0.03, 0.01) }, findings({ kind: 'no_one', harmOfEverybody: harm }), usualTerms).kind, 'no_one')
  assert.equal(decide({ effect: worth(0.03, 0.01) }, findings({ harmOfEverybody: harm }), usualTerms).kind, 'tree', 'a rule may spare whom everybody’s nudge harms')
})

test('with a budget a rule has to beat as many at random; where none does nothing is proposed, unless the nudge does harm on the whole', () => {
  const some = { ...usualTerms, budget: 0.3 }
  assert.deepEqual([decide(unsure, findings({ less: { everybody: worth(-0.1, 0.01) } }), some).kind, decide(unsure, findings(), some).against], ['tree', 'nudging as many at random'])
  assert.equal(decide(unsure, findings({ less: { random: worth(0, 0.01) } }), some).kind, 'none')
  assert.deepEqual([decide({ effect: worth(-0.05, 0.01) }, findings({ less: { random: worth(0, 0.01) } }), some)].map(({ kind, settled }) => [kind, settled]), [['no_one', true]])
})
