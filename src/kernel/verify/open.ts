/**
 * From what a person handed over to one document, or the reason why there is none.
 */
import { isObject, listOf, readJson, unbake, type CarrierKind, type JsonObject } from '#kernel/openbadge'
import { check } from './reasons.ts'
import type { Check } from './report.ts'

export type Opened =
  | { readonly ok: true; readonly carrier: CarrierKind; readonly form: 'document'; readonly document: JsonObject }
  | { readonly ok: true; readonly carrier: CarrierKind; readonly form: 'jwt' | 'sd-jwt'; readonly token: string }
  | { readonly ok: false; readonly carrier?: CarrierKind; readonly check: Check }

/** Media types of enveloped credentials and presentations: those of VC-JOSE-COSE §6, and the older ones of the W3C data model suite. */
const envelopes: Readonly<Record<string, 'jwt' | 'sd-jwt'>> = {
  'application/vc+jwt': 'jwt',
  'application/jwt': 'jwt',
  'application/vc-ld+jwt': 'jwt',
  'application/vp+jwt': 'jwt',
  'application/vc+sd-jwt': 'sd-jwt',
  'application/dc+sd-jwt': 'sd-jwt',
  'application/vp+sd-jwt': 'sd-jwt',
}

/** VC-JOSE-COSE §6.1.5 and §6.1.6: sound, and of a kind that we do not read. */
const unread = /^data:application\/v[cp]\+cose[;,]/

/** Opens any input: JSON, token, PNG, SVG, PDF, or an enveloped credential. */
export function open(input: Uint8Array | string): Opened {
  const found = unbake(input)
  if (!found.ok) return { ok: false, check: check('parsed', found.code), ...(found.carrier === undefined ? {} : { carrier: found.carrier }) }
  const { carrier, text } = found
  if (carrier === 'jwt' || carrier === 'sd-jwt') return { ok: true, carrier, form: carrier, token: text }
  if (/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]*)+(~|$)/.test(text)) {
    // A picture or PDF may carry a token; it is told apart as any other text is.
    const inner = unbake(text)
    if (!inner.ok) return { ok: false, carrier, check: check('parsed', inner.code) }
    return inner.carrier === 'jwt' || inner.carrier === 'sd-jwt' ? { ok: true, carrier, form: inner.carrier, token: inner.text } : { ok: false, carrier, check: check('parsed', 'not_an_object') }
  }
  const reading = readJson(text)
  if (!reading.ok) return { ok: false, carrier, check: check('parsed', reading.code) }
  return isObject(reading.value) ? openDocument(reading.value, carrier) : { ok: false, carrier, check: check('parsed', 'not_an_object') }
}

/** Opens a parsed document: takes an envelope off, and refuses what is no credential. */
export function openDocument(document: JsonObject, carrier: CarrierKind): Opened {
  const types = listOf(document['type'])
  if (types.includes('EnvelopedVerifiableCredential')) return openEnvelope(document, carrier)
  if (types.includes('VerifiablePresentation') || types.includes('EnvelopedVerifiablePresentation')) return { ok: false, carrier, check: check('parsed', 'presentation_given') }
  if (isOpenBadges2(document)) return { ok: false, carrier, check: check('parsed', 'open_badges_2') }
  if (document['@context'] === undefined && document['type'] === undefined && document['credentialSubject'] === undefined) return { ok: false, carrier, check: check('parsed', 'not_a_credential') }
  return { ok: true, carrier, form: 'document', document }
}

/** VC Data Model 2.0 §4.13: a context that includes the base context, the type, and a `data:` address with the secured credential. */
export function openEnvelope(document: JsonObject, carrier: CarrierKind): Opened {
  const broken: Opened = { ok: false, carrier, check: check('parsed', 'envelope_broken') }
  const id = document['id']
  if (!listOf(document['@context']).includes('https://www.w3.org/ns/credentials/v2') || typeof id !== 'string') return broken
  if (unread.test(id)) return { ok: false, carrier, check: check('parsed', 'envelope_unread') }
  const [, media, token] = /^data:([a-z]+\/[a-z0-9.+-]+)(?:;[a-z0-9=;-]*)?,(.*)$/s.exec(id) ?? []
  const form = media !== undefined && Object.hasOwn(envelopes, media) ? envelopes[media] : undefined
  if (form === undefined || token === undefined) return broken
  const inner = unbake(token)
  if (!inner.ok) return { ok: false, carrier, check: check('parsed', inner.code === 'jwe' ? 'jwe' : 'envelope_broken') }
  return inner.carrier === 'jwt' || inner.carrier === 'sd-jwt' ? { ok: true, carrier, form: inner.carrier, token: inner.text } : broken
}

function isOpenBadges2(document: JsonObject): boolean {
  const context = document['@context']
  return typeof context === 'string' && /^https?:\/\/w3id\.org\/openbadges\/v[12]$/.test(context)
}
