import { faults } from '#kernel/fault'

export const fault = faults('cli', {
  unknown_command: ['refused', (d: { given: string; near: string }) => `There is no command “${d.given}”.${d.near === '' ? '' : ` Did you mean “${d.near}”?`} ./laurel help lists them.`],
  wrong_option: ['refused', (d: { reason: string; command: string }) => `${d.reason} ./laurel ${d.command} --help says what it takes.`],
  missing_file: ['refused', (d: { command: string; what: string }) => `Name ${d.what}. ./laurel ${d.command} --help says what it takes.`],
  missing_name: ['refused', (d: { command: string; what: string }) => `Name ${d.what}. ./laurel ${d.command} --help says what it takes.`],
  no_api_key: ['refused', (d: { id: string }) => `There is no key ${d.id}; ./laurel api-key list shows those there are.`],
  no_such_file: ['refused', (d: { file: string }) => `There is no file ${d.file}.`],
  unreadable_file: ['refused', (d: { file: string; reason: string }) => `${d.file} cannot be read (${d.reason}).`],
  not_json: ['refused', (d: { file: string; reason: string }) => `${d.file} is not JSON: ${d.reason}`],
  not_an_id: ['refused', (d: { given: string }) => `“${d.given}” is neither the id of a credential (22 characters) nor its address.`],
  many_issuers: ['refused', (d: { handles: string }) => `There are several issuers (${d.handles}); say which with --issuer.`],
  no_issuer: ['refused', () => 'There is no issuer yet; name one with --issuer-name "Example University".'],
  no_experiment: ['refused', () => 'There is no such experiment; ./laurel experiment list shows those there are.'],
  bad_number: ['refused', (d: { option: string; given: string; wanted: string }) => `--${d.option} is “${d.given}”; give ${d.wanted}.`],
  bad_rows: ['refused', (d: { count: number; file: string }) => `${d.count === 1 ? 'One row' : `${d.count} rows`} of ${d.file} cannot become a credential, so nothing was written.`],
  no_rows: ['refused', (d: { file: string }) => `${d.file} has no rows.`],
  not_utf8_file: ['refused', () => 'Some bytes of the file are not UTF-8; save it as UTF-8.'],
  unwritable_file: ['refused', (d: { file: string; reason: string }) => `${d.file} cannot be written (${d.reason}).`],
})
