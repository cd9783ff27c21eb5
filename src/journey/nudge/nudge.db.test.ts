/** The use cases on a real database, under a virtual clock, through the real flow. 2 March 2026 is a Monday; Vienna is one hour ahead of UTC. */
import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { changeStatus, revokeCredentials, type StatusChange } from '#journey/credential'
import { consentsOf, eraseLearners, recordConsents } from '#journey/party'
import { sql } from '#platform/db'
import { keptLetters, type Delivery, type Letter, type Mailer } from '#platform/mail'
import { plainLetter, provider, type Graduate, type Provider } from '#test/provider'
import {
  allowMailAgain, clickPrompts, countMessages, declinePrompts, dismissPrompts, learnerOfToken, messagesOfLearners, nextTryAt, planNudges, promptAtVisit, runsOfCredentials, sendDue, settleInterrupted, stopNudges, suppressionsOf, unsubscribe, unsubscribeToken, workflows,
  type Message, type Prompt,
} from './index.ts'

/** Every letter that was handed over, and answers that a test may set. */
class Post implements Mailer {
  readonly letters: Letter[] = []
  answer: (letter: Letter) => Delivery | Promise<Delivery> = () => ({ result: 'sent' })
  async send(letter: Letter): Promise<Delivery> {
    this.letters.push(letter)
    return await this.answer(letter)
  }
  async close() {}
}

let t: Provider
let post: Post
beforeEach(async () => {
  post = new Post()
  t = await provider({ start: new Date('2026-03-02T09:00:00Z'), mail: () => post, env: { LAUREL_SUSPENSION: '1' } })
})
afterEach(() => t.close())

const send = () => sendDue(t.world, plainLetter)
const visit = (...who: readonly Graduate[]): Promise<readonly Prompt[]> => t.db.transaction((tx) => promptAtVisit(tx, who.map((one) => ({ learnerId: one.learner.id, credentialId: one.credential.id }))))
const messagesOf = (who: Graduate): Promise<readonly Message[]> => t.db.read((tx) => messagesOfLearners(tx, [who.learner.id]))
const states = async (who: Graduate) => (await messagesOf(who)).map((one) => `${one.step} ${one.ghost ? 'ghost ' : ''}${one.state}${one.reason === undefined ? '' : ` (${one.reason})`}`)
const runOf = async (who: Graduate) => (await t.db.read((tx) => runsOfCredentials(tx, [who.credential.id]))).get(who.credential.id)
const pairs = async (workflow: string, count = 12, as: Parameters<Provider['complete']>[1] = {}) => {
  await t.experiment(workflow)
  const all = await t.complete(Array.from({ length: count }, (_, at) => `Learner ${at}`), as)
  const nudged = all.filter((one) => one.ghost === false)
  const control = all.filter((one) => one.ghost === true)
  assert.ok(nudged.length > 0 && control.length > 0, 'both arms have learners')
  return { all, nudged, control }
}

