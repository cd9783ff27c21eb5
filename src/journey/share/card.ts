/**
 * The picture that a shared link shows: what is on it, and the address under which it is kept. The address carries a hash of all that the
 * picture says, so it can be kept for ever by whoever fetched it, and another is given out as soon as something changed: revoked, suspended,
 * expired, reinstated, or drawn by a newer version of ours.
 */
import { createHash } from 'node:crypto'
import { isObject, type JsonObject } from '#kernel/openbadge'
import { factsOf } from '#kernel/verify'
import { credentialAddress, proofBytes, standingOf, type Credential, type Standing } from '#journey/credential'
import type { Issuer, Logo } from '#journey/party'

export interface CardFacts {
  /** Of the credential: who fetches a picture says nothing of their language. */
  readonly language: string
  readonly issuer: string
  readonly learner: string
  readonly achievement: string
  readonly hours?: number | undefined
  readonly assessed?: string | undefined
  /** ISO 8601. */
  readonly issuedAt: string
  readonly validUntil?: string | undefined
  readonly standing: Standing
  /** The host under which it is verified. */
  readonly host: string
  /** Invented, and said so. */
  readonly demo: boolean
  /** First bytes of the proof. */
  readonly proofBytes: Uint8Array
  /** Of the issuer's pages. */
  readonly colour?: string | undefined
  readonly logo?: Logo | undefined
}

/** Who draws: the rooms do not know how a card looks. */
export interface CardPrinter {
  /** Goes up with every change of the drawing. */
  readonly version: number
  /** @param logo  the picture that `card.logo` is the key of */
  draw(card: CardFacts, logo: Uint8Array | undefined): Promise<Uint8Array<ArrayBuffer>>
}

/** What the card of a credential says at a moment; undefined for one that was withdrawn or is not signed yet. */
export function cardOf(credential: Credential, issuer: Issuer | undefined, site: { readonly publicUrl: string }, now: Date): CardFacts | undefined {
  if (credential.signed === undefined || credential.withdrawnAt) return undefined
  const document: unknown = JSON.parse(credential.signed)
  if (!isObject(document)) return undefined
  const facts = factsOf(document as JsonObject)
  const ends = facts.validUntil === undefined ? undefined : new Date(facts.validUntil)
  return Object.freeze({
    language: facts.language ?? issuer?.locale ?? 'en',
    issuer: facts.issuerName ?? issuer?.name ?? '',
    learner: facts.who ?? '',
    achievement: facts.what ?? '',
    hours: facts.hours,
    assessed: facts.assessed,
    issuedAt: credential.validFrom.toISOString(),
    validUntil: ends?.toISOString(),
    standing: standingOf(credential, ends, now),
    host: new URL(site.publicUrl).host,
    demo: issuer?.demo ?? false,
    proofBytes: proofBytes(credential.signed),
    colour: issuer?.colour,
    logo: issuer?.logo,
  })
}

/** 96 bits of SHA-256 over all that the card says and the version of its drawing. */
export const cardKey = (card: CardFacts, version: number): string =>
  createHash('sha256').update(JSON.stringify([version, { ...card, proofBytes: Buffer.from(card.proofBytes).toString('base64') }])).digest('base64url').slice(0, 16)

export const cardAddress = (site: { readonly publicUrl: string }, publicId: string, key: string): string => `${credentialAddress(site, publicId)}/card.${key}.png`
