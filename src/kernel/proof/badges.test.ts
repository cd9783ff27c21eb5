import assert from 'node:assert/strict'
import { test } from 'node:test'
import { needsStandards, standardContext as contexts, standardJson, standardText } from '#test/standards'
import { resolveDidKey } from './did-key.ts'
import { didDocument } from './did-web.ts'
import { sha256 } from './digest.ts'
import { isObject, type Json, without } from './json.ts'
import { type MethodResolver, resolveFragmentKey, resolveInDocument } from './method.ts'
import { decodeMultikey } from './multikey.ts'
import { canonicalizeRdf } from './rdf.ts'
import { verifyProofs } from './verify-proof.ts'

interface Expected {
  file: string
  container: string
  securing: string
  signature: string
  jsonLdSafeMode: string
}

/** Keys as the publisher's note on the fixtures says: a did:key is its own; others stand in the fragment of the method. */
const resolve: MethodResolver = (method, purpose) => {
  if (method.startsWith('did:key:')) return resolveDidKey(method)
  const [did, fragment] = method.split('#') as [string, string?]
  if (!did.startsWith('did:web:') || fragment === undefined) return resolveFragmentKey(method)
  return resolveInDocument(method, purpose, didDocument(did, [{ fragment, publicKey: decodeMultikey(fragment) }]))
}

test('the proofs of the published badges hold exactly where the publisher says that they are sound', needsStandards, async (t) => {
  const files = standardJson<{ files: Expected[] }>('open-badges-3.0/expected.json').files.filter((one) => one.container === 'json')
  assert.equal(files.length, 38)
  const refused = new Map<string, string>()
  for (const { file, securing, signature } of files) {
    const document = standardJson(`open-badges-3.0/${file}`)
    const verdicts = await verifyProofs(document, { contexts, resolve })
    if (securing === 'none') {
      assert.deepEqual(verdicts, [], file)
      continue
    }
    const last = verdicts.at(-1)
    assert.equal(last?.ok, signature === 'sound', `${file}: ${JSON.stringify(last)}`)
    if (last && !last.ok) refused.set(file, last.code)
    const warnings = last?.ok ? last.warnings : []
    assert.equal(warnings.includes('legacy_type'), last?.ok === true && securing === 'Ed25519Signature2020')
    assert.equal(warnings.includes('legacy_cryptosuite'), last?.ok === true && securing.endsWith(' eddsa-2022'))
  }
  t.diagnostic(JSON.stringify(Object.fromEntries(refused)))
  assert.equal(refused.get('fixtures/simple-err-proof-value.json'), 'signature_wrong')
  assert.equal(refused.get('fixtures/simple-err-proof-method.json'), 'key_malformed')
  assert.equal(refused.get('fixtures/simple-err-evidence-type.json'), 'term_unmapped')
})

test('the published Ed25519Signature2020 vector is read, with a warning', needsStandards, async () => {
  const folder = 'vc-di-eddsa/Ed25519Signature2020/'
  const signed = standardJson(`${folder}signedEdSig.json`)
  const [verdict] = await verifyProofs(signed, { contexts, resolve })
  assert.ok(verdict?.ok)
  assert.deepEqual(verdict.warnings, ['legacy_type'])
  const document = await canonicalizeRdf(without(signed, 'proof'), contexts)
  assert.ok(document.ok && document.nquads === standardText(`${folder}canonDocEdSig.txt`))
  assert.equal(sha256(document.nquads).toString('hex'), standardText(`${folder}docHashEdSig.txt`))
})

test('the published status list examples hold', needsStandards, async () => {
  const held = new Map<string, boolean>()
  for (const name of ['credential', 'status-list', 'credential-two-entries', 'status-list-with-examples-context']) {
    for (const suite of ['eddsa-rdfc-2022', 'ecdsa-rdfc-2019']) {
      let document: Json
      try {
        document = standardJson<Json>(`vc-bitstring-status-list/examples/${name}.signed-${suite}.json`)
      } catch {
        continue
      }
      assert.ok(isObject(document))
      const [verdict] = await verifyProofs(document, { contexts, resolve })
      held.set(`${name} ${suite}`, verdict?.ok === true)
      assert.ok(verdict?.ok, JSON.stringify(verdict))
    }
  }
  assert.ok(held.size >= 4, [...held.keys()].join())
})
