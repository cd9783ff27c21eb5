import type { Tx } from '#platform/db'
import { insertMember, membershipsOf, endMemberships } from './store.ts'

/** owner: the whole installation. staff: one issuer. analyst: one issuer's outcomes, without identities. */
export type Role = 'owner' | 'staff' | 'analyst'

export interface Membership {
  readonly role: Role
  /** Undefined for owners, who work for every issuer. */
  readonly issuerId: string | undefined
}

export async function addMember(tx: Tx, email: string, membership: Membership): Promise<void> {
  await insertMember(tx, email.toLowerCase(), membership)
}

export async function removeMember(tx: Tx, email: string): Promise<void> {
  await endMemberships(tx, email.toLowerCase())
}

export async function memberRoles(tx: Tx, email: string): Promise<readonly Membership[]> {
  return await membershipsOf(tx, email.toLowerCase())
}
