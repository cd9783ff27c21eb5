/**
 * The learner's own place on a real database: settings, the file with everything, and being forgotten. What is looked for is a canary in every
 * column that can hold something of a person: each must be in the file before, and none anywhere in the database after.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { completionsById, recordCompletions, saveAchievement } from '#journey/completion'
import { credentialByPublicId, credentialsOfLearners, revokeCredentials, setKnownAs, type Credential } from '#journey/credential'
import { suppressionsOf, unsubscribe, unsubscribeToken } from '#journey/nudge'
import { importOutcomes } from '#journey/outcome'
import { consentsOf, createIssuer, enrolLearners, learnersByEmail, recordConsents, type Learner } from '#journey/party'
import { confirmShares, startShares } from '#journey/share'
import { openHttp, openSignIn, signInRoutes, type Http, type SignIn } from '#interfaces/http'
import { auditEntries } from '#platform/audit'
import { sql } from '#platform/db'
import { keepingMailer, type Letter } from '#platform/mail'
import { client, type Client } from '#test/client'
import { provider, type Provider } from '#test/provider'
import { checkMailPage, mailedLinkPage, pageRoutes, signInPage } from './index.ts'

const publicUrl = 'https://credentials.example.org'
const email = 'canary.mail@learners.example'

/** Text that stands for one person and for nothing else. */
const canaries = {
  name: 'Quetzal Ñandú 候鳥',
  email,
  externalId: 'canary-at-the-first-issuer',
  externalIdElsewhere: 'canary-at-the-second-issuer',
  education: 'Canary bachelor of ornithology',
  timeZone: 'Pacific/Chatham',
  timeZoneChosen: 'Antarctica/Troll',
  languageChosen: 'id-x-canary',
  covariate: 'canary-covariate',
  reason: 'Canary copied the exam',
  browser: 'CanaryBrowser/7.1',
  network: '203.0.113.0/24',
  knownAs: 'Canary the Known',
  title: 'Canary keeper',
  employer: 'Canary Mines',
}
const others = { name: 'Somebody Else', email: 'else@learners.example', externalId: 'else-1', covariate: 'else-covariate', title: 'Else keeper' }

let t: Provider
let signIn: SignIn
let http: Http
let held: readonly Credential[]
let ana: readonly Learner[]

before(async () => {
  t = await provider({
    // A mail server that repeats the address when it refuses a letter.
    mail: (db) => {
      const box = keepingMailer(db)
      return { ...box, send: async (letter: Letter) => (letter.subject.includes('Falconry') ? { result: 'failed', reason: `550 5.1.1 <${letter.to}> unknown`, bounced: true } : await box.send(letter)) }
    },
  })
  signIn = await openSignIn(t.world)
  http = openHttp({ world: t.world, routes: [...signInRoutes(signIn, { signIn: signInPage, checkMail: checkMailPage, mailedLink: mailedLinkPage }), ...pageRoutes(signIn)], signIn })
  await t.experiment('share.in_app')
  const course = (name: string) => ({ id: `https://example.org/${name}`, type: ['Achievement'], name, description: 'A course.', criteria: { narrative: 'An exam.' } })
  const complete = async (achievement: string, learner: typeof canaries | typeof others) => {
    await t.db.transaction(async (tx) => {
      const kept = await saveAchievement(tx, { issuerId: t.issuer.id, handle: achievement, document: course(achievement) })
      const more = 'education' in learner ? { education: learner.education, country: 'NZ', timeZone: learner.timeZone, locale: 'es' } : {}
      await recordCompletions(tx, t.issuer, [{ learner: { externalId: learner.externalId, name: learner.name, email: learner.email, ...more }, achievement: kept, completedAt: tx.now, covariates: { hobby: learner.covariate }, consents: ['credential', 'nudge', 'outcome'] }], 'api')
    })
    await t.world.queue.drain(t.world)
    await t.world.queue.tick(t.world)
    await t.world.queue.drain(t.world)
  }
  await complete('Ornithology', canaries)
  await complete('Ornithology', others)
  t.at('2026-03-03T09:00:00Z')
  await complete('Falconry', canaries)
  await t.db.transaction(async (tx) => {
    const second = await createIssuer(tx, { handle: 'second', name: 'Second University' })
    const elsewhere = await enrolLearners(tx, second, [{ externalId: canaries.externalIdElsewhere, name: canaries.name, email }])
    await recordConsents(tx, [...elsewhere.values()].map((one) => ({ learnerId: one.id, purpose: 'research', given: true, textVersion: 'provider-1', source: 'provider' })))
  })
  ana = await t.db.read((tx) => learnersByEmail(tx, email))
  assert.equal(ana.length, 2)
  held = await t.db.read((tx) => credentialsOfLearners(tx, ana.map((one) => one.id)))
  assert.equal(held.length, 2)
  await t.db.transaction(async (tx) => {
    const [placement] = await startShares(tx, [{ credentialId: held[0]!.id, learnerId: held[0]!.learnerId, target: 'linkedin_profile' }])
    await confirmShares(tx, [{ token: placement!.token, by: 'learner' }])
    await setKnownAs(tx, { credentialId: held[0]!.id, name: ` ${canaries.knownAs} ` })
    await revokeCredentials(tx, { credentialIds: [held[1]!.id], reason: canaries.reason, byWhom: 'staff' })
    const row = (externalId: string, title: string, employer: string) => ({ externalId, observedAt: tx.now, position: { title, employer, startedOn: '2026-02-01' } })
    await importOutcomes(tx, { issuerId: t.issuer.id, source: 'hr_file', digest: 'one', rows: [row(canaries.externalId, canaries.title, canaries.employer), row(others.externalId, others.title, 'Elsewhere')] })
  })
})
after(() => t.close())

