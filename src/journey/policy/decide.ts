/** Which rule is proposed: never one that the intervals do not support. */
import type { Findings, Harm, RivalName, Terms, Worth } from './policy.ts'

/** What needs no learning: everybody or nobody, by the effect on everybody. */
export interface Plain {
  /** Effect of the nudge on everybody, costs left out, as the plan's own estimate has it. */
  readonly effect: Worth
}

export interface Decision {
  readonly kind: 'tree' | 'everyone' | 'no_one' | 'none'
  /** Whether the interval of `value` leaves out zero. */
  readonly settled: boolean
  readonly value: Worth | undefined
  readonly against: string
  /** Why no rule that asks who the learner is: undefined where there is one. */
  readonly instead: string | undefined
}

const said: Readonly<Record<RivalName, string>> = { nobody: 'nudging no one', everybody: 'nudging everyone', random: 'nudging as many at random', lowest_third: 'nudging the third least likely to find work' }

/** p below which a group is taken to be harmed, after Holm over the groups of its trait. */
export const harmLevel = 0.05

/**
 * A tree is proposed where it is surely better (95% interval above zero, on learners that it was not learned from) than nobody and than everybody, and harms no group that
 * was looked at. Else everybody or nobody, by the sign of the effect less the cost; but not everybody where that harms a group: then nothing is proposed, and learners are drawn as before. With a budget not everybody can be nudged, so a tree has to beat as many at random in
 * place of everybody; where it does not, nothing is proposed: whoever is nudged is drawn.
 */
export function decide({ effect }: Plain, findings: Findings | undefined, { cost, budget }: Terms): Decision {
  const all: Worth = { ...effect, estimate: effect.estimate - cost, low: minus(effect.low, cost), high: minus(effect.high, cost) }
  const must: readonly RivalName[] = budget < 1 ? ['nobody', 'random'] : ['nobody', 'everybody']
  const instead = findings === undefined ? 'Nothing could be learned beyond everybody or nobody: too few learners have a known outcome, or nothing was known of them that a rule may ask.' : whyNot(findings, must)
  if (findings !== undefined && instead === undefined) {
    const nearest = findings.rivals.filter((one) => must.includes(one.name)).toSorted((a, b) => a.less.estimate - b.less.estimate)[0]!
    return { kind: 'tree', settled: true, value: nearest.less, against: said[nearest.name], instead }
  }
  const above = (all.low ?? -1) > 0
  const below = (all.high ?? 1) < 0
  if (budget < 1 && !below) return { kind: 'none', settled: false, value: undefined, against: said.random, instead }
  if (all.estimate > 0) {
    const harmed = harmedOf(findings?.harmOfEverybody ?? [])
    if (harmed.length > 0) return { kind: 'none', settled: false, value: undefined, against: said.nobody, instead: `${instead ?? ''} Nudging everybody does harm where ${namesOf(harmed)}, so it is not proposed either.`.trim() }
    return { kind: 'everyone', settled: above, value: all, against: said.nobody, instead }
  }
  return { kind: 'no_one', settled: below, value: { estimate: -all.estimate, stdError: all.stdError, low: negated(all.high), high: negated(all.low) }, against: said.everybody, instead }
}

function whyNot({ tree, rivals, harm }: Findings, must: readonly RivalName[]): string | undefined {
  if (tree.kind !== 'some') return `Of all rules that were tried the best is to nudge ${tree.kind === 'everyone' ? 'everybody' : 'nobody'}.`
  const unsure = must.filter((name) => !((rivals.find((one) => one.name === name)?.less.low ?? -1) > 0))
  if (unsure.length > 0) return `No rule that asks who the learner is does surely better than ${unsure.map((name) => said[name]).join(' and than ')}: the 95% interval of the difference holds zero.`
  const harmed = harmedOf(harm)
  return harmed.length === 0 ? undefined : `The best rule does harm where ${namesOf(harmed)}.`
}

const harmedOf = (groups: readonly Harm[]) => groups.filter((one) => one.pHarm !== null && one.pHarm < harmLevel)
const namesOf = (groups: readonly Harm[]): string => groups.map((one) => `${one.trait} is ${one.group.replaceAll('_', ' ')}`).join(' and where ')

const negated = (value: number | null) => (value === null ? null : -value)
const minus = (value: number | null, cost: number) => (value === null ? null : value - cost)
