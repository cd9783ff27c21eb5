import { faults } from '#kernel/fault'

export const fault = faults('share', {
  unknown_target: ['refused', (d: { target: string }) => `“${d.target}” is not a place to share to.`],
  not_theirs: ['not_found', () => 'There is no such credential.'],
  not_in_force: ['conflict', () => 'This credential no longer holds, so it cannot be shared.'],
})
