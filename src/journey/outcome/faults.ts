import { faults } from '#kernel/fault'

export const fault = faults('outcome', {
  bad_file: ['refused', (d: { count: number; rows: number }) => `${d.count === 1 ? 'One fault' : `${d.count} faults`} in ${d.rows === 1 ? 'one row' : `${d.rows} rows`}; nothing was imported.`],
})
