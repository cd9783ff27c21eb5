import { type Arm, type ArmDraw, checkArms } from './arm.ts'
import { bits52, checkId } from './bucket.ts'
import { fault } from './faults.ts'

/** Where in the sequence of a stratum a draw was made: the block and the place in it, both from 0. Stored with the draw. */
export interface BlockPlace {
  readonly block: number
  readonly slot: number
}

export interface BlockDraw extends ArmDraw, BlockPlace {
  /** How many draws the block holds. Not to be shown while the block is open: whoever knows it can guess the last arms. */
  readonly size: number
}

interface Stratum {
  readonly salt: string
  /** Key of the stratum, with the wave in it: blocks never run across strata or waves. */
  readonly stratum: string
  /** Arms with whole weights: 1:1, 1:2, 1:1:1. */
  readonly arms: readonly Arm[]
}

/** Blocks hold 2, 3 or 4 times the sum of the weights: 4, 6 or 8 for 1:1, at random, so that the end of a block cannot be guessed (ICH E9, 2.3.2). */
const multiples = [2, 3, 4] as const
const mostSum = 100

/**
 * The arms of one block in their random order.
 *
 *   size       m · Σ w with m = the ⌊3u⌋-th of 2, 3, 4, u = bits("block size", stratum, block)
 *   order      the slots, arm by arm, sorted by bits("block order", stratum, block, slot)
 *
 * with bits as in `bucket` v1. A pure function of its arguments: a block can be made again for an audit without the blocks before it.
 *
 * @throws Fault 'draw.weights_not_whole' and the faults of `drawArm`; 'draw.id_not_opaque' for salt or stratum
 * Pinned by fixtures/draw.
 */
export function blockOf({ salt, stratum, arms, block }: Stratum & { readonly block: number }): readonly string[] {
  checkId('salt', salt)
  checkId('stratum', stratum)
  if (!Number.isSafeInteger(block) || block < 0) throw new TypeError(`Blocks are counted from 0; ${block} is none.`)
  const ratio = wholeRatio(arms)
  const multiple = multiples[Math.floor(multiples.length * bits52([salt, 'block size', stratum, String(block)]))]!
  const slots: { arm: string; key: number }[] = []
  for (const [j, arm] of arms.entries()) {
    for (let i = 0; i < multiple * ratio[j]!; i++) slots.push({ arm: arm.name, key: bits52([salt, 'block order', stratum, String(block), String(slots.length)]) })
  }
  return Object.freeze(slots.sort((a, b) => a.key - b.key).map((slot) => slot.arm))
}

/**
 * The next draw of a stratum. Every arm has its share exactly at the end of each block, so within a stratum the arms never differ by more
 * than half a block's worth of units.
 *
 * @param after  the place of the stratum's last draw; absent for its first. The caller reads and writes it in one transaction.
 * @returns the arm, its probability (its share: before the block is opened every slot is equally likely to be any of its arms), and the place
 */
export function nextInBlock({ after, ...stratum }: Stratum & { readonly after?: BlockPlace | undefined }): BlockDraw {
  let block = after?.block ?? 0
  let slot = after === undefined ? 0 : after.slot + 1
  let order = blockOf({ ...stratum, block })
  if (slot > order.length || (after !== undefined && !(Number.isSafeInteger(after.slot) && after.slot >= 0)))
    throw new TypeError(`Block ${block} has ${order.length} slots; slot ${after?.slot} is none of them.`)
  if (slot === order.length) {
    block += 1
    slot = 0
    order = blockOf({ ...stratum, block })
  }
  const arm = order[slot]!
  const total = stratum.arms.reduce((sum, a) => sum + a.weight, 0)
  return Object.freeze({ arm, probability: stratum.arms.find((a) => a.name === arm)!.weight / total, block, slot, size: order.length })
}

/** Weights without their common factor. */
function wholeRatio(arms: readonly Arm[]): readonly number[] {
  const total = checkArms(arms)
  const weights = arms.map((arm) => arm.weight)
  if (!weights.every((w) => Number.isSafeInteger(w)) || !Number.isSafeInteger(total)) throw fault.weights_not_whole({ most: mostSum })
  const factor = weights.reduce((a, b) => {
    while (b !== 0) [a, b] = [b, a % b]
    return a
  }, 0)
  if (total / factor > mostSum) throw fault.weights_not_whole({ most: mostSum })
  return weights.map((w) => w / factor)
}
