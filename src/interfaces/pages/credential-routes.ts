/** The page of a credential, its document, what its page says about having been seen, and its visibility. */
import { z } from 'zod'
import { achievementsById } from '#journey/completion'
import { countCredentials, credentialVersions, setKnownAs, setVisibility, verifyHere, visibilities, type Credential } from '#journey/credential'
import { promptAtVisit, type Prompt } from '#journey/nudge'
import { issuerById } from '#journey/party'
import { hitOf, recordHits, viewsOf } from '#journey/view'
import { file, formBody, nothing, page, rates, redirect, route, type ReadyRule, type RequestFacts, type Route } from '#interfaces/http'
import type { World } from '#platform/world'
import { credentialPage, type CredentialView } from './credential-page.ts'
import { findCredential, findOwnCredential, publicId } from './find-credential.ts'
import { presentCredential } from './present-credential.ts'
import { presentPrompt } from './present-prompt.ts'
import { withdrawnPage } from './withdrawn-page.ts'

const token = z.string().max(64)
const params = z.strictObject({ publicId })

/** A page that was verified longer ago than this is verified anew. What is on record of the credential and its key is never old (ready.ts); its issuer's new name or colour may be by so much. */
const verifiedSeconds = 60

const ready: ReadyRule = {
  by: 'publicId',
  notWith: ['n'],
  seconds: verifiedSeconds,
  versions: credentialVersions,
  async seen(world, looks) {
    const hits = looks.map(({ request, search, subject }) => lookOf(world, request, { credentialId: subject, owner: false, placement: token.safeParse(search.get('s')).data }))
    await world.db.transaction((tx) => recordHits(tx, hits))
  },
}

export const credentialRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/',
    summary: 'Leads to the page where any credential is verified.',
    roles: ['anonymous'],
    rate: { none: 'A redirect.' },
    handler: async () => redirect('/verify'),
  }),
  route({
    method: 'GET',
    path: '/c/:publicId',
    summary: 'The page of a credential, verified while it is made.',
    roles: ['anonymous'],
    hits: true,
    ready,
    rate: { none: 'Public pages are asked for by many at once.' },
    params,
    query: z.strictObject({ s: token.optional(), n: token.optional() }),
    otherQuery: 'passed over',
    async handler({ input, who, world, request, chrome }) {
      const { credential, isOwner, message } = await world.db.read((tx) => findCredential(tx, input.params.publicId, who, input.query.n))
      if (credential.withdrawnAt) return page(withdrawnPage({ publicId: credential.publicId, verifyAddress: '/verify' }, chrome({ csrf: '' })), { status: 410 })
      const prompt = await noteVisit(world, request, credential, { isOwner, placement: input.query.s, sinceMailMs: message?.at && request.at.getTime() - message.at.getTime() })
      const report = await verifyHere(world, credential.signed ?? '')
      const facts = await world.db.read(async (tx) => ({
        issuer: await issuerById(tx, credential.issuerId),
        achievement: (await achievementsById(tx, [credential.achievementId])).get(credential.achievementId),
        views: isOwner ? (await viewsOf(tx, [credential.id])).get(credential.id) : undefined,
        signed: (await countCredentials(tx, credential.issuerId)).signed,
      }))
      const view = presentCredential({ credential, report, ...facts, site: world.config, isOwner, mailToken: message?.token, prompt: prompt && facts.achievement && presentPrompt(prompt, facts.achievement, who) })
      if (isOwner) return page(credentialPage(view, chrome()))
      return page(credentialPage(view, chrome({ csrf: '' })), message || credential.visibility === 'private' ? {} : { ready: { subject: credential.id, ...turning(view) } })
    },
  }),
  route({
    method: 'GET',
    path: '/c/:file{[A-Za-z0-9_-]{22}\\.json}',
    summary: 'The signed document of a credential.',
    roles: ['anonymous'],
    rate: rates.pages,
    crossOrigin: true,
    params: z.strictObject({ file: z.string().max(32) }),
    answers: { 200: { says: 'The document as it was signed, byte for byte.', mediaType: 'application/vc' } },
    async handler({ input, who, world }) {
      const { credential } = await world.db.read((tx) => findCredential(tx, input.params.file.slice(0, -'.json'.length), who))
      return file(credential.signed ?? '', 'application/vc', { name: `${credential.publicId}.json`, ...(credential.withdrawnAt ? { status: 410 } : {}) })
    },
  }),
  route({
    method: 'POST',
    path: '/c/:publicId/view',
    summary: 'The page says that it was before somebody’s eyes.',
    roles: ['anonymous'],
    csrf: 'origin',
    audit: { none: 'A look is kept as a look, in a log of its own.' },
    rate: rates.pages,
    params,
    body: formBody(z.strictObject({ token: token, visible_ms: z.coerce.number().int().min(0).max(86_400_000), automated: z.enum(['yes', 'no']) })),
    async handler({ input, who, world, request }) {
      const { credential, isOwner } = await world.db.read((tx) => findCredential(tx, input.params.publicId, who))
      // A browser that says it is driven by a program is one.
      const userAgent = input.body.automated === 'yes' && world.config.publicUrl.startsWith('https:') ? `${request.userAgent ?? ''} (automated; bot)` : request.userAgent
      const hit = hitOf(world.secrets, { credentialId: credential.id, kind: 'beacon', at: request.at, method: 'POST', address: request.address, userAgent, referrer: undefined, owner: isOwner, placementToken: input.body.token || undefined, visibleMs: input.body.visible_ms })
      await world.db.transaction((tx) => recordHits(tx, [hit]))
      return nothing()
    },
  }),
  route({
    method: 'POST',
    path: '/c/:publicId/visibility',
    summary: 'The learner decides who may see the page.',
    roles: ['learner'],
    csrf: 'form',
    audit: 'credential.visibility',
    rate: rates.pages,
    params,
    body: formBody(z.strictObject({ visibility: z.enum(visibilities) })),
    async handler({ input, who, change }) {
      await change(
        async (tx) => {
          const credential = await findOwnCredential(tx, input.params.publicId, who)
          await setVisibility(tx, { credentialId: credential.id, visibility: input.body.visibility })
          return credential
        },
        (credential) => ({ subject: credential.id, issuerId: credential.issuerId, before: credential.visibility, after: input.body.visibility }),
      )
      return redirect(`/c/${input.params.publicId}`)
    },
  }),
  route({
    method: 'POST',
    path: '/c/:publicId/known-as',
    summary: 'The learner says by which name they are known; the page shows it beside the signed one.',
    roles: ['learner'],
    csrf: 'form',
    audit: 'credential.known_as',
    rate: rates.pages,
    params,
    body: formBody(z.strictObject({ name: z.string().max(100) })),
    async handler({ input, who, change }) {
      await change(
        async (tx) => {
          const credential = await findOwnCredential(tx, input.params.publicId, who)
          await setKnownAs(tx, { credentialId: credential.id, name: input.body.name })
          return credential
        },
        (credential) => ({ subject: credential.id, issuerId: credential.issuerId }), // the name itself is the learner's, and is erased with them
      )
      return redirect(`/c/${input.params.publicId}`)
    },
  }),
]

