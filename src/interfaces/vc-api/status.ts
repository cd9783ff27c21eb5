/**
 * Status lists for the suites that look at them: signed, current, and with no bit set. Nothing that is issued on this surface is ever withdrawn and
 * nothing of it is kept, so a place on the list is drawn and not remembered; that two credentials could get the same one harms nobody here.
 */
import { statusEntry, type JsonObject } from '#kernel/openbadge'
import { encodeStatusList, leastStatusEntries, newStatusBits } from '#kernel/proof'
import type { World } from '#platform/world'
import { secure, toSecond } from './secure.ts'
import { keyOf, suites, type Suite } from './suite.ts'

type Needs = Pick<World, 'secrets' | 'config' | 'clock' | 'ids'>

const dayMs = 86_400_000
const purpose = 'revocation'

function addressOf(config: Pick<World['config'], 'publicUrl'>, suite: Suite): string {
  return `${config.publicUrl}/vc-api/${suite.name}/status`
}

/** A place on the list of a suite, drawn evenly: the length of the list is a power of two. */
export function newStatusEntry(needs: Pick<Needs, 'config' | 'ids'>, suite: Suite): JsonObject {
  const bytes = needs.ids.bytes(4)
  const index = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0) % leastStatusEntries
  return statusEntry({ statusListCredential: addressOf(needs.config, suite), index, purpose })
}

/** The list of a suite (Bitstring Status List v1.0 §2.2), good for a day. */
export function statusList(needs: Needs, suite: Suite): Promise<JsonObject> {
  const address = addressOf(needs.config, suite)
  const now = needs.clock.now()
  return secure(needs, suite, {
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    id: address,
    type: ['VerifiableCredential', 'BitstringStatusListCredential'],
    issuer: keyOf(needs.secrets, suite).issuer,
    validFrom: toSecond(now),
    validUntil: toSecond(new Date(now.getTime() + dayMs)),
    credentialSubject: { id: `${address}#list`, type: 'BitstringStatusList', statusPurpose: purpose, encodedList: encodeStatusList(newStatusBits()) },
  })
}

/** The list at an address, where it is one of ours; no other is asked for. */
export async function ownStatusList(needs: Needs, address: string): Promise<string | undefined> {
  const suite = [...suites.values()].find((one) => one.status === true && addressOf(needs.config, one) === address)
  return suite && JSON.stringify(await statusList(needs, suite))
}
