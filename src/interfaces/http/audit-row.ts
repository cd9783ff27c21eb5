/** One row of the audit log for each request that changed something: in the change's own transaction where it has one. */
import { createHash } from 'node:crypto'
import type { Issuer } from '#journey/party'
import { appendAudit, type AuditActor, type AuditFact } from '#platform/audit'
import type { Tx } from '#platform/db'
import type { World } from '#platform/world'
import type { AuditAbout, Route } from './route.ts'
import type { Who } from './who.ts'

export function auditRow(world: Pick<World, 'db'>, row: Route, who: Who, issuer: Issuer | undefined, requestId: string) {
  const { audit } = row
  let said: AuditAbout = {}
  let begun = false
  const factOf = (about: AuditAbout, action: string): AuditFact => ({
    actor: actorOf(who, row),
    action,
    issuerId: about.issuerId ?? issuer?.id,
    subject: about.subject,
    before: digest(about.before),
    after: digest(about.after),
    requestId,
  })
  return {
    change: async <T>(work: (tx: Tx) => Promise<T>, about?: (done: T) => AuditAbout): Promise<T> => {
      if (row.method === 'GET') throw new TypeError(`${row.path} reads, and its handler wanted to change something`)
      if (begun) throw new TypeError(`${row.path}: one change a request, so that it has one row in the audit log`)
      begun = true
      return await world.db.transaction(async (tx) => {
        const done = await work(tx)
        if (typeof audit === 'string') await appendAudit(tx, factOf({ ...said, ...about?.(done) }, audit))
        return done
      })
    },
    about: (what: AuditAbout): void => {
      said = what
    },
    // After a handler that changed things in its own way.
    finish: async (): Promise<void> => {
      if (!begun && typeof audit === 'string') await world.db.transaction((tx) => appendAudit(tx, factOf(said, audit)))
    },
  }
}

/** The role under which the row let them in; the strongest, where a person has several. */
function actorOf(who: Who, row: Route): AuditActor {
  if (who.key) return { kind: 'key', id: who.key.id }
  const held = (['owner', 'staff', 'analyst', 'learner'] as const).filter((role) => who.roles.includes(role))
  return { kind: held.find((role) => row.roles.includes(role)) ?? held[0] ?? 'anonymous', id: who.person?.id }
}

const digest = (state: unknown): Uint8Array | undefined => (state === undefined ? undefined : new Uint8Array(createHash('sha256').update(JSON.stringify(state)).digest()))
