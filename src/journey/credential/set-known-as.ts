import type { Tx } from '#platform/db'
import { fault } from './faults.ts'
import { updateKnownAs } from './store.ts'

/** The name by which the learner wants to be known; an empty one takes it back. Nothing that was signed changes. @throws Fault `credential.unknown` */
export async function setKnownAs(tx: Tx, input: { readonly credentialId: string; readonly name: string }): Promise<void> {
  const name = input.name.replaceAll(/\s+/g, ' ').trim()
  if ((await updateKnownAs(tx, input.credentialId, name === '' ? undefined : name)) === 0) throw fault.unknown()
}
