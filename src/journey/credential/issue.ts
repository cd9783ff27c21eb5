/**
 * Issuing, in the order in which a crash can do no harm (docs/explanation/issuance.md):
 *
 *   1. build and lint each document, allot its status index, and commit it as prepared; nothing is signed yet
 *   2. sign what was prepared, and nothing else
 *   3. store the signatures and announce them, in one transaction
 *
 * Ended between any two of these, the job runs again and finds what was prepared: the same document, the same proof date and an Ed25519
 * signature (which has no chance in it, RFC 8032) give the same bytes. One credential a completion is the database's own constraint.
 */
import { buildAchievementCredential, hashedIdentity, isRefused, lint, namedIdentity, parseAchievement, type Achievement as OpenBadgeAchievement, type Profile } from '#kernel/openbadge'
import { encodeMultikey, type KeyPair } from '#kernel/proof'
import { achievementsById, completionsById, type Achievement } from '#journey/completion'
import { fault as partyFault, issuerById, learnersById, type Issuer, type Learner } from '#journey/party'
import type { Tx } from '#platform/db'
import type { World } from '#platform/world'
import { achievementAddress, credentialAddress, statusListAddress } from './address.ts'
import { allotStatusPlaces, type StatusPlace } from './allot.ts'
import { credentialIssued } from './events.ts'
import { fault } from './faults.ts'
import { issuerDid } from './issuer-did.ts'
import { openKey, openKeyById } from './key.ts'
import { signPrepared } from './sign.ts'
import { completionsLeftBehind, completionsWithCredential, insertPrepared, preparedFor, storeSigned, type NewCredential, type Prepared } from './store.ts'

type Needs = Pick<World, 'db' | 'secrets' | 'config' | 'clock' | 'ids'>

/** Issues the credentials of completions. Safe to repeat: the same completion gives the same credential. */
export async function issueCredentials(needs: Needs, recorded: { readonly issuerId: string; readonly completionIds: readonly string[] }): Promise<void> {
  const fresh = await needs.db.transaction((tx) => prepare(tx, needs, recorded))
  // What was written a moment ago is known; only what was prepared before is read back.
  const rest = recorded.completionIds.filter((id) => !fresh.completionIds.has(id))
  const { issuer, earlier } = await needs.db.read(async (tx) => ({ issuer: await known(tx, recorded.issuerId), earlier: rest.length === 0 ? [] : await preparedFor(tx, rest) }))
  const prepared: readonly Prepared[] = [...fresh.prepared, ...earlier]
  for (const keyId of new Set(prepared.map((one) => one.keyId))) {
    const key = await needs.db.read((tx) => openKeyById(tx, needs.secrets, issuer, keyId))
    const signed = await signPrepared(prepared.filter((one) => one.keyId === keyId), key.pair, needs.config, issuer, () => uniform(needs.ids.bytes(4)))
    await needs.db.transaction(async (tx) => {
      const credentialIds = await storeSigned(tx, keyId, signed)
      if (credentialIds.length > 0) await tx.announce(credentialIssued({ issuerId: issuer.id, credentialIds }))
    })
  }
}

/** Finishes what was prepared and, a minute later, still not signed. */
export async function issueLeftBehind(needs: Needs): Promise<void> {
  const byIssuer = await needs.db.read((tx) => completionsLeftBehind(tx, new Date(tx.now.getTime() - 60_000), 1_000))
  for (const [issuerId, completionIds] of byIssuer) await issueCredentials(needs, { issuerId, completionIds })
}

interface Fresh {
  readonly prepared: readonly Prepared[]
  readonly completionIds: ReadonlySet<string>
}

