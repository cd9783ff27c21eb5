import { faults } from '#kernel/fault'

export const fault = faults('csv', {
  empty: ['refused', () => 'The file is empty; its first row must name the columns.'],
  not_utf8: ['refused', () => 'The file is UTF-16; save it again as CSV UTF-8.'],
  broken: ['refused', (d: { row: number; reason: string }) => `Row ${d.row}: ${d.reason}`],
  no_columns: ['refused', (d: { missing: string; found: string }) => `The first row lacks ${d.missing}; it has ${d.found}.`],
  twice: ['refused', (d: { column: string }) => `Column “${d.column}” is named twice in the first row.`],
})
