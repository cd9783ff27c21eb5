import { createHash } from 'node:crypto'
import type { AuditFact } from '#platform/audit'

/** A row of the audit log for what a command did. Whoever has the machine's command line is no account of ours. */
export const audited = (action: string, issuerId: string, subject: string | undefined, after?: unknown): AuditFact => ({ actor: { kind: 'system', id: undefined }, action, issuerId, subject, before: undefined, after: after === undefined ? undefined : new Uint8Array(createHash('sha256').update(JSON.stringify(after)).digest()), requestId: undefined })
