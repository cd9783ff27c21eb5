import { setStatusBit } from '#kernel/proof'
import type { Tx } from '#platform/db'
import type { Credential } from './credential.ts'
import { keepBits, lockStatusLists, type StatusPurpose } from './store.ts'

/** Writes the bits of credentials in their lists of one purpose: each list is read, changed and written once, however many of its credentials there are. */
export async function writeBits(tx: Tx, credentials: readonly Credential[], purpose: StatusPurpose, value: boolean): Promise<void> {
  const byList = Map.groupBy(credentials, (one) => (purpose === 'revocation' ? one.statusListId : one.suspensionListId))
  const lists = await lockStatusLists(tx, [...byList.keys()].filter((id) => id !== undefined))
  for (const [id, bits] of lists) {
    const changed = Uint8Array.from(bits)
    for (const one of byList.get(id) ?? []) setStatusBit(changed, one.statusIndex, value)
    await keepBits(tx, id, changed)
  }
}