/** When the page will say something else by itself: the credential begins to hold, or ends. */
function turning(view: CredentialView): { readonly until?: Date } {
  const next = view.standing === 'not_yet' ? view.issuedAt : view.standing === 'in_force' ? view.validUntil : undefined
  return next === undefined ? {} : { until: next }
}

const lookOf = (world: World, request: RequestFacts, look: { readonly credentialId: string; readonly owner: boolean; readonly placement: string | undefined; readonly sinceMailMs?: number | undefined }) =>
  hitOf(world.secrets, {
    credentialId: look.credentialId,
    kind: 'page',
    at: request.at,
    method: request.method,
    address: request.address,
    userAgent: request.userAgent,
    purpose: request.prefetch ? 'prefetch' : undefined,
    referrer: request.referrerHost === undefined ? undefined : `https://${request.referrerHost}`,
    owner: look.owner,
    placementToken: look.placement,
    sinceMailMs: look.sinceMailMs,
  })

/** Keeps the look, and shows the learner the prompt that is due at a visit. */
async function noteVisit(world: World, request: RequestFacts, credential: Credential, how: { readonly isOwner: boolean; readonly placement: string | undefined; readonly sinceMailMs: number | undefined }): Promise<Prompt | undefined> {
  const hit = lookOf(world, request, { credentialId: credential.id, owner: how.isOwner, placement: how.placement, sinceMailMs: how.sinceMailMs })
  const visits = how.isOwner && request.method === 'GET' && !request.prefetch
  return await world.db.transaction(async (tx) => {
    await recordHits(tx, [hit])
    return visits ? (await promptAtVisit(tx, [{ learnerId: credential.learnerId, credentialId: credential.id }]))[0] : undefined
  })
}

