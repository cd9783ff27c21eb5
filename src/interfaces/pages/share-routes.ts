/** Sharing: the sheet, the click that is recorded and leads on, the learner's own word that it is done, and the answers to prompts. */
import { z } from 'zod'
import { achievementsById } from '#journey/completion'
import { credentialsById, type Credential } from '#journey/credential'
import { clickPrompts, declinePrompts, dismissPrompts, messagesByToken, messagesOfLearners } from '#journey/nudge'
import { issuerById } from '#journey/party'
import { confirmShares, linkedinFields, placementAddress, shareAddress, sharesOf, startShares, targetById, targets, type Placement, type ShareFacts, type Target } from '#journey/share'
import { fault, formBody, leave, page, rates, redirect, route, type Route } from '#interfaces/http'
import { wordsOf } from '#interfaces/look'
import type { Tx } from '#platform/db'
import { findOwnCredential, publicId } from './find-credential.ts'
import { textIn } from './present-credential.ts'
import { sharePage, type ShareTarget, type ShareView } from './share-page.ts'

const params = z.strictObject({ publicId })
const withTarget = z.strictObject({ publicId, target: z.enum(targets.map((one) => one.id) as [string, ...string[]]) })

/** Where a POST may lead: the origins of the targets' own addresses. */
const leadsTo = [...new Set(targets.flatMap((one) => (one.address?.base.startsWith('https://') && !one.address.base.includes('{') ? [new URL(one.address.base).origin] : [])))]

/** Targets that a server can lead to; the others are links, codes and text in the page. */
const reachable = (target: Target) => target.address !== undefined && target.address.base.startsWith('https://') && target.asks === undefined

export const shareRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/c/:publicId/share',
    summary: 'The learner chooses where to share, and copies what a network’s form asks for.',
    roles: ['learner'],
    rate: rates.pages,
    params,
    leadsTo,
    async handler({ input, who, world, chrome, request }) {
      const view = await world.db.read(async (tx) => {
        const credential = await findOwnCredential(tx, input.params.publicId, who)
        const placements = (await sharesOf(tx, [credential.id])).get(credential.id) ?? []
        const facts = await factsFor(tx, credential, world.config, request.language, placements.find((one) => one.target === 'linkedin_profile'))
        return present(credential, facts, placements, request.language, world.config)
      })
      return page(sharePage(view, chrome()))
    },
  }),
  route({
    method: 'POST',
    path: '/c/:publicId/share/:target',
    summary: 'Records that the learner goes off to share, and leads there.',
    roles: ['learner'],
    csrf: 'form',
    audit: 'share.start',
    rate: rates.pages,
    params: withTarget,
    body: formBody(z.strictObject({})),
    leadsTo,
    async handler({ input, who, world, change, request }) {
      const target = targetById(input.params.target)
      const address = await change(
        async (tx) => {
          const credential = await findOwnCredential(tx, input.params.publicId, who)
          const [placement] = await startShares(tx, [{ credentialId: credential.id, learnerId: credential.learnerId, target: input.params.target, promptedBy: await promptFollowed(tx, credential) }])
          return target && placement && reachable(target) ? shareAddress(target, await factsFor(tx, credential, world.config, request.language, placement)) : undefined
        },
        () => ({ subject: input.params.publicId }),
      )
      return address === undefined ? redirect(`/c/${input.params.publicId}/share#address`) : leave(address)
    },
  }),
  route({
    method: 'POST',
    path: '/c/:publicId/share/:target/answer',
    summary: 'The learner says whether the credential is there now.',
    roles: ['learner'],
    csrf: 'form',
    audit: 'share.confirm',
    rate: rates.pages,
    params: withTarget,
    body: formBody(z.strictObject({ answer: z.enum(['confirmed', 'later']) })),
    async handler({ input, who, change }) {
      await change(
        async (tx) => {
          const credential = await findOwnCredential(tx, input.params.publicId, who)
          if (input.body.answer === 'later') return
          const [placement] = await startShares(tx, [{ credentialId: credential.id, learnerId: credential.learnerId, target: input.params.target, promptedBy: await promptFollowed(tx, credential) }])
          if (placement) await confirmShares(tx, [{ token: placement.token, by: 'learner' }])
        },
        () => ({ subject: input.params.publicId, after: input.body.answer }),
      )
      return redirect(`/c/${input.params.publicId}/share`)
    },
  }),
  route({
    method: 'POST',
    path: '/prompts/:token',
    summary: 'The answer to a prompt: follow it, not now, or close it.',
    roles: ['learner'],
    csrf: 'form',
    audit: 'prompt.answer',
    rate: rates.pages,
    params: z.strictObject({ token: z.string().max(64) }),
    body: formBody(z.strictObject({ answer: z.enum(['accept', 'decline', 'close']) })),
    async handler({ input, who, change }) {
      const { token } = input.params
      const credential = await change(
        async (tx) => {
          const message = (await messagesByToken(tx, [token])).get(token)
          if (!message || !who.learners.some((one) => one.id === message.learnerId)) throw fault.nothing_here()
          if (input.body.answer === 'accept') await clickPrompts(tx, [token])
          if (input.body.answer === 'close' || (input.body.answer === 'decline' && message.step === 'share-1')) await dismissPrompts(tx, [token])
          if (input.body.answer === 'decline' && message.step !== 'share-1') await declinePrompts(tx, [token])
          return (await credentialsById(tx, [message.credentialId])).get(message.credentialId)
        },
        (found) => ({ subject: found?.id, issuerId: found?.issuerId, after: input.body.answer }),
      )
      if (!credential) throw fault.nothing_here()
      return redirect(input.body.answer === 'accept' ? `/c/${credential.publicId}/share` : `/c/${credential.publicId}`)
    },
  }),
]

