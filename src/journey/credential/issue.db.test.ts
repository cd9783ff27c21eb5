import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { contextFor } from '#kernel/openbadge'
import { resolveDidKey, resolveInDocument, verifyProofs } from '#kernel/proof'
import { completionRecorded, recordCompletions, saveAchievement, type Achievement } from '#journey/completion'
import { createIssuer, eraseLearners, partyErased, type Issuer } from '#journey/party'
import { atOnce, when } from '#platform/queue'
import { sql } from '#platform/db'
import { secretsFrom } from '#platform/secret'
import { testWorld, type TestWorld } from '#test/world'
import { credentialByPublicId, credentialsOfIssuer, eraseCredentials, establishKey, issueCredentials, issueLeftBehind, issuerDidDocument, keysOf, revokeCredentials, rotateKey, statusListDocument, changeStatus, changeStatusOf, credentialsById, compromiseKey, issueEndorsement, verifyHere } from './index.ts'

const course = {
  id: 'https://example.org/achievements/data-analysis',
  type: ['Achievement'],
  name: 'Data analysis',
  description: 'Reading, cleaning and describing data.',
  criteria: { narrative: 'Pass six graded assignments and a supervised exam.' },
}

let t: TestWorld
let issuer: Issuer
let achievement: Achievement

before(async () => {
  t = await testWorld({ env: { LAUREL_SUSPENSION: '1' }, flow: [when(completionRecorded, 'credential.issue', issueCredentials), atOnce(partyErased, eraseCredentials)] })
  issuer = await t.db.transaction((tx) => createIssuer(tx, { handle: 'example', name: 'Example University' }))
  await t.db.transaction((tx) => establishKey(tx, t.world.secrets, issuer.id))
  achievement = await t.db.transaction((tx) => saveAchievement(tx, { issuerId: issuer.id, handle: 'data-analysis', document: course }))
})
after(() => t.close())

/** Names of rows are in order of time, and of chance within a millisecond: what shall be the newest is written a second later. */
const aSecondLater = () => t.clock.advanceTo(new Date(t.clock.now().getTime() + 1_000))

const complete = async (names: readonly string[]) => {
  aSecondLater()
  return await t.db.transaction((tx) =>
    recordCompletions(
      tx,
      issuer,
      names.map((name) => ({ learner: { externalId: name, name, email: `${encodeURIComponent(name)}@example.org` }, achievement, completedAt: new Date('2026-02-27T10:00:00Z'), covariates: {} })),
      'api',
    ),
  )
}
const newest = async (count: number) => await t.db.read((tx) => credentialsOfIssuer(tx, issuer.id, { limit: count }))
const whole = async (publicId: string) => (await t.db.read((tx) => credentialByPublicId(tx, publicId)))!

async function verdictOn(signed: string) {
  const document = JSON.parse(signed) as Record<string, never>
  const did = await t.db.read((tx) => issuerDidDocument(tx, t.world.config, issuer))
  assert.ok(did)
  return await verifyProofs(document, {
    contexts: contextFor,
    resolve: (method, purpose) => (method.startsWith('did:key:') ? resolveDidKey(method) : resolveInDocument(method, purpose, did as never)),
  })
}

test('a completion becomes one signed credential that verifies, however often it is said', async () => {
  const names = ['Ana Example', 'सीता उदाहरण', 'مثال', '例子', 'Ö"quote", comma']
  await complete(names)
  await complete(names)
  await t.world.queue.drain(t.world)
  const credentials = await newest(100)
  assert.equal(credentials.length, names.length)
  for (const credential of credentials) {
    const { signed } = await whole(credential.publicId)
    const verdicts = await verdictOn(signed!)
    assert.deepEqual(verdicts.map((one) => one.ok), [true])
    const altered = signed!.replace('Reading, cleaning', 'Reading, not cleaning')
    assert.notEqual(altered, signed)
    assert.deepEqual((await verdictOn(altered)).map((one) => one.ok), [false])
  }
  assert.equal(new Set(credentials.map((one) => one.statusIndex)).size, names.length)
})

