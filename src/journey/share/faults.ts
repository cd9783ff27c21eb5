import { faults } from '#kernel/fault'

export const fault = faults('share', {
  unknown_target: ['refused', (d: { target: string }) => `“${d.target}” is not a place to share to.`],
  unknown_instance: ['refused', (d: { given: string }) => `“${d.given}” is not the name of a server. Write it as it stands in the address of your profile, such as mastodon.social.`],
  not_theirs: ['not_found', () => 'There is no such credential.'],
  not_in_force: ['conflict', () => 'This credential no longer holds, so it cannot be shared.'],
})
