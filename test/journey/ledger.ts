/**
 * What must hold of an installation however it was killed: what a client was told is there, and nothing is there twice. The facts are read
 * from the database and from the other side of the mail server; what is wrong with them is found by a function of its own, so that the
 * tests can show that it finds it.
 */
import { verifyCredential, type VerifyOptions } from '#kernel/verify'
import { auditEntries, checkChain, type AuditEntry } from '#platform/audit'
import { sql, type Database } from '#platform/db'

export interface Ledger {
  /** Completions that the client was told of, by the name of the learner. */
  readonly acknowledged: ReadonlyMap<string, string>
  readonly completions: readonly { readonly id: string; readonly learner: string }[]
  readonly credentials: readonly { readonly publicId: string; readonly completion: string; readonly list: string; readonly index: number; readonly signed: string | null }[]
  readonly lists: readonly { readonly id: string; readonly used: number }[]
  readonly draws: readonly { readonly learner: string }[]
  readonly messages: readonly { readonly id: string; readonly credential: string; readonly step: string; readonly channel: string; readonly state: string }[]
  /** Message ids as the mail server received them, each time it did. */
  readonly received: readonly string[]
  /** Jobs that are not done, by queue and state. */
  readonly jobs: readonly { readonly queue: string; readonly state: string; readonly count: number }[]
  readonly audit: readonly AuditEntry[]
}

export async function readLedger(db: Database, outside: Pick<Ledger, 'acknowledged' | 'received'>): Promise<Ledger> {
  return await db.read(async (tx) => {
    const audit: AuditEntry[] = []
    for (let more = await auditEntries(tx, 0, 5_000); more.length > 0; more = await auditEntries(tx, audit.at(-1)!.seq, 5_000)) audit.push(...more)
    return {
      ...outside,
      completions: await tx.query(sql<Ledger['completions'][number]>`select c.id, l.external_id learner from completion.completion c join party.learner l on l.id = c.learner_id`),
      credentials: await tx.query(sql<Ledger['credentials'][number]>`select public_id "publicId", completion_id completion, status_list_id list, status_index index, signed from credential.credential`),
      lists: await tx.query(sql<Ledger['lists'][number]>`select id, used from credential.status_list`),
      draws: await tx.query(sql<Ledger['draws'][number]>`select learner_id learner from experiment.draw`),
      messages: await tx.query(sql<Ledger['messages'][number]>`select id, credential_id credential, step, channel, state from nudge.message`),
      jobs: await tx.query(sql<Ledger['jobs'][number]>`select name queue, state::text, count(*)::int count from pgboss.job where name like '%/%' and state <> 'completed' group by 1, 2`),
      audit,
    }
  })
}

export interface Judged {
  readonly faults: readonly string[]
  readonly verified: number
  readonly sent: number
  readonly unknown: number
}

/** Everything that is wrong, in words. `expected` completions are there when all is well, each acknowledged. */
export async function judge(ledger: Ledger, expected: number, options: VerifyOptions): Promise<Judged> {
  const faults: string[] = []
  const must = (holds: boolean, otherwise: () => string) => void (holds || faults.push(otherwise()))
  const twice = (name: string, values: readonly string[]) => {
    for (const [value, all] of Map.groupBy(values, (one) => one)) must(all.length === 1, () => `${name} ${value} is there ${all.length} times`)
  }

  must(ledger.acknowledged.size === expected, () => `${ledger.acknowledged.size} of ${expected} completions were acknowledged`)
  const byId = new Map(ledger.completions.map((one) => [one.id, one]))
  for (const [learner, id] of ledger.acknowledged) must(byId.get(id)?.learner === learner, () => `completion ${id} of ${learner} was acknowledged and is lost`)
  must(ledger.completions.length === expected, () => `${ledger.completions.length} completions are there instead of ${expected}`)
  twice('the completion of', ledger.completions.map((one) => one.learner))
  twice('the draw of', ledger.draws.map((one) => one.learner))
  must(ledger.draws.length === expected, () => `${ledger.draws.length} learners were drawn instead of ${expected}`)

  twice('the credential of completion', ledger.credentials.map((one) => one.completion))
  const credited = new Set(ledger.credentials.map((one) => one.completion))
  for (const one of ledger.completions) must(credited.has(one.id), () => `completion ${one.id} has no credential`)
  twice('status place', ledger.credentials.map((one) => `${one.list} ${one.index}`))
  for (const { id, used } of ledger.lists) {
    const allotted = ledger.credentials.filter((one) => one.list === id).length
    must(used === allotted, () => `list ${id} says that ${used} places are used and ${allotted} are`)
  }
  let verified = 0
  for (const one of ledger.credentials) {
    if (one.signed === null) {
      faults.push(`credential ${one.publicId} is not signed`)
      continue
    }
    const wrong = await failedChecks(one.signed, options)
    must(wrong === '', () => `credential ${one.publicId} does not verify: ${wrong}`)
    must(new RegExp(`#${one.index}"`).test(one.signed) && one.signed.includes(one.list), () => `credential ${one.publicId} names another status place than ${one.list} ${one.index}`)
    if (wrong === '') verified++
  }

  twice('the step of a credential', ledger.messages.map((one) => `${one.credential} ${one.step}`))
  const mails = ledger.messages.filter((one) => one.channel === 'e_mail')
  must(mails.length === expected, () => `${mails.length} mails were planned instead of ${expected}`)
  twice('the letter', ledger.received)
  const planned = new Map(mails.map((one) => [one.id, one]))
  for (const id of ledger.received) must(['sent', 'unknown'].includes(planned.get(id)?.state ?? ''), () => `letter ${id} arrived and is ${planned.get(id)?.state ?? 'nobody’s'}`)
  const arrived = new Set(ledger.received)
  for (const one of mails) {
    must(one.state === 'sent' || one.state === 'unknown', () => `mail ${one.id} is ${one.state}`)
    must(one.state !== 'sent' || arrived.has(one.id), () => `mail ${one.id} is said to be sent and never arrived`)
  }
  const broken = checkChain(ledger.audit)
  must(broken === undefined, () => `the audit log breaks at ${broken?.seq}: ${broken?.reason}`)
  const noted = new Set(ledger.audit.filter((one) => one.action === 'completion.record').map((one) => one.subject))
  for (const [learner, id] of ledger.acknowledged) must(noted.has(id), () => `the audit log knows nothing of completion ${id} of ${learner}`)

  for (const { queue, state, count } of ledger.jobs) faults.push(`${count} jobs of ${queue} are ${state}`)
  return { faults, verified, sent: mails.filter((one) => one.state === 'sent').length, unknown: mails.filter((one) => one.state === 'unknown').length }
}

