/** Who asks, and what they may do. */
import type { ApiKey, Learner, Membership } from '#journey/party'
import { fault } from './faults.ts'

/**
 * owner: the whole installation. staff: one issuer. analyst: one issuer's outcomes, without identities. learner: their own things. key: a
 * program of one issuer, within its scopes. anonymous: anybody, signed in or not.
 */
export const roles = ['anonymous', 'learner', 'analyst', 'staff', 'owner', 'key'] as const
export type Role = (typeof roles)[number]

export interface Person {
  /** Of the account; stands in the audit log. */
  readonly id: string
  readonly email: string
  readonly sessionId: string
}

export interface Who {
  /** All that this one is: a person may be staff of one issuer and a learner of another. `['anonymous']` for a stranger. */
  readonly roles: readonly Role[]
  readonly person: Person | undefined
  readonly memberships: readonly Membership[]
  /** The same person as a learner, once an issuer. */
  readonly learners: readonly Learner[]
  readonly key: ApiKey | undefined
}

export const stranger: Who = Object.freeze({ roles: Object.freeze(['anonymous'] as const), person: undefined, memberships: Object.freeze([]), learners: Object.freeze([]), key: undefined })

export function whoIsPerson(person: Person, memberships: readonly Membership[], learners: readonly Learner[]): Who {
  const found = new Set<Role>(memberships.map((one) => one.role))
  if (learners.length > 0) found.add('learner')
  // An address that is nobody's any more: the session says who it was, and opens nothing.
  return Object.freeze({ roles: found.size === 0 ? stranger.roles : Object.freeze([...found]), person, memberships, learners, key: undefined })
}

export const whoIsKey = (key: ApiKey): Who => Object.freeze({ ...stranger, roles: Object.freeze(['key'] as const), key })

/** The roles that this one has towards one issuer. */
export function rolesFor(who: Who, issuerId: string): readonly Role[] {
  if (who.key) return who.key.issuerId === issuerId ? ['key'] : []
  const found = new Set<Role>(who.memberships.filter((one) => one.role === 'owner' || one.issuerId === issuerId).map((one) => one.role))
  if (who.learners.some((one) => one.issuerId === issuerId)) found.add('learner')
  return [...found]
}

/**
 * For things that are found by their own id: lets pass whoever has one of the roles towards the issuer that the thing belongs to. To all
 * others the thing does not exist. @throws Fault `http.nothing_here`
 */
export function mustActFor(who: Who, issuerId: string, as: readonly Role[]): void {
  if (!rolesFor(who, issuerId).some((role) => as.includes(role))) throw fault.nothing_here()
}
