import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync, type KeyObject, sign as cryptoSign } from 'node:crypto'
import { test } from 'node:test'
import { compactVerify, type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWTPayload, SignJWT } from 'jose'
import { needsStandards, standardText } from '#test/standards'
import { type CredentialTokenOptions, issueToken, verifyToken } from './credential-token.ts'
import { didKeyMethod, resolveDidKey } from './did-key.ts'
import type { Json, JsonObject } from './json.ts'
import { jwkOf, publicKeyFromJwk } from './key.ts'
import { keyPairFromSeed, rsaSigner } from './key-pair.ts'
import type { MethodResolver } from './method.ts'
import { verifySdJwt } from './sd-jwt.ts'
import { issueSdJwt } from './sd-jwt-issue.ts'

const issuer = 'did:web:example.com'
const pair = keyPairFromSeed(Buffer.alloc(32, 1))
const curve = keyPairFromSeed(Buffer.alloc(32, 1), 'P-256')
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const stranger = keyPairFromSeed(Buffer.alloc(32, 9))
const rsaKey = publicKeyFromJwk(await exportJWK(rsa.publicKey))
const keys = { ed: pair.publicKey, ec: curve.publicKey, rsa: rsaKey }

const resolve: MethodResolver = (method) => {
  if (method.startsWith('did:key:')) return resolveDidKey(method)
  const [controller, name] = method.split('#') as [string, string]
  const key = keys[name as keyof typeof keys]
  return controller === issuer && key !== undefined ? { ok: true, id: method, controller, key, origin: 'document' } : { ok: false, code: 'method_unknown', detail: '' }
}
const options: CredentialTokenOptions = { resolve }
const credential: JsonObject = {
  '@context': ['https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'],
  id: 'urn:uuid:1',
  type: ['VerifiableCredential', 'OpenBadgeCredential'],
  issuer: { id: issuer, type: ['Profile'], name: 'Exämple' },
  validFrom: '2026-01-01T00:00:00Z',
  validUntil: '2027-01-01T00:00:00Z',
  credentialSubject: { id: 'did:example:s', type: ['AchievementSubject'] },
}
const now = Date.UTC(2026, 5)
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const registered = { iss: issuer, sub: 'did:example:s', jti: 'urn:uuid:1', nbf: 1_767_225_600, exp: 1_798_761_600 }

/** A token with any header over any claims, signed rightly for the key. */
function made(header: object, claims: object, key: KeyObject = pair.privateKey): string {
  const text = `${part(header)}.${part(claims)}`
  const signature = key.asymmetricKeyType === 'ed25519' ? cryptoSign(null, Buffer.from(text), key) : cryptoSign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' })
  return `${text}.${signature.toString('base64url')}`
}

test('our tokens of both profiles verify here and in jose, and say what the profile asks for', async () => {
  for (const profile of ['ob3-jwt', 'vc+jwt'] as const) {
    for (const [signer, kid, alg] of [[pair, 'ed', 'EdDSA'], [curve, 'ec', 'ES256'], [rsaSigner(rsa.privateKey), 'rsa', 'RS256']] as const) {
      const token = await issueToken(credential, signer, { profile, kid: `${issuer}#${kid}` })
      const verdict = await verifyToken(token, { ...options, now })
      assert.ok(verdict.ok, JSON.stringify(verdict))
      assert.equal(verdict.profile, profile)
      assert.deepEqual(verdict.document, credential)
      assert.equal(verdict.method.controller, issuer)
      const { payload, protectedHeader } = await compactVerify(token, await importJWK(jwkOf(signer.publicKey), alg))
      assert.deepEqual(JSON.parse(Buffer.from(payload).toString()), profile === 'ob3-jwt' ? { ...credential, ...registered } : credential)
      assert.equal(protectedHeader.alg, alg)
      assert.equal(protectedHeader.typ, profile === 'ob3-jwt' ? 'JWT' : 'vc+jwt')
    }
  }
})

test("jose's tokens verify here: RS256, EdDSA and ES256, and the credential of data model 1.1 in vc", async () => {
  const older = { '@context': ['https://www.w3.org/2018/credentials/v1'], type: ['VerifiableCredential'], credentialSubject: { name: 'x' } }
  for (const [alg, kid, key] of [['RS256', 'rsa', rsa.privateKey], ['EdDSA', 'ed', pair.privateKey], ['ES256', '#ec', curve.privateKey]] as const) {
    const plain = await new SignJWT({ ...credential, ...registered }).setProtectedHeader({ alg, kid: kid.startsWith('#') ? kid : `${issuer}#${kid}` }).sign(key)
    assert.deepEqual((await verifyToken(plain, options)).ok, true, alg)
    const wrapped = await new SignJWT({ ...registered, vc: older }).setProtectedHeader({ alg, kid, typ: 'JWT' }).sign(key)
    const verdict = await verifyToken(wrapped, { ...options, now })
    assert.ok(verdict.ok, JSON.stringify(verdict))
    assert.deepEqual(verdict.document, { ...older, id: 'urn:uuid:1', issuer, credentialSubject: { name: 'x', id: 'did:example:s' }, issuanceDate: '2026-01-01T00:00:00Z', expirationDate: '2027-01-01T00:00:00Z' })
  }
})

