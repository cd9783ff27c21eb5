import { createHash } from 'node:crypto'
import { fault } from './faults.ts'
import type { Json, JsonObject } from './json.ts'
import type { Signer } from './key.ts'
import { pointerNames } from './pointer.ts'
import { signToken } from './token.ts'

export interface SdJwtIssue {
  readonly kid: string
  /** JSON pointers to what the holder may leave out: members of objects and of lists. What lies inside another is hidden inside it. */
  readonly conceal: readonly string[]
  /** A new salt for each disclosure, of 128 bits of chance at least, as base64url. */
  readonly salt: () => string
  /** The holder's public key, for a key binding. */
  readonly holder?: JsonObject
  readonly type?: 'vc+sd-jwt' | 'dc+sd-jwt' | 'vp+sd-jwt'
}

/**
 * Signs a credential as a selectively disclosable token with all its disclosures: `<token>~<disclosure>~…~`.
 *
 * @throws Fault `proof.cannot_select` for a pointer that points at nothing, or at what gives the credential its meaning (`@context`, `type`, `issuer`, `vct`, …)
 * Source: RFC 9901 §4.2; VC-JOSE-COSE §3.2.
 */
export async function issueSdJwt(credential: JsonObject, signer: Signer, issue: SdJwtIssue): Promise<string> {
  const claims = structuredClone(credential) as { [name: string]: Json }
  delete claims['proof']
  const disclosures: string[] = []
  const conceal = (parts: readonly Json[]): string => {
    const text = Buffer.from(JSON.stringify([issue.salt(), ...parts])).toString('base64url')
    disclosures.push(text)
    return createHash('sha256').update(text, 'ascii').digest('base64url')
  }
  // The deepest first, so that what is hidden inside another goes into its disclosure.
  for (const pointer of [...new Set(issue.conceal)].toSorted((a, b) => b.split('/').length - a.split('/').length)) {
    const names = pointerNames(pointer)
    const last = names?.at(-1)
    if (names === undefined || last === undefined || alwaysShown.has(last) || (names.length === 1 && alwaysShownAtTop.has(last))) throw fault.cannot_select({ reason: `${pointer} cannot be hidden` })
    let holder: Json | undefined = claims
    for (const name of names.slice(0, -1)) holder = typeof holder === 'object' && holder !== null && Object.hasOwn(holder, name) ? (holder as JsonObject)[name] : undefined
    if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, last) || last === 'length') throw fault.cannot_select({ reason: `${pointer} points at nothing` })
    const open = holder as { [name: string]: Json }
    if (Array.isArray(holder)) open[last] = { '...': conceal([open[last] as Json]) }
    else {
      const digest = conceal([last, open[last] as Json])
      delete open[last]
      // In the order of their texts, so that the place of a digest does not tell what it hides.
      open['_sd'] = [...((open['_sd'] as readonly Json[] | undefined) ?? []), digest].toSorted()
    }
  }
  if (issue.holder !== undefined) claims['cnf'] = { jwk: issue.holder }
  const token = await signToken({ typ: issue.type ?? 'vc+sd-jwt', kid: issue.kid }, { ...claims, _sd_alg: 'sha-256' }, signer)
  return `${[token, ...disclosures].join('~')}~`
}

/** SD-JWT VC §2.2.2.3 and VC-JOSE-COSE §3.2.1: what must never be selectively disclosable. */
const alwaysShown = new Set(['@context', 'type', '@type', '_sd', '...', '_sd_alg', '__proto__'])
const alwaysShownAtTop = new Set(['iss', 'issuer', 'nbf', 'exp', 'cnf', 'vct', 'status', 'credentialStatus', 'credentialSchema', 'relatedResource', 'proof'])
