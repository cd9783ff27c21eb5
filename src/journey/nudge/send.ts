/**
 * Mails that are due, each handed over once at most (docs/explanation/delivery.md).
 *
 *   planned -> sending    decided on by what is true now, and committed
 *   sending -> sent | failed | unknown    what the other side said
 *   sending -> planned    only where it certainly was not delivered: the server was busy, or it was not handed over
 *
 * A process that ends while messages are `sending` leaves them so; after a lease they become `unknown`, and that is where they stay: for a
 * reminder, missing is better than double. A ghost is decided on alike and ends as `sent` with nobody written to.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { achievementsById, type Achievement } from '#journey/completion'
import { credentialAddress, type Credential } from '#journey/credential'
import type { Issuer, Learner } from '#journey/party'
import type { Tx } from '#platform/db'
import { onOneLine, type Delivery, type Letter } from '#platform/mail'
import type { World } from '#platform/world'
import { follow, type Outcome } from './follow.ts'
import type { PlannedMessage } from './nudge.ts'
import { decideOn } from './situation.ts'
import { dueCandidates, dueMessages, holdRuns, holdRunsOf, insertSuppressions, leftSending, markSending, messagesSending, moveMessages, returnToPlanned, settle } from './store.ts'
import { unsubscribeToken } from './unsubscribe.ts'
import type { StepName } from './workflow.ts'

/** What a letter is made from. */
export interface ToCompose {
  readonly step: StepName
  readonly learner: Learner
  /** Without its signed document. */
  readonly credential: Credential
  readonly issuer: Issuer
  readonly achievement: Achievement
  /** The credential's page, by a link that says which message it came from. */
  readonly address: string
  /** A page whose button opens the learner's session and leads to sharing: the reader of a mail is signed in nowhere. */
  readonly shareAddress: string
  /** Takes the POST of RFC 8058, and shows a page with a button for a person. */
  readonly unsubscribeAddress: string
}

export type Compose = (what: ToCompose) => { readonly subject: string; readonly text: string; readonly html: string }

export interface SentDue {
  readonly sent: number
  readonly ghosts: number
  readonly skipped: number
  readonly moved: number
  readonly failed: number
  readonly unknown: number
  readonly again: number
}

type Needs = Pick<World, 'db' | 'mail' | 'clock' | 'config' | 'secrets' | 'log'>

/** Messages claimed together. When a process is killed, all that it had claimed are of unknown fate, though at most `atOnce` of them are in truth: so few. */
const batch = 64
/** As many as the mailer keeps connections. */
const atOnce = 8
/** A decision is this old at most when its letter is handed over; what is left then is decided on anew. */
const msDecisionHolds = 10_000
/** Longer than a decision holds and a letter may take (60 s in #platform/mail) together, many times over. */
const msLease = 600_000

/** Sends what is due, in batches, and gives every message of a process that died its end. Any number of processes may do so at once. */
export async function sendDue(needs: Needs, compose: Compose): Promise<SentDue> {
  await settleInterrupted(needs)
  const total = { sent: 0, ghosts: 0, skipped: 0, moved: 0, failed: 0, unknown: 0, again: 0 }
  for (;;) {
    const claimed = await needs.db.transaction((tx) => claim(tx, needs))
    total.ghosts += claimed.ghosts
    total.skipped += claimed.skipped
    total.moved += claimed.moved
    const deliveries = await handOver(needs, compose, claimed.letters)
    const settled = await keepDeliveries(needs, deliveries)
    for (const name of ['sent', 'failed', 'unknown', 'again'] as const) total[name] += settled[name]
    // A server that took nothing of a whole batch is left alone until the next minute.
    const refusing = settled.again > 0 && settled.sent === 0
    if ((claimed.candidates < batch && settled.left === 0) || refusing) return Object.freeze(total)
  }
}

/**
 * Messages whose process ended while it handed them over: of unknown fate, for good. With `onlyProcess`, which is true at the start of the
 * one process of an embedded database, no lease is waited for.
 */
