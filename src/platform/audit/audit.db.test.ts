import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { testWorld, type TestWorld } from '#test/world'
import { sql } from '#platform/db'
import { appendAudit } from './append.ts'
import { checkChain } from './check.ts'
import type { AuditEntry, AuditFact } from './entry.ts'
import { auditEnd, auditEntries } from './store.ts'

let t: TestWorld
before(async () => {
  t = await testWorld()
})
after(() => t.close())

const fact = (action: string): AuditFact => ({ actor: { kind: 'staff', id: 'account-1' }, action, issuerId: undefined, subject: 'thing-1', before: undefined, after: new Uint8Array(32).fill(7), requestId: 'request-1' })
const write = (action: string) => t.db.transaction((tx) => appendAudit(tx, fact(action)))
const read = () => t.db.read((tx) => auditEntries(tx, 0, 10_000))

test('rows written at the same time form one chain without gaps', async () => {
  await Promise.all(Array.from({ length: 40 }, (_, i) => write(`test.${i}`)))
  const entries = await read()
  assert.deepEqual(entries.map((one) => one.seq), Array.from({ length: 40 }, (_, i) => i + 1))
  assert.equal(checkChain(entries), undefined)
})

test('a change that is undone leaves no row', async () => {
  const end = await t.db.read(auditEnd)
  await assert.rejects(
    t.db.transaction(async (tx) => {
      await appendAudit(tx, fact('test.undone'))
      throw new Error('the change failed')
    }),
  )
  assert.deepEqual(await t.db.read(auditEnd), end)
})

test('the database refuses to alter, remove or empty', async () => {
  for (const statement of [sql`update audit.entry set action = 'x' where seq = 1`, sql`delete from audit.entry where seq = 1`, sql`truncate audit.entry`]) {
    await assert.rejects(t.db.transaction((tx) => tx.change(statement)), /only added to/)
  }
})

test('a row that was altered, removed, put in, swapped, cut off or rewritten is found', async () => {
  const entries = await read()
  const kept = [{ seq: 30, hash: entries[29]!.hash }, await t.db.read(auditEnd)]
  assert.equal(checkChain(entries, kept), undefined)
  const changed = (at: number, change: Partial<AuditEntry>): AuditEntry[] => entries.map((one, i) => (i === at ? { ...one, ...change } : one))
  const tampered: readonly (readonly [string, readonly AuditEntry[]])[] = [
    ['action', changed(9, { action: 'other' })],
    ['actor', changed(9, { actor: { kind: 'owner', id: 'account-1' } })],
    ['time', changed(9, { at: new Date(0) })],
    ['subject', changed(9, { subject: undefined })],
    ['state', changed(9, { after: new Uint8Array(32) })],
    ['removed', entries.filter((_, i) => i !== 9)],
    ['put in', [...entries.slice(0, 9), { ...entries[9]!, action: 'other' }, ...entries.slice(9)]],
    ['swapped', [...entries.slice(0, 9), entries[10]!, entries[9]!, ...entries.slice(11)]],
    ['cut off', entries.slice(0, -3)],
    ['all cut off', []],
  ]
  for (const [what, rows] of tampered) assert.notEqual(checkChain(rows, kept), undefined, what)
  assert.deepEqual(checkChain(entries.slice(0, -3)), undefined, 'a cut end is invisible without a kept hash')
})

test('a log that was written anew from the start is found by a hash that was kept', async () => {
  const kept = await t.db.read(auditEnd)
  const other = await testWorld({ seed: 'another' })
  try {
    for (let i = 0; i < kept.seq; i++) await other.db.transaction((tx) => appendAudit(tx, fact(`forged.${i}`)))
    const forged = await other.db.read((tx) => auditEntries(tx, 0, 10_000))
    assert.equal(checkChain(forged), undefined)
    assert.deepEqual(checkChain(forged, [kept]), { seq: kept.seq, reason: 'not_the_kept_hash' })
  } finally {
    await other.close()
  }
})
