import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import type { JsonObject } from '#kernel/openbadge'
import { didKey, didKeyMethod, issueSdJwt, issueToken, jwkOf, keyPairFromSeed } from '#kernel/proof'
import { verifyPresentation } from './presentation.ts'
import { genuine, now, surroundings } from './specimen.ts'

const holderKey = keyPairFromSeed(Buffer.alloc(32, 21))
const holder = didKey(holderKey.publicKey)
const kid = didKeyMethod(holderKey.publicKey)
const presentation: JsonObject = { '@context': ['https://www.w3.org/ns/credentials/v2'], id: 'urn:uuid:5', type: ['VerifiablePresentation'], holder, verifiableCredential: [genuine] }
const salt = () => 'AAAAAAAAAAAAAAAAAAAAAA'
const options = { ...surroundings(), now }
const b64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const codes = async (text: string | JsonObject, asked: { challenge?: string; domain?: string } = {}) => (await verifyPresentation(text, { ...options, ...asked })).checks.filter((one) => one.result !== 'passed').map((one) => one.code)

/** The holder's answer to a challenge, at the end of a selectively disclosed token (RFC 9901 §4.3). */
function bound(text: string, nonce: string, aud: string): string {
  const signedPart = `${b64({ alg: 'EdDSA', typ: 'kb+jwt' })}.${b64({ iat: Math.floor(now / 1000), aud, nonce, sd_hash: createHash('sha256').update(text).digest('base64url') })}`
  return `${text}${signedPart}.${Buffer.from(holderKey.sign(Buffer.from(signedPart))).toString('base64url')}`
}

test('a selectively disclosed presentation holds, in an envelope too, and answers the challenge by its key binding', async () => {
  const text = await issueSdJwt(presentation, holderKey, { kid, conceal: ['/holder', '/verifiableCredential/0'], salt, type: 'vp+sd-jwt', holder: jwkOf(holderKey.publicKey) })
  const report = await verifyPresentation(text, options)
  assert.equal(report.result, 'passed', JSON.stringify(report.checks))
  assert.equal(report.holder, holder)
  assert.equal(report.credentials.length, 1)
  assert.deepEqual(await codes({ '@context': 'https://www.w3.org/ns/credentials/v2', type: 'EnvelopedVerifiablePresentation', id: `data:application/vp+sd-jwt,${text}` }), [])
  const asked = { challenge: 'c-1', domain: 'https://employer.example' }
  assert.deepEqual(await codes(bound(text, 'c-1', asked.domain), asked), [])
  assert.deepEqual(await codes(text, asked), ['proof.token_holder_missing'])
  assert.deepEqual(await codes(bound(text, 'c-2', asked.domain), asked), ['proof.challenge_wrong'])
})

test('a credential in an envelope that is not opened is neither accepted nor called broken', async () => {
  const cose = { '@context': 'https://www.w3.org/ns/credentials/v2', type: 'EnvelopedVerifiableCredential', id: 'data:application/vc+cose;base64,0oRYVqQB' }
  const report = await verifyPresentation(await issueToken({ ...presentation, verifiableCredential: [genuine, cose] }, holderKey, { profile: 'vp+jwt', kid }), options)
  assert.equal(report.result, 'not_checked')
  assert.equal(report.credentials[1]?.checks[0]?.code, 'parsed.envelope_unread')
  assert.equal(report.credentials[1]?.verdict, 'not_proved')
})

test('a token for credentials presents nothing, so that it cannot pass by a challenge that it does not answer', async () => {
  const asCredential = await issueToken({ ...presentation, issuer: holder }, holderKey, { profile: 'vc+jwt', kid })
  const asBadge = await issueToken({ ...presentation, issuer: holder }, holderKey, { profile: 'ob3-jwt', kid })
  const asSelective = await issueSdJwt({ ...presentation, issuer: holder }, holderKey, { kid, conceal: [], salt })
  for (const text of [asCredential, asBadge, asSelective]) assert.deepEqual(await codes(text, {}), ['proof.token_type_wrong'])
  for (const text of [asCredential, asBadge]) assert.deepEqual(await codes(text, { challenge: 'c-1' }), ['proof.token_type_wrong'])
})