test('in the app: the award mail to both arms, a prompt at the first visit, a second on a later day if the first was not followed; the control arm as ghosts', async () => {
  const { all, nudged, control } = await pairs('share.in_app')
  await send()
  assert.deepEqual(post.letters.map((one) => one.to).toSorted(), all.map((one) => one.learner.email).toSorted())
  assert.ok(post.letters.every((one) => one.subject === 'award: Data analysis'))

  t.at('2026-03-02T12:00:00Z')
  const first = await visit(...all)
  assert.deepEqual(first.map((one) => [one.learnerId, one.step]), all.filter((one) => one.ghost === false).map((one) => [one.learner.id, 'share-1']))
  assert.deepEqual(await visit(...all), [], 'the same day, another visit: nothing')
  const [closer, follower] = [nudged[0]!, nudged[1]!]
  const tokenOf = (who: Graduate) => first.find((one) => one.learnerId === who.learner.id)!.token
  await t.db.transaction((tx) => dismissPrompts(tx, [tokenOf(closer)]))
  await t.db.transaction((tx) => clickPrompts(tx, [tokenOf(follower), tokenOf(follower), 'nobody']))

  t.at('2026-03-03T12:00:00Z')
  const second = await visit(...all)
  assert.deepEqual(new Set(second.map((one) => `${one.learnerId} ${one.step}`)), new Set(nudged.filter((one) => one !== follower).map((one) => `${one.learner.id} share-2`)))
  t.at('2026-03-30T12:00:00Z')
  assert.deepEqual(await visit(...all), [], 'two is all')

  assert.deepEqual(await states(closer), ['award sent', 'share-1 shown', 'share-2 shown'])
  assert.deepEqual(await states(follower), ['award sent', 'share-1 shown', 'share-2 skipped (clicked)'])
  for (const one of control) assert.deepEqual(await states(one), ['award sent', 'share-1 ghost shown', 'share-2 ghost shown'])
  assert.equal((await runOf(closer))?.state, 'done')
  assert.equal((await runOf(follower))?.stoppedBecause, 'clicked')
  assert.deepEqual([(await runOf(control[0]!))?.ghost, (await runOf(control[0]!))?.arm], [true, 'control'])
})

test('by mail: the day after between nine and six by the learner’s clock, and a week later; a ghost walks the same days and nobody is written to', async () => {
  const { all, nudged, control } = await pairs('share.e_mail', 12, { timeZone: 'Asia/Kolkata' })
  await send()
  const awards = post.letters.length
  assert.equal(awards, all.length)
  // 09:00 UTC is 14:30 in Kolkata.
  t.at('2026-03-03T08:59:00Z')
  await send()
  assert.equal(post.letters.length, awards)
  t.at('2026-03-03T09:00:00Z')
  assert.deepEqual(await send(), { sent: nudged.length, ghosts: control.length, skipped: 0, moved: 0, failed: 0, unknown: 0, again: 0 })
  t.at('2026-03-10T09:00:00Z')
  assert.deepEqual(await send(), { sent: nudged.length, ghosts: control.length, skipped: 0, moved: 0, failed: 0, unknown: 0, again: 0 })
  t.at('2026-04-10T09:00:00Z')
  await send()
  assert.equal(post.letters.length, awards + 2 * nudged.length)
  const reached = new Set(post.letters.slice(awards).map((one) => one.to))
  assert.deepEqual(reached, new Set(nudged.map((one) => one.learner.email)), 'the control arm got none')
  assert.deepEqual(await states(control[0]!), ['award sent', 'share-1 ghost sent', 'share-2 ghost sent'])
  const at = async (who: Graduate) => (await messagesOf(who)).map((one) => one.at?.toISOString())
  assert.deepEqual(await at(control[0]!), await at(nudged[0]!), 'exposed at the same times')
})

test('a mail that falls into the evening is held to the next morning, and the time zone that decides is the one at sending', async () => {
  t.at('2026-03-02T20:30:00Z') // 21:30 in Vienna
  const { nudged } = await pairs('share.e_mail')
  const who = nudged[0]!
  const [, share] = await messagesOf(who)
  assert.equal(share?.firstDueAt?.toISOString(), '2026-03-03T20:30:00.000Z')
  assert.equal(share?.dueAt?.toISOString(), '2026-03-04T08:00:00.000Z')
  assert.deepEqual([share?.movedBecause, share?.timeZone, share?.timeZoneOf], ['hours', 'Europe/Vienna', 'learner'])
  // The learner moves to Honolulu, where it is ten in the evening then.
  await t.complete([who.learner.externalId], { timeZone: 'Pacific/Honolulu', course: 'Another', consents: [] })
  t.at('2026-03-04T08:00:00Z')
  await send()
  assert.equal(post.letters.filter((one) => one.to === who.learner.email && one.subject.startsWith('share-1')).length, 0)
  t.at('2026-03-04T18:59:00Z')
  await send()
  assert.equal(post.letters.filter((one) => one.to === who.learner.email && one.subject.startsWith('share-1')).length, 0)
  t.at('2026-03-04T19:00:00Z') // nine there
  await send()
  assert.equal(post.letters.filter((one) => one.to === who.learner.email && one.subject.startsWith('share-1')).length, 1)
  const sent = (await messagesOf(who)).find((one) => one.step === 'share-1' && one.state === 'sent')
  assert.equal(sent?.timeZone, 'Pacific/Honolulu')
})

