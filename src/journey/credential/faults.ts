import { faults } from '#kernel/fault'

export const fault = faults('credential', {
  unknown: ['not_found', () => 'There is no such credential.'],
  already_revoked: ['conflict', (d: { publicId: string }) => `Credential ${d.publicId} has been revoked already.`],
  not_fit: ['refused', (d: { count: number; first: string }) => `The credential would not be a valid Open Badge, so it was not signed: ${d.first}${d.count > 1 ? ` (and ${d.count - 1} more)` : ''}`],
  no_key: ['refused', (d: { issuer: string }) => `${d.issuer} has no signing key in use; make one with: ./laurel keys rotate`],
  key_differs: ['broken', (d: { issuer: string }) => `The signing key of ${d.issuer} does not open to the public key on record; nothing was signed.`],
  no_reason: ['refused', () => 'A revocation needs a reason; it is shown to whoever verifies.'],
  unknown_list: ['not_found', () => 'There is no such status list.'],
})
