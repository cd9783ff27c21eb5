import { fault } from './faults.ts'

/** One arm of an experiment. Weights need not sum to one: 1 and 2 mean one third and two thirds. */
export interface Arm {
  readonly name: string
  readonly weight: number
}

/** A half-open range [from, to) of bucket numbers that belongs to an arm. */
export interface ArmRange {
  readonly arm: string
  readonly from: number
  readonly to: number
}

/** The arm drawn and the probability with which it was, to be stored in the row: weighting and policy evaluation need it later. */
export interface ArmDraw {
  readonly arm: string
  readonly probability: number
}

/**
 * Draws an arm with the given weights from a bucket number.
 *
 *   arm j owns [C_{j-1}, C_j) with C_j = (w_1 + ... + w_j) / (w_1 + ... + w_k)
 *
 * @param arms    in the order of the experiment's definition, which is part of the draw
 * @param bucket  a number in [0, 1), from `bucket({ purpose: 'arm', ... })`
 * @throws Fault 'draw.no_arm', 'draw.arm_twice', 'draw.arm_unnamed', 'draw.weight_refused'
 * Pinned by fixtures/draw.
 */
export function drawArm(arms: readonly Arm[], bucket: number): ArmDraw {
  const total = checkArms(arms)
  checkBucket(bucket)
  let sum = 0
  for (const arm of arms) {
    sum += arm.weight
    if (bucket < sum / total && arm.weight > 0) return Object.freeze({ arm: arm.name, probability: arm.weight / total })
  }
  throw new TypeError('The ranges of the arms do not reach one.')
}

/** The ranges by which `drawArm` draws; one per arm with a weight above zero. */
export function armRanges(arms: readonly Arm[]): readonly ArmRange[] {
  const total = checkArms(arms)
  const ranges: ArmRange[] = []
  let sum = 0
  for (const arm of arms) {
    const from = sum / total
    sum += arm.weight
    if (arm.weight > 0) ranges.push(Object.freeze({ arm: arm.name, from, to: sum / total }))
  }
  return Object.freeze(ranges)
}

/** Draws an arm from ranges that cover [0, 1), such as those of `reshare`. */
export function drawFrom(ranges: readonly ArmRange[], bucket: number): ArmDraw {
  checkBucket(bucket)
  const hit = ranges.find(({ from, to }) => bucket >= from && bucket < to)
  if (hit === undefined) throw new TypeError('No range holds this bucket number.')
  return Object.freeze({ arm: hit.arm, probability: ranges.reduce((sum, r) => (r.arm === hit.arm ? sum + (r.to - r.from) : sum), 0) })
}

/**
 * New ranges for new weights that move as few units as possible: an arm whose share falls keeps the front of what it had, an arm whose
 * share rises takes only what others gave up. Raising one arm's share therefore moves units into that arm and nowhere else, which
 * laying the ranges out anew (`armRanges`) does not do with three arms or more.
 *
 * A running experiment's weights do not change (a new split is a new wave); this is for the next wave, and for closing an arm.
 *
 * @param ranges  the ranges in force, covering [0, 1)
 * @param arms    the new weights; an arm that is missing has none, an arm that is new starts with none
 */
export function reshare(ranges: readonly ArmRange[], arms: readonly Arm[]): readonly ArmRange[] {
  const total = checkArms(arms)
  const share = new Map(arms.map((arm) => [arm.name, arm.weight / total]))
  // 2⁻⁴⁴ is far above the rounding of sums of shares and far below one person in any population.
  const nothing = 2 ** -44
  const next: ArmRange[] = []
  const freed: { from: number; to: number }[] = []
  const left = new Map(share)
  for (const range of [...ranges].sort((a, b) => a.from - b.from)) {
    const due = left.get(range.arm) ?? 0
    const width = range.to - range.from
    if (width <= due + nothing) {
      left.set(range.arm, Math.max(0, due - width))
      next.push(range)
      continue
    }
    if (due > nothing) next.push({ arm: range.arm, from: range.from, to: range.from + due })
    freed.push({ from: due > nothing ? range.from + due : range.from, to: range.to })
    left.set(range.arm, 0)
  }
  const growing = arms.filter((arm) => left.get(arm.name)! > nothing)
  for (const [i, arm] of growing.entries()) {
    let due = left.get(arm.name)!
    while (freed.length > 0 && (due > nothing || i === growing.length - 1)) {
      const first = freed[0]!
      const width = first.to - first.from
      if (i === growing.length - 1 || width <= due + nothing) {
        next.push({ arm: arm.name, from: first.from, to: first.to })
        freed.shift()
        due -= width
      } else {
        next.push({ arm: arm.name, from: first.from, to: first.from + due })
        first.from += due
        due = 0
      }
    }
  }
  next.sort((a, b) => a.from - b.from)
  const joined: ArmRange[] = []
  for (const range of next) {
    const last = joined.at(-1)
    if (last !== undefined && last.arm === range.arm && last.to === range.from) joined[joined.length - 1] = Object.freeze({ ...last, to: range.to })
    else joined.push(Object.freeze({ ...range }))
  }
  return Object.freeze(joined)
}

/** Checks names and weights and returns the sum of the weights. */
export function checkArms(arms: readonly Arm[]): number {
  const names = new Set<string>()
  let total = 0
  for (const { name, weight } of arms) {
    if (name === '') throw fault.arm_unnamed()
    if (names.has(name)) throw fault.arm_twice({ arm: name })
    names.add(name)
    if (!Number.isFinite(weight) || weight < 0) throw fault.weight_refused({ arm: name, weight })
    total += weight
  }
  if (!(total > 0) || !Number.isFinite(total)) throw fault.no_arm()
  return total
}

function checkBucket(bucket: number): void {
  if (!(bucket >= 0 && bucket < 1)) throw new TypeError(`A bucket number lies in [0, 1), not ${bucket}.`)
}
