import { faults } from '#kernel/fault'

export const fault = faults('twin', {
  bad_effects: ['refused', (d: { reason: string }) => `The effect file cannot be used: ${d.reason}`],
  bad_order: ['refused', (d: { reason: string }) => `This cannot be simulated: ${d.reason}`],
})
