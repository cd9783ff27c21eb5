/** Status lists as they are served: signed, current, and good for a day. */
import { contextFor } from '#kernel/openbadge'
import { addProof, encodeMultikey, encodeStatusList } from '#kernel/proof'
import { issuerById } from '#journey/party'
import type { World } from '#platform/world'
import { statusListAddress } from './address.ts'
import { fault } from './faults.ts'
import { toSecond } from './issue.ts'
import { issuerMethod } from './issuer-did.ts'
import { openKey } from './key.ts'
import { keepSignedList, statusListById } from './store.ts'

type Needs = Pick<World, 'db' | 'secrets' | 'config' | 'clock'>

const dayMs = 86_400_000

/** A list is in force a little before it is signed: who asked for it read its own clock first, and clocks differ ("a few minutes", RFC 7519 §4.1.5). */
const leewayMs = 120_000

/**
 * A status list credential (Bitstring Status List v1.0, section 2.2), signed by its issuer. The signed text is kept until a bit changes or half
 * of its day is over, so that asking costs one read.
 *
 * @throws Fault `credential.unknown_list`
 */
export async function statusListDocument(needs: Needs, listId: string): Promise<string> {
  const list = /^[0-9a-f-]{36}$/.test(listId) ? await needs.db.read((tx) => statusListById(tx, listId)) : undefined
  if (!list) throw fault.unknown_list()
  const now = needs.clock.now()
  if (list.signed !== undefined && list.signedUntil !== undefined && list.signedUntil.getTime() - now.getTime() > dayMs / 2) return list.signed

  const { issuer, key } = await needs.db.read(async (tx) => {
    const issuer = await issuerById(tx, list.issuerId)
    if (!issuer) throw fault.unknown_list()
    return { issuer, key: await openKey(tx, needs.secrets, issuer) }
  })
  const { did, method } = issuerMethod(needs.config, issuer, encodeMultikey(key.pair.publicKey))
  const from = new Date(now.getTime() - leewayMs)
  const until = new Date(now.getTime() + dayMs)
  const address = statusListAddress(needs.config, list.id)
  const whole = await addProof(
    {
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      id: address,
      type: ['VerifiableCredential', 'BitstringStatusListCredential'],
      issuer: did,
      validFrom: toSecond(from),
      validUntil: toSecond(until),
      credentialSubject: { id: `${address}#list`, type: 'BitstringStatusList', statusPurpose: list.purpose, encodedList: encodeStatusList(list.bits) },
    },
    key.pair,
    { cryptosuite: 'eddsa-rdfc-2022', verificationMethod: method, created: toSecond(now) },
    contextFor,
  )
  const text = JSON.stringify(whole)
  await needs.db.transaction((tx) => keepSignedList(tx, list.id, list.bits, text, until))
  return text
}

/** A status list of this installation by its address, for verifying here without asking the network. */
export async function ownStatusList(needs: Needs, address: string): Promise<string | undefined> {
  const base = statusListAddress(needs.config, '')
  return address.startsWith(base) ? await statusListDocument(needs, address.slice(base.length)) : undefined
}