test('ES384 and ES512 of jose verify here with keys of their own curves, and with no other', async () => {
  for (const [alg, other] of [['ES384', 'ES512'], ['ES512', 'ES384']] as const) {
    const [own, foreign] = [await generateKeyPair(alg), await generateKeyPair(other)]
    const text = await new SignJWT(credential as JWTPayload).setProtectedHeader({ alg, typ: 'vc+jwt', kid: `${issuer}#key` }).sign(own.privateKey)
    const by = async (key: CryptoKey): Promise<CredentialTokenOptions> => {
      const found = publicKeyFromJwk(await exportJWK(key))
      return { resolve: (method) => ({ ok: true, id: method, controller: issuer, key: found, origin: 'document' }) }
    }
    const proven = await verifyToken(text, await by(own.publicKey))
    assert.ok(proven.ok, alg)
    assert.equal(proven.method.key.type, alg === 'ES384' ? 'P-384' : 'P-521')
    const refused = await verifyToken(text, await by(foreign.publicKey))
    assert.equal(refused.ok || refused.code, 'key_mismatch')
    const second = await verifyToken(text, await by((await generateKeyPair(alg)).publicKey))
    assert.equal(second.ok || second.code, 'signature_wrong')
  }
})

test('a presentation is signed as a token by its holder', async () => {
  const holder = didKeyMethod(pair.publicKey)
  const presentation: JsonObject = { '@context': ['https://www.w3.org/ns/credentials/v2'], type: ['VerifiablePresentation'], holder: holder.split('#')[0] as string }
  const proven = await verifyToken(await issueToken(presentation, pair, { profile: 'vp+jwt', kid: holder }), options)
  assert.ok(proven.ok)
  assert.equal(proven.profile, 'vp+jwt')
  assert.deepEqual(proven.document, presentation)
  await assert.rejects(issueToken({ type: ['VerifiablePresentation'] }, pair, { profile: 'vp+jwt', kid: holder }), TypeError)
})

test('presentations as tokens answer the challenge', async () => {
  const holder = didKeyMethod(pair.publicKey).split('#')[0] as string
  const token = made({ alg: 'EdDSA', typ: 'vp+jwt' }, { '@context': ['https://www.w3.org/ns/credentials/v2'], type: ['VerifiablePresentation'], holder, nonce: 'n', aud: ['a', 'b'] })
  const codeOf = async (more: object) => {
    const verdict = await verifyToken(token, { ...options, ...more })
    return verdict.ok ? verdict.profile : verdict.code
  }
  assert.equal(await codeOf({ challenge: 'n', domain: 'b' }), 'vp+jwt')
  assert.equal(await codeOf({ challenge: 'm' }), 'challenge_wrong')
  assert.equal(await codeOf({ domain: 'c' }), 'domain_wrong')
})