test('issuing the same completions at the same time, three times over, gives one credential each', async () => {
  const { completions } = await complete(['twin one', 'twin two'])
  const completionIds = completions.map((one) => one.completion.id)
  await Promise.all([1, 2, 3].map(() => issueCredentials(t.world, { issuerId: issuer.id, completionIds })))
  const rows = await t.db.read((tx) => tx.query(sql<{ n: number }>`select count(*) n from credential.credential where completion_id = any(${completionIds}::uuid[]) and signed is not null`))
  assert.equal(rows[0]?.n, 2)
  await t.world.queue.drain(t.world)
})

test('what was prepared and not signed is finished a minute later, with the same bytes', async () => {
  const { completions } = await complete(['left behind'])
  await t.world.queue.drain(t.world)
  const [credential] = await newest(1)
  assert.equal(credential?.completionId, completions[0]?.completion.id)
  const before = (await whole(credential!.publicId)).signed!
  const { proof: _, ...document } = JSON.parse(before) as Record<string, unknown>
  await t.db.transaction((tx) => tx.change(sql`update credential.credential set signed = null, signed_at = null, prepared = ${JSON.stringify(document)} where id = ${credential!.id}`))
  await issueLeftBehind(t.world)
  assert.equal((await whole(credential!.publicId)).signed, undefined, 'not yet: its own job may be at work')
  t.clock.advanceTo(new Date(t.clock.now().getTime() + 61_000))
  await issueLeftBehind(t.world)
  assert.equal((await whole(credential!.publicId)).signed, before)
})

test('a revocation is in the signed status list at once, and at the right bit', async () => {
  await complete(['to revoke', 'to keep'])
  await t.world.queue.drain(t.world)
  const [kept, revoked] = await newest(2)
  assert.ok(kept && revoked)
  const list = async () => JSON.parse(await statusListDocument(t.world, revoked.statusListId)) as { credentialSubject: { encodedList: string } }
  const { decodeStatusList, statusBit } = await import('#kernel/proof')
  assert.equal(statusBit(decodeStatusList((await list()).credentialSubject.encodedList), revoked.statusIndex), false)
  await t.db.transaction((tx) => revokeCredentials(tx, { credentialIds: [revoked.id], reason: 'Issued by mistake.', byWhom: 'staff' }))
  const after = decodeStatusList((await list()).credentialSubject.encodedList)
  assert.equal(statusBit(after, revoked.statusIndex), true)
  assert.equal(statusBit(after, kept.statusIndex), false)
  assert.deepEqual((await verdictOn(await statusListDocument(t.world, revoked.statusListId))).map((one) => one.ok), [true])
  await assert.rejects(t.db.transaction((tx) => revokeCredentials(tx, { credentialIds: [revoked.id], reason: 'Again.', byWhom: 'staff' })), { code: 'credential.already_revoked' })
  await assert.rejects(t.db.transaction((tx) => revokeCredentials(tx, { credentialIds: [kept.id], reason: ' ', byWhom: 'staff' })), { code: 'credential.no_reason' })
})

test('a suspension is in its own list, ends with a reinstatement, and a revocation goes before it', async () => {
  await complete(['on hold', 'beside it'])
  await t.world.queue.drain(t.world)
  const [beside, held] = await newest(2)
  assert.ok(held?.suspensionListId && beside)
  const signed = (await whole(held.publicId)).signed!
  const said = async () => (await verifyHere(t.world, signed)).checks.find((one) => one.name === 'status')!.code
  const order = { reason: 'An appeal is being heard.', byWhom: 'staff' }
  const change = async (what: 'revoke' | 'suspend' | 'reinstate') => {
    aSecondLater()
    await t.db.transaction((tx) => changeStatus(tx, { ...order, change: what, credentialIds: [held.id] }))
  }
  assert.equal(await said(), 'status.clear')
  await change('suspend')
  assert.equal(await said(), 'status.suspended')
  assert.equal((await verifyHere(t.world, (await whole(beside.publicId)).signed!)).checks.find((one) => one.name === 'status')!.code, 'status.clear')
  await assert.rejects(change('suspend'), { code: 'credential.already_suspended' })
  await change('reinstate')
  assert.equal(await said(), 'status.clear')
  await assert.rejects(change('reinstate'), { code: 'credential.not_suspended' })
  await change('suspend')
  await change('revoke')
  assert.equal(await said(), 'status.revoked')
  await assert.rejects(change('reinstate'), { code: 'credential.already_revoked' })
  const changes = await t.db.read((tx) => tx.query(sql<{ change: string; reason: string; by_whom: string }>`select change, reason, by_whom from credential.status_change where credential_id = ${held.id} order by at, id`))
  assert.deepEqual(changes.map((one) => one.change), ['suspended', 'reinstated', 'suspended', 'revoked'])
  assert.ok(changes.every((one) => one.reason === order.reason && one.by_whom === 'staff'))
})

