/**
 * Estimates in words, for people: of every 1,000, how many more or fewer, with the interval in the same sentence. English; the desk is.
 */
import { figuresOf } from './figures.ts'

/** A difference between shares, and its interval: 0.0101 is one point, or 10 of every 1,000. */
export interface Difference {
  readonly estimate: number
  readonly low: number
  readonly high: number
}

const figures = figuresOf('en')

/** Whole people, unless the interval is so narrow that a tenth of one is known. */
const decimalsFor = (one: Difference): number => (Math.max(Math.abs(one.low), Math.abs(one.high)) * 1000 < 2 ? 1 : 0)

const count = (share: number, decimals: number): string => figures.number(Math.abs(share) * 1000, decimals)
const isNone = (share: number, decimals: number): boolean => Number((Math.abs(share) * 1000).toFixed(decimals)) === 0
const side = (share: number): string => (share < 0 ? 'fewer' : 'more')

/** "about 10 more", "about 4 fewer", "about as many" */
export function sayAmount(one: Difference): string {
  const decimals = decimalsFor(one)
  return isNone(one.estimate, decimals) ? 'about as many' : `about ${count(one.estimate, decimals)} ${side(one.estimate)}`
}

/** A range is not torn apart at the end of a line. */
const whole = (text: string): string => text.replaceAll(' ', '\u00a0')

/** "1 to 19", "4 fewer to 16 more", "1 to 9 fewer" */
export function sayRange(one: Difference): string {
  const decimals = decimalsFor(one)
  const low = count(one.low, decimals)
  const high = count(one.high, decimals)
  if (one.low >= 0) return whole(`${low} to ${high}`)
  if (one.high <= 0) return whole(`${high} to ${low} fewer`)
  return whole(`${low} fewer to ${high} more`)
}

/** "about 10 more of every 1,000; 95% interval 1 to 19" */
export const sayDifference = (one: Difference): string => `${sayAmount(one)} of every 1,000; 95% interval ${sayRange(one)}`

/** A p-value, never as zero. */
export const sayP = (p: number): string => (p < 0.001 ? '< 0.001' : figures.number(p, p < 0.1 ? 3 : 2))

/** How often luck alone would bring a difference this large: "about 1 time in 40". */
export function sayLuck(p: number): string {
  if (p < 0.0001) return 'less than 1 time in 10,000'
  const times = 1 / p
  if (times < 3) return 'often'
  const power = 10 ** Math.max(0, Math.floor(Math.log10(times)))
  return `about 1 time in ${figures.number(times < 10 ? Math.round(times) : Math.round(times / power) * power)}`
}

/** In points, with sign: 0.0101 is "+1.01". */
export const sayPoints = (share: number, decimals = 2): string => figures.signed(share * 100, decimals)

/** "0.12 to 1.89" */
export const sayPointsRange = (one: { readonly low: number; readonly high: number }, decimals = 2): string =>
  whole(`${figures.number(one.low * 100, decimals)} to ${figures.number(one.high * 100, decimals)}`)
