/** Who takes part: issuers, learners, and what each learner agreed to. */

export interface Issuer {
  readonly id: string
  /** As it stands in addresses. */
  readonly handle: string
  readonly name: string
  readonly url: string | undefined
  readonly linkedinOrganizationId: string | undefined
  readonly locale: string
  readonly timeZone: string
  readonly demo: boolean
  /** Its pages list what its learners made public. */
  readonly directory?: true
  /** Of its pages: `#` and six digits of hexadecimal. */
  readonly colour?: string
  /** The picture beside its name; the bytes are apart (`issuerLogo`). */
  readonly logo?: Logo
}

export interface Logo {
  /** Hash of the picture; it stands in its address. */
  readonly key: string
  /** In pixels. */
  readonly width: number
  readonly height: number
}

export interface Learner {
  readonly id: string
  readonly issuerId: string
  /** The provider's own name for the learner. */
  readonly externalId: string
  readonly name: string
  readonly email: string | undefined
  readonly locale: string
  readonly timeZone: string
  readonly country: string | undefined
  readonly education: string | undefined
  readonly erasedAt: Date | undefined
  /** Between which minutes of their own day they want to be reminded by mail, where they said so: the hours around them are quiet. */
  readonly waking?: { readonly from: number; readonly to: number }
}

/** Asked apart, given apart, taken back apart: research is never a condition for the credential. */
export const consentPurposes = ['credential', 'nudge', 'research', 'outcome'] as const
export type ConsentPurpose = (typeof consentPurposes)[number]
export type Consents = Readonly<Record<ConsentPurpose, boolean>>

/** A language tag that this machine understands, or the fallback (BCP 47). */
export function preferredLocale(tag: string | undefined, fallback: string): string {
  try {
    return tag === undefined || tag === '' ? fallback : (Intl.getCanonicalLocales(tag)[0] ?? fallback)
  } catch {
    return fallback
  }
}
