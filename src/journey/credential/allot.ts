/**
 * A place in a status list for each new credential: a random index that was never used (Bitstring Status List v1.0, section 6.2, so that
 * indexes say nothing about the order of issuing), in a list shared by all achievements of an issuer. A list has one purpose (section 2.2), so suspensions
 * have lists of their own, in which a credential has the same index.
 */
import type { Tx } from '#platform/db'
import { insertStatusList, lockOpenStatusList, suspensionListBeside, takenIndexes, useIndexes } from './store.ts'

export interface StatusPlace {
  readonly listId: string
  readonly index: number
  /** The list of suspensions with the same place, where they are in use. */
  readonly suspensionListId: string | undefined
}

/** The smallest length that the standard allows; a list is closed at half of it, so that a free index is found in two tries on average. */
const length = 131_072
const closedAt = length / 2

export async function allotStatusPlaces(tx: Tx, issuerId: string, count: number, options: { readonly suspension: boolean }): Promise<readonly StatusPlace[]> {
  const places: StatusPlace[] = []
  while (places.length < count) {
    const list = (await lockOpenStatusList(tx, issuerId, closedAt)) ?? (await insertStatusList(tx, issuerId, length))
    if (!list) continue
    const wanted = Math.min(count - places.length, closedAt - list.used)
    const chosen = new Set<number>()
    while (chosen.size < wanted) {
      const candidates = randomIndexes(tx, 2 * (wanted - chosen.size) + 16).filter((index) => !chosen.has(index))
      const taken = await takenIndexes(tx, list.id, candidates)
      for (const index of candidates) if (!taken.has(index) && chosen.size < wanted) chosen.add(index)
    }
    await useIndexes(tx, list.id, wanted)
    const suspensionListId = options.suspension ? await suspensionListBeside(tx, issuerId, list.number, length) : undefined
    for (const index of chosen) places.push({ listId: list.id, index, suspensionListId })
  }
  return places
}

/** 17 bits each: the length is a power of two, so no index is likelier than another. */
function randomIndexes(tx: Tx, count: number): number[] {
  const bytes = tx.ids.bytes(4 * count)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: count }, (_, at) => view.getUint32(4 * at) % length)
}
