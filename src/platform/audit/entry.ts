/**
 * One row of the audit log: who did what to which thing, and when. Never a name, an address or a value of a person's; where a state is
 * part of the fact, its hash is.
 */
import { createHash } from 'node:crypto'

export interface AuditActor {
  readonly kind: 'owner' | 'staff' | 'analyst' | 'learner' | 'key' | 'anonymous' | 'system'
  /** Of the account or the key. */
  readonly id: string | undefined
}

export interface AuditFact {
  readonly actor: AuditActor
  /** In the manner of `credential.revoke`. */
  readonly action: string
  readonly issuerId: string | undefined
  /** The id of what was changed. */
  readonly subject: string | undefined
  /** SHA-256 of the state before and after. */
  readonly before: Uint8Array | undefined
  readonly after: Uint8Array | undefined
  readonly requestId: string | undefined
}

export interface AuditEntry extends AuditFact {
  /** 1, 2, 3 ... without gaps. */
  readonly seq: number
  readonly at: Date
  /** The hash of the row before; 32 zero bytes before the first. */
  readonly previous: Uint8Array
  readonly hash: Uint8Array
}

/** The version of the form that is hashed; it changes when a field is added. */
const form = 'laurel audit 1'

/**
 * The hash of a row: SHA-256 over a JSON array of its fields in the order written here, bytes as lower-case hexadecimal, what is absent as
 * null. An array has one serialisation, so nothing needs to be sorted.
 */
export function hashOf(entry: Omit<AuditEntry, 'hash'>): Uint8Array {
  const { actor } = entry
  const fields = [
    form, entry.seq, entry.at.toISOString(), actor.kind, actor.id ?? null, entry.action, entry.issuerId ?? null, entry.subject ?? null,
    entry.before === undefined ? null : toHex(entry.before), entry.after === undefined ? null : toHex(entry.after), entry.requestId ?? null, toHex(entry.previous),
  ]
  return new Uint8Array(createHash('sha256').update(JSON.stringify(fields)).digest())
}

export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
