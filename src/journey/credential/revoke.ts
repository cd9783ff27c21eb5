import type { Tx } from '#platform/db'
import { credentialRevoked } from './events.ts'
import { fault } from './faults.ts'
import { credentialsById, insertStatusChanges, markRevoked, setStatusBits } from './store.ts'

/**
 * Revokes credentials, many at once: the fact, the bit in the status list, who did it and why, in one transaction. A revoked credential is
 * never given back its validity; a mistake is mended by issuing anew.
 *
 * @throws Fault `credential.unknown`, `credential.already_revoked`, `credential.no_reason`; then none is revoked
 */
export async function revokeCredentials(tx: Tx, input: { readonly credentialIds: readonly string[]; readonly reason: string; readonly byWhom: string }): Promise<void> {
  const reason = input.reason.trim()
  if (reason === '') throw fault.no_reason()
  const found = await credentialsById(tx, input.credentialIds)
  const credentials = input.credentialIds.map((id) => {
    const credential = found.get(id)
    if (!credential) throw fault.unknown()
    if (credential.revokedAt) throw fault.already_revoked({ publicId: credential.publicId })
    return credential
  })
  await markRevoked(tx, input.credentialIds, reason)
  await setStatusBits(tx, credentials)
  await insertStatusChanges(tx, input.credentialIds, 'revoked', reason, input.byWhom)
  await tx.announce(credentialRevoked({ credentialIds: input.credentialIds }))
}
