import type { Tx } from '#platform/db'
import { fault } from './faults.ts'
import { setIssuerLook } from './store.ts'

/**
 * What an issuer wants of its public pages: whether they list what its learners made public, and a colour of its own. How a colour that cannot be read is put right is for the
 * pages; here it only has to be one. Left out: Laurel's.
 *
 * @throws Fault `party.unknown_colour`
 */
export async function chooseIssuerLook(tx: Tx, chosen: { readonly issuerId: string; readonly directory: boolean; readonly colour: string | undefined }): Promise<void> {
  const colour = chosen.colour?.toLowerCase()
  if (colour !== undefined && !/^#[0-9a-f]{6}$/.test(colour)) throw fault.unknown_colour({ given: colour.slice(0, 40) })
  await setIssuerLook(tx, chosen.issuerId, { directory: chosen.directory, colour })
}
