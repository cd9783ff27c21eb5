import { experimentsOf } from '#journey/experiment'
import type { Tx } from '#platform/db'
import { setStale } from './store.ts'

/** Says of the estimates of an issuer's experiments that newer outcomes are in. They stay readable, marked. */
export async function markStale(tx: Tx, imported: { readonly issuerId: string }): Promise<void> {
  const experiments = await experimentsOf(tx, imported.issuerId)
  await setStale(tx, experiments.map((one) => one.id))
}