test('each forgery of a token is refused by its own code', async () => {
  const good = { alg: 'EdDSA', kid: `${issuer}#ed` }
  const vc = { ...good, typ: 'vc+jwt' }
  const token = made(good, { ...credential, ...registered })
  const [head, body, tail] = token.split('.') as [string, string, string]
  const hs256 = `${part({ alg: 'HS256', kid: `${issuer}#rsa` })}.${body}`
  const cases: [code: string, token: string, more?: object][] = [
    ['ok', token],
    ['token_malformed', ''],
    ['token_malformed', 'a.b'],
    ['token_malformed', `${token}.x`],
    ['token_encrypted', 'a.b.c.d.e'],
    ['token_malformed', `${head}=.${body}.${tail}`],
    ['token_malformed', `${head}.${body}.${tail}=`],
    ['token_malformed', `${head}. ${body}.${tail}`],
    ['token_malformed', `${part([1])}.${body}.${tail}`],
    ['token_malformed', `${head}.${part('text')}.${tail}`],
    ['token_malformed', `${part({ kid: 'x' })}.${body}.${tail}`],
    ['token_malformed', `${Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url')}.${body}.${tail}`],
    ['token_alg_none', `${part({ alg: 'none' })}.${body}.`],
    ['token_alg_none', `${part({ alg: 'NoNe' })}.${body}.${tail}`],
    ['token_alg_unsupported', `${hs256}.${createHash('sha256').update(hs256).digest('base64url')}`],
    ['token_alg_unsupported', `${part({ ...good, alg: 'PS256' })}.${body}.${tail}`],
    ['key_mismatch', made({ ...good, alg: 'RS256' }, { ...credential, ...registered })],
    ['key_mismatch', made({ ...good, alg: 'ES256' }, { ...credential, ...registered })],
    ['key_mismatch', made({ ...good, kid: `${issuer}#rsa` }, { ...credential, ...registered })],
    ['token_crit', made({ ...good, crit: ['b64'], b64: false }, credential)],
    ['token_crit', made({ ...good, b64: true }, credential)],
    ['token_header_forbidden', made({ ...good, jwk: jwkOf(stranger.publicKey) }, credential, stranger.privateKey)],
    ['token_header_forbidden', made({ ...good, jku: 'https://evil.example/keys' }, credential)],
    ['token_header_forbidden', made({ ...good, x5u: 'https://evil.example/cert' }, credential)],
    ['token_header_forbidden', made({ ...good, x5c: ['AAAA'] }, credential)],
    ['signature_wrong', made(good, { ...credential, ...registered }, stranger.privateKey)],
    ['signature_wrong', `${head}.${part({ ...credential, ...registered, name: 'x' })}.${tail}`],
    ['signature_wrong', `${head}.${body}.${tail.slice(0, 84)}`],
    ['signature_wrong', `${part({ ...good, typ: 'JWT' })}.${body}.${tail}`],
    ['method_unknown', made({ ...good, kid: 'did:web:evil.example#ed' }, credential)],
    ['method_unknown', made({ ...good, kid: 'other' }, credential)],
    ['token_malformed', made({ ...good, kid: 7 }, credential)],
    ['token_key_missing', made({ alg: 'EdDSA' }, credential)],
    ['token_type_wrong', made({ ...good, typ: 'at+jwt' }, credential)],
    ['token_type_wrong', made({ ...good, typ: 'vc+ld+jwt' }, credential)],
    ['token_claims_wrong', made(good, { ...credential, ...registered, iss: 'did:web:evil.example' })],
    ['token_claims_wrong', made(good, { ...credential, ...registered, sub: 'did:example:other' })],
    ['token_claims_wrong', made(good, { ...credential, ...registered, jti: 'urn:uuid:2' })],
    ['token_claims_wrong', made(good, { ...credential, ...registered, nbf: 1 })],
    ['token_claims_wrong', made(good, { ...credential, ...registered, exp: 9_999_999_999 })],
    ['token_claims_wrong', made(good, { ...registered })],
    ['token_claims_wrong', made(good, { ...registered, vc: 'text' })],
    ['token_claims_wrong', made(good, { ...registered, vc: { issuer: 'did:web:evil.example' } })],
    ['token_claims_wrong', made(good, { ...registered, vc: { issuer: { id: 'did:web:evil.example' } } })],
    ['token_claims_wrong', made(good, { ...registered, vc: { ...credential, id: 'urn:uuid:2' } })],
    ['token_claims_wrong', made(good, { ...registered, vc: { issuer }, nbf: 1e300 })],
    ['token_claims_wrong', made(vc, { ...credential, vc: {} })],
    ['token_claims_wrong', made(vc, { ...credential, vp: {} })],
    ['token_claims_wrong', made(vc, { ...credential, iss: 'did:web:evil.example' })],
    ['token_claims_wrong', made(vc, { issuer })],
    ['ok', made(vc, { ...credential, iat: 'not a number', exp: 1 })],
    ['token_time_wrong', made(vc, { ...credential, exp: 1 }), { now }],
    ['token_time_wrong', made(vc, { ...credential, nbf: 9_999_999_999 }), { now }],
    ['token_claims_wrong', made(vc, { ...credential, exp: 'tomorrow' }), { now }],
    ['too_complex', `${'a'.repeat(1_100_000)}.b.c`],
  ]
  for (const [code, text, more] of cases) {
    const verdict = await verifyToken(text, { ...options, ...more })
    assert.equal(verdict.ok ? 'ok' : verdict.code, code, text.slice(0, 200))
  }
})

