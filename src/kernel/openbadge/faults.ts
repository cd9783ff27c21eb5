import { faults } from '#kernel/fault'

/** What can go wrong while a credential is put into a picture. Taking one out gives a result, because strangers send what they like. */
export const fault = faults('openbadge', {
  not_a_picture: ['refused', (d: { kind: string; reason: string }) => `This is no ${d.kind} picture that a credential can be put into: ${d.reason}`],
})