test('a change of status for many is for all of them or for none', async () => {
  const names = Array.from({ length: 200 }, (_, n) => `many ${n}`)
  await complete(names)
  await t.world.queue.drain(t.world)
  const many = await newest(names.length)
  const ids = many.map((one) => one.publicId)
  const order = { reason: 'The exam is marked again.', byWhom: 'staff' }
  await assert.rejects(t.db.transaction((tx) => changeStatusOf(tx, issuer.id, { ...order, change: 'suspend', publicIds: [...ids, 'A'.repeat(22)] })), { code: 'credential.unknown_here' })
  const suspended = async () => [...(await t.db.read((tx) => credentialsById(tx, many.map((one) => one.id)))).values()].filter((one) => one.suspendedAt).length
  assert.equal(await suspended(), 0)
  assert.equal((await t.db.transaction((tx) => changeStatusOf(tx, issuer.id, { ...order, change: 'suspend', publicIds: [...ids, ids[0]!] }))).length, ids.length, 'one named twice is changed once')
  assert.equal(await suspended(), ids.length)
  await t.db.transaction((tx) => changeStatusOf(tx, issuer.id, { ...order, change: 'reinstate', publicIds: ids }))
  assert.equal(await suspended(), 0)
})

test('a credential without a place for suspension can only be revoked', async () => {
  await complete(['no place'])
  await t.world.queue.drain(t.world)
  const [one] = await newest(1)
  await t.db.transaction((tx) => tx.change(sql`update credential.credential set suspension_list_id = null where id = ${one!.id}`))
  await assert.rejects(t.db.transaction((tx) => changeStatus(tx, { change: 'suspend', credentialIds: [one!.id], reason: 'Now.', byWhom: 'staff' })), { code: 'credential.not_suspendable' })
})

test('after a new key, old credentials still verify and new ones name the new key', async () => {
  const [old] = await newest(1)
  await t.db.transaction((tx) => rotateKey(tx, t.world.secrets, issuer.id))
  await complete(['after rotation'])
  await t.world.queue.drain(t.world)
  const [fresh] = await newest(1)
  const keys = await t.db.read((tx) => keysOf(tx, issuer.id))
  assert.equal(keys.length, 2)
  for (const credential of [old!, fresh!]) assert.deepEqual((await verdictOn((await whole(credential.publicId)).signed!)).map((one) => one.ok), [true])
  assert.ok((await whole(fresh!.publicId)).signed!.includes(keys[1]!.publicMultibase))
})

