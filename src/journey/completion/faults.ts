import { faults } from '#kernel/fault'

export const fault = faults('completion', {
  unknown_achievement: ['refused', (d: { achievement: string; known: string }) => `There is no achievement “${d.achievement}”${d.known === '' ? '; add one first' : `; there are ${d.known}`}.`],
  bad_achievement: ['refused', (d: { count: number }) => (d.count === 1 ? 'The achievement has a fault.' : `The achievement has ${d.count} faults.`)],
  bad_file: ['refused', (d: { count: number; rows: number }) => `${d.count === 1 ? 'One fault' : `${d.count} faults`} in ${d.rows === 1 ? 'one row' : `${d.rows} rows`}; nothing was imported.`],
  unreadable: ['refused', (d: { reason: string }) => `The file cannot be read as CSV: ${d.reason}`],
  bad_claims: ['refused', (d: { count: number }) => (d.count === 1 ? 'What is said of the achievement would not make a valid Open Badge.' : `What is said of the achievement has ${d.count} faults, so it would not make a valid Open Badge.`)],
  in_future: ['refused', () => 'The completion lies in the future.'],
  key_reused: ['conflict', () => 'This Idempotency-Key was used for another request; use a new key for new content.'],
})
