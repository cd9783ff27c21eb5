import { faults } from '#kernel/fault'

export const fault = faults('credential', {
  unknown: ['not_found', () => 'There is no such credential.'],
  unknown_here: ['not_found', (d: { publicId: string }) => `There is no credential ${d.publicId}.`],
  already_revoked: ['conflict', (d: { publicId: string }) => `Credential ${d.publicId} has been revoked already, which is for good.`],
  already_suspended: ['conflict', (d: { publicId: string }) => `Credential ${d.publicId} is suspended already.`],
  not_suspended: ['conflict', (d: { publicId: string }) => `Credential ${d.publicId} is not suspended, so there is nothing to reinstate.`],
  not_suspendable: ['refused', (d: { publicId: string }) => `Credential ${d.publicId} was issued without a place in a list of suspensions, so it can only be revoked; with LAUREL_SUSPENSION=1 credentials issued from then on have one.`],
  not_in_force: ['conflict', () => 'This credential does not hold at present, so it is not made into a certificate, a badge or a token; its page says why.'],
  too_many: ['refused', (d: { count: number; most: number }) => `${d.count} credentials are more than one change takes; give at most ${d.most} at a time.`],
  not_fit: ['refused', (d: { count: number; first: string; index?: number }) => `The credential would not be a valid Open Badge, so it was not signed: ${d.first}${d.count > 1 ? ` (and ${d.count - 1} more)` : ''}`],
  no_key: ['refused', (d: { issuer: string }) => `${d.issuer} has no signing key in use; make one with: ./laurel keys rotate`],
  key_differs: ['broken', (d: { issuer: string }) => `The signing key of ${d.issuer} does not open to the public key on record; nothing was signed.`],
  nothing_endorsed: ['refused', (d: { given: string }) => `“${d.given}” is not the address or the DID of something that could be endorsed.`],
  unknown_key: ['not_found', (d: { key: string }) => `There is no signing key ${d.key}; ./laurel keys list shows those there are.`],
  compromised_before: ['conflict', (d: { date: string }) => `This key counts as compromised since ${d.date} already; only an earlier date can be given.`],
  compromised_later: ['refused', () => 'A key can be compromised since a moment that has been, not since one to come.'],
  no_reason: ['refused', () => 'A change of status needs a reason; it is shown on the credential’s page.'],
  no_address_column: ['refused', (d: { names: string; found: string }) => `The first row names no column for the addresses (${d.names}); it has ${d.found}.`],
  list_too_long: ['refused', (d: { most: number }) => `The list has more than ${d.most} rows; give it in parts.`],
  list_empty: ['refused', () => 'There is no address in the list.'],
  unknown_list: ['not_found', () => 'There is no such status list.'],
})