test('an unknown time zone gives way to the issuer’s, and the message says so', async () => {
  await t.experiment('share.e_mail')
  const [who] = await t.complete(['Lost'], { timeZone: 'Mars/Olympus' })
  assert.deepEqual((await messagesOf(who!)).map((one) => [one.timeZone, one.timeZoneOf])[1], ['Europe/Vienna', 'issuer'])
})

test('over several credentials: one nudge a day, two in fourteen days, and no third by mail', async () => {
  await t.experiment('share.e_mail')
  const names = Array.from({ length: 8 }, (_, at) => `L${at}`)
  const graduates = await t.complete(names, { course: 'One' })
  await t.complete(names, { course: 'Two' })
  await t.complete(names, { course: 'Three' })
  for (let next = await t.db.read(nextTryAt); next && next < new Date('2026-05-01T00:00:00Z'); next = await t.db.read(nextTryAt)) {
    if (next > t.clock.now()) t.clock.advanceTo(next)
    await send()
  }
  for (const who of graduates) {
    const nudges = (await messagesOf(who)).filter((one) => one.nudge)
    const sent = nudges.filter((one) => one.state === 'sent').map((one) => one.at!.getTime()).toSorted((a, b) => a - b)
    assert.equal(new Set(sent.map((at) => new Date(at).toISOString().slice(0, 10))).size, sent.length, 'never two a day')
    for (const at of sent) assert.ok(sent.filter((other) => other <= at && at - other < 13.9 * 86_400_000).length <= 2, 'never three in fourteen days')
    assert.ok(nudges.some((one) => one.state === 'skipped' && one.reason === 'capped'))
    assert.ok(nudges.some((one) => one.movedBecause === 'one_a_day'))
    assert.equal(nudges.filter((one) => one.state === 'planned').length, 0)
    assert.equal(sent.length, 2)
  }
})

test('each thing that speaks against a mail is seen right before it would go out, in both arms', async () => {
  const { nudged, control } = await pairs('share.e_mail', 40)
  await send()
  const awards = post.letters.length
  for (const [arm, ghost] of [[nudged, ''], [control, 'ghost ']] as const) {
    const [sharer, unsubscriber, revoked, doubter, erased, untouched] = arm
    await t.db.transaction(async (tx) => {
      await stopNudges(tx, { learnerIds: [sharer!.learner.id] })
      await unsubscribe(tx, t.world.secrets, unsubscribeToken(t.world.secrets, unsubscriber!.learner.id))
      await revokeCredentials(tx, { credentialIds: [revoked!.credential.id], reason: 'issued by mistake', byWhom: 'staff' })
      await recordConsents(tx, [{ learnerId: doubter!.learner.id, purpose: 'nudge', given: false, textVersion: 'test', source: 'learner' }])
      await eraseLearners(tx, [erased!.learner.id])
    })
    assert.deepEqual(await states(sharer!), ['award sent', `share-1 ${ghost}skipped (shared)`])
    assert.deepEqual(await states(unsubscriber!), ['award sent', `share-1 ${ghost}skipped (unsubscribed)`])
    assert.deepEqual(await states(revoked!), ['award sent', `share-1 ${ghost}skipped (revoked)`])
    assert.deepEqual(await states(erased!), ['award sent', `share-1 ${ghost}skipped (erased)`])
    assert.deepEqual(await states(doubter!), ['award sent', `share-1 ${ghost}planned`])
    assert.ok(untouched)
  }
  t.at('2026-03-03T10:00:00Z')
  const result = await send()
  assert.equal(result.sent, nudged.length - 5)
  assert.equal(result.ghosts, control.length - 5)
  assert.equal(result.skipped, 2)
  assert.deepEqual((await states(nudged[3]!))[1], 'share-1 skipped (no_consent)')
  assert.deepEqual((await states(control[3]!))[1], 'share-1 ghost skipped (no_consent)')
  const written = new Set(post.letters.slice(awards).map((one) => one.to))
  for (const one of [...control, ...nudged.slice(0, 5)]) assert.ok(!written.has(one.learner.email ?? ''))
})

