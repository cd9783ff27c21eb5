import { faults } from '#kernel/fault'

/** What this room refuses to sign, encode or compile. Failed verifications are results with a code of `refusals`, not faults. */
export const fault = faults('proof', {
  not_canonical_json: ['refused', (d: { reason: string }) => `The document has no canonical JSON form: ${d.reason}.`],
  not_canonical_rdf: ['refused', (d: { reason: string }) => `The document cannot be signed: ${d.reason}`],
  cannot_select: ['refused', (d: { reason: string }) => `No part of this credential can be shown by itself: ${d.reason}.`],
  bad_encoding: ['refused', (d: { what: string; reason: string }) => `The ${d.what} cannot be read: ${d.reason}.`],
  bad_key: ['refused', (d: { reason: string }) => `The key cannot be used: ${d.reason}.`],
  bad_did_web: ['refused', (d: { address: string; reason: string }) => `"${d.address}" cannot be a did:web identity: ${d.reason}.`],
  bad_status_list: ['refused', (d: { reason: string }) => `The status list cannot be used: ${d.reason}.`],
  status_index_outside: ['refused', (d: { index: number; length: number }) => `Status index ${d.index} is outside the list of ${d.length} entries.`],
  template_unsafe: ['refused', (d: { reason: string }) => `No signing template can be made from this credential: ${d.reason}.`],
  template_differs: [
    'broken',
    (d: { index: number }) => `Credential ${d.index} of the batch was built differently by the fast and the full path; the whole batch is refused.`,
  ],
})
