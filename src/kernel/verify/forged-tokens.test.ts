import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'
import { deflateSync } from 'node:zlib'
import type { Json, JsonObject } from '#kernel/openbadge'
import { didKey, issueSdJwt, issueToken, jwkOf, type KeyPair } from '#kernel/proof'
import { baked, collector, element, idat, iend, ihdr, judge, pdf, png, svg, type Forgery } from './forgery.ts'
import { reasonCodes } from './reasons.ts'
import { changed, formerKey, genuine, issuerId, issuerKey, method, plainStatusList, revocationList, secondSignature, statusList, strangerId, strangerKey, strangerMethod, surroundings, unsigned } from './specimen.ts'
import { verifyCredential } from './verify.ts'

const forgeries: Forgery[] = []
const forge = collector(forgeries)
const text = JSON.stringify(genuine)
const achievementPath = ['credentialSubject', 'achievement']
const revocation = (list: Json): Pick<Forgery, 'world'> => ({ world: { lists: { [revocationList]: list } } })

const b64 = (value: Json | string): string => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
/** Any header and any text, signed properly with a key. */
const jws = (header: JsonObject, claims: JsonObject | string, key: KeyPair = issuerKey): string => {
  const signedPart = `${b64(header)}.${b64(claims)}`
  return `${signedPart}.${Buffer.from(key.sign(Buffer.from(signedPart))).toString('base64url')}`
}
const kid = method
const typ = 'vc+jwt'
const token = await issueToken(unsigned, issuerKey, { profile: 'vc+jwt', kid })
const badgeToken = await issueToken(unsigned, issuerKey, { profile: 'ob3-jwt', kid })
const [head, body, tail] = token.split('.') as [string, string, string]
const { validUntil: _until, ...endless } = unsigned
const nested = (depth: number): string => `{"a":${'['.repeat(depth)}${']'.repeat(depth)},${JSON.stringify(unsigned).slice(1)}`

