import { faults } from '#kernel/fault'

export const fault = faults('nudge', {
  unknown_workflow: ['broken', (d: { workflow: string; known: string }) => `“${d.workflow}” is not a workflow; the workflows are ${d.known}.`],
})
