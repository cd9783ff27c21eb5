import type { Tx } from '#platform/db'
import type { Visibility } from './credential.ts'
import { fault } from './faults.ts'
import { updateVisibility } from './store.ts'

/** Who may see the page: the learner's decision. @throws Fault `credential.unknown` */
export async function setVisibility(tx: Tx, input: { readonly credentialId: string; readonly visibility: Visibility }): Promise<void> {
  if ((await updateVisibility(tx, [input.credentialId], input.visibility)) === 0) throw fault.unknown()
}

/** Opens private pages to whoever has the link, as sharing them does; the others stay as they are. */
export async function openToLinks(tx: Tx, credentialIds: readonly string[]): Promise<void> {
  if (credentialIds.length > 0) await updateVisibility(tx, credentialIds, 'link')
}
