import { faults } from '#kernel/fault'

export const fault = faults('policy', {
  none: ['not_found', () => 'There is no proposed policy for this experiment.'],
})