test('what is due while a credential is suspended waits, in both arms, and goes out after its reinstatement; who says no meanwhile is left alone', async () => {
  const { all, nudged, control } = await pairs('share.e_mail', 16)
  const change = (what: StatusChange) => t.db.transaction((tx) => changeStatus(tx, { change: what, credentialIds: all.map((one) => one.credential.id), reason: 'An appeal.', byWhom: 'staff' }))
  await change('suspend')
  assert.equal((await send()).moved, all.length, 'the award mail waits too')
  for (const day of ['03', '04', '05', '06']) {
    t.at(`2026-03-${day}T10:00:00Z`)
    assert.deepEqual(await send(), { sent: 0, ghosts: 0, skipped: 0, moved: 2 * all.length, failed: 0, unknown: 0, again: 0 })
  }
  const [refuses, stays] = [nudged[0]!, nudged[1]!]
  await t.db.transaction((tx) => stopNudges(tx, { learnerIds: [refuses.learner.id] }))
  await change('reinstate')
  t.at('2026-03-07T10:00:00Z')
  const sent = await send()
  assert.equal(sent.sent, all.length + nudged.length - 1)
  assert.equal(sent.ghosts, control.length)
  assert.deepEqual((await states(stays)).slice(0, 2), ['award sent', 'share-1 sent'])
  assert.deepEqual(await states(control[0]!).then((some) => some.slice(0, 2)), ['award sent', 'share-1 ghost sent'])
  assert.ok((await states(refuses)).includes('share-1 skipped (shared)'))
  assert.equal((await messagesOf(stays)).find((one) => one.step === 'share-1')!.movedBecause, 'suspended')
})

test('in the app a suspended credential asks for nothing, and asks again once it holds', async () => {
  const { nudged, control } = await pairs('share.in_app')
  const [one, ghost] = [nudged[0]!, control[0]!]
  const change = (what: StatusChange) => t.db.transaction((tx) => changeStatus(tx, { change: what, credentialIds: [one.credential.id, ghost.credential.id], reason: 'An appeal.', byWhom: 'staff' }))
  await change('suspend')
  assert.deepEqual(await visit(one, ghost), [])
  assert.ok((await states(ghost)).includes('share-1 ghost planned'))
  await change('reinstate')
  assert.deepEqual((await visit(one, ghost)).map((prompt) => prompt.learnerId), [one.learner.id])
  assert.ok((await states(ghost)).includes('share-1 ghost shown'))
})

test('not now is not no: a closed first prompt leaves the second, a refused one leaves none, for no credential', async () => {
  const { nudged } = await pairs('share.in_app', 16)
  const [closes, refuses] = [nudged[0]!, nudged[1]!]
  await t.complete([refuses.learner.externalId], { course: 'Another' })
  const prompts = await visit(closes, refuses)
  await t.db.transaction((tx) => dismissPrompts(tx, [prompts.find((one) => one.learnerId === closes.learner.id)!.token]))
  await t.db.transaction((tx) => declinePrompts(tx, [prompts.find((one) => one.learnerId === refuses.learner.id)!.token]))
  t.at('2026-03-04T12:00:00Z')
  assert.deepEqual((await visit(closes, refuses)).map((one) => one.learnerId), [closes.learner.id])
  assert.deepEqual(await t.db.transaction((tx) => promptAtVisit(tx, [{ learnerId: refuses.learner.id }])), [], 'whichever credential')
  assert.equal((await runOf(refuses))?.stoppedBecause, 'declined')
})

