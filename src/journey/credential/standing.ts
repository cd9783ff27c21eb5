/** How a credential stands at a moment, and what a drawing of it is turned by. */
import type { Credential } from './credential.ts'

export type Standing = 'in_force' | 'not_yet' | 'expired' | 'suspended' | 'revoked'

/** What is for good goes before what is for now. */
export function standingOf(credential: Pick<Credential, 'revokedAt' | 'suspendedAt' | 'validFrom'>, ends: Date | undefined, now: Date): Standing {
  if (credential.revokedAt) return 'revoked'
  if (credential.suspendedAt) return 'suspended'
  if (ends !== undefined && ends <= now) return 'expired'
  return credential.validFrom > now ? 'not_yet' : 'in_force'
}

/** What the rosette is drawn from: the first characters of the proof. */
export function proofBytes(signed: string): Uint8Array {
  const value = /"proofValue":"(z[^"]+)"/.exec(signed)?.[1] ?? ''
  return new TextEncoder().encode(value.slice(1, 33))
}
