import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { anyChange, mutated } from '#test/mutation'
import { anyCredential, anyShape } from '#test/sample-credential'
import { needsStandards, standardContext as contexts } from '#test/standards'
import { addProof } from './add-proof.ts'
import { didKeyMethod, resolveDidKey } from './did-key.ts'
import { canonicalJson } from './jcs.ts'
import { isObject, type JsonObject, without } from './json.ts'
import { keyPairFromSeed } from './key-pair.ts'
import { canonicalizeRdf } from './rdf.ts'
import { verifyProofs } from './verify-proof.ts'

const full = process.env['LAUREL_FULL'] === '1'
const seed = Number(process.env['LAUREL_SEED'] ?? 20_260_501)
const pair = keyPairFromSeed(Buffer.alloc(32, 1))
const created = '2026-01-01T00:00:00Z'
const verificationMethod = didKeyMethod(pair.publicKey)

test(`a tampered credential is accepted only when it says the same (${full ? 20_000 : 'a few hundred'} mutations, seed ${seed})`, needsStandards, async (t) => {
  const tally = { same: 0, refused: 0, unsignable: 0 }
  await fc.assert(
    fc.asyncProperty(
      anyShape.chain((shape) => anyCredential(shape)),
      fc.constantFrom('eddsa-rdfc-2022', 'eddsa-jcs-2022'),
      fc.array(fc.array(fc.tuple(fc.nat(), anyChange), { minLength: 1, maxLength: 3 }), { minLength: 10, maxLength: 10 }),
      async (credential, cryptosuite, mutations) => {
        let signed: JsonObject
        try {
          signed = await addProof(credential, pair, { cryptosuite, created, verificationMethod }, contexts)
        } catch {
          tally.unsignable++
          return
        }
        for (const changes of mutations) {
          const shown = mutated(signed, changes)
          const verdicts = await verifyProofs(shown, { contexts, resolve: resolveDidKey })
          if (!verdicts.some((verdict) => verdict.ok)) {
            tally.refused++
            continue
          }
          tally.same++
          const bare = without(shown, 'proof')
          // With canonical JSON the shown context may be longer than the signed one, which the verdict tells.
          const longer = verdicts.some((verdict) => verdict.ok && verdict.warnings.includes('context_appended'))
          if (cryptosuite === 'eddsa-jcs-2022') assert.equal(canonicalJson(longer ? without(bare, '@context') : bare), canonicalJson(longer ? without(credential, '@context') : credential))
          else assert.deepEqual(await canonicalizeRdf(bare, contexts), await canonicalizeRdf(credential, contexts))
          assert.ok(isObject(shown))
        }
      },
    ),
    { seed, numRuns: full ? 2_000 : 30 },
  )
  t.diagnostic(JSON.stringify(tally))
  t.diagnostic(`law ${JSON.stringify({ law: 'Changes in the tree of generated credentials: a proof holds only where the canonical form is the same', cases: tally.refused + tally.same, long: 20_000 })}`)
  assert.ok(tally.refused > (full ? 12_000 : 150))
})