test('the award mail reaches whoever agreed to the credential, also one who shared at once; without that consent nothing is sent', async () => {
  const [agrees, shares, silent, nothing] = await t.complete(['Agrees', 'Shares', 'Silent'], { consents: ['credential', 'nudge'] }).then(async (some) => [...some, ...(await t.complete(['Nothing'], { consents: ['research'] }))])
  const [bare] = await t.complete(['Bare'], { consents: ['credential'] })
  assert.equal((await runOf(bare!))?.workflow, 'notice')
  assert.equal((await runOf(agrees!))?.workflow, 'share.in_app')
  await t.db.transaction((tx) => stopNudges(tx, { learnerIds: [shares!.learner.id] }))
  await send()
  assert.deepEqual(post.letters.map((one) => one.to).toSorted(), [agrees, shares, silent, bare].map((one) => one!.learner.email).toSorted())
  assert.deepEqual(await states(nothing!), ['award skipped (no_consent)'])
  assert.equal((await runOf(bare!))?.state, 'done')
  assert.deepEqual(await visit(bare!), [])
})

test('planning, clicking, stopping, unsubscribing twice is doing it once', async () => {
  const { nudged, all } = await pairs('share.in_app')
  const credentialIds = all.map((one) => one.credential.id)
  const before = await t.db.read((tx) => countMessages(tx, t.issuer.id))
  await planNudges(t.world, { credentialIds })
  await Promise.all([planNudges(t.world, { credentialIds }), planNudges(t.world, { credentialIds })])
  assert.deepEqual(await t.db.read((tx) => countMessages(tx, t.issuer.id)), before)
  const who = nudged[0]!
  const [prompt] = await visit(who)
  for (let time = 0; time < 2; time++) {
    const answered = await t.db.transaction((tx) => clickPrompts(tx, [prompt!.token]))
    assert.equal(answered.get(prompt!.token)?.credentialId, who.credential.id)
  }
  const clicked = (await messagesOf(who)).find((one) => one.step === 'share-1')?.clickedAt
  t.at('2026-03-02T10:00:00Z')
  await t.db.transaction((tx) => clickPrompts(tx, [prompt!.token]))
  assert.deepEqual((await messagesOf(who)).find((one) => one.step === 'share-1')?.clickedAt, clicked, 'the first click is kept')

  const token = unsubscribeToken(t.world.secrets, who.learner.id)
  for (let time = 0; time < 2; time++) assert.equal(await t.db.transaction((tx) => unsubscribe(tx, t.world.secrets, token)), true)
  const rows = await t.db.read((tx) => tx.query(sql<{ count: number }>`select count(*) from party.consent where learner_id = ${who.learner.id} and source = 'unsubscribe'`))
  assert.equal(rows[0]?.count, 1)
  assert.equal((await t.db.read((tx) => consentsOf(tx, [who.learner.id]))).get(who.learner.id)?.nudge, false)
  assert.equal((await t.db.read((tx) => suppressionsOf(tx, [who.learner.id]))).get(who.learner.id), 'unsubscribed')
  await t.db.transaction((tx) => allowMailAgain(tx, [who.learner.id]))
  assert.equal((await t.db.read((tx) => suppressionsOf(tx, [who.learner.id]))).size, 0)
})

