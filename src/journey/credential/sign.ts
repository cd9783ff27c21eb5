import { contextFor, isObject } from '#kernel/openbadge'
import { addProof, encodeMultikey, type KeyPair } from '#kernel/proof'
import type { Issuer } from '#journey/party'
import { issuerMethod } from './issuer-did.ts'
import type { Prepared } from './store.ts'

/** Signs what was prepared (eddsa-rdfc-2022), with the time of preparing as the proof's date, so that signing again gives the same bytes. */
export async function signPrepared(prepared: readonly Prepared[], pair: KeyPair, site: { readonly publicUrl: string }, issuer: Issuer): Promise<readonly { readonly id: string; readonly signed: string }[]> {
  const { method } = issuerMethod(site, issuer, encodeMultikey(pair.publicKey))
  const signed = []
  for (const one of prepared) {
    const document: unknown = JSON.parse(one.prepared)
    if (!isObject(document)) throw new TypeError('what was prepared is not a document')
    const whole = await addProof(document, pair, { cryptosuite: 'eddsa-rdfc-2022', verificationMethod: method, created: `${one.preparedAt.toISOString().slice(0, 19)}Z` }, contextFor)
    signed.push({ id: one.id, signed: JSON.stringify(whole) })
  }
  return signed
}
