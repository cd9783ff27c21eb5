import assert from 'node:assert/strict'
import { after, before as beforeAll, test } from 'node:test'
import { eraseLearners } from '#journey/party'
import { confirmShares, markSeen, sharesOf, startShares, type ShareStarted } from '#journey/share'
import { provider, type Graduate, type Provider } from '#test/provider'
import { shareCounts } from './index.ts'

let t: Provider
beforeAll(async () => {
  t = await provider()
})
after(() => t.close())

const graduates = async (number: number) => await t.complete(Array.from({ length: number }, (_, i) => `Learner ${i}`))
const to = (who: Graduate, target: string): ShareStarted => ({ credentialId: who.credential.id, learnerId: who.learner.id, target })
const start = (...shares: readonly ShareStarted[]) => t.db.transaction((tx) => startShares(tx, shares))

test('evidence of each kind is kept apart, once and with its first time; a share counts once by the strongest', async () => {
  const [who, other] = await graduates(2)
  const [profile, post, mail] = await start(to(who!, 'linkedin_profile'), to(who!, 'linkedin_post'), to(other!, 'email'))
  const confirm = (placement: { readonly token: string } | undefined, ...kinds: readonly ('learner' | 'preview_bot' | 'profile_export')[]) =>
    t.db.transaction((tx) => confirmShares(tx, kinds.map((by) => ({ token: placement!.token, by }))))
  const before = await t.db.read((tx) => shareCounts(tx, t.issuer.id))
  const of = async (target: string) => {
    const now = await t.db.read((tx) => shareCounts(tx, t.issuer.id))
    const [one, was] = [now, before].map((counts) => counts.places.find((place) => place.target === target)!)
    const less = (pick: (place: typeof one) => number) => pick(one) - pick(was)
    return { went: one!.went, told: less((p) => p!.told), exported: less((p) => p!.exported), fetched: less((p) => p!.fetched), seen: less((p) => p!.seen), best: Object.entries(one!.strongest).map(([grade, count]) => [grade, count - was!.strongest[grade as 'told']] as const).filter(([, count]) => count !== 0) }
  }
  await confirm(profile, 'preview_bot')
  assert.deepEqual((await of('linkedin_profile')).best, [['fetched', 1], ['went', -1]])
  await t.db.transaction((tx) => markSeen(tx, { placementTokens: [profile!.token, post!.token] }))
  assert.deepEqual((await of('linkedin_profile')).best, [['seen', 1], ['went', -1]])
  await confirm(profile, 'learner', 'learner')
  await confirm(profile, 'profile_export', 'learner')
  const known = await of('linkedin_profile')
  assert.deepEqual([known.told, known.exported, known.fetched, known.seen, known.best], [1, 1, 1, 1, [['exported', 1], ['went', -1]]])
  const kept = (await t.db.read((tx) => sharesOf(tx, [who!.credential.id]))).get(who!.credential.id)!.find((one) => one.target === 'linkedin_profile')
  assert.equal(kept?.confirmedBy, 'preview_bot', 'who was first stays who was first')
  assert.deepEqual((await of('linkedin_post')).best, [['seen', 1], ['went', -1]])
  assert.ok(mail)
  await t.db.transaction((tx) => eraseLearners(tx, [who!.learner.id]))
  assert.equal((await t.db.read((tx) => shareCounts(tx, t.issuer.id))).places.find((place) => place.target === 'linkedin_post')?.seen ?? 0, before.places.find((place) => place.target === 'linkedin_post')!.seen)
})