export async function settleInterrupted(needs: Pick<World, 'db'>, options: { readonly onlyProcess?: boolean } = {}): Promise<number> {
  for (let total = 0; ; ) {
    const found = await needs.db.transaction(async (tx) => {
      const before = new Date(options.onlyProcess === true ? tx.now.getTime() + 1 : tx.now.getTime() - msLease)
      const some = await leftSending(tx, before, batch)
      if (some.length === 0) return 0
      await holdRuns(tx, some.map((one) => one.runId))
      const still = await messagesSending(tx, some.map((one) => one.id))
      const outcomes = still.map((message): Outcome => ({ message, state: 'unknown', reason: 'the process ended while it handed the message over', at: message.claimedAt }))
      await settle(tx, 'sending', outcomes.map((one) => ({ id: one.message.id, state: one.state, reason: one.reason, at: one.at })))
      await follow(tx, outcomes)
      return some.length
    })
    total += found
    if (found < batch) return total
  }
}

interface Claimed {
  readonly candidates: number
  readonly ghosts: number
  readonly skipped: number
  readonly moved: number
  readonly letters: readonly { readonly message: PlannedMessage; readonly what: ToCompose }[]
}

async function claim(tx: Tx, needs: Needs): Promise<Claimed> {
  const candidates = await dueCandidates(tx, batch)
  if (candidates.length === 0) return { candidates: 0, ghosts: 0, skipped: 0, moved: 0, letters: [] }
  await holdRunsOf(tx, { learnerIds: [...new Set(candidates.map((one) => one.learnerId))] })
  const decided = await decideOn(tx, await dueMessages(tx, candidates.map((one) => one.id)))

  const going = decided.filter((one) => one.decision.do === 'go')
  const achievements = await achievementsById(tx, [...new Set(going.flatMap((one) => one.credential?.achievementId ?? []))])
  const letters: { readonly message: PlannedMessage; readonly what: ToCompose }[] = []
  const outcomes: Outcome[] = []
  for (const { message, decision, learner, credential, issuer } of decided) {
    if (decision.do === 'skip') outcomes.push({ message, state: 'skipped', reason: decision.because })
    if (decision.do !== 'go') continue
    const achievement = credential && achievements.get(credential.achievementId)
    if (message.ghost) outcomes.push({ message, state: 'sent', at: tx.now })
    else if (!learner || !credential || !issuer || !achievement) throw new TypeError(`message ${message.id} is about something that is not there`)
    else {
      const address = `${credentialAddress(needs.config, credential.publicId)}?n=${message.token}`
      const unsubscribeAddress = `${needs.config.publicUrl}/unsubscribe/${unsubscribeToken(needs.secrets, learner.id)}`
      const shareAddress = `${needs.config.publicUrl}/mailed/${message.token}`
      letters.push({ message, what: { step: message.step, learner, credential, issuer, achievement, address, shareAddress, unsubscribeAddress } })
    }
  }
  const sending = new Set(letters.map((one) => one.message.id))
  await markSending(tx, decided.filter((one) => sending.has(one.message.id)).map((one) => ({ id: one.message.id, zone: one.zone.zone, zoneOf: one.zone.of })))
  await settle(tx, 'planned', outcomes.map((one) => ({ id: one.message.id, state: one.state, reason: one.reason, at: one.at })))
  const moved = decided.flatMap(({ message, decision }) => (decision.do === 'move' ? [{ id: message.id, tryAt: decision.to, dueAt: decision.because === 'hours' ? undefined : decision.to, because: decision.because }] : []))
  await moveMessages(tx, moved)
  await follow(tx, outcomes)
  const ghosts = outcomes.filter((one) => one.state === 'sent').length
  return { candidates: candidates.length, ghosts, skipped: outcomes.length - ghosts, moved: moved.length, letters }
}

interface HandedOver {
  readonly messageId: string
  readonly learnerId: string
  readonly runId: string
  /** Undefined: the decision grew old before its turn came. */
  readonly delivery: Delivery | undefined
}

async function handOver(needs: Needs, compose: Compose, letters: Claimed['letters']): Promise<readonly HandedOver[]> {
  const results: HandedOver[] = []
  const until = needs.clock.now().getTime() + msDecisionHolds
  const queue = letters.values()
  const one = async () => {
    for (const { message, what } of queue) {
      const fresh = needs.clock.now().getTime() <= until
      const delivery = fresh ? await deliver(needs, compose, message, what) : undefined
      results.push({ messageId: message.id, learnerId: message.learnerId, runId: message.runId, delivery })
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, letters.length) }, one))
  return results
}