async function prepare(tx: Tx, needs: Needs, recorded: { readonly issuerId: string; readonly completionIds: readonly string[] }): Promise<Fresh> {
  const done = await completionsWithCredential(tx, recorded.completionIds)
  const missing = recorded.completionIds.filter((id) => !done.has(id))
  if (missing.length === 0) return { prepared: [], completionIds: new Set() }
  const issuer = await known(tx, recorded.issuerId)
  const key = await openKey(tx, needs.secrets, issuer)
  const profile = issuerProfile(needs.config, issuer, key.pair)
  const completions = await completionsById(tx, missing)
  const learners = await learnersById(tx, [...completions.values()].map((one) => one.learnerId))
  const achievements = await achievementsById(tx, [...new Set([...completions.values()].map((one) => one.achievementId))])
  const inOrder = missing.flatMap((id) => {
    const completion = completions.get(id)
    const learner = completion && learners.get(completion.learnerId)
    const achievement = completion && achievements.get(completion.achievementId)
    return completion && learner && !learner.erasedAt && achievement ? [{ completion, learner, achievement }] : []
  })
  const places = await allotStatusPlaces(tx, issuer.id, inOrder.length, needs.config)
  const openBadgeAchievements = new Map([...achievements.values()].map((one) => [one.id, asOpenBadge(one, issuer, needs)]))

  const credentials = inOrder.map(({ completion, learner, achievement }, at): NewCredential & Pick<Prepared, 'document'> => {
    const publicId = tx.ids.token()
    const place = places[at]!
    const document = buildAchievementCredential({
      ...completion.claims,
      id: credentialAddress(needs.config, publicId),
      issuer: profile,
      achievement: openBadgeAchievements.get(achievement.id)!,
      subject: { identifier: identifiers(tx, learner) },
      validFrom: toSecond(completion.completedAt),
      status: statusPlaces(needs.config, place),
    })
    refuseUnfit(document)
    return {
      id: tx.ids.uuid(tx.now),
      publicId,
      completionId: completion.id,
      learnerId: learner.id,
      achievementId: achievement.id,
      statusListId: place.listId,
      statusIndex: place.index,
      suspensionListId: place.suspensionListId,
      validFrom: completion.completedAt,
      prepared: JSON.stringify(document),
      document,
    }
  })
  const written = await insertPrepared(tx, issuer.id, key.id, credentials)
  const kept = credentials.filter((one) => written.has(one.id))
  return { prepared: kept.map(({ id, document }) => ({ id, keyId: key.id, document, preparedAt: tx.now })), completionIds: new Set(kept.map((one) => one.completionId)) }
}

/** Revocation first: readers that know one entry only look at that. */
function statusPlaces(site: Needs['config'], { listId, index, suspensionListId }: StatusPlace) {
  const revocation = { statusListCredential: statusListAddress(site, listId), index, purpose: 'revocation' as const }
  return suspensionListId === undefined ? revocation : [revocation, { statusListCredential: statusListAddress(site, suspensionListId), index, purpose: 'suspension' as const }]
}

/** The learner's name, and the mail address as a salted hash: whoever knows the address can see that it is this learner's. */
function identifiers(tx: Tx, learner: Learner) {
  const named = namedIdentity(learner.name)
  return learner.email === undefined ? [named] : [named, hashedIdentity('emailAddress', learner.email, tx.ids.token())]
}

export function issuerProfile(site: Needs['config'], issuer: Issuer, pair: KeyPair): Profile {
  return { id: issuerDid(site, issuer, encodeMultikey(pair.publicKey)), type: ['Profile'], name: issuer.name, ...(issuer.url === undefined ? {} : { url: issuer.url }) }
}

export function asOpenBadge(achievement: Achievement, issuer: Issuer, needs: Pick<Needs, 'config'>): OpenBadgeAchievement {
  const parsed = parseAchievement(achievement.document)
  if (!parsed.ok) throw new TypeError(`achievement ${achievement.id} was kept although it has faults`)
  return { ...parsed.value, id: achievementAddress(needs.config, issuer, achievement) }
}

export function refuseUnfit(document: Parameters<typeof lint>[0], index?: number): void {
  const findings = lint(document)
  if (!isRefused(findings)) return
  const serious = findings.filter((finding) => finding.rule !== 'note')
  throw fault.not_fit({ count: serious.length, first: serious[0]?.sentence ?? '', ...(index === undefined ? {} : { index }) }, { findings: serious })
}

/** 32 bits of chance as a number in [0, 1). */
export const uniform = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) / 2 ** 32

/** xsd:dateTimeStamp without fractions, which every verifier reads alike. */
export const toSecond = (time: Date) => `${time.toISOString().slice(0, 19)}Z`

async function known(tx: Tx, issuerId: string): Promise<Issuer> {
  const issuer = await issuerById(tx, issuerId)
  if (!issuer) throw partyFault.unknown_issuer({ issuer: issuerId })
  return issuer
}

