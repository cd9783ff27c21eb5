/**
 * Taking back, putting on hold, and letting hold again: the fact, the bit in the signed list, who did it and why, in one transaction, for one credential or thousands.
 *
 * A revocation is for good (Bitstring Status List v1.0, section 2.1: "not reversible"); a mistake is mended by issuing anew. A suspension ends with
 * `reinstate`, or with a revocation.
 */
import type { Tx } from '#platform/db'
import type { Credential } from './credential.ts'
import { credentialReinstated, credentialRevoked, credentialSuspended } from './events.ts'
import { fault } from './faults.ts'
import { insertStatusChanges, lockById, lockByPublicId, markRevoked, markSuspended } from './store.ts'
import { writeBits } from './write-bits.ts'

export const statusChanges = ['revoke', 'suspend', 'reinstate'] as const
export type StatusChange = (typeof statusChanges)[number]

export interface ChangeOrder {
  readonly change: StatusChange
  /** Told to whoever asks for the credential's page, and kept beside the change. */
  readonly reason: string
  readonly byWhom: string
}

/** As many as one transaction takes. */
export const mostChanged = 10_000

/**
 * Changes the status of credentials by their ids: all of them or none.
 *
 * @throws Fault `credential.no_reason`, `credential.too_many`, and for the first that cannot: `credential.unknown`, `credential.already_revoked`,
 *         `credential.already_suspended`, `credential.not_suspended`, `credential.not_suspendable`
 */
export async function changeStatus(tx: Tx, order: ChangeOrder & { readonly credentialIds: readonly string[] }): Promise<readonly Credential[]> {
  const ids = distinct(order.credentialIds)
  const found = await lockById(tx, ids)
  return await apply(tx, order, ids.map((id) => found.get(id)))
}

/** As `changeStatus`, by the ids that stand in addresses, and only for credentials of one issuer: another's is unknown. */
export async function changeStatusOf(tx: Tx, issuerId: string, order: ChangeOrder & { readonly publicIds: readonly string[] }): Promise<readonly Credential[]> {
  const ids = distinct(order.publicIds)
  const found = await lockByPublicId(tx, ids)
  return await apply(
    tx,
    order,
    ids.map((id) => {
      const credential = found.get(id)
      if (credential?.issuerId !== issuerId) throw fault.unknown_here({ publicId: id })
      return credential
    }),
  )
}

function distinct(ids: readonly string[]): readonly string[] {
  if (ids.length > mostChanged) throw fault.too_many({ count: ids.length, most: mostChanged })
  return [...new Set(ids)]
}

async function apply(tx: Tx, order: ChangeOrder, named: readonly (Credential | undefined)[]): Promise<readonly Credential[]> {
  const reason = order.reason.trim()
  if (reason === '') throw fault.no_reason()
  const credentials = named.map((one) => fit(one, order.change))
  const ids = credentials.map((one) => one.id)
  if (ids.length === 0) return []
  switch (order.change) {
    case 'revoke':
      await markRevoked(tx, ids, reason)
      await writeBits(tx, credentials, 'revocation', true)
      break
    case 'suspend':
      await markSuspended(tx, ids, reason)
      await writeBits(tx, credentials, 'suspension', true)
      break
    case 'reinstate':
      await markSuspended(tx, ids, undefined)
      await writeBits(tx, credentials, 'suspension', false)
      break
  }
  await insertStatusChanges(tx, ids, order.change === 'revoke' ? 'revoked' : order.change === 'suspend' ? 'suspended' : 'reinstated', reason, order.byWhom)
  if (order.change === 'revoke') await tx.announce(credentialRevoked({ credentialIds: ids }))
  if (order.change === 'suspend') await tx.announce(credentialSuspended({ credentialIds: ids }))
  if (order.change === 'reinstate') await tx.announce(credentialReinstated({ credentialIds: ids }))
  return credentials
}

function fit(credential: Credential | undefined, change: StatusChange): Credential {
  if (!credential || credential.withdrawnAt) throw fault.unknown()
  const { publicId } = credential
  if (credential.revokedAt) throw fault.already_revoked({ publicId })
  if (change === 'suspend' && credential.suspensionListId === undefined) throw fault.not_suspendable({ publicId })
  if (change === 'suspend' && credential.suspendedAt) throw fault.already_suspended({ publicId })
  if (change === 'reinstate' && !credential.suspendedAt) throw fault.not_suspended({ publicId })
  return credential
}