/** The nudge that brought the learner here, the newest that they followed for this credential. */
async function promptFollowed(tx: Tx, credential: Credential): Promise<string | undefined> {
  const followed = (await messagesOfLearners(tx, [credential.learnerId])).filter((one) => one.credentialId === credential.id && one.nudge && one.clickedAt !== undefined)
  return followed.toSorted((a, b) => (b.clickedAt?.getTime() ?? 0) - (a.clickedAt?.getTime() ?? 0))[0]?.id
}

/** The placement's own address where there is one, so that a view says where it came from. */
async function factsFor(tx: Tx, credential: Credential, site: { readonly publicUrl: string }, language: string, placement: Placement | undefined): Promise<ShareFacts> {
  const issuer = await issuerById(tx, credential.issuerId)
  const achievement = (await achievementsById(tx, [credential.achievementId])).get(credential.achievementId)
  if (!issuer || !achievement) throw fault.nothing_here()
  const title = textIn(achievement.document, 'name') ?? achievement.handle
  return {
    address: placement ? placementAddress(site, credential.publicId, placement.token) : `${site.publicUrl}/c/${credential.publicId}`,
    credentialId: credential.publicId,
    title,
    text: wordsOf(language).text('post.suggested', { title, issuer: issuer.name }),
    issuerName: issuer.name,
    organizationId: issuer.linkedinOrganizationId,
    issuedAt: credential.validFrom,
    timeZone: issuer.timeZone,
  }
}

function present(credential: Credential, facts: ShareFacts, placements: readonly Placement[], language: string, site: { readonly publicUrl: string }): ShareView {
  const base = `/c/${credential.publicId}`
  const post = (id: string) => ({ post: `${base}/share/${id}` })
  const profile = placements.find((one) => one.target === 'linkedin_profile')
  const copied = placements.find((one) => one.target === 'copy_link')
  const elsewhere = targets.flatMap((target): ShareTarget[] => {
    if (target.name === undefined || target.id.startsWith('linkedin') || !['network', 'chat'].includes(target.kind) || !reachable(target)) return []
    return [{ id: target.id, name: target.name, kind: target.kind as 'network' | 'chat', way: post(target.id) }]
  })
  return {
    achievement: { name: facts.title },
    issuerName: facts.issuerName,
    credentialAddress: base,
    visibility: credential.visibility,
    profile: {
      way: post('linkedin_profile'),
      fields: linkedinFields(facts, language).map(({ field, value }) => ({ field, shown: value })),
      listed: facts.organizationId !== undefined,
      answerAddress: `${base}/share/linkedin_profile/answer`,
      ...(profile?.confirmedAt === undefined ? {} : { confirmedAt: profile.confirmedAt }),
    },
    post: { way: post('linkedin_post'), text: facts.text },
    targets: elsewhere,
    link: copied ? { address: placementAddress(site, credential.publicId, copied.token) } : post('copy_link'),
  }
}
