import { faults } from '#kernel/fault'

export const fault = faults('estimate', {
  given_up: ['refused', (d: { name: string }) => `The analysis of “${d.name}” took more than an hour or 4 GB of memory and was given up. Run it on a larger machine.`],
  nothing_drawn: ['refused', (d: { name: string }) => `Nobody has been drawn into “${d.name}” yet, so there is nothing to estimate.`],
  not_started: ['refused', (d: { name: string }) => `“${d.name}” has not been started; its plan is not frozen.`],
  several_treatments: ['refused', (d: { name: string; arms: number }) => `“${d.name}” has ${d.arms} arms beside the control; this analysis compares one arm with the control.`],
})