async function deliver(needs: Needs, compose: Compose, message: PlannedMessage, what: ToCompose): Promise<Delivery> {
  let letter: Letter
  try {
    const composed = compose(what)
    // A name with a stray control in it, as exports have them, is no reason to send nothing.
    letter = { messageId: message.id, to: what.learner.email ?? '', fromName: onOneLine(what.issuer.name), unsubscribeAddress: what.unsubscribeAddress, ...composed, subject: onOneLine(composed.subject) }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    needs.log.error({ message: message.id, step: message.step, error: reason }, 'a letter could not be composed')
    return { result: 'failed', reason: `not composed: ${reason}` }
  }
  try {
    return await needs.mail.send(letter)
  } catch (error) {
    // A mailer says what happened and does not throw; what threw may have happened after the letter left.
    const reason = error instanceof Error ? error.message : String(error)
    needs.log.error({ message: message.id, error: reason }, 'a mailer threw')
    return { result: 'unknown', reason }
  }
}

/** How often, and after how many milliseconds each, a database that is away is asked again to note what became of letters. */
const pausesMs = [500, 1_000, 2_000, 4_000, 8_000] as const

/** Notes what the other side said. It is known only here, so a database that is away for a moment is waited for; noting twice changes nothing. */
async function keepDeliveries(needs: Needs, deliveries: readonly HandedOver[]): ReturnType<typeof settleDeliveries> {
  for (const pause of pausesMs) {
    try {
      return await needs.db.transaction((tx) => settleDeliveries(tx, deliveries))
    } catch (error) {
      needs.log.warn({ letters: deliveries.length, error: error instanceof Error ? error.message : String(error) }, 'what became of letters could not be noted; tried again')
      await sleep(pause)
    }
  }
  return await needs.db.transaction((tx) => settleDeliveries(tx, deliveries))
}

/** Tried again after 1, 2, 4 ... at most 60 minutes, until it is too late for its step. */
const minutesUntilAgain = (tries: number) => Math.min(60, 2 ** Math.max(0, tries - 1))

async function settleDeliveries(tx: Tx, deliveries: readonly HandedOver[]): Promise<Pick<SentDue, 'sent' | 'failed' | 'unknown' | 'again'> & { readonly left: number }> {
  const counts = { sent: 0, failed: 0, unknown: 0, again: 0, left: 0 }
  if (deliveries.length === 0) return counts
  await holdRuns(tx, [...new Set(deliveries.map((one) => one.runId))])
  const messages = new Map((await messagesSending(tx, deliveries.map((one) => one.messageId))).map((one) => [one.id, one]))
  const outcomes: Outcome[] = []
  const back: { id: string; tryAt: Date; reason: string | undefined; tried: boolean }[] = []
  const bounced: { learnerId: string; reason: 'bounced' }[] = []
  for (const { messageId, delivery } of deliveries) {
    const message = messages.get(messageId)
    if (!message) continue // its lease passed: it is unknown already, and stays so
    if (!delivery) back.push({ id: messageId, tryAt: tx.now, reason: undefined, tried: false })
    else if (delivery.result === 'failed' && delivery.again) back.push({ id: messageId, tryAt: new Date(tx.now.getTime() + minutesUntilAgain(message.tries) * 60_000), reason: delivery.reason, tried: true })
    else outcomes.push({ message, state: delivery.result, reason: delivery.result === 'sent' ? undefined : delivery.reason, at: delivery.result === 'failed' ? undefined : message.claimedAt })
    if (delivery?.result === 'failed' && delivery.bounced) bounced.push({ learnerId: message.learnerId, reason: 'bounced' })
    if (delivery) counts[delivery.result === 'failed' && delivery.again ? 'again' : delivery.result]++
    else counts.left++
  }
  await settle(tx, 'sending', outcomes.map((one) => ({ id: one.message.id, state: one.state, reason: one.reason, at: one.at })))
  await returnToPlanned(tx, back)
  if (bounced.length > 0) await insertSuppressions(tx, bounced)
  await follow(tx, outcomes)
  return counts
}
