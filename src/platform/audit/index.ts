export { appendAudit } from './append.ts'
export { checkChain, chainStart, type ChainBreak, type ChainEnd } from './check.ts'
export { type AuditActor, type AuditEntry, type AuditFact } from './entry.ts'
export { auditEnd, auditEntries, auditEntriesOf } from './store.ts'