const inside = async (address = email): Promise<Client> => {
  const one = client(http, publicUrl, { address: '203.0.113.77', headers: { 'user-agent': canaries.browser } })
  one.take((await signIn.openFor(address, '')).cookies)
  return one
}

/** Every row of every table, as text. */
async function everything(): Promise<readonly { readonly table: string; readonly row: string }[]> {
  return await t.db.read(async (tx) => {
    const tables = await tx.query(sql<{ name: string }>`select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema') order by 1`)
    assert.ok(tables.length > 40, `${tables.length} tables`)
    const rows = []
    for (const { name } of tables) for (const { row } of await tx.query(sql<{ row: string }>`select row_to_json(this_row)::text as row from ${sql.raw(name)} this_row`)) rows.push({ table: name, row })
    return rows
  })
}
const holding = async (text: string): Promise<readonly string[]> => [...new Set((await everything()).filter((one) => one.row.includes(text)).map((one) => one.table))]

test('the page says of each consent what was agreed to and when, for each issuer apart, and takes an answer for one of them', async () => {
  const one = await inside()
  const page = await (await one.get('/me')).text()
  assert.match(page, /Example University<\/bdi><\/h3>[\s\S]*Second University<\/bdi><\/h3>/)
  assert.match(page, /since <time datetime="2026-03-02T09:00:00.000Z">2 March 2026<\/time> \(text <bdi>provider-1<\/bdi>\)/)
  const [first, second] = ana
  const research = async () => {
    const consents = await t.db.read((tx) => consentsOf(tx, ana.map((learner) => learner.id)))
    return ana.map((learner) => consents.get(learner.id)?.research)
  }
  assert.equal((await one.post('/me/consents', { purpose: 'research', given: 'no', learner: second!.id })).status, 303)
  assert.deepEqual(await research(), [false, false])
  assert.equal((await one.post('/me/consents', { purpose: 'research', given: 'yes', learner: first!.id })).status, 303)
  assert.deepEqual(await research(), [true, false])
  assert.match(await (await one.get('/me')).text(), /\(text <bdi>me-1<\/bdi>\)/)
  const stranger = await t.db.read((tx) => learnersByEmail(tx, others.email))
  assert.equal((await one.post('/me/consents', { purpose: 'research', given: 'yes', learner: stranger[0]!.id })).status, 404)
})

test('who unsubscribed and allows reminders again gets mail again', async () => {
  const one = await inside(others.email)
  const [learner] = await t.db.read((tx) => learnersByEmail(tx, others.email))
  await t.db.transaction((tx) => unsubscribe(tx, t.world.secrets, unsubscribeToken(t.world.secrets, learner!.id)))
  const stopped = async () => (await t.db.read((tx) => suppressionsOf(tx, [learner!.id]))).get(learner!.id)
  assert.equal(await stopped(), 'unsubscribed')
  await one.post('/me/consents', { purpose: 'nudge', given: 'yes' })
  assert.equal(await stopped(), undefined)
})

test('a language, a time zone and hours for reminders that the learner chose outweigh what the provider says, also later', async () => {
  const one = await inside()
  assert.match(await (await one.get('/me')).text(), /<option value="es" lang="es" selected>[\s\S]*<option selected>Pacific\/Chatham/)
  assert.equal((await one.post('/me/preferences', { language: 'id', time_zone: canaries.timeZoneChosen, hours_from: '10', hours_to: '22' })).status, 303)
  const known = () => t.db.read((tx) => learnersByEmail(tx, email))
  assert.deepEqual((await known()).map((learner) => [learner.locale, learner.timeZone]), [['id', canaries.timeZoneChosen], ['id', canaries.timeZoneChosen]])
  await t.db.transaction((tx) => enrolLearners(tx, t.issuer, [{ externalId: canaries.externalId, name: canaries.name, email, locale: 'es', timeZone: canaries.timeZone }]))
  assert.equal((await known())[0]?.timeZone, canaries.timeZoneChosen)
  assert.equal((await one.post('/me/preferences', { language: 'id', time_zone: 'Mars/Olympus', hours_from: '10', hours_to: '22' })).status, 422)
  assert.equal((await one.post('/me/preferences', { language: 'tlh', time_zone: 'UTC', hours_from: '10', hours_to: '22' })).status, 422)
  const wrong = await one.post('/me/preferences', { language: 'id', time_zone: 'UTC', hours_from: '20', hours_to: '8' })
  assert.equal(wrong.status, 422)
  assert.match(await wrong.text(), /The first time must be the earlier one\. Nothing was saved\.[\s\S]*<option value="20" selected>20:00/)
  assert.deepEqual((await known()).map((learner) => [learner.timeZone, learner.waking]), [[canaries.timeZoneChosen, { from: 600, to: 1320 }], [canaries.timeZoneChosen, { from: 600, to: 1320 }]])
  await t.db.transaction((tx) => tx.change(sql`update party.learner set chosen_locale = ${canaries.languageChosen} where email = ${email}`))
})

