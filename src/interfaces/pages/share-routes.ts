/** Sharing: the sheet, the click that is recorded and leads on, the learner's own word that it is done, and the answers to prompts. */
import { z } from 'zod'
import { credentialsById, type Credential } from '#journey/credential'
import { clickPrompts, declinePrompts, dismissPrompts, messagesByToken, messagesOfLearners } from '#journey/nudge'
import { confirmShares, hostName, placementAddress, shareAddress, sharesOf, startShares, targetById, targets } from '#journey/share'
import { fault, file, formBody, goOn, json, leave, page, rates, redirect, route, type Answer, type Asked, type Route } from '#interfaces/http'
import { qrCode, qrPng, qrSvg } from '#interfaces/look'
import type { Tx } from '#platform/db'
import { findOwnCredential, publicId } from './find-credential.ts'
import { leavingPage } from './leaving-page.ts'
import { presentShare, shareFacts } from './present-share.ts'
import { sharePage } from './share-page.ts'

const params = z.strictObject({ publicId })
const withTarget = z.strictObject({ publicId, target: z.enum(targets.map((one) => one.id) as [string, ...string[]]) })

/** Where a POST may lead: the origins of the targets' own addresses. */
const leadsTo = [...new Set(targets.flatMap((one) => (one.address?.base.startsWith('https://') && !one.address.base.includes('{') ? [new URL(one.address.base).origin] : [])))]

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
      const view = await world.db.read(async (tx) => await presentShare(tx, await findOwnCredential(tx, input.params.publicId, who), world.config, request.language))
      return page(sharePage(view, chrome()))
    },
  }),
  route({
    method: 'GET',
    path: '/c/:publicId/share/:file{qr_code\\.[a-z]+}',
    summary: 'The QR code of the credential’s page, to print from.',
    roles: ['learner'],
    rate: rates.pages,
    params: z.strictObject({ publicId, file: z.enum(['qr_code.svg', 'qr_code.png']) }),
    answers: { 200: { says: 'The code, as a drawing or as a picture.', mediaType: 'image/svg+xml' } },
    async handler({ input, who, world }) {
      const address = await world.db.read(async (tx) => {
        const credential = await findOwnCredential(tx, input.params.publicId, who)
        const placement = (await sharesOf(tx, [credential.id])).get(credential.id)?.find((one) => one.target === 'qr_code')
        if (!placement) throw fault.nothing_here()
        return placementAddress(world.config, credential.publicId, placement.token)
      })
      const [, ending] = input.params.file.split('.')
      const name = `${input.params.publicId}-qr.${ending}`
      return ending === 'svg' ? file(qrSvg(qrCode(address)), 'image/svg+xml', { name }) : file(await qrPng(qrCode(address)), 'image/png', { name })
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
    body: formBody(z.strictObject({ text: z.string().max(3000).optional(), instance: z.string().max(253).optional() })),
    leadsTo,
    handler: start,
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
      return redirect(`/c/${input.params.publicId}/share${input.params.target === 'linkedin_profile' ? '' : '#places'}`)
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

interface Start {
  readonly params: { readonly publicId: string; readonly target: string }
  readonly body: { readonly text?: string | undefined; readonly instance?: string | undefined }
  readonly query: undefined
  readonly headers: undefined
}

async function start({ input, who, world, change, request, chrome }: Asked<Start>): Promise<Answer> {
  const { params: { publicId, target: id }, body: { text, instance } } = input
  const target = targetById(id)
  if (!target) throw fault.nothing_here()
  const shareAddressHere = `/c/${publicId}/share`
  if (target.asks === 'instance' && (instance === undefined || hostName(instance) === undefined)) {
    await world.db.read(async (tx) => await findOwnCredential(tx, publicId, who))
    return page(leavingPage({ place: target, shareAddress: shareAddressHere, asked: { given: instance ?? '', post: `${shareAddressHere}/${id}`, text: text ?? '' } }, chrome()), { status: 422 })
  }
  const facts = await change(
    async (tx) => {
      const credential = await findOwnCredential(tx, publicId, who)
      const [placement] = await startShares(tx, [{ credentialId: credential.id, learnerId: credential.learnerId, target: id, promptedBy: await promptFollowed(tx, credential), ...(target.asks === 'instance' ? { instance } : {}) }])
      return await shareFacts(tx, credential, world.config, request.language, placement, text)
    },
    () => ({ subject: publicId }),
  )
  // Our own script asks for what to copy, or to hand to the phone.
  if (request.accept === 'application/json') return json({ address: facts.address, title: facts.title, text: facts.text })
  const to = shareAddress(target, facts)
  if (to === undefined) return redirect(`${shareAddressHere}#${id}`)
  return target.asks === undefined && to.startsWith('https://') ? leave(to) : goOn(leavingPage({ place: { id, name: facts.instance ?? target.name }, shareAddress: shareAddressHere, to }, chrome({ csrf: '' })), to)
}

/** The nudge that brought the learner here, the newest that they followed for this credential. */
async function promptFollowed(tx: Tx, credential: Credential): Promise<string | undefined> {
  const followed = (await messagesOfLearners(tx, [credential.learnerId])).filter((one) => one.credentialId === credential.id && one.nudge && one.clickedAt !== undefined)
  return followed.toSorted((a, b) => (b.clickedAt?.getTime() ?? 0) - (a.clickedAt?.getTime() ?? 0))[0]?.id
}
