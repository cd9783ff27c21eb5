import { contextFor } from '#kernel/openbadge'
import { bulkSigner, encodeMultikey, type BulkSigner, type KeyPair } from '#kernel/proof'
import type { Issuer } from '#journey/party'
import { issuerMethod } from './issuer-did.ts'
import type { Prepared } from './store.ts'

/** What differs from one credential of an achievement to the next; anything else that differs costs speed and nothing more. */
const varying = ['/id', '/validFrom', '/credentialSubject/identifier/*/identityHash', '/credentialSubject/identifier/*/salt', '/credentialStatus/id', '/credentialStatus/statusListIndex', '/credentialStatus/statusListCredential', '/credentialStatus/*/id', '/credentialStatus/*/statusListIndex', '/credentialStatus/*/statusListCredential']

/** Signers keep the templates that they compiled; one for each key and name of it. */
const signers = new Map<string, BulkSigner>()
const mostSigners = 64

/**
 * Signs what was prepared (eddsa-rdfc-2022), with the time of preparing as the proof's date, so that signing again gives the same bytes. The
 * first of each kind in each batch and one in a thousand are computed by the general road too; a difference refuses the batch.
 */
export async function signPrepared(prepared: readonly Prepared[], pair: KeyPair, site: { readonly publicUrl: string }, issuer: Issuer, chance: () => number): Promise<readonly { readonly id: string; readonly signed: string }[]> {
  const signer = signerFor(pair, issuerMethod(site, issuer, encodeMultikey(pair.publicKey)).method, chance)
  const signed: { id: string; signed: string }[] = []
  for (const [created, batch] of Map.groupBy(prepared, (one) => `${one.preparedAt.toISOString().slice(0, 19)}Z`)) {
    const texts = await signer.sign(batch.map((one) => one.document), created)
    for (const [at, one] of batch.entries()) signed.push({ id: one.id, signed: texts[at]!.json })
  }
  return signed
}

function signerFor(pair: KeyPair, verificationMethod: string, chance: () => number): BulkSigner {
  const name = verificationMethod
  const known = signers.get(name)
  if (known) return known
  if (signers.size >= mostSigners) signers.clear()
  const made = bulkSigner({ signer: pair, verificationMethod, contexts: contextFor, varying, chance })
  signers.set(name, made)
  return made
}
