import { credentialAddress } from '#journey/credential'
import type { Target } from './targets.ts'

/** What a link or a form of a network is filled in with. */
export interface ShareFacts {
  /** The credential's page with the placement's token. */
  readonly address: string
  /** The credential's own number, as its page shows it. */
  readonly credentialId: string
  /** The achievement; never the learner's name. */
  readonly title: string
  /** Suggested words, in the learner's language, without the address. */
  readonly text: string
  readonly issuerName: string
  /** The issuer's page at LinkedIn, a number. */
  readonly organizationId?: string | undefined
  readonly issuedAt: Date
  readonly expiresAt?: Date | undefined
  /** Whose calendar the dates are read by: the issuer's. */
  readonly timeZone: string
  /** The learner's own server, for Mastodon. */
  readonly instance?: string | undefined
}

/** The credential's page, by the link of one placement. */
export const placementAddress = (site: { readonly publicUrl: string }, publicId: string, token: string) => `${credentialAddress(site, publicId)}?s=${encodeURIComponent(token)}`

/** The credential in a frame of another site. */
export const embedAddress = (site: { readonly publicUrl: string }, publicId: string, token: string | undefined) => `${credentialAddress(site, publicId)}/embed${token === undefined ? '' : `?s=${encodeURIComponent(token)}`}`

/** Where a click on a target leads; undefined when it leads nowhere, or when something that it asks for is missing or is not what it should be. */
export function shareAddress(target: Target, facts: ShareFacts): string | undefined {
  if (!target.address) return undefined
  const words = wordsOf(facts)
  const base = fill(target.address.base, words)
  if (base === undefined) return undefined
  const query = target.address.query.flatMap(([parameter, template]) => {
    const value = fill(template, words)
    return value === undefined ? [] : [`${parameter}=${encodeURIComponent(value.toWellFormed())}`]
  })
  return `${base}?${query.join('&')}`
}

/** The template with its words filled in; undefined when one is missing. */
function fill(template: string, words: Readonly<Record<string, string | undefined>>): string | undefined {
  let missing = false
  const filled = template.replaceAll(/\{([a-z_]+)\}/g, (_, word: string) => {
    missing ||= words[word] === undefined
    return words[word] ?? ''
  })
  return missing ? undefined : filled
}

function wordsOf(facts: ShareFacts): Readonly<Record<string, string | undefined>> {
  const issued = monthOf(facts.issuedAt, facts.timeZone)
  const expires = facts.expiresAt && monthOf(facts.expiresAt, facts.timeZone)
  const organizationId = facts.organizationId !== undefined && /^\d{1,20}$/.test(facts.organizationId) ? facts.organizationId : undefined
  return {
    address: facts.address,
    credential_id: facts.credentialId,
    title: facts.title,
    text: facts.text,
    organization_id: organizationId,
    organization_name: organizationId === undefined ? facts.issuerName : undefined,
    issue_year: String(issued.year),
    issue_month: String(issued.month),
    expiration_year: expires && String(expires.year),
    expiration_month: expires && String(expires.month),
    instance: facts.instance === undefined ? undefined : hostName(facts.instance),
  }
}

/** A plain public host name, so that what somebody types can lead to a server and nowhere else (RFC 1123, 2.1). */
export function hostName(typed: string): string | undefined {
  const name = typed.trim().toLowerCase().replace(/^https:\/\//, '').replace(/\/$/, '')
  return name.length <= 253 && /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/.test(name) ? name : undefined
}

/** Month 1 to 12, without a zero in front (research notes on the domain, C1). */
export function monthOf(time: Date, timeZone: string): { readonly year: number; readonly month: number } {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: isZone(timeZone) ? timeZone : 'UTC', calendar: 'gregory', numberingSystem: 'latn', year: 'numeric', month: 'numeric' }).formatToParts(time)
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value)
  return { year: part('year'), month: part('month') }
}

function isZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone })
    return timeZone !== ''
  } catch {
    return false
  }
}