test('the file holds all that is known of the learner, and nothing of anybody else', async () => {
  const one = await inside()
  await one.get(`/c/${held[0]!.publicId}`)
  const answer = await one.get('/me/export')
  assert.equal(answer.status, 200)
  assert.match(answer.headers.get('content-disposition') ?? '', /^attachment; filename="laurel-everything-about-me\.json"/)
  assert.equal(answer.headers.get('cache-control'), 'no-store')
  const text = await answer.text()
  const { timeZone: _outweighed, ...expected } = canaries
  for (const [what, canary] of Object.entries(expected)) assert.ok(text.includes(canary), `${what} is missing`)
  for (const [what, canary] of Object.entries(others)) assert.ok(!text.includes(canary), `${what} of another person`)
  for (const id of [held[0]!.publicId, 'linkedin_profile', 'provider-1', 'me-1', 'consent.change', 'award: Ornithology', '550 5.1.1']) assert.ok(text.includes(id), id)
  const { token } = (await t.db.read((tx) => tx.query(sql<{ token: string }>`select token from share.placement where credential_id = ${held[0]!.id}`)))[0]!
  assert.ok(!JSON.stringify((JSON.parse(text) as { learners: unknown }).learners).includes(token), 'a token opens something')
})

test('a wrong address erases nobody', async () => {
  const one = await inside()
  assert.match(await (await one.get('/me/erase')).text(), /Your 2 credentials\./)
  const answer = await one.post('/me/erase', { email: others.email })
  assert.equal(answer.status, 422)
  assert.match(await answer.text(), /This is not the address that you are signed in with\./)
  assert.equal((await t.db.read((tx) => learnersByEmail(tx, email))).length, 2)
})

test('after erasure nothing of the learner is in any table; others lose nothing, and counts stay', async () => {
  const one = await inside()
  await client(http, publicUrl, { address: '198.51.100.9' }).post('/sign-in', { email }) // a link that waits, and its letter
  await signIn.settled()
  for (const [what, canary] of Object.entries(canaries)) assert.ok((await holding(canary)).length > 0, `${what} was never anywhere`)
  assert.deepEqual(await holding(email), ['mail.kept', 'nudge.message', 'party.learner', 'sign_in.person', 'sign_in.verification'])
  const before = await counts()

  const answer = await one.post('/me/erase', { email: ` ${email.toUpperCase()} ` })
  assert.equal(answer.status, 303)
  assert.equal(answer.headers.get('location'), '/erased')
  assert.equal((await (await client(http, publicUrl).get('/erased')).text()).includes('Everything about you is erased'), true)
  assert.equal((await one.get('/me', { headers: { accept: 'application/json' } })).status, 401, 'the session is over')

  for (const [what, canary] of Object.entries(canaries)) assert.deepEqual(await holding(canary), [], what)
  for (const credential of held) {
    const left = await t.db.read((tx) => credentialByPublicId(tx, credential.publicId))
    assert.deepEqual([left?.signed, left?.revocationReason, left?.withdrawnAt === undefined], [undefined, undefined, false])
    assert.equal((await client(http, publicUrl).get(`/c/${credential.publicId}`)).status, 410)
  }
  for (const [what, canary] of Object.entries(others)) assert.ok((await holding(canary)).length > 0, `${what} of another person was lost`)
  assert.deepEqual(await counts(), before)
  const [completion] = (await t.db.read((tx) => completionsById(tx, [held[0]!.completionId]))).values()
  assert.deepEqual(completion?.covariates, {})
  const entries = await t.db.read((tx) => auditEntries(tx, 0, 1_000))
  assert.equal(entries.filter((entry) => entry.action === 'learner.erase').length, 1)
})

/** What the plan allows to stay: how many there were. */
async function counts() {
  return await t.db.read((tx) => tx.query(sql<Record<string, number>>`select (select count(*) from party.learner) learners, (select count(*) from completion.completion) completions,
    (select count(*) from credential.credential) credentials, (select count(*) from experiment.draw) draws, (select count(*) from nudge.message) messages, (select count(*) from share.placement) placements,
    (select sum(count) from view.counter) looks`))
}