test('a token for unsubscribing names one learner, survives nothing being known of the mail, and no other text is one', async () => {
  const [one, other] = await t.complete(['One', 'Other'])
  const token = unsubscribeToken(t.world.secrets, one!.learner.id)
  assert.match(token, /^[A-Za-z0-9_-]{43}$/)
  assert.equal(learnerOfToken(t.world.secrets, token), one!.learner.id)
  await t.complete(['One'], { email: () => 'moved@example.org', course: 'Later' })
  assert.equal(learnerOfToken(t.world.secrets, token), one!.learner.id, 'after the address changed')
  const bytes = Buffer.from(token, 'base64url')
  for (let at = 0; at < bytes.length; at++) {
    const altered = Buffer.from(bytes)
    altered[at]! ^= 1
    assert.equal(learnerOfToken(t.world.secrets, altered.toString('base64url')), undefined)
  }
  for (const text of ['', 'x', token + 'A', token.slice(1), other!.learner.id]) assert.equal(await t.db.transaction((tx) => unsubscribe(tx, t.world.secrets, text)), false)
  assert.equal((await t.db.read((tx) => suppressionsOf(tx, [one!.learner.id, other!.learner.id]))).size, 0)
})

test('two senders at once send each mail once, and no learner gets two in a day from them', async () => {
  await t.experiment('share.e_mail')
  const names = Array.from({ length: 700 }, (_, at) => `Many ${at}`)
  await t.complete(names, { course: 'One' })
  await t.complete(names, { course: 'Two' })
  await send()
  post.letters.length = 0
  t.at('2026-03-03T10:00:00Z')
  post.answer = async () => (await new Promise((resolve) => setTimeout(resolve, 1)), { result: 'sent' })
  const results = await Promise.all([send(), send(), send()])
  const sent = results.reduce((sum, one) => sum + one.sent, 0)
  const ghosts = results.reduce((sum, one) => sum + one.ghosts, 0)
  assert.equal(sent, post.letters.length)
  assert.equal(sent + ghosts, 700, 'one for each learner, and the other moved to tomorrow')
  assert.equal(new Set(post.letters.map((one) => one.messageId)).size, sent)
  assert.equal(new Set(post.letters.map((one) => one.to)).size, sent)
})

test('a process that ends while it hands mails over leaves them unknown for good, and the second reminder still follows', async () => {
  const { nudged } = await pairs('share.e_mail')
  await send()
  t.at('2026-03-03T10:00:00Z')
  post.letters.length = 0
  let reached: () => void
  const begun = new Promise<void>((resolve) => (reached = resolve))
  post.answer = () => (reached(), new Promise<Delivery>(() => {}))
  void send() // and its process is gone
  await begun
  const countOf = async (state: string) => (await t.db.read((tx) => countMessages(tx))).filter((one) => one.state === state).reduce((sum, one) => sum + one.count, 0)
  assert.equal(await countOf('sending'), nudged.length)
  post.answer = () => ({ result: 'sent' })
  const handed = post.letters.length
  t.at('2026-03-03T10:09:00Z')
  await send()
  assert.equal(await countOf('sending'), nudged.length, 'within the lease nobody touches them')
  t.at('2026-03-03T10:11:00Z')
  await send()
  assert.equal(await countOf('unknown'), nudged.length)
  assert.equal(post.letters.length, handed, 'none was sent again')
  await assert.rejects(t.db.transaction((tx) => tx.change(sql`update nudge.message set state = 'planned', claimed_at = null where state = 'unknown'`)), /cannot become planned/)
  t.at('2026-03-10T10:00:00Z')
  await send()
  assert.equal(post.letters.length - handed, nudged.length, 'share-2')
})

