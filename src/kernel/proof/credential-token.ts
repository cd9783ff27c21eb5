import { isObject, type Json, type JsonObject, listOf, without } from './json.ts'
import type { Signer } from './key.ts'
import type { VerificationMethod } from './method.ts'
import { refuse, type Refusal } from './refusal.ts'
import { checkTime, checkToken, isTime, readToken, signToken, type Token, type TokenOptions } from './token.ts'

/**
 * Credentials as signed tokens, in two profiles that the specifications keep apart:
 *
 * - `ob3-jwt`: Open Badges 3.0 §8.2. `typ` is `JWT` or absent; the registered claims repeat the credential's issuer, subject, dates and id; data model 1.1 puts the credential into `vc` and a presentation into `vp`.
 * - `vc+jwt` and `vp+jwt`: Securing Verifiable Credentials using JOSE and COSE §3.1. `typ` says so; the claims are the credential; `vc` and `vp` claims are forbidden.
 */
export type TokenProfile = 'ob3-jwt' | 'vc+jwt' | 'vp+jwt'

export interface ProvenToken {
  readonly ok: true
  readonly profile: TokenProfile
  readonly method: VerificationMethod
  /** The credential or presentation. */
  readonly document: JsonObject
  readonly claims: JsonObject
  /** The signed JSON text, for those who want to read it by stricter rules. */
  readonly text: string
}

export interface CredentialTokenOptions extends TokenOptions {
  /** For presentations: what was asked for. */
  readonly challenge?: string
  readonly domain?: string
}

/**
 * Verifies a credential or presentation in the form of a token.
 *
 * @returns the document in it and whose key it was; or a refusal. Whether that key is the issuer's is for the caller to see (`method.controller`, `method.origin`).
 * Source: as for `TokenProfile`; VC Data Model 1.1 §6.3.1 for `vc`. Never throws for a bad token.
 */
export async function verifyToken(text: string, options: CredentialTokenOptions): Promise<ProvenToken | Refusal> {
  const token = readToken(text, options.headerKeys)
  if (!token.ok) return token
  const profile = profileOf(token.header['typ'])
  if (profile === undefined) return refuse('token_type_wrong', typeof token.header['typ'] === 'string' ? token.header['typ'] : undefined)
  const presented = profile === 'vp+jwt' || (profile === 'ob3-jwt' && token.claims['vp'] !== undefined)
  const document = profile !== 'ob3-jwt' ? documentIn(token, profile) : presented ? olderPresentation(token.claims) : badgeIn(token.claims)
  if (!document.ok) return document
  const owner = idOf(presented ? document.value['holder'] : document.value['issuer'])
  const method = await checkToken(token, owner ?? textOf(token.claims['iss']), presented ? 'authentication' : 'assertionMethod', options)
  if (!method.ok) return method
  const { ok: _, ...key } = method
  if (presented) {
    if (options.challenge !== undefined && token.claims['nonce'] !== options.challenge) return refuse('challenge_wrong')
    if (options.domain !== undefined && !listOf(token.claims['aud']).includes(options.domain)) return refuse('domain_wrong')
  }
  const late = checkTime(token.claims, options.now)
  if (late !== undefined) return late
  return Object.freeze({ ok: true, profile, method: Object.freeze(key), document: document.value, claims: token.claims, text: token.text })
}

/**
 * Signs a credential, or (`vp+jwt`) a presentation, as a token.
 *
 * @param kid  the name of the key, absolute or within the issuer's document
 * @throws Fault `proof.not_canonical_json` for half characters; TypeError for a credential without issuer, or a presentation without holder
 */
export async function issueToken(credential: JsonObject, signer: Signer, options: { readonly profile: TokenProfile; readonly kid: string }): Promise<string> {
  const bare = without(credential, 'proof')
  const iss = idOf(bare[options.profile === 'vp+jwt' ? 'holder' : 'issuer'])
  if (iss === undefined) throw new TypeError('a credential needs an issuer, a presentation a holder')
  if (options.profile !== 'ob3-jwt') return signToken({ typ: options.profile, cty: options.profile.slice(0, 2), kid: options.kid }, bare, signer)
  const expected = registered(bare)
  const claims = { iss, ...expected } as JsonObject
  return signToken({ typ: 'JWT', kid: options.kid }, { ...bare, ...claims }, signer)
}

function profileOf(typ: Json | undefined): TokenProfile | undefined {
  if (typ === undefined || (typeof typ === 'string' && typ.toUpperCase() === 'JWT')) return 'ob3-jwt'
  return typ === 'vc+jwt' || typ === 'vp+jwt' ? typ : undefined
}

type Read = { readonly ok: true; readonly value: JsonObject } | Refusal

/** VC-JOSE-COSE §3.1.1: the claims are the document itself, and registered claims must not say otherwise. */
function documentIn({ claims }: Token, profile: 'vc+jwt' | 'vp+jwt'): Read {
  for (const name of ['vc', 'vp']) if (claims[name] !== undefined) return refuse('token_claims_wrong', name)
  if (claims['@context'] === undefined || claims['type'] === undefined) return refuse('token_claims_wrong', '@context, type')
  const owner = idOf(profile === 'vp+jwt' ? claims['holder'] : claims['issuer'])
  if (claims['iss'] !== undefined && owner !== undefined && claims['iss'] !== owner) return refuse('token_claims_wrong', 'iss')
  return agreeing(claims, claims, ['sub', 'jti'])
}

