/**
 * No more mail, by one POST and without signing in (RFC 8058).
 *
 * The address holds the learner's id and a code over it that only this installation can make, 128 bits of HMAC-SHA-256. Nothing is looked up
 * but the learner, so an old mail's way out still works after the address changed, the learner was imported again, or a backup was restored.
 */
import { timingSafeEqual } from 'node:crypto'
import { consentsOf, learnersById, recordConsents } from '#journey/party'
import type { Tx } from '#platform/db'
import type { Secrets } from '#platform/secret'
import { stopRuns } from './stop.ts'
import { insertSuppressions, removeSuppressions, type SuppressionReason } from './store.ts'

const purpose = 'unsubscribe'
const codeOf = (secrets: Secrets, learnerId: string) => Buffer.from(secrets.mac(purpose, learnerId).subarray(0, 16))

/** Version of the words beside the way out in every mail (docs/explanation/consent.md). */
const textVersion = 'unsubscribe-1'

export function unsubscribeToken(secrets: Secrets, learnerId: string): string {
  return Buffer.concat([Buffer.from(learnerId.replaceAll('-', ''), 'hex'), codeOf(secrets, learnerId)]).toString('base64url')
}

/** Whose token it is; nobody's when it was not made here. */
export function learnerOfToken(secrets: Secrets, token: string): string | undefined {
  if (!/^[A-Za-z0-9_-]{43}$/.test(token)) return undefined
  const bytes = Buffer.from(token, 'base64url')
  const learnerId = bytes.subarray(0, 16).toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  return timingSafeEqual(bytes.subarray(16), codeOf(secrets, learnerId)) ? learnerId : undefined
}

/** Ends all mail to a learner and takes back the consent to nudges. Saying so twice is saying it once. Gives back whether the token is good. */
export async function unsubscribe(tx: Tx, secrets: Secrets, token: string): Promise<boolean> {
  const learnerId = learnerOfToken(secrets, token)
  if (learnerId === undefined || !(await learnersById(tx, [learnerId])).has(learnerId)) return false
  await stopRuns(tx, { learnerIds: [learnerId] }, 'unsubscribed')
  await insertSuppressions(tx, [{ learnerId, reason: 'unsubscribed' }])
  if ((await consentsOf(tx, [learnerId])).get(learnerId)?.nudge === true) await recordConsents(tx, [{ learnerId, purpose: 'nudge', given: false, textVersion, source: 'unsubscribe' }])
  return true
}

/** Mail of ours does not arrive, or was called a nuisance: none goes there again. */
export async function suppress(tx: Tx, suppressed: readonly { readonly learnerId: string; readonly reason: Exclude<SuppressionReason, 'erased'> }[]): Promise<void> {
  if (suppressed.length > 0) await insertSuppressions(tx, suppressed)
}

/** The learner asked for mail again, signed in and in so many words; what bounced or was erased stays as it is. */
export async function allowMailAgain(tx: Tx, learnerIds: readonly string[]): Promise<void> {
  await removeSuppressions(tx, learnerIds, 'unsubscribed')
}
