/** The copy of their data that LinkedIn gives a learner, as far as it says where a credential stands and, where that is allowed, at what they work. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { isFault } from '#kernel/fault'
import { achievementsById } from '#journey/completion'
import { credentialsOfLearners } from '#journey/credential'
import { importOutcomes, readPositions, type PositionsRead } from '#journey/outcome'
import { consentsOf } from '#journey/party'
import { listShares, readCertifications, type ListedCertificate } from '#journey/share'
import { page, rates, route, uploadBody, type Rate, type Route, type Who } from '#interfaces/http'
import type { Tx } from '#platform/db'
import { textIn } from './present-credential.ts'
import { profilePage, type ProfileFault, type ProfileView } from './profile-page.ts'

const address = '/me/profile'
const addresses = { address, backAddress: '/me' }
/** A list of certificates and one of positions; a whole archive is larger and is not wanted. */
const largestBytes = 2_000_000
const rate: Rate = { name: 'profile', per: 'caller', limit: 30, seconds: 3600, burst: 10 }
const csv = z.string().max(largestBytes).optional()

export const profileRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: address,
    summary: 'How a learner shows what their LinkedIn profile lists.',
    roles: ['learner'],
    rate: rates.pages,
    handler: async ({ chrome }) => page(profilePage(addresses, chrome())),
  }),
  route({
    method: 'POST',
    path: address,
    summary: 'Keeps which credentials a profile lists and, where the learner allows it, the positions in it.',
    roles: ['learner'],
    csrf: 'form',
    audit: 'share.list',
    rate,
    body: uploadBody(z.strictObject({ certifications: csv, positions: csv }), { mediaTypes: ['text/csv', 'text/plain', 'application/csv', 'application/vnd.ms-excel', 'application/octet-stream', 'application/zip', 'application/x-zip-compressed'], limit: 2 * largestBytes + 100_000 }),
    async handler({ input, who, world, change, chrome }) {
      const again = (wrong: Pick<ProfileView, 'fault' | 'unread'>) => page(profilePage({ ...addresses, ...wrong }, chrome()), { status: 422 })
      const given = await read({ ...input.body.fields, file: await input.body.file?.readAll() })
      if (typeof given === 'string') return again({ fault: given })
      if (given.positions !== undefined && given.positions.unread.length > 0) return again({ unread: given.positions.unread.slice(0, 20) })
      const found = await change(
        async (tx) => ({
          ...(given.certifications === undefined ? {} : { credentials: await keepListed(tx, who, given.certifications, world.config.publicUrl) }),
          ...(given.positions === undefined ? {} : { positions: await keepPositions(tx, who, given.positions) }),
        }),
        (kept) => ({ subject: who.learners[0]?.id, issuerId: who.learners[0]?.issuerId, after: { credentials: kept.credentials?.length, positions: kept.positions } }),
      )
      return page(profilePage({ ...addresses, found }, chrome()))
    },
  }),
]

interface Given {
  readonly certifications?: readonly ListedCertificate[]
  readonly positions?: PositionsRead
}

/** What came, each list by its own columns. */
async function read(fields: { readonly certifications?: string | undefined; readonly positions?: string | undefined; readonly file: Uint8Array | undefined }): Promise<Given | ProfileFault> {
  const texts = [fields.certifications, fields.positions].filter((one) => one !== undefined && one.trim() !== '').map((one) => Buffer.from(one ?? ''))
  if (fields.file !== undefined && fields.file.length > 0) texts.push(Buffer.from(fields.file))
  if (texts.length === 0) return 'empty'
  let given: Given = {}
  for (const text of texts) {
    if (text.subarray(0, 2).toString('latin1') === 'PK') return 'zip'
    const header = text.subarray(0, 2_000).toString('utf8').split(/\r?\n/)[0]?.toLowerCase() ?? ''
    try {
      if (header.includes('license number')) given = { ...given, certifications: await readCertifications(whole(text)) }
      else if (header.includes('company name')) given = { ...given, positions: await readPositions(whole(text)) }
      else return 'other'
    } catch (error) {
      if (isFault(error)) return 'broken'
      throw error
    }
  }
  return given
}

async function* whole(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

async function keepListed(tx: Tx, who: Who, listed: readonly ListedCertificate[], publicUrl: string): Promise<readonly { readonly name: string; readonly address: string }[]> {
  const learnerIds = who.learners.map((one) => one.id)
  const found = new Set(await listShares(tx, { learnerIds, listed, publicUrl }))
  const credentials = (await credentialsOfLearners(tx, learnerIds)).filter((one) => found.has(one.publicId))
  const achievements = await achievementsById(tx, credentials.map((one) => one.achievementId))
  return credentials.map((one) => ({ name: textIn(achievements.get(one.achievementId)?.document ?? {}, 'name') ?? one.publicId, address: `/c/${one.publicId}` }))
}

/** For each issuer whom the learner allows to know; the same list twice changes nothing but the day on which it was last seen. */
async function keepPositions(tx: Tx, who: Who, { positions }: PositionsRead): Promise<number | 'not_allowed'> {
  const consents = await consentsOf(tx, who.learners.map((one) => one.id))
  const allowed = who.learners.filter((one) => consents.get(one.id)?.outcome === true)
  if (allowed.length === 0) return 'not_allowed'
  for (const learner of allowed) {
    const seen = { externalId: learner.externalId, observedAt: tx.now }
    const digest = createHash('sha256').update(JSON.stringify([learner.id, tx.now, positions])).digest('hex')
    await importOutcomes(tx, { issuerId: learner.issuerId, source: 'profile_export', digest, rows: positions.length === 0 ? [seen] : positions.map((position) => ({ ...seen, position })) })
  }
  return positions.length
}
