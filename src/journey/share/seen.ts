import type { Tx } from '#platform/db'
import { setSeen } from './store.ts'

/** Somebody else looked, by the links of these placements; the first time counts. */
export async function markSeen(tx: Tx, viewed: { readonly placementTokens: readonly string[] }): Promise<void> {
  if (viewed.placementTokens.length > 0) await setSeen(tx, viewed.placementTokens)
}
