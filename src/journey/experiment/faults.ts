import { faults } from '#kernel/fault'

export const fault = faults('experiment', {
  unknown: ['not_found', () => 'There is no such experiment.'],
  not_draft: ['conflict', (d: { name: string; state: string }) => `“${d.name}” is ${d.state}; only a draft can be started.`],
  not_running: ['conflict', (d: { name: string; state: string }) => `“${d.name}” is ${d.state}; only a running experiment can be stopped.`],
  one_at_a_time: ['conflict', (d: { running: string }) => `“${d.running}” is running; stop it first, so that no learner is in two experiments on the same nudges.`],
  random_share_refused: ['refused', (d: { share: number }) => `The share that stays random is ${d.share}; it lies above 0 and up to 1, and below 1 only with a rule. Without a random lane the next estimate is impossible.`],
  rule_refused: ['refused', (d: { reason: string }) => `The rule cannot be followed: ${d.reason}.`],
  rule_unknown: ['not_found', () => 'There is no such adopted rule.'],
  no_control: ['refused', () => 'An experiment needs one arm that is a ghost: without a control arm nothing can be estimated.'],
})