test('a key in the header is used only when asked for, and proves nobody', async () => {
  const token = made({ alg: 'EdDSA', jwk: jwkOf(stranger.publicKey) }, credential, stranger.privateKey)
  const verdict = await verifyToken(token, { ...options, headerKeys: 'unproved' })
  assert.ok(verdict.ok)
  assert.equal(verdict.method.origin, 'header')
  const secret = made({ alg: 'EdDSA', jwk: { ...jwkOf(stranger.publicKey), d: 'AAAA' } }, credential, stranger.privateKey)
  const refused = await verifyToken(secret, { ...options, headerKeys: 'unproved' })
  assert.ok(!refused.ok && refused.code === 'key_malformed')
})

test('the published tokens in baked badges hold by the key that they bring', needsStandards, async () => {
  for (const name of ['simple-jwt.svg', 'simple-jwt_v1.svg']) {
    const token = /verify="([^"]+)"/.exec(standardText(`open-badges-3.0/fixtures/${name}`))?.[1] as string
    const refused = await verifyToken(token, options)
    assert.ok(!refused.ok && refused.code === 'token_header_forbidden')
    const verdict = await verifyToken(token, { ...options, headerKeys: 'unproved' })
    assert.ok(verdict.ok, `${name}: ${JSON.stringify(verdict)}`)
    assert.ok(Array.isArray(verdict.document['@context']))
  }
  for (const name of ['simple.jwt', 'velocity.jwt']) {
    const verdict = await verifyToken(standardText(`open-badges-3.0/fixtures/${name}`).trim(), options)
    assert.ok(!verdict.ok && ['token_key_missing', 'method_unknown'].includes(verdict.code), `${name}: ${JSON.stringify(verdict)}`)
  }
})

test('half characters are not signed', async () => {
  await assert.rejects(issueToken({ ...credential, name: '\ud800' }, pair, { profile: 'vc+jwt', kid: 'ed' }), { code: 'proof.not_canonical_json' })
  await assert.rejects(issueToken({ ...credential, issuer: 7 }, pair, { profile: 'vc+jwt', kid: 'ed' }), TypeError)
})

// ---- SD-JWT ----

let salts = 0
const holder = keyPairFromSeed(Buffer.alloc(32, 5))
const issue = (conceal: readonly string[], more: object = {}) =>
  issueSdJwt({ ...credential, tags: ['a', 'b', 'c'], credentialSubject: { id: 'did:example:s', name: 'Möbius', address: { street: 'x', city: 'y' } } }, pair, { kid: `${issuer}#ed`, conceal, salt: () => `salt-${salts++}`, ...more })
const claimsOf = async (text: string, more: object = {}): Promise<Json> => {
  const verdict = await verifySdJwt(text, { ...options, ...more })
  return verdict.ok ? verdict.claims : verdict.code
}

test('the digest of a disclosure is that of RFC 9901', () => {
  // RFC 9901 §4.2.3
  const digest = (text: string) => createHash('sha256').update(text, 'ascii').digest('base64url')
  assert.equal(digest('WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0'), 'X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0')
  assert.equal(digest('WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIkZSIl0'), 'w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs')
})

test('what is disclosed comes back in its place, what is withheld is gone, and nothing of the hiding is left', async () => {
  const token = await issue(['/credentialSubject/name', '/credentialSubject/address', '/credentialSubject/address/city', '/tags/1', '/id'])
  const [jwt, ...disclosures] = token.split('~').slice(0, -1) as [string, ...string[]]
  assert.equal(disclosures.length, 5)
  const all = (await claimsOf(token)) as JsonObject
  assert.deepEqual(all['credentialSubject'], { id: 'did:example:s', name: 'Möbius', address: { street: 'x', city: 'y' } })
  assert.deepEqual(all['tags'], ['a', 'b', 'c'])
  const none = (await claimsOf(`${jwt}~`)) as JsonObject
  assert.deepEqual(none, { '@context': credential['@context'], type: credential['type'], issuer: credential['issuer'], validFrom: credential['validFrom'], validUntil: credential['validUntil'], credentialSubject: { id: 'did:example:s' }, tags: ['a', 'c'] })
  const isIn = (text: string) => (disclosure: string) => Buffer.from(disclosure, 'base64url').toString().includes(text)
  const city = disclosures.find(isIn('"city"')) as string
  const address = disclosures.find(isIn('"address"')) as string
  assert.deepEqual(((await claimsOf(`${jwt}~${address}~`)) as JsonObject)['credentialSubject'], { id: 'did:example:s', address: { street: 'x' } })
  assert.equal(await claimsOf(`${jwt}~${city}~`), 'disclosure_wrong', 'hidden inside what is withheld')
})

