import { faults } from '#kernel/fault'

export const fault = faults('config', {
  wrong: ['refused', (d: { count: number }) => (d.count === 1 ? 'One setting is wrong.' : `${d.count} settings are wrong.`)],
})
