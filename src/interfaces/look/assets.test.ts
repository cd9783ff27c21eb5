import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { assetAddress, assets } from './assets.ts'

test('an address is made of what it serves, so it can be kept for ever', () => {
  for (const one of assets) {
    const hash = createHash('sha256').update(one.body).digest('hex').slice(0, 10)
    assert.ok(one.path.includes(`.${hash}.`), one.path)
    assert.equal(assetAddress(one.name as 'laurel.css'), one.path)
    assert.equal(one.immutable, true)
  }
})

test('the compressed forms hold the same bytes', () => {
  for (const one of assets) {
    assert.ok(brotliDecompressSync(one.encoded.br).equals(one.body))
    assert.ok(gunzipSync(one.encoded.gzip).equals(one.body))
  }
})

test('no style sheet and no island asks anybody else for anything', () => {
  for (const one of assets) {
    const whole = Buffer.from(one.body).toString('utf8').replaceAll('http://www.w3.org/2000/svg', '')
    // The program that checks signatures holds contexts, whose terms are addresses, and asks where an issuer's name (did:web) leads; it fetches in one place.
    const text = one.name === 'check.js' ? whole.replaceAll(/"https?:[^"]*"|(?<=['`])https?:\/\/(?:www\.w3\.org\/|\$\{host\})/gu, '') : whole
    if (one.name === 'check.js') assert.equal(text.match(/\bfetch\(/gu)?.length, 1)
    assert.doesNotMatch(text, /https?:\/|\/\/[a-z]|@import|url\(/u, one.name)
    if (one.name.endsWith('.css')) assert.doesNotMatch(text.replace(/\/\*[\s\S]*?\*\//gu, ''), /(?<![a-z-])(?:left|right|margin-left|margin-right|padding-left|padding-right|float)\s*:/u, `${one.name}: logical properties only`)
  }
})

test('an icon, two style sheets and the islands: nothing else', () => {
  assert.deepEqual(assets.map((one) => one.name), ['laurel.css', 'desk.css', 'view.js', 'copy.js', 'scan.js', 'qr.js', 'passkey.js', 'check.js', 'profile.js', 'icon.svg'])
})
