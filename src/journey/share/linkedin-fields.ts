import { monthOf, type ShareFacts } from './address.ts'

/** The fields of LinkedIn's form for a licence or certification, in its order (2026). */
export type LinkedinField = 'name' | 'organization' | 'issued' | 'expires' | 'id' | 'url'

/**
 * What to copy into LinkedIn's form, field by field, now that a link no longer fills it in (research notes on the domain, C1). Dates are a
 * month and a year, in the words of the language given; a credential that does not expire has no such field.
 */
export function linkedinFields(facts: ShareFacts, locale: string): readonly { readonly field: LinkedinField; readonly value: string }[] {
  const shown = (time: Date) => {
    const { year, month } = monthOf(time, facts.timeZone)
    return new Intl.DateTimeFormat(locale, { timeZone: 'UTC', calendar: 'gregory', year: 'numeric', month: 'long' }).format(new Date(Date.UTC(year, month - 1, 15)))
  }
  return Object.freeze([
    { field: 'name', value: facts.title },
    { field: 'organization', value: facts.issuerName },
    { field: 'issued', value: shown(facts.issuedAt) },
    ...(facts.expiresAt === undefined ? [] : [{ field: 'expires' as const, value: shown(facts.expiresAt) }]),
    { field: 'id', value: facts.credentialId },
    { field: 'url', value: facts.address },
  ])
}
