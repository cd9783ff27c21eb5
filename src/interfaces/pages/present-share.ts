/** From a credential and its placements to the share sheet: what each link and form is filled in with, and what is known of each place. */
import { achievementsById } from '#journey/completion'
import { credentialAddress, type Credential } from '#journey/credential'
import { issuerById, learnersById } from '#journey/party'
import { cardAddress, cardKey, cardOf, lastInstance, linkedinFields, placementAddress, sharesOf, takesWords, targetById, targets, type Confirmation, type Placement, type ShareFacts } from '#journey/share'
import { fault } from '#interfaces/http'
import { cardPrinter, html, nothing, qrCode, wordsOf } from '#interfaces/look'
import type { Tx } from '#platform/db'
import { frameFor, linkFor } from './frame-source.ts'
import { textIn } from './present-credential.ts'
import type { SharedPlace, ShareTarget, ShareView } from './share-page.ts'

interface Site {
  readonly publicUrl: string
}

/** The words that a learner may change go by `text`; without them it is what we suggest. With a placement the address is that placement's own. */
export async function shareFacts(tx: Tx, credential: Credential, site: Site, language: string, placement: Placement | undefined, text?: string): Promise<ShareFacts> {
  const issuer = await issuerById(tx, credential.issuerId)
  const achievement = (await achievementsById(tx, [credential.achievementId])).get(credential.achievementId)
  if (!issuer || !achievement) throw fault.nothing_here()
  const title = textIn(achievement.document, 'name') ?? achievement.handle
  const ends = new Date(textIn(JSON.parse(credential.signed ?? '{}') as Readonly<Record<string, unknown>>, 'validUntil') ?? NaN)
  return {
    address: placement ? placementAddress(site, credential.publicId, placement.token) : credentialAddress(site, credential.publicId),
    credentialId: credential.publicId,
    title,
    text: text === undefined || text.trim() === '' ? wordsOf(language).text('post.suggested', { title, issuer: issuer.name }) : text.trim(),
    issuerName: issuer.name,
    organizationId: issuer.linkedinOrganizationId,
    issuedAt: credential.validFrom,
    ...(Number.isNaN(ends.getTime()) ? {} : { expiresAt: ends }),
    timeZone: issuer.timeZone,
    instance: placement?.instance,
  }
}

export async function presentShare(tx: Tx, credential: Credential, site: Site, language: string): Promise<ShareView> {
  const placements = (await sharesOf(tx, [credential.id])).get(credential.id) ?? []
  const at = (target: string) => placements.find((one) => one.target === target)
  const learner = (await learnersById(tx, [credential.learnerId])).get(credential.learnerId)
  const issuer = await issuerById(tx, credential.issuerId)
  const instance = await lastInstance(tx, credential.learnerId)
  const profile = at('linkedin_profile')
  const facts = await shareFacts(tx, credential, site, language, profile)
  const base = `/c/${credential.publicId}`
  const post = (target: string) => ({ post: `${base}/share/${target}` })
  const taken = <Made>(target: string, make: (address: string, token: string) => Made): { readonly post: string } | Made => {
    const placement = at(target)
    return placement === undefined ? post(target) : make(placementAddress(site, credential.publicId, placement.token), placement.token)
  }
  const learnerName = learner?.name ?? ''
  const card = cardOf(credential, issuer, site, tx.now)
  const pictureAddress = card && cardAddress(site, credential.publicId, cardKey(card, cardPrinter.version))
  return {
    achievement: { name: facts.title },
    issuerName: facts.issuerName,
    ...(issuer?.colour === undefined ? {} : { colour: issuer.colour }),
    learnerName,
    credentialAddress: base,
    visibility: credential.visibility,
    profile: {
      ...post('linkedin_profile'),
      fields: linkedinFields(facts, language).map(({ field, value }) => ({ field, shown: value })),
      listed: facts.organizationId !== undefined,
      answerAddress: `${base}/share/linkedin_profile/answer`,
      ...(profile?.confirmedAt === undefined || profile.confirmedBy === undefined ? {} : { confirmed: { at: profile.confirmedAt, by: told(profile.confirmedBy) } }),
    },
    post: { ...post('linkedin_post'), text: facts.text },
    targets: targets.flatMap((target): ShareTarget[] =>
      target.id === 'linkedin_post' || (target.kind !== 'network' && target.kind !== 'chat' && target.kind !== 'mail')
        ? []
        : [{ id: target.id, name: target.name, kind: target.kind, ...post(target.id), takesWords: takesWords(target), ...(target.asks === undefined ? {} : { asks: { what: target.asks, before: instance } }) }],
    ),
    device: { ...post('device'), pictureAddress },
    link: taken('copy_link', (address) => ({ address })),
    code: taken('qr_code', (address) => ({ code: qrCode(address), pngAddress: `${base}/share/qr_code.png`, svgAddress: `${base}/share/qr_code.svg` })),
    signature: taken('email_signature', (address) => ({ address, pictureAddress, source: signatureSource({ address, pictureAddress, learnerName, title: facts.title, issuerName: facts.issuerName }) })),
    embed: taken('embed', (_, token) => {
      const of = { site, publicId: credential.publicId, token, title: `${learnerName}: ${facts.title}` }
      return { frame: frameFor(of), plain: linkFor({ ...of, pictureAddress }) }
    }),
    // What only was copied or printed is told of when somebody came by it.
    places: placements.filter((one) => one.target !== 'linkedin_profile' && (targetById(one.target)?.address !== undefined || one.seenAt !== undefined)).map((one) => presentPlace(one, base)),
  }
}

/** A simulated learner's word is a learner's word on their page. */
const told = (by: Confirmation) => (by === 'simulation' ? 'learner' : by)

function presentPlace(one: Placement, base: string): SharedPlace {
  const target = targetById(one.target)
  const { confirmedBy } = one
  return {
    id: one.target,
    name: one.instance ?? target?.name,
    clickedAt: one.clickedAt,
    confirmed: one.confirmedAt === undefined || confirmedBy === undefined ? undefined : { at: one.confirmedAt, by: told(confirmedBy) },
    seen: one.seenAt !== undefined,
    ...(target?.address === undefined ? {} : { answerAddress: `${base}/share/${one.target}/answer` }),
  }
}

/** HTML as mail programs take it: a table, and every style on its element. */
const signatureSource = (of: { readonly address: string; readonly pictureAddress: string | undefined; readonly learnerName: string; readonly title: string; readonly issuerName: string }): string =>
  String(html`<table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr>${of.pictureAddress === undefined ? nothing : html`<td style="padding-right:14px"><a href="${of.address}"><img src="${of.pictureAddress}" width="150" height="78" alt="" style="display:block;border:0"></a></td>`}<td style="font:14px/1.45 Georgia,serif;color:#1b211c"><b>${of.learnerName}</b><br><a href="${of.address}" style="color:#1e5540">${of.title}</a><br><span style="color:#5b625a">${of.issuerName}</span></td></tr></table>`)
