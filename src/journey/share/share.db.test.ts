import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { isFault } from '#kernel/fault'
import { credentialsById, revokeCredentials } from '#journey/credential'
import { promptAtVisit, runsOfCredentials } from '#journey/nudge'
import { eraseLearners } from '#journey/party'
import { sql } from '#platform/db'
import { provider, type Graduate, type Provider } from '#test/provider'
import { confirmFetched, confirmShares, lastInstance, listShares, markSeen, placementByToken, sharesOf, startShares, type ShareStarted } from './index.ts'

let t: Provider
before(async () => {
  t = await provider()
})
after(() => t.close())

let count = 0
const graduates = async (number: number) => await t.complete(Array.from({ length: number }, () => `Learner ${count++}`))
const to = (who: Graduate, target: string): ShareStarted => ({ credentialId: who.credential.id, learnerId: who.learner.id, target })
const start = (...shares: readonly ShareStarted[]) => t.db.transaction((tx) => startShares(tx, shares))
const visibilityOf = async (who: Graduate) => (await t.db.read((tx) => credentialsById(tx, [who.credential.id]))).get(who.credential.id)?.visibility
const code = (wanted: string) => (error: unknown) => isFault(error) && error.code === wanted

test('a click makes a placement with a token of its own, opens the page to whoever has the link, and stops the prompts', async () => {
  const [who] = await graduates(1)
  const [prompt] = await t.db.transaction((tx) => promptAtVisit(tx, [{ learnerId: who!.learner.id }]))
  assert.equal(await visibilityOf(who!), 'private')
  const announced = t.announced.length
  const [placement] = await start({ ...to(who!, 'linkedin_profile'), promptedBy: prompt!.messageId })
  assert.match(placement!.token, /^[A-Za-z0-9_-]{11}$/)
  assert.equal(placement!.promptedBy, prompt!.messageId)
  assert.deepEqual([placement!.confirmedAt, placement!.seenAt], [undefined, undefined], 'a click is a click and no more')
  assert.equal(await visibilityOf(who!), 'link')
  assert.deepEqual(t.announced.slice(announced).map((one) => one.name), ['share.clicked'])
  assert.equal((await t.db.read((tx) => runsOfCredentials(tx, [who!.credential.id]))).get(who!.credential.id)?.stoppedBecause, 'shared')
})

test('going to the same place again is the same placement, one after the other, in one batch, or at once', async () => {
  const [who] = await graduates(1)
  const [first] = await start(to(who!, 'x'))
  const again = await start(to(who!, 'x'), to(who!, 'x'))
  assert.deepEqual(again.map((one) => one.token), [first!.token, first!.token])
  const race = await Promise.all(Array.from({ length: 5 }, () => start(to(who!, 'facebook'), to(who!, 'reddit'))))
  assert.equal(new Set(race.flat().map((one) => one.token)).size, 2)
  assert.equal((await t.db.read((tx) => sharesOf(tx, [who!.credential.id]))).get(who!.credential.id)?.length, 3)
  assert.equal(t.announced.filter((one) => one.name === 'share.clicked' && JSON.stringify(one.payload).includes(who!.credential.id)).length, 2)
})

test('what is public stays public, and what is not theirs, no place, or revoked is refused with nothing written', async () => {
  const [one, other, revoked] = await graduates(3)
  await t.db.transaction((tx) => tx.change(sql`update credential.credential set visibility = 'public' where id = ${one!.credential.id}`))
  await start(to(one!, 'x'))
  assert.equal(await visibilityOf(one!), 'public')
  await t.db.transaction((tx) => revokeCredentials(tx, { credentialIds: [revoked!.credential.id], reason: 'by mistake', byWhom: 'staff' }))
  await assert.rejects(start(to(other!, 'x'), to(other!, 'myspace')), code('share.unknown_target'))
  await assert.rejects(start(to(other!, 'x'), { ...to(one!, 'x'), learnerId: other!.learner.id }), code('share.not_theirs'))
  await assert.rejects(start(to(other!, 'x'), to(revoked!, 'x')), code('share.not_in_force'))
  assert.deepEqual((await t.db.read((tx) => sharesOf(tx, [other!.credential.id]))).get(other!.credential.id), [])
  assert.equal(await visibilityOf(other!), 'private')
})

test('a network of many servers keeps the one that was named last, in its plain form, and refuses what is no server', async () => {
  const [who] = await graduates(1)
  const named = async (instance: string) => (await start({ ...to(who!, 'mastodon'), instance }))[0]
  assert.equal((await named(' https://Social.Example/ '))?.instance, 'social.example')
  const again = await named('other.example')
  assert.equal(again?.instance, 'other.example')
  assert.equal(await t.db.read((tx) => lastInstance(tx, who!.learner.id)), 'other.example')
  await assert.rejects(named('localhost'), code('share.unknown_instance'))
  await assert.rejects(start({ ...to(who!, 'x'), instance: 'social.example' }), code('share.unknown_instance'))
  assert.equal((await t.db.read((tx) => sharesOf(tx, [who!.credential.id]))).get(who!.credential.id)?.length, 1)
  await t.db.transaction((tx) => eraseLearners(tx, [who!.learner.id]))
  assert.equal(await t.db.read((tx) => lastInstance(tx, who!.learner.id)), undefined, 'a server’s name can name a person')
})

