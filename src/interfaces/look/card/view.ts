/** What is on a card, and where its parts lie. */

export const cardWidth = 1200
export const cardHeight = 627
export const margin = 64
export const bandWidth = 308
export const sealSize = 452
export const sealTop = 44
/** So much of the seal lies outside the card. */
export const sealBeyond = 72
/** What is left of the seal, which reaches over the paper. */
export const column = cardWidth - bandWidth - margin - 84

export type CardStanding = 'in_force' | 'not_yet' | 'expired' | 'suspended' | 'revoked'

export interface CardView {
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
  readonly standing: CardStanding
  /** The host under which it is verified. */
  readonly host: string
  /** Invented, and said so. */
  readonly demo: boolean
  /** The rosette's seed. */
  readonly proofBytes: Uint8Array
  /** Of the issuer: `#` and six digits of hexadecimal. */
  readonly colour?: string | undefined
  /** Beside the issuer's name; the picture itself is given apart. */
  readonly logo?: { readonly key: string; readonly width: number; readonly height: number } | undefined
}

export const holds = ({ standing }: Pick<CardView, 'standing'>): boolean => standing === 'in_force' || standing === 'not_yet'