test('disclosures that the issuer did not hide are refused', async () => {
  const token = await issue(['/credentialSubject/name'])
  const [jwt, disclosure] = token.split('~') as [string, string]
  const own = (parts: unknown) => part(parts)
  for (const bad of [`${jwt}~${disclosure}~${disclosure}~`, `${jwt}~${own(['s', 'name', 'Evil'])}~`, `${jwt}~${own(['s', 'extra', 1])}~`, `${jwt}~${own(['s'])}~`, `${jwt}~${own([1, 'a', 'b'])}~`, `${jwt}~~`, `${jwt}~!~`]) {
    assert.equal(await claimsOf(bad), 'disclosure_wrong', bad.slice(jwt.length))
  }
  assert.equal(await claimsOf(jwt), 'token_malformed')
  assert.equal(await claimsOf(`${jwt}~${'a~'.repeat(2_000)}`), 'too_complex')
  assert.equal(await claimsOf(`${made({ alg: 'none', typ: 'vc+sd-jwt' }, {})}~`), 'token_alg_none')
  const header = { alg: 'EdDSA', kid: `${issuer}#ed`, typ: 'dc+sd-jwt' }
  const digest = (text: string) => createHash('sha256').update(text, 'ascii').digest('base64url')
  const twice = own(['s', 'vct', 'other'])
  const member = own(['s', 'x'])
  const proto = own(['s', '__proto__', { admin: true }])
  const crafted: [string, object, string][] = [
    ['disclosure_wrong', { vct: 'a', _sd: [digest(twice)] }, `${twice}~`],
    ['disclosure_wrong', { vct: 'a', _sd: [digest(member)] }, `${member}~`],
    ['disclosure_wrong', { vct: 'a', list: [{ '...': digest(twice) }] }, `${twice}~`],
    ['disclosure_wrong', { vct: 'a', _sd: [digest(proto)] }, `${proto}~`],
    ['disclosure_wrong', { vct: 'a', _sd: ['x', 'x'] }, ''],
    ['disclosure_wrong', { vct: 'a', _sd: 'x' }, ''],
    ['disclosure_wrong', { vct: 'a', list: [{ '...': 'x', more: 1 }] }, ''],
    ['disclosure_wrong', { vct: 'a', '...': 'x' }, ''],
    ['disclosure_wrong', { vct: 'a', _sd_alg: 'md5' }, ''],
    ['token_claims_wrong', { iss: issuer }, ''],
    ['token_type_wrong', {}, ''],
  ]
  for (const [code, claims, rest] of crafted) {
    const token = made(code === 'token_type_wrong' ? { ...header, typ: 'JWT' } : header, claims)
    assert.equal(await claimsOf(`${token}~${rest}`), code, JSON.stringify(claims))
  }
})

test('a presentation bound to its holder is for one verifier and one occasion', async () => {
  const token = await issue(['/credentialSubject/name'], { holder: jwkOf(holder.publicKey) })
  const hash = (text: string) => createHash('sha256').update(text).digest('base64url')
  const bound = (claims: object, text = token, key = holder.privateKey, typ = 'kb+jwt') => text + made({ alg: 'EdDSA', typ }, { aud: 'https://verifier.example', nonce: 'n', iat: 1, sd_hash: hash(text), ...claims }, key)
  const asked = { audience: 'https://verifier.example', nonce: 'n' }
  const verdict = await verifySdJwt(bound({}), { ...options, ...asked })
  assert.ok(verdict.ok && verdict.holderBound)
  const plain = await verifySdJwt(token, options)
  assert.ok(plain.ok && !plain.holderBound)
  const cases: [string, string][] = [
    ['token_holder_missing', token],
    ['domain_wrong', bound({ aud: 'https://other.example' })],
    ['challenge_wrong', bound({ nonce: 'm' })],
    ['disclosure_wrong', bound({ sd_hash: 'x' })],
    ['disclosure_wrong', bound({}).replace('~', `~${part(['s', 'a', 1])}~`)],
    ['token_claims_wrong', bound({ iat: 'now' })],
    ['signature_wrong', bound({}, token, stranger.privateKey)],
    ['token_type_wrong', bound({}, token, holder.privateKey, 'JWT')],
    ['token_holder_missing', bound({}, await issue([]))],
    ['token_malformed', `${token}x`],
  ]
  for (const [code, text] of cases) assert.equal(await claimsOf(text, asked), code)
})

test('what gives a credential its meaning cannot be hidden', async () => {
  for (const pointer of ['/@context', '/type', '/issuer', '/credentialSubject/type', '/nothing', '', 'x', '/tags/9', '/tags/length', '/credentialSubject/name/0']) {
    await assert.rejects(issue([pointer]), { code: 'proof.cannot_select' }, pointer)
  }
})
