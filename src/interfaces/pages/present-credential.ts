/** From a credential and the report on it to what its page shows: what the signature covers, and what we know beside it. */
import { isObject } from '#kernel/openbadge'
import type { Report } from '#kernel/verify'
import type { Achievement } from '#journey/completion'
import { credentialAddress, proofBytes, standingOf, type Credential } from '#journey/credential'
import type { Issuer } from '#journey/party'
import type { ViewCount } from '#journey/view'
import { cardAddress, cardKey, cardOf } from '#journey/share'
import { cardPrinter, logoOf } from '#interfaces/look'
import type { CredentialView } from './credential-page.ts'
import type { PromptView } from './prompt.ts'

export interface ToPresent {
  readonly credential: Credential
  readonly report: Report
  readonly issuer: Issuer | undefined
  readonly achievement: Achievement | undefined
  readonly signed: number
  readonly views: readonly ViewCount[] | undefined
  readonly site: { readonly publicUrl: string }
  readonly isOwner: boolean
  readonly prompt: PromptView | undefined
  /** Of the mail by whose link the page was opened. */
  readonly mailToken: string | undefined
}

export function presentCredential(of: ToPresent): CredentialView {
  const { credential, report, issuer } = of
  const { facts } = report
  const language = facts?.language
  const logo = issuer && logoOf(issuer)
  const address = credentialAddress(of.site, credential.publicId)
  const proof = proofBytes(credential.signed ?? '')
  const card = cardOf(credential, issuer, of.site, new Date(report.at))
  const picture = card && cardAddress(of.site, credential.publicId, cardKey(card, cardPrinter.version))
  const ends = facts?.validUntil === undefined ? undefined : new Date(facts.validUntil)
  return {
    publicId: credential.publicId,
    address,
    visibility: credential.visibility,
    learner: { name: facts?.who ?? '', ...(credential.knownAs === undefined ? {} : { knownAs: credential.knownAs }) },
    achievement: {
      name: facts?.what ?? '',
      description: facts?.description ?? '',
      ...(language === undefined ? {} : { language }),
      ...(facts?.achievementType === undefined ? {} : { type: facts.achievementType }),
    },
    issuer: {
      name: facts?.issuerName ?? issuer?.name ?? '',
      ...(issuer?.url === undefined ? {} : { address: issuer.url }),
      ...(of.site.publicUrl.startsWith('https:') ? { host: new URL(of.site.publicUrl).host } : {}),
      ...(issuer?.colour === undefined ? {} : { colour: issuer.colour }),
      ...(logo === undefined ? {} : { logo }),
      known: report.checks.some((one) => one.name === 'registry' && one.result === 'passed'),
      ...(issuer === undefined ? {} : { keysAddress: `/i/${issuer.handle}#identity` }),
      signed: of.signed,
    },
    ...(facts?.criteria === undefined && facts?.assessed === undefined ? {} : { assessed: facts.assessed ?? facts.criteria ?? '' }),
    ...(facts?.hours === undefined ? {} : { workload: `PT${facts.hours}H` }),
    ...(facts?.results[0] === undefined ? {} : { result: facts.results[0].value }),
    issuedAt: credential.validFrom,
    ...(ends === undefined ? {} : { validUntil: ends }),
    standing: standingOf(credential, ends, new Date(report.at)),
    ...lapseOf(credential),
    verification: { verdict: report.verdict, reason: report.reason, checks: report.checks, at: report.at },
    skills: (facts?.alignments ?? []).map((one) => ({ name: one.name, address: one.url, ...(one.framework === undefined ? {} : { framework: one.framework }) })),
    results: (facts?.results ?? []).map((one) => ({ name: one.name ?? '', value: one.value })),
    evidence: (facts?.evidence ?? []).map((one) => ({ name: one.name ?? one.narrative ?? one.url ?? '', ...(one.url === undefined ? {} : { address: one.url }) })),
    endorsements: endorsementsOf(report),
    downloads: [...downloadsOf(credential), ...(picture === undefined ? [] : [{ kind: 'card' as const, address: new URL(picture).pathname }])],
    proofBytes: proof,
    ...(picture === undefined ? {} : { card: { address: picture } }),
    ...(credential.visibility === 'private' ? {} : { oEmbedAddress: `${of.site.publicUrl}/oembed?url=${encodeURIComponent(address)}` }),
    // The document itself is not opened by the link of a mail.
    ...(of.mailToken !== undefined ? {} : { checkAddress: `/c/${credential.publicId}.json` }),
    verifyAddress: '/verify',
    command: `./laurel verify ${credential.publicId}.json`,
    // A page that was opened by its learner's mail, or is private still and open to staff alone, is not before the eyes of somebody else.
    ...(of.isOwner || of.mailToken !== undefined || credential.visibility === 'private' ? {} : { beacon: { address: `/c/${credential.publicId}/view` } }),
    ...(of.isOwner || of.mailToken === undefined || credential.revokedAt || credential.suspendedAt ? {} : { mailed: { shareAddress: `/mailed/${of.mailToken}` } }),
    ...(of.isOwner
      ? {
          owner: {
            shareAddress: `/c/${credential.publicId}/share`,
            visibilityAddress: `/c/${credential.publicId}/visibility`,
            knownAsAddress: `/c/${credential.publicId}/known-as`,
            views: of.views ?? [],
            meAddress: '/me',
            ...(of.prompt === undefined ? {} : { prompt: of.prompt }),
          },
        }
      : {}),
  }
}

/** The document always; the forms that speak of a credential in force, only while it is. */
function downloadsOf(credential: Credential): CredentialView['downloads'] {
  const at = (ending: string): string => `/c/${credential.publicId}.${ending}`
  const document = { kind: 'json', address: at('json'), bytes: Buffer.byteLength(credential.signed ?? '') } as const
  if (credential.revokedAt || credential.suspendedAt) return [document]
  return [{ kind: 'certificate', address: at('pdf') }, { kind: 'badge', address: at('png') }, { kind: 'badge_svg', address: at('svg') }, document, { kind: 'jwt', address: at('jws') }]
}

/** What others have signed about this credential, its achievement or its issuer. Whom no registry lists is named with the identity that proves it, since a name alone proves nothing. */
function endorsementsOf({ document, endorsements }: Report): NonNullable<CredentialView['endorsements']> {
  const idOf = (value: unknown): unknown => (isObject(value) ? value['id'] : value)
  const subject = document?.['credentialSubject']
  const about = new Set([document?.['id'], idOf(document?.['issuer']), isObject(subject) ? idOf(subject['achievement']) : undefined])
  return endorsements.flatMap(({ verdict, comment, by, byId, about: meant }) =>
    verdict === 'not_proved' || comment === undefined || !about.has(meant) ? [] : [{ text: comment, by: verdict === 'trusted' ? (by ?? byId ?? '') : [by, byId].filter((one) => one !== undefined).join(', ') }],
  )
}

/** Since when it does not hold, and why: what is for good goes before what is for now. */
function lapseOf({ revokedAt, revocationReason, suspendedAt, suspensionReason }: Credential): Pick<CredentialView, 'standingSince' | 'standingReason'> {
  const [since, reason] = revokedAt ? [revokedAt, revocationReason] : [suspendedAt, suspensionReason]
  return { ...(since === undefined ? {} : { standingSince: since }), ...(reason === undefined ? {} : { standingReason: reason }) }
}

export function textIn(document: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = document[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}
