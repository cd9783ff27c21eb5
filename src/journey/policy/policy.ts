/** Whom to nudge: a rule that a person can read, and what it is estimated to be worth. */
import type { Branch, Drawing } from './tree-rule.ts'

/** What a nudge may cost and how many can be nudged, and how many questions in a row a rule may ask. */
export interface Terms {
  /** Of one nudge, in units of the outcome: 0.01 is one learner with it in a hundred who are nudged. */
  readonly cost: number
  /** The largest share of the learners who can be nudged. */
  readonly budget: number
  readonly depth: 1 | 2
}

export const usualTerms: Terms = Object.freeze({ cost: 0, budget: 1, depth: 2 })

/** A mean over learners that the rules were not learned from, with its 95% interval; shares of learners with the outcome, the cost of nudges taken off. */
export interface Worth {
  readonly estimate: number
  readonly stdError: number | null
  readonly low: number | null
  readonly high: number | null
}

export const rivalNames = ['nobody', 'everybody', 'random', 'lowest_third'] as const
export type RivalName = (typeof rivalNames)[number]

/** What the rule does to a group of learners, costs left out. */
export interface Harm {
  /** What the group is one of: "degree". */
  readonly trait: string
  readonly group: string
  readonly learners: number
  /** Share of the group that the rule nudges. */
  readonly nudged: number
  /** Null where the rule nudges nobody of the group, or it is too small for an error. */
  readonly change: Worth | null
  /** Of "the group does not fare worse": one-sided, Holm over the groups of the trait. */
  readonly pHarm: number | null
}

/** What was learned from an experiment about whom to nudge. */
export interface Findings {
  readonly outcome: string
  readonly learners: number
  /** On whom rules learned from others were judged. */
  readonly judged: number
  /** The best tree of all, whether or not it is proposed. */
  readonly tree: { readonly kind: 'everyone' | 'no_one' | 'some'; readonly sentence: string; readonly record: Branch; readonly drawing: Drawing }
  /** Share of the judged that rules learned in this way nudge. */
  readonly nudged: number
  readonly worth: Worth
  readonly rivals: readonly { readonly name: RivalName; readonly worth: Worth; /** The rule less it. */ readonly less: Worth }[]
  /** Of nudging everybody less nobody, on the same learners. */
  readonly everybodyLessNobody: Worth
  /** Of such a rule, on learners that it was not learned from; empty where the best tree asks nothing. */
  readonly harm: readonly Harm[]
  /** Of nudging everybody, on all learners. */
  readonly harmOfEverybody: readonly Harm[]
  /** What the rule could ask about, in words. */
  readonly couldAsk: readonly string[]
}

export interface Policy {
  readonly id: string
  readonly experimentId: string
  readonly runId: string
  readonly state: 'proposed' | 'published' | 'superseded'
  readonly sentence: string
  readonly rule: Readonly<Record<string, unknown>>
  readonly terms: Terms
  /** Learners more (or fewer) with the outcome, per learner whom the rule decides on, against the alternative. */
  readonly value: number | undefined
  readonly valueStdError: number | undefined
  readonly valueLow: number | undefined
  readonly valueHigh: number | undefined
  readonly against: string
  /** Absent where nothing could be learned beyond everybody or nobody. */
  readonly findings: Findings | undefined
  /** The rule as experiment keeps it, once it was published. */
  readonly ruleId: string | undefined
  readonly proposedAt: Date
  readonly publishedAt: Date | undefined
}
