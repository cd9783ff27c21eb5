/** A credential in the forms that people carry it in: paper, a picture with the credential inside, a token. Whoever may open its page may have them. */
import { z } from 'zod'
import { bakePng, bakeSvg, type JsonObject } from '#kernel/openbadge'
import { factsOf, type Facts } from '#kernel/verify'
import { issuerById, issuerLogo } from '#journey/party'
import { credentialAddress, credentialToken, fault, proofBytes, type Credential } from '#journey/credential'
import { file, rates, route, type Answer, type Rate, type Route, type Who } from '#interfaces/http'
import { badgeSvg, certificatePdf, rasterPng } from '#interfaces/look'
import type { World } from '#platform/world'
import { findCredential } from './find-credential.ts'

/** Drawing takes tenths of a second; more often than a person presses is somebody else's program. */
const drawing: Rate = { name: 'drawing', per: 'caller', limit: 30, seconds: 60, burst: 10 }

/** Side of the badge in pixels: what the pages of other platforms show large. */
const badgePixels = 600

interface Form {
  readonly ending: string
  readonly says: string
  readonly mediaType: string
  readonly rate: Rate
  readonly make: (world: World, credential: Credential & { readonly signed: string }) => Promise<string | Uint8Array>
}

const forms: readonly Form[] = [
  { ending: 'pdf', says: 'a certificate on paper, with the signed credential attached', mediaType: 'application/pdf', rate: drawing, make: certificate },
  { ending: 'png', says: 'a baked badge (Open Badges 3.0 §5.3)', mediaType: 'image/png', rate: drawing, make: async (_, { signed }) => bakePng(await rasterPng(badgeSvg(proofBytes(signed), shownIn(signed).what ?? ''), badgePixels, badgePixels), signed) },
  { ending: 'svg', says: 'a baked badge (Open Badges 3.0 §5.3)', mediaType: 'image/svg+xml', rate: drawing, make: async (_, { signed }) => bakeSvg(badgeSvg(proofBytes(signed), shownIn(signed).what ?? ''), signed) },
  { ending: 'jws', says: 'a token (Open Badges 3.0 §8.2)', mediaType: 'application/jwt', rate: rates.pages, make: credentialToken },
]

export const downloadRoutes: readonly Route[] = forms.map((form) =>
  route({
    method: 'GET',
    path: `/c/:file{[A-Za-z0-9_-]{22}\\.${form.ending}}`,
    summary: `The credential as ${form.says}.`,
    roles: ['anonymous'],
    rate: form.rate,
    params: z.strictObject({ file: z.string().max(32) }),
    answers: { 200: { says: 'Made anew from the signed document.', mediaType: form.mediaType } },
    handler: async ({ input, who, world }) => await download(world, form, input.params.file.slice(0, -(form.ending.length + 1)), who),
  }),
)

async function download(world: World, form: Form, publicId: string, who: Who): Promise<Answer> {
  const { credential } = await world.db.read((tx) => findCredential(tx, publicId, who))
  if (credential.signed === undefined || credential.revokedAt || credential.suspendedAt || credential.withdrawnAt) throw fault.not_in_force()
  const made = await form.make(world, { ...credential, signed: credential.signed })
  return file(typeof made === 'string' ? made : new Uint8Array(made), form.mediaType, { name: `${publicId}.${form.ending}` })
}

/** What the document says; it is our own, as it was signed. */
const shownIn = (signed: string): Facts => factsOf(JSON.parse(signed) as JsonObject)

async function certificate(world: World, { publicId, issuerId, signed, validFrom }: Credential & { readonly signed: string }): Promise<Uint8Array> {
  const facts = shownIn(signed)
  const { colour, logo, png } = await world.db.read(async (tx) => {
    const issuer = await issuerById(tx, issuerId)
    return { colour: issuer?.colour, logo: issuer?.logo, png: issuer?.logo && (await issuerLogo(tx, issuerId, issuer.logo.key)) }
  })
  return await certificatePdf({
    language: facts.language ?? 'en',
    issuer: facts.issuerName ?? '',
    learner: facts.who ?? '',
    achievement: { name: facts.what ?? '', description: facts.description ?? '', ...(facts.achievementType === undefined ? {} : { type: facts.achievementType }) },
    ...(facts.assessed === undefined && facts.criteria === undefined ? {} : { assessed: facts.assessed ?? facts.criteria ?? '' }),
    ...(facts.results[0] === undefined ? {} : { result: facts.results[0].value }),
    ...(facts.hours === undefined ? {} : { workload: `PT${facts.hours}H` }),
    issuedAt: validFrom,
    ...(facts.validUntil === undefined ? {} : { validUntil: new Date(facts.validUntil) }),
    address: credentialAddress(world.config, publicId),
    proofBytes: proofBytes(signed),
    ...(colour === undefined ? {} : { colour }),
    ...(logo === undefined || png === undefined ? {} : { logo: { ...logo, png } }),
    attached: { name: `${publicId}.json`, text: signed },
  })
}