const registeredNames = ['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti'] as const

/** Open Badges 3.0 §8.2: the credential with registered claims beside it, or the credential of data model 1.1 inside `vc`. */
function badgeIn(claims: JsonObject): Read {
  const { vc } = claims
  if (vc !== undefined) return isObject(vc) ? olderCredential(claims, vc) : refuse('token_claims_wrong', 'vc')
  const credential = registeredNames.reduce<JsonObject>((rest, name) => without(rest, name), claims)
  if (credential['@context'] === undefined || credential['type'] === undefined) return refuse('token_claims_wrong', '@context, type')
  if (claims['iss'] !== undefined && claims['iss'] !== idOf(credential['issuer'])) return refuse('token_claims_wrong', 'iss')
  return agreeing(claims, credential, ['sub', 'jti', 'nbf', 'exp'])
}

/** VC Data Model 1.1 §6.3.1: a presentation inside `vp`; the W3C data model suite still sends it. */
function olderPresentation(claims: JsonObject): Read {
  const { iss, jti, vc, vp } = claims
  if (!isObject(vp) || vc !== undefined) return refuse('token_claims_wrong', 'vp')
  const presentation: JsonObject = { ...(typeof jti === 'string' ? { id: jti } : {}), ...(typeof iss === 'string' ? { holder: iss } : {}), ...vp }
  if (iss !== undefined && iss !== idOf(presentation['holder'])) return refuse('token_claims_wrong', 'iss')
  return agreeing(claims, presentation, ['jti'])
}

/** VC Data Model 1.1 §6.3.1: registered claims stand for members that the credential may leave out, and must not contradict those it has. */
function olderCredential(claims: JsonObject, vc: JsonObject): Read {
  const { iss, sub, jti, nbf, exp } = claims
  const credential: { [name: string]: Json } = { ...vc }
  if (typeof jti === 'string') credential['id'] ??= jti
  if (typeof iss === 'string') {
    const { issuer } = credential
    if (issuer === undefined) credential['issuer'] = iss
    else if (isObject(issuer) && issuer['id'] === undefined) credential['issuer'] = { ...issuer, id: iss }
    if (idOf(credential['issuer']) !== iss) return refuse('token_claims_wrong', 'iss')
  }
  const subject = credential['credentialSubject']
  if (typeof sub === 'string' && isObject(subject) && subject['id'] === undefined) credential['credentialSubject'] = { ...subject, id: sub }
  for (const [claim, name] of [[nbf, 'issuanceDate'], [exp, 'expirationDate']] as const) {
    if (claim === undefined || credential[name] !== undefined) continue
    const moment = instant(claim)
    if (moment === undefined) return refuse('token_claims_wrong', name)
    credential[name] = moment
  }
  return agreeing(claims, credential, ['sub', 'jti', 'nbf', 'exp'])
}

/** What the registered claims of a credential would be, as far as it says. */
function registered(credential: JsonObject): { readonly sub?: string; readonly jti?: string; readonly nbf?: number; readonly exp?: number } {
  const subject = credential['credentialSubject']
  const sub = isObject(subject) ? textOf(subject['id']) : undefined
  const jti = textOf(credential['id'])
  // Data model 1.1 has dates of its own, also where a credential carries the later ones besides.
  const nbf = seconds(credential['issuanceDate'] ?? credential['validFrom'])
  const exp = seconds(credential['expirationDate'] ?? credential['validUntil'])
  return { ...(sub === undefined ? {} : { sub }), ...(jti === undefined ? {} : { jti }), ...(nbf === undefined ? {} : { nbf }), ...(exp === undefined ? {} : { exp }) }
}

/** Refuses claims that are there and say something else than the credential does. */
function agreeing(claims: JsonObject, credential: JsonObject, names: readonly ('sub' | 'jti' | 'nbf' | 'exp')[]): Read {
  const expected = registered(credential)
  for (const name of names) {
    const claim = claims[name]
    if (claim === undefined || expected[name] === undefined) continue
    if (isTime(claim) ? Math.floor(claim) !== expected[name] : claim !== expected[name]) return refuse('token_claims_wrong', name)
  }
  return { ok: true, value: credential }
}

function idOf(value: Json | undefined): string | undefined {
  return textOf(isObject(value) ? value['id'] : value)
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function seconds(date: Json | undefined): number | undefined {
  const milliseconds = typeof date === 'string' ? Date.parse(date) : Number.NaN
  return Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1000)
}

/** The date of a numeric claim, as far as a four-digit year can say it. */
function instant(claim: Json): string | undefined {
  if (!isTime(claim) || Math.abs(claim) > 253_402_300_799) return undefined
  return new Date(claim * 1000).toISOString().replace('.000Z', 'Z')
}