forge('a token signed with nothing', 'proof.token_alg_none', `${b64({ alg: 'none', typ })}.${body}.`)
forge('a token signed with NoNe', 'proof.token_alg_none', `${b64({ alg: 'NoNe', typ })}.${body}.`)
forge('a token whose public key was used as a secret', 'proof.token_alg_unsupported', (() => {
  const signedPart = `${b64({ alg: 'HS256', kid, typ })}.${body}`
  return `${signedPart}.${createHmac('sha256', issuerKey.publicKey.bytes).update(signedPart).digest('base64url')}`
})())
forge('a token with an algorithm of another kind of key', 'proof.key_mismatch', jws({ alg: 'ES256', kid, typ }, unsigned))
forge('a token with RS256 and an Ed25519 key', 'proof.key_mismatch', jws({ alg: 'RS256', kid, typ }, unsigned))
forge('a token without an algorithm', 'proof.token_malformed', jws({ kid, typ }, unsigned))
forge('a token with a header that is a list', 'proof.token_malformed', `${b64('[]')}.${body}.${tail}`)
forge('a token with claims that are no JSON', 'proof.token_malformed', `${head}.${b64('trust me')}.${tail}`)
forge('a token with another payload', 'proof.signature_wrong', `${head}.${b64({ ...unsigned, name: 'Doctor of Medicine' })}.${tail}`)
forge('a token with another header', 'proof.signature_wrong', `${b64({ alg: 'EdDSA', typ, kid, cty: 'x' })}.${body}.${tail}`)
forge('a token without signature', 'proof.signature_wrong', `${head}.${body}.`)
forge('a token with a signature of zeros', 'proof.signature_wrong', `${head}.${body}.${Buffer.alloc(64).toString('base64url')}`)
forge('a token with a second spelling of its signature', 'proof.token_malformed', `${head}.${body}.${tail.slice(0, -1)}${tail.endsWith('A') ? 'B' : String.fromCharCode(tail.charCodeAt(tail.length - 1) + 1)}`)
forge('a token with the key of a stranger under the issuer’s name', 'proof.signature_wrong', jws({ alg: 'EdDSA', kid, typ }, unsigned, strangerKey))
forge('a token of a did:key with an RSA key in its header', 'issuer.mismatch', (() => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const signedPart = `${b64({ alg: 'RS256', typ: 'JWT', jwk: publicKey.export({ format: 'jwk' }) as JsonObject })}.${b64({ ...unsigned, issuer: didKey(issuerKey.publicKey), iss: didKey(issuerKey.publicKey) })}`
  return `${signedPart}.${sign('sha256', Buffer.from(signedPart), privateKey).toString('base64url')}`
})())
forge('a token of a stranger', 'issuer.mismatch', jws({ alg: 'EdDSA', kid: strangerMethod, typ }, unsigned, strangerKey))
forge('a token with a key that the issuer does not have', 'proof.method_unknown', jws({ alg: 'EdDSA', kid: '#key-9', typ }, unsigned, strangerKey))
forge('a token with a withdrawn key', 'proof.key_revoked', jws({ alg: 'EdDSA', kid: `${issuerId}#key-0`, typ }, unsigned, formerKey))
forge('a token that brings a stranger’s key', 'issuer.mismatch', jws({ alg: 'EdDSA', jwk: jwkOf(strangerKey.publicKey), typ }, unsigned, strangerKey))
forge('a token that brings a key, when the issuer does not answer', 'issuer.self_stated', jws({ alg: 'EdDSA', jwk: jwkOf(strangerKey.publicKey), typ }, changed(unsigned, ['credentialStatus'], undefined), strangerKey), { world: { resolveDid: async () => undefined }, verdict: 'unknown_issuer' })
forge('a token that brings a private key', 'proof.key_malformed', jws({ alg: 'EdDSA', jwk: { ...jwkOf(strangerKey.publicKey), d: 'AAAA' }, typ }, unsigned, strangerKey))
for (const member of ['jku', 'x5u']) forge(`a token that tells where to fetch its key (${member})`, 'proof.token_header_forbidden', jws({ alg: 'EdDSA', kid, typ, [member]: 'https://evil.example/keys' }, unsigned))
forge('a token with a certificate of its own', 'proof.token_header_forbidden', jws({ alg: 'EdDSA', kid, typ, x5c: ['MIIB'] }, unsigned))
forge('a token with critical extensions', 'proof.token_crit', jws({ alg: 'EdDSA', kid, typ, crit: ['exp'] }, unsigned))
forge('a token with an unencoded payload', 'proof.token_crit', jws({ alg: 'EdDSA', kid, typ, b64: false }, unsigned))
forge('a token of another kind', 'proof.token_type_wrong', jws({ alg: 'EdDSA', kid, typ: 'at+jwt' }, unsigned))
forge('a token that does not name its key', 'proof.token_key_missing', jws({ alg: 'EdDSA', typ }, unsigned))
forge('a token with a vc claim where none may be', 'proof.token_claims_wrong', jws({ alg: 'EdDSA', kid, typ }, { ...unsigned, vc: unsigned }))
forge('a token of another issuer than its credential', 'proof.token_claims_wrong', jws({ alg: 'EdDSA', kid, typ: 'JWT' }, { ...unsigned, iss: strangerId }))
forge('a token with another id than its credential', 'proof.token_claims_wrong', jws({ alg: 'EdDSA', kid, typ: 'JWT' }, { ...unsigned, jti: 'urn:uuid:0' }))
forge('a token with a longer life than its credential', 'proof.token_claims_wrong', jws({ alg: 'EdDSA', kid, typ: 'JWT' }, { ...unsigned, exp: 4_102_444_800 }))
forge('a token with an earlier beginning than its credential', 'proof.token_claims_wrong', jws({ alg: 'EdDSA', kid, typ: 'JWT' }, { ...unsigned, nbf: 0 }))
forge('a token that says two things under one name', 'parsed.duplicate_key', jws({ alg: 'EdDSA', kid, typ }, `{"name":"Doctor of Medicine",${JSON.stringify(unsigned).slice(1)}`))
forge('a token with __proto__', 'parsed.forbidden_key', jws({ alg: 'EdDSA', kid, typ }, `{"__proto__":{"a":1},${JSON.stringify(unsigned).slice(1)}`))
forge('a token nested ten thousand deep', 'parsed.too_deep', jws({ alg: 'EdDSA', kid, typ }, nested(10_000)))
forge('a token whose time is over', 'dates.expired', jws({ alg: 'EdDSA', kid, typ }, { ...endless, exp: 1_795_000_000 }), { world: { now: Date.parse('2026-12-01T00:00:00Z') } })
forge('a token whose time has not come', 'dates.not_yet', jws({ alg: 'EdDSA', kid, typ }, { ...unsigned, nbf: 1_800_000_000 }))
forge('a revoked token', 'status.revoked', badgeToken, revocation(await statusList(revocationList, 'revocation', [94_567])))
forge('a token with a list of another issuer as token', 'status.list_foreign', token, revocation(jws({ alg: 'EdDSA', kid: strangerMethod, typ }, plainStatusList(revocationList, 'revocation', [], { issuer: strangerId }), strangerKey)))
forge('a status list as token, with another payload', 'status.list_signature_wrong', token, revocation(`${head}.${b64(plainStatusList(revocationList, 'revocation'))}.${tail}`))
forge('a token with an unknown context', 'contexts.unknown_context', jws({ alg: 'EdDSA', kid, typ }, changed(unsigned, ['@context', 2], 'https://evil.example/c')))
forge('a token without an achievement', 'schema.missing', jws({ alg: 'EdDSA', kid, typ }, changed(unsigned, achievementPath, undefined)))
forge('a token that is a presentation', 'parsed.presentation_given', jws({ alg: 'EdDSA', kid: strangerMethod, typ: 'vp+jwt' }, { '@context': ['https://www.w3.org/ns/credentials/v2'], type: ['VerifiablePresentation'], holder: strangerId }, strangerKey))
forge('a token of two parts', 'parsed.unknown_kind', `${head}.${body}`)
forge('a token with a line break inside', 'parsed.unknown_kind', `${head}.\n${body}.${tail}`)
forge('a PNG with a token whose payload was changed', 'proof.signature_wrong', png(ihdr, baked(`${head}.${b64({ ...unsigned, name: 'x' })}.${tail}`), idat, iend))
forge('an SVG with a token whose payload was changed', 'proof.signature_wrong', svg(`<openbadges:credential verify="${head}.${b64({ ...unsigned, name: 'x' })}.${tail}"/>`))

