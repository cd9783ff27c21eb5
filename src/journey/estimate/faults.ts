import { faults } from '#kernel/fault'

export const fault = faults('estimate', {
  nothing_drawn: ['refused', (d: { name: string }) => `Nobody has been drawn into “${d.name}” yet, so there is nothing to estimate.`],
  not_started: ['refused', (d: { name: string }) => `“${d.name}” has not been started; its plan is not frozen.`],
  several_treatments: ['refused', (d: { name: string; arms: number }) => `“${d.name}” has ${d.arms} arms beside the control; this analysis compares one arm with the control.`],
})
