/**
 * The proof checks: one per Data Integrity proof, or one for the token.
 */
import type { ContextSource, JsonObject } from '#kernel/openbadge'
import { proofsOf, verifyProofs, type ProofVerdict } from '#kernel/proof'
import { hostOf, type Signature } from './issuer.ts'
import type { Keys } from './keys.ts'
import { check } from './reasons.ts'
import type { Check } from './report.ts'

/** Each proof costs a canonical form; an honest credential has one, a proof set or chain a few. */
const mostProofs = 8

export interface Proven {
  readonly checks: readonly Check[]
  /** The keys of the proofs that hold. */
  readonly signatures: readonly Signature[]
  /** Warnings of the proofs, in the words of `#kernel/proof`. */
  readonly warnings: readonly string[]
  /** Set when the terms of the document have no certain meaning: a reason of the check `contexts`. */
  readonly meaning?: 'term_unmapped' | 'term_redefined' | 'json_ld_invalid'
}

/** What a presentation's proof has to answer; for credentials nothing is asked. */
export interface Asked {
  readonly purpose?: string
  readonly challenge?: string
  readonly domain?: string
}

/** Verifies every Data Integrity proof of a document. */
export async function proveDocument(document: JsonObject, contexts: ContextSource, keys: Keys, now: number, asked: Asked = {}): Promise<Proven> {
  const proofs = proofsOf(document)
  if (proofs.length === 0) return { checks: [check('proof', 'none')], signatures: [], warnings: [] }
  if (proofs.length > mostProofs) return { checks: [check('proof', 'too_many')], signatures: [], warnings: [] }
  return provenBy(await verifyProofs(document, { contexts, resolve: keys.resolve, now, ...asked }), proofs.map(methodOf), keys)
}

function methodOf(proof: unknown): string {
  const method = (proof as { verificationMethod?: unknown } | null)?.verificationMethod
  return typeof method === 'string' ? method : ''
}

function provenBy(verdicts: readonly ProofVerdict[], methods: readonly string[], keys: Keys): Proven {
  const checks: Check[] = []
  const signatures: Signature[] = []
  const warnings = new Set<string>()
  let meaning: Proven['meaning']
  verdicts.forEach((verdict, at) => {
    const method = methods[at] ?? ''
    if (verdict.ok) {
      checks.push(check('proof', 'holds'))
      signatures.push({ controller: verdict.method.controller, method: verdict.method.id, origin: verdict.method.origin })
      for (const warning of verdict.warnings) warnings.add(warning)
      return
    }
    if (verdict.code === 'term_unmapped' || verdict.code === 'term_redefined' || verdict.code === 'json_ld_invalid') meaning ??= verdict.code
    checks.push(verdict.code === 'method_unknown' && keys.unreachable.has(method) ? check('proof', 'key_unreachable', { name: hostOf(method.split('#')[0] as string) }) : check('proof', verdict.code, { sentence: verdict.detail }))
  })
  return { checks, signatures, warnings: [...warnings], ...(meaning === undefined ? {} : { meaning }) }
}