test('the only process of a database need not wait for a lease at its start', async () => {
  await t.complete(['One'])
  post.answer = () => new Promise<Delivery>(() => {})
  void send()
  while (post.letters.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  assert.equal(await settleInterrupted(t.world), 0)
  assert.equal(await settleInterrupted(t.world, { onlyProcess: true }), 1)
  assert.deepEqual((await t.db.read((tx) => countMessages(tx))).map((one) => `${one.step} ${one.state}`), ['award unknown', 'share-1 planned'])
})

test('a busy mail server is asked again, later and later; a bounce ends the mails; a refusal ends the run', async () => {
  await t.experiment('share.e_mail')
  const [busy, gone, refused] = (await t.complete(Array.from({ length: 20 }, (_, at) => `L${at}`))).filter((one) => one.ghost === false)
  await send()
  t.at('2026-03-03T10:00:00Z')
  post.answer = (letter) =>
    letter.to === busy!.learner.email
      ? { result: 'failed', reason: '451 later', again: true }
      : letter.to === gone!.learner.email
        ? { result: 'failed', reason: '550 5.1.1 nobody here', bounced: true }
        : letter.to === refused!.learner.email
          ? { result: 'failed', reason: '554 no' }
          : { result: 'sent' }
  const first = await send()
  assert.deepEqual([first.again, first.failed], [1, 2])
  assert.deepEqual(await states(busy!), ['award sent', 'share-1 planned (451 later)'])
  assert.deepEqual(await states(gone!), ['award sent', 'share-1 failed (550 5.1.1 nobody here)'])
  assert.equal((await runOf(gone!))?.stoppedBecause, 'undeliverable')
  assert.equal((await runOf(refused!))?.stoppedBecause, 'undeliverable')
  assert.equal((await t.db.read((tx) => suppressionsOf(tx, [gone!.learner.id]))).get(gone!.learner.id), 'bounced')
  for (const [minute, again] of [['10:00:59', 0], ['10:01', 1], ['10:02:59', 0], ['10:03', 1], ['10:07', 1]] as const) {
    t.at(`2026-03-03T${minute.length === 5 ? `${minute}:00` : minute}Z`)
    assert.equal((await send()).again, again, minute)
  }
  post.answer = () => ({ result: 'sent' })
  t.at('2026-03-03T12:00:00Z')
  assert.equal((await send()).sent, 1)
  assert.equal(post.letters.filter((one) => one.to === busy!.learner.email && one.subject.startsWith('share-1')).length, 5, 'asked five times, taken once')
})

test('after a day without a server, missed reminders are dropped and do not come in a burst; news of a credential still arrives', async () => {
  const { nudged, control, all } = await pairs('share.e_mail')
  t.at('2026-03-04T10:30:00Z')
  const result = await send()
  assert.equal(result.sent, all.length, 'the award mails')
  assert.equal(result.skipped, nudged.length + control.length)
  assert.ok((await states(nudged[0]!)).includes('share-1 skipped (too_late)'))
  assert.equal((await runOf(nudged[0]!))?.stoppedBecause, 'too_late')
})

test('a letter that cannot be composed fails alone', async () => {
  const [one, two] = await t.complete(['One', 'Two'])
  const result = await sendDue(t.world, (what) => {
    if (what.learner.name === 'One') throw new Error('no words')
    return plainLetter(what)
  })
  assert.deepEqual([result.sent, result.failed], [1, 1])
  assert.ok((await states(one!)).includes('award failed (not composed: no words)'))
  assert.ok((await states(two!)).includes('award sent'))
})

test('a database that is away when the mail server answers is waited for, and then knows what was sent', async () => {
  const [ana] = await t.complete(['Ana'])
  const change = (statement: string) => t.db.transaction((tx) => tx.change(sql.raw(statement)))
  let back: Promise<unknown> = Promise.resolve()
  post.answer = async () => {
    await change('alter table nudge.message rename to away')
    back = sleep(700).then(() => change('alter table nudge.away rename to message'))
    return { result: 'sent' }
  }
  assert.equal((await send()).sent, 1)
  await back
  assert.equal(post.letters.length, 1)
  assert.equal((await states(ana!))[0], 'award sent')
})

test('when decisions grow old because the mail server is slow, what is left is decided on anew', async () => {
  const { nudged, control } = await pairs('share.e_mail', 60)
  await send()
  t.at('2026-03-03T10:00:00Z')
  post.letters.length = 0
  const order = (await t.db.read((tx) => tx.query(sql<{ learner_id: string }>`select learner_id from nudge.message where state = 'planned' and not ghost order by try_at, id`))).map((row) => row.learner_id)
  assert.ok(order.length > 16, 'there are letters behind those that are handed over together')
  const late = nudged.find((one) => one.learner.id === order.at(-1))!
  post.answer = async () => {
    if (post.letters.length === 8) {
      t.clock.advanceTo(new Date(t.clock.now().getTime() + 11_000))
      await t.db.transaction((tx) => unsubscribe(tx, t.world.secrets, unsubscribeToken(t.world.secrets, late.learner.id)))
    }
    return { result: 'sent' }
  }
  const result = await send()
  assert.equal(result.sent, nudged.length - 1)
  assert.equal(result.ghosts, control.length)
  assert.equal(new Set(post.letters.map((one) => one.to)).size, post.letters.length, 'nobody twice')
  assert.ok(!post.letters.some((one) => one.to === late.learner.email))
})

test('an erased learner’s links lead nowhere, and the counts stay', async () => {
  const { nudged } = await pairs('share.in_app')
  const who = nudged[0]!
  const [prompt] = await visit(who)
  await t.db.transaction((tx) => eraseLearners(tx, [who.learner.id]))
  assert.equal((await t.db.transaction((tx) => clickPrompts(tx, [prompt!.token]))).size, 0)
  assert.equal((await messagesOf(who)).filter((one) => one.state === 'shown').length, 1)
  assert.equal((await t.db.read((tx) => suppressionsOf(tx, [who.learner.id]))).get(who.learner.id), 'erased')
  await t.db.transaction((tx) => allowMailAgain(tx, [who.learner.id]))
  assert.equal((await t.db.read((tx) => suppressionsOf(tx, [who.learner.id]))).get(who.learner.id), 'erased')
})

test('a draw holds for its horizon: later credentials inherit the arm after the experiment stopped, and no longer', async () => {
  const { control } = await pairs('share.in_app')
  const who = control[0]!
  await t.db.transaction((tx) => tx.change(sql`update experiment.experiment set state = 'stopped', stopped_at = ${tx.now}`))
  t.at('2027-03-01T09:00:00Z')
  const [within] = await t.complete([who.learner.externalId], { course: 'Within' })
  t.at('2027-03-02T09:00:00Z')
  const [after] = await t.complete([who.learner.externalId], { course: 'After' })
  assert.deepEqual([(await runOf(within!))?.ghost, (await runOf(after!))?.ghost], [true, false])
  assert.equal((await runOf(after!))?.experimentId, undefined)
})

test('every step of every workflow follows one that is there, and asks twice at most', () => {
  for (const workflow of Object.values(workflows)) {
    for (const step of workflow.steps) assert.ok(step.after === undefined || workflow.steps.some((other) => other.name === step.after))
    assert.ok(workflow.steps.filter((step) => step.nudge).length <= 2)
    assert.equal(new Set(workflow.steps.map((step) => step.name)).size, workflow.steps.length)
  }
})

test('with the development mailbox, what would have left is there with its way out', async () => {
  const own = await provider()
  try {
    const [who] = await own.complete(['One'])
    await sendDue(own.world, plainLetter)
    const [letter] = await own.db.read((tx) => keptLetters(tx, { limit: 5 }))
    assert.equal(letter?.to, who!.learner.email)
    const address = letter?.headers['List-Unsubscribe'] ?? ''
    const token = /^<https:\/\/credentials\.example\.org\/unsubscribe\/([A-Za-z0-9_-]{43})>$/.exec(address)?.[1]
    assert.equal(learnerOfToken(own.world.secrets, token ?? ''), who!.learner.id)
    assert.match(letter?.text ?? '', new RegExp(`https://credentials\\.example\\.org/c/${who!.credential.publicId}\\?n=[A-Za-z0-9_-]{22}`))
    await own.db.transaction((tx) => eraseLearners(tx, [who!.learner.id]))
    assert.equal((await own.db.read((tx) => keptLetters(tx, { limit: 5 }))).length, 0)
  } finally {
    await own.close()
  }
})