const judged = new Map<string, string>()

/** The same text is verified once: a ledger is judged several times over. */
async function failedChecks(signed: string, options: VerifyOptions): Promise<string> {
  const known = judged.get(signed)
  if (known !== undefined) return known
  const { checks } = await verifyCredential(signed, options)
  const failed = checks.filter((check) => check.result === 'failed' || (check.name === 'proof' && check.result !== 'passed')).map((check) => check.code)
  judged.set(signed, failed.join(', '))
  return failed.join(', ')
}

/** Faults planted in a ledger that has none, each with a word of what has to be found. */
export const planted: readonly (readonly [what: string, spoil: (ledger: Ledger) => Ledger, found: RegExp])[] = [
  ['an acknowledged completion is lost', (l) => ({ ...l, completions: l.completions.slice(1) }), /acknowledged and is lost/],
  ['a completion is there twice', (l) => ({ ...l, completions: [...l.completions, { ...l.completions[0]!, id: 'another' }] }), /the completion of .* is there 2 times/],
  ['a completion has no credential', (l) => ({ ...l, credentials: l.credentials.slice(1) }), /has no credential/],
  ['a completion has two credentials', (l) => ({ ...l, credentials: [...l.credentials, { ...l.credentials[0]!, index: -1 }] }), /the credential of completion .* is there 2 times/],
  ['a status place is used twice', (l) => ({ ...l, credentials: l.credentials.map((one, at) => (at === 1 ? { ...one, list: l.credentials[0]!.list, index: l.credentials[0]!.index } : one)) }), /status place .* is there 2 times/],
  ['a place was allotted and not used', (l) => ({ ...l, lists: l.lists.map((one) => ({ ...one, used: one.used + 1 })) }), /places are used/],
  ['a credential is not signed', (l) => ({ ...l, credentials: l.credentials.map((one, at) => (at === 0 ? { ...one, signed: null } : one)) }), /is not signed/],
  ['a signature is of another text', (l) => ({ ...l, credentials: l.credentials.map((one, at) => (at === 0 ? { ...one, signed: one.signed!.replace('Example University', 'Another University') } : one)) }), /does not verify/],
  ['a learner is drawn twice', (l) => ({ ...l, draws: [...l.draws, l.draws[0]!] }), /the draw of .* is there 2 times/],
  ['a letter arrived twice', (l) => ({ ...l, received: [...l.received, l.received[0]!] }), /the letter .* is there 2 times/],
  ['a letter arrived and is not known to', (l) => ({ ...l, messages: l.messages.map((one) => (one.id === l.received[0] ? { ...one, state: 'planned' } : one)) }), /arrived and is planned/],
  ['a mail is said to be sent and never arrived', (l) => ({ ...l, received: l.received.filter((id) => l.messages.find((one) => one.id === id)?.state !== 'sent') }), /never arrived/],
  ['a mail is under way for ever', (l) => ({ ...l, messages: l.messages.map((one) => (one.channel === 'e_mail' ? { ...one, state: 'sending' } : one)) }), /is sending/],
  ['a job is left', (l) => ({ ...l, jobs: [{ queue: 'a', state: 'retry', count: 1 }] }), /1 jobs of a are retry/],
  ['a row of the audit log is gone', (l) => ({ ...l, audit: l.audit.toSpliced(1, 1) }), /audit log breaks/],
]