test('a compromised key proves nothing any more, every verification says since when, and the next key signs', async () => {
  await complete(['before the theft'])
  await t.world.queue.drain(t.world)
  const [old] = await newest(1)
  const { completions } = await complete(['in the middle of it'])
  await t.db.transaction(async (tx) => {
    await tx.change(sql`update credential.status_list set signed = 'of the old key', signed_until = ${new Date(tx.now.getTime() + 86_400_000)}`)
  })
  const inUse = (await t.db.read((tx) => keysOf(tx, issuer.id))).find((one) => !one.retiredAt)!
  const since = new Date(t.clock.now().getTime() - 86_400_000)
  const compromise = async (at: Date, publicMultibase = inUse.publicMultibase) => await t.db.transaction((tx) => compromiseKey(tx, t.world.secrets, { issuerId: issuer.id, publicMultibase, since: at }))
  await assert.rejects(compromise(new Date(t.clock.now().getTime() + 60_000)), { code: 'credential.compromised_later' })
  await assert.rejects(compromise(since, 'z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH'), { code: 'credential.unknown_key' })
  const { inUse: next } = await compromise(since)
  assert.notEqual(next.publicMultibase, inUse.publicMultibase)
  await assert.rejects(compromise(new Date(since.getTime() + 1)), { code: 'credential.compromised_before' })
  await compromise(new Date(since.getTime() - 86_400_000)) // an earlier date is learned later

  const report = await verifyHere(t.world, (await whole(old!.publicId)).signed!)
  assert.deepEqual([report.verdict, report.reason], ['not_proved', 'proof.key_revoked'])
  assert.match(report.explanation, /withdrawn by its owner on 28 February 2026; what it signed is no longer proved/)
  assert.equal(report.checks.find((one) => one.name === 'proof')?.about?.date, new Date(since.getTime() - 86_400_000).toISOString())
  const did = JSON.stringify(await t.db.read((tx) => issuerDidDocument(tx, t.world.config, issuer)))
  assert.ok(did.includes(inUse.publicMultibase) && did.includes('"revoked"'), 'the old public key stays, with the date')

  await t.world.queue.drain(t.world)
  const [middle] = await newest(1)
  assert.equal(middle!.completionId, completions[0]!.completion.id)
  const after = await verifyHere(t.world, (await whole(middle!.publicId)).signed!)
  assert.equal(after.verdict, 'trusted', after.explanation)
  assert.ok((await whole(middle!.publicId)).signed!.includes(next.publicMultibase))
})

test('an endorsement is a credential of its own, and is verified inside what it endorses', async () => {
  const endorsed = `${t.world.config.publicUrl}/i/example/a/endorsed`
  const order = { endorsed, comment: 'We hire who has it.' }
  const document = await t.db.read((tx) => issueEndorsement(tx, t.world, issuer, order))
  const alone = await verifyHere(t.world, JSON.stringify(document))
  assert.deepEqual([alone.verdict, alone.facts?.kind, alone.facts?.comment, alone.facts?.subjectId], ['trusted', 'endorsement', order.comment, endorsed])
  await assert.rejects(t.db.read((tx) => issueEndorsement(tx, t.world, issuer, { ...order, endorsed: 'somebody' })), { code: 'credential.nothing_endorsed' })
  const taught = await t.db.transaction((tx) => saveAchievement(tx, { issuerId: issuer.id, handle: 'endorsed', document: { ...course, endorsement: [document] } }))
  aSecondLater()
  await t.db.transaction((tx) => recordCompletions(tx, issuer, [{ learner: { externalId: 'endorsed', name: 'Endorsed' }, achievement: taught, completedAt: new Date('2026-02-27T10:00:00Z'), covariates: {} }], 'api'))
  await t.world.queue.drain(t.world)
  const [credential] = await newest(1)
  const report = await verifyHere(t.world, (await whole(credential!.publicId)).signed!)
  assert.equal(report.verdict, 'trusted', report.explanation)
  assert.deepEqual(report.endorsements.map((one) => [one.verdict, one.by, one.comment, one.about]), [['trusted', issuer.name, order.comment, endorsed]])
})

