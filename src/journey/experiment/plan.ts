import type { ExperimentArm, Plan } from './experiment.ts'

/**
 * The plan that an experiment has unless it says otherwise: what Athey and Palikot (2024) looked at, with the first stage first, since a
 * provider sees sharing with some 3,000 learners an arm and jobs only with some 23,000 (research notes A11).
 */
export const defaultPlan: Plan = Object.freeze({
  outcomes: Object.freeze([
    { name: 'shared', role: 'confirmatory' },
    { name: 'new_job', role: 'confirmatory' },
    { name: 'new_job_in_scope', role: 'confirmatory' },
    { name: 'viewed', role: 'exploratory' },
  ] as const),
  estimands: Object.freeze(['itt', 'first_stage', 'late'] as const),
  covariates: Object.freeze([]),
  subgroups: Object.freeze(['baseline_employability']),
  family: 'holm',
  confidence: 0.95,
  horizonMonths: 12,
})

/** Half and half: any other split costs precision (90 to 10 multiplies the variance by 2.78). */
export function defaultArms(workflow: string): readonly ExperimentArm[] {
  return Object.freeze([
    { name: 'control', weight: 1, workflow, ghost: true },
    { name: 'nudge', weight: 1, workflow, ghost: false },
  ])
}
