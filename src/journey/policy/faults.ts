import { faults } from '#kernel/fault'

export const fault = faults('policy', {
  none: ['not_found', () => 'There is no proposed policy for this experiment.'],
  no_rule: ['refused', () => 'There is no rule to put in force: none was surely better than chance, or each did harm.'],
  no_run: ['refused', () => 'This experiment has no estimate yet; make one first, then a rule can be learned from it.'],
  bad_terms: ['refused', (d: { reason: string }) => `A rule cannot be learned on these terms: ${d.reason}.`],
})