test('where the key is the issuer’s name, what was prepared under a compromised key is signed in the name of the next one', async () => {
  const own = await testWorld({ env: { LAUREL_PUBLIC_URL: 'http://localhost:3000' }, flow: [when(completionRecorded, 'credential.issue', issueCredentials)] })
  try {
    const here = await own.db.transaction(async (tx) => {
      const made = await createIssuer(tx, { handle: 'local', name: 'Local School' })
      await establishKey(tx, own.world.secrets, made.id)
      return made
    })
    const taught = await own.db.transaction((tx) => saveAchievement(tx, { issuerId: here.id, handle: 'data-analysis', document: course }))
    const record = (name: string) => own.db.transaction((tx) => recordCompletions(tx, here, [{ learner: { externalId: name, name }, achievement: taught, completedAt: new Date('2026-02-27T10:00:00Z'), covariates: {} }], 'api'))
    await record('old')
    await own.world.queue.drain(own.world)
    await record('prepared')
    await own.world.queue.drain(own.world)
    const [unsigned, old] = await own.db.read((tx) => credentialsOfIssuer(tx, here.id, { limit: 2 }))
    const document = async (publicId: string) => (await own.db.read((tx) => credentialByPublicId(tx, publicId)))!.signed!
    const { proof: _, ...prepared } = JSON.parse(await document(unsigned!.publicId)) as Record<string, unknown>
    await own.db.transaction((tx) => tx.change(sql`update credential.credential set signed = null, signed_at = null, prepared = ${JSON.stringify(prepared)} where id = ${unsigned!.id}`))
    const [key] = await own.db.read((tx) => keysOf(tx, here.id))
    await own.db.transaction((tx) => compromiseKey(tx, own.world.secrets, { issuerId: here.id, publicMultibase: key!.publicMultibase, since: tx.now }))
    own.clock.advanceTo(new Date(own.clock.now().getTime() + 120_000))
    await issueLeftBehind(own.world)
    assert.equal((await verifyHere(own.world, await document(unsigned!.publicId))).verdict, 'trusted')
    const report = await verifyHere(own.world, await document(old!.publicId))
    assert.deepEqual([report.verdict, report.reason], ['not_proved', 'proof.key_revoked'])
    assert.ok(report.checks.find((one) => one.name === 'proof')?.about?.date)
  } finally {
    await own.close()
  }
})

test('a key that does not open stops the issuing, and no other is made in its place', async () => {
  const keys = async () => (await t.db.read((tx) => keysOf(tx, issuer.id))).length
  const before = await keys()
  const altered = { ...t.world, secrets: secretsFrom('5f'.repeat(31) + '02', 'another secret') }
  const { completions } = await complete(['without a key'])
  const order = { issuerId: issuer.id, completionIds: [completions[0]!.completion.id] }
  await assert.rejects(issueCredentials(altered, order), { code: 'secret.not_ours' })
  const { id } = (await t.db.read((tx) => keysOf(tx, issuer.id))).find((one) => !one.retiredAt)!
  const seal = (seed: Uint8Array) => t.db.transaction((tx) => tx.change(sql`update credential.signing_key set sealed_seed = ${t.world.secrets.seal(`signing key ${id}`, seed)} where id = ${id}`))
  const [{ sealed_seed: kept }] = (await t.db.read((tx) => tx.query(sql<{ sealed_seed: Buffer }>`select sealed_seed from credential.signing_key where id = ${id}`))) as [{ sealed_seed: Buffer }]
  await seal(new Uint8Array(32).fill(7))
  await assert.rejects(issueCredentials(t.world, order), { code: 'credential.key_differs' })
  await t.db.transaction((tx) => establishKey(tx, t.world.secrets, issuer.id))
  assert.equal(await keys(), before)
  await t.db.transaction((tx) => tx.change(sql`update credential.signing_key set sealed_seed = ${kept} where id = ${id}`))
  await issueCredentials(t.world, order)
  assert.equal(await keys(), before)
})

test('an erased learner has no document left and a status that says so', async () => {
  const { completions } = await complete(['to forget'])
  await t.world.queue.drain(t.world)
  const [credential] = await newest(1)
  await t.db.transaction((tx) => eraseLearners(tx, [completions[0]!.completion.learnerId]))
  const { signed, withdrawnAt } = await whole(credential!.publicId)
  assert.equal(signed, undefined)
  assert.ok(withdrawnAt)
  const dump = await t.db.read((tx) => tx.query(sql<{ row: string }>`select c::text as row from credential.credential c union all select l::text from party.learner l`))
  assert.ok(dump.length > 0 && !dump.some(({ row }) => row.includes('to forget')))
})