let salts = 0
const selective = await issueSdJwt(unsigned, issuerKey, { kid, conceal: ['/credentialSubject/result', '/evidence'], salt: () => Buffer.from(`salt number ${salts++} of the test`).toString('base64url') })
const [sdToken, sdFirst, sdSecond] = selective.split('~') as [string, string, string]
const disclosed = JSON.parse(Buffer.from(sdFirst, 'base64url').toString()) as [string, string, Json]
forge('a disclosure with another value', 'proof.disclosure_wrong', `${sdToken}~${b64([disclosed[0], disclosed[1], 'forged'])}~${sdSecond}~`)
forge('a disclosure that nobody hid', 'proof.disclosure_wrong', `${selective}${b64(['salt', 'degree', 'Doctor'])}~`)
forge('a disclosure twice', 'proof.disclosure_wrong', `${sdToken}~${sdFirst}~${sdFirst}~`)
forge('a selective token with another payload', 'proof.signature_wrong', `${sdToken.split('.')[0]}.${b64({ ...unsigned, name: 'x' })}.${sdToken.split('.')[2]}~`)
forge('a selective token bound to a holder by a stranger', 'proof.token_holder_missing', `${selective}${jws({ alg: 'EdDSA', typ: 'kb+jwt' }, { iat: 1_795_000_000, aud: 'x', nonce: 'y', sd_hash: 'z' }, strangerKey)}`)

forge('a second signature of a token', 'proof.signature_wrong', `${head}.${body}.${Buffer.from(secondSignature(Buffer.from(tail, 'base64url'))).toString('base64url')}`)

test('every forgery has a name of its own and a reason from the closed list', () => {
  const known = new Set<string>(reasonCodes)
  assert.equal(new Set(forgeries.map((one) => one.name)).size, forgeries.length)
  for (const one of forgeries) assert.ok(known.has(one.reason), one.reason)
})

/** Milliseconds of the processor, which a busy machine does not stretch as it does those of the clock. */
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

test(`none of ${forgeries.length} forged tokens is trusted, each gets its reason, and none takes two seconds of CPU time`, async (t) => {
  assert.ok(forgeries.length >= 50, `${forgeries.length}`)
  const { wrong, shown, slowest } = await judge(forgeries, cpuMs)
  t.diagnostic(`the slowest: ${slowest.name}, ${slowest.ms.toFixed(0)} ms`)
  t.diagnostic(`law ${JSON.stringify({ law: 'Named forgeries of tokens, pictures and PDFs, each refused for its own reason within two seconds', cases: forgeries.length, long: forgeries.length })}`)
  assert.deepEqual(wrong, [])
  assert.deepEqual(shown, [])
  assert.ok(slowest.ms < 2_000)
})

test('the genuine credential is trusted in every form that was forged here', async () => {
  for (const input of [text, token, badgeToken, selective, `${sdToken}~${sdSecond}~`, png(ihdr, baked(text), idat, iend), png(ihdr, baked(badgeToken), idat, iend), svg(element(text)), svg(`<openbadges:credential verify="${token}"/>`), pdf(deflateSync(text), '/Filter /FlateDecode')]) {
    const report = await verifyCredential(input, surroundings())
    assert.equal(report.verdict, 'trusted', JSON.stringify(report.checks.filter((one) => one.result !== 'passed')))
    assert.equal(report.facts?.who, 'Adaeze Nkechi Okonkwo')
  }
  const withList = await verifyCredential(token, surroundings({ lists: { [revocationList]: jws({ alg: 'EdDSA', kid, typ }, plainStatusList(revocationList, 'revocation')) } }))
  assert.equal(withList.verdict, 'trusted')
  assert.deepEqual((await verifyCredential(`${sdToken}~`, surroundings())).facts?.results, [])
})
