/** From counts of two arms to shares and differences, each with its interval. */
import { differenceInMeans, differenceSequence, proportionInterval } from '#kernel/causal'
import { isFault } from '#kernel/fault'
import type { Measured } from './overview-page.ts'

/** How many of an arm's learners came so far. */
export interface Reached {
  readonly reached: number
  readonly drawn: number
}

/**
 * Units at which the interval is narrowest: 2,950 an arm see the published effect on sharing, 2.8 points on 16.6%, in four experiments of
 * five (Athey and Palikot 2024, table 4; `binarySampleSize`). It is fixed, so that nobody moves it after a look.
 */
const tuned = 5_900
/** The interval that holds at every look leans on a normal limit: "after a few hundred" (Waudby-Smith and others 2024). */
const fewestForALook = 200

export const sharesOf = (treatment: Reached, control: Reached): { readonly treatment: Measured; readonly control: Measured } | undefined =>
  treatment.drawn === 0 || control.drawn === 0 ? undefined : { treatment: proportionInterval(treatment.reached, treatment.drawn), control: proportionInterval(control.reached, control.drawn) }

/** Treatment less control, with a 95% interval that may be looked at every day; undefined before it means anything. */
export function differenceAtEveryLook(treatment: Reached, control: Reached): Measured | undefined {
  if (treatment.drawn + control.drawn < fewestForALook) return undefined
  const sums = (one: Reached) => ({ n: one.drawn, sum: one.reached, sumOfSquares: one.reached }) // of ones and zeros, which are their own squares
  return measured(() => differenceSequence(sums(control), sums(treatment), { tuned }))
}

/** Treatment less control, with a 95% interval for one look at a time fixed beforehand. */
export function differenceAtOneLook(treatment: Reached, control: Reached): Measured | undefined {
  const share = (one: Reached) => (one.drawn === 0 ? 0 : one.reached / one.drawn)
  const [p1, p0] = [share(treatment), share(control)]
  const columns = { share: [p1, p0], arm: [1, 0], learners: [treatment.drawn, control.drawn], variance: [p1 * (1 - p1), p0 * (1 - p0)] }
  return measured(() => differenceInMeans(columns, { outcome: 'share', treatment: 'arm', cells: { count: 'learners', variance: 'variance' } }))
}

function measured(make: () => { readonly estimate: number; readonly conf_low: number | null; readonly conf_high: number | null }): Measured | undefined {
  try {
    const { estimate, conf_low: low, conf_high: high } = make()
    return low === null || high === null ? undefined : { estimate, low, high }
  } catch (error) {
    if (isFault(error)) return undefined // too few, or everybody alike: there is nothing to compare
    throw error
  }
}
