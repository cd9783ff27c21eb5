/**
 * What is true of the learners who were drawn: the mean over them of what each would do with the nudge minus without it, known because both
 * were drawn beforehand.
 *
 * Rates, not realized values, are averaged where chance decides last: the truth is the expectation given who the learners are, so that a small
 * study is not judged by the luck of its few compliers. Work counts as far as the follow-up went on the day of the estimate.
 */
import type { Effects } from './effects.ts'
import type { SimulatedLearner } from './population.ts'

export interface Truth {
  readonly estimand: 'itt' | 'first_stage' | 'late' | 'interaction'
  readonly outcome: string
  readonly subgroup: string
  readonly truth: number
}

interface Followed {
  readonly learner: SimulatedLearner
  /** Third of the estimated score, for those who have one. */
  readonly third?: string | undefined
  /** Months from the draw to the last look, when there was one. */
  readonly months: number | undefined
}

/** @param drawn every learner with a draw, with the months that their work was followed */
export function truthOf(drawn: readonly Followed[], effects: Effects): readonly Truth[] {
  const share = effects.share.effect
  const viewed = share * (effects.viewed.shared - effects.viewed.not_shared)
  const observed = drawn.filter((one) => one.months !== undefined)
  const ofWork = (among: readonly Followed[], scope: number) => mean(among.map(({ learner, months }) => effects.new_job.effect[learner.third] * scope * reach(months ?? 0)))
  const rows: Truth[] = [
    { estimand: 'first_stage', outcome: 'shared', subgroup: 'all', truth: share },
    { estimand: 'itt', outcome: 'shared', subgroup: 'all', truth: share },
    { estimand: 'itt', outcome: 'viewed', subgroup: 'all', truth: viewed },
    { estimand: 'late', outcome: 'viewed', subgroup: 'all', truth: viewed / share },
  ]
  for (const [outcome, scope] of [['new_job', 1], ['new_job_in_scope', effects.new_job.in_scope]] as const) {
    const itt = ofWork(observed, scope)
    rows.push({ estimand: 'itt', outcome, subgroup: 'all', truth: itt }, { estimand: 'late', outcome, subgroup: 'all', truth: itt / share })
    const inThird = (third: string) => observed.filter((one) => one.third === third)
    if (inThird('low').length === 0) continue
    for (const third of ['low', 'middle', 'high']) rows.push({ estimand: 'itt', outcome, subgroup: `baseline_employability:${third}`, truth: ofWork(inThird(third), scope) })
    rows.push({ estimand: 'interaction', outcome, subgroup: 'baseline_employability:low less high', truth: ofWork(inThird('low'), scope) - ofWork(inThird('high'), scope) })
  }
  return rows
}

/** Jobs start evenly between month 1 and month 12 after the draw: how many of them a follow-up of so many months can see. */
export const reach = (months: number): number => Math.min(1, Math.max(0, (months - 1) / 11))

const mean = (values: readonly number[]) => (values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length)