test('a share is confirmed once, and who said so first is kept; seen is another thing', async () => {
  const [who] = await graduates(1)
  const [placement] = await start(to(who!, 'linkedin_post'))
  const confirm = (by: 'learner' | 'profile_export') => t.db.transaction((tx) => confirmShares(tx, [{ token: placement!.token, by }, { placementId: placement!.id, by }, { token: 'nobody', by }]))
  assert.deepEqual((await confirm('learner')).map((one) => [one.id, one.confirmedBy]), [[placement!.id, 'learner']])
  const events = t.announced.length
  assert.deepEqual(await confirm('profile_export'), [])
  assert.equal(t.announced.length, events, 'nothing new, nothing announced')
  const found = await t.db.read((tx) => placementByToken(tx, placement!.token))
  assert.deepEqual([found?.confirmedBy, found?.seenAt], ['learner', undefined])
  await t.db.transaction((tx) => markSeen(tx, { placementTokens: [placement!.token] }))
  const seenAt = (await t.db.read((tx) => placementByToken(tx, placement!.token)))?.seenAt
  assert.ok(seenAt)
  t.at(new Date(t.clock.now().getTime() + 60_000).toISOString())
  await t.db.transaction((tx) => markSeen(tx, { placementTokens: [placement!.token, 'nobody'] }))
  assert.deepEqual((await t.db.read((tx) => placementByToken(tx, placement!.token)))?.seenAt, seenAt, 'the first time is kept')
})

test('a preview robot confirms a share at its own network only, and is named as what said so', async () => {
  const [who] = await graduates(1)
  const [x, linkedin] = await start(to(who!, 'x'), to(who!, 'linkedin_post'))
  await t.db.transaction((tx) => confirmFetched(tx, { fetches: [{ token: x!.token, network: 'linkedin' }, { token: linkedin!.token, network: 'linkedin' }, { token: 'nobody', network: 'x' }] }))
  const shares = (await t.db.read((tx) => sharesOf(tx, [who!.credential.id]))).get(who!.credential.id)!
  assert.deepEqual(shares.map((one) => [one.target, one.confirmedBy]).toSorted(), [['linkedin_post', 'preview_bot'], ['x', undefined]])
})

test('a profile’s own list is the strongest evidence, by number or by address; it makes nothing visible, and a later click is told as one', async () => {
  const [byId, byAddress, neither] = await graduates(3)
  const list = (who: Graduate, ...listed: { readonly address: string; readonly id: string }[]) => t.db.transaction((tx) => listShares(tx, { learnerIds: [who.learner.id], listed, publicUrl: t.world.config.publicUrl }))
  const others = { address: 'https://elsewhere.example/c/x', id: 'Elsewhere 1' }
  assert.deepEqual(await list(byId!, others, { address: '', id: byId!.credential.publicId }), [byId!.credential.publicId])
  assert.deepEqual(await list(byAddress!, { address: `${t.world.config.publicUrl}/c/${byAddress!.credential.publicId}?s=abc&trk=x`, id: '' }), [byAddress!.credential.publicId])
  assert.deepEqual(await list(neither!, others, { address: `https://elsewhere.example/c/${neither!.credential.publicId}`, id: byId!.credential.publicId }), [], 'nobody lists what is another’s, nor by another site’s address')
  const share = async (who: Graduate) => (await t.db.read((tx) => sharesOf(tx, [who.credential.id]))).get(who.credential.id)?.[0]
  const listed = await share(byId!)
  assert.deepEqual([listed?.target, listed?.confirmedBy, listed?.clickedAt, await visibilityOf(byId!)], ['linkedin_profile', 'profile_export', undefined, 'private'])
  assert.equal(await share(neither!), undefined)
  await list(byId!, { address: '', id: byId!.credential.publicId })
  const [clicked] = await start(to(byId!, 'linkedin_profile'))
  assert.deepEqual([clicked?.id, clicked?.token, clicked?.confirmedBy, clicked?.clickedAt === undefined], [listed?.id, listed?.token, 'profile_export', false])
})

test('a thousand at once', async () => {
  const many = await graduates(1_000)
  const placements = await start(...many.map((one) => to(one, 'linkedin_profile')))
  assert.equal(new Set(placements.map((one) => one.token)).size, 1_000)
  assert.deepEqual(placements.map((one) => one.credentialId), many.map((one) => one.credential.id), 'in the order of the input')
  assert.equal((await t.db.transaction((tx) => confirmShares(tx, placements.map((one) => ({ token: one.token, by: 'simulation' as const }))))).length, 1_000)
})

test('an erased learner’s tokens lead nowhere, and that a share was made stays', async () => {
  const [who] = await graduates(1)
  const [placement] = await start(to(who!, 'x'))
  await t.db.transaction((tx) => eraseLearners(tx, [who!.learner.id]))
  assert.equal(await t.db.read((tx) => placementByToken(tx, placement!.token)), undefined)
  const shares = (await t.db.read((tx) => sharesOf(tx, [who!.credential.id]))).get(who!.credential.id)!
  assert.deepEqual(shares.map((one) => one.clickedAt), [placement!.clickedAt])
})
