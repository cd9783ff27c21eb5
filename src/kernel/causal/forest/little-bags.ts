import { normalLower } from '#kernel/numeric'
import type { Bags } from './forest.ts'

/**
 * The variance of a forest's estimate at a row by the bootstrap of little bags: how much groups of trees that share a half-sample differ, less what single
 * trees add to that.
 *
 *   ρ_t       a'm_t + a₀, the linearised estimate of tree t from its leaf's moments m_t, with mean zero over trees
 *   between   mean over groups of (mean of ρ over the group)²;  noise  (mean of ρ² over trees − between) / (G − 1)
 *   variance  between − noise, moved up so that it cannot be negative: the mean of a normal distribution with that mean and the standard deviation
 *             max(between, noise) √(2 / groups), cut off below zero
 *
 * @param at     the row
 * @param slope  a, one per moment
 * @param level  a₀
 * Source: Athey, Tibshirani, Wager (2019), Annals of Statistics 47, section 4.1; the correction is grf's.
 */
export function littleBagsVariance({ groupSize, groups, means, between, total }: Bags, at: number, slope: readonly number[], level: number): number {
  const width = slope.length
  const bags = groups[at]!
  if (bags === 0) return Number.NaN
  const pairs = (width * (width + 1)) / 2
  let constant = level * level
  for (let a = 0; a < width; a++) constant += 2 * level * slope[a]! * means[at * width + a]!
  let squareBetween = constant
  let squareTotal = constant
  let pair = at * pairs
  for (let a = 0; a < width; a++) {
    for (let b = a; b < width; b++, pair++) {
      const times = (a === b ? 1 : 2) * slope[a]! * slope[b]!
      squareBetween += times * between[pair]!
      squareTotal += times * total[pair]!
    }
  }
  const own = Math.max(squareBetween, 0)
  const noise = (Math.max(squareTotal, own) - own) / (groupSize - 1)
  const first = own - noise
  const spread = Math.max(own, noise) * Math.sqrt(2 / bags)
  if (spread === 0) return 0
  const ratio = first / spread
  const density = Math.exp((-ratio * ratio) / 2) / Math.sqrt(2 * Math.PI)
  return first + (spread * density) / normalLower(ratio)
}
