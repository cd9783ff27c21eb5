import { faults } from '#kernel/fault'

/** "-" in words. */
const named = (file: string): string => (file === '-' ? 'the standard input' : file)
const opening = (file: string): string => (file === '-' ? 'The standard input' : file)

/** What `laurel analyze` and `laurel power` refuse. Alphabetical. */
export const fault = faults('analyze', {
  arms_refused: ['refused', (d: { reason: string }) => `--arms ${d.reason}. Write --arms control,treated with two values of the treatment's column.`],
  block_of_one_arm: ['refused', (d: { column: string; value: string }) => `Every row with “${d.column}” = ${d.value} is in one arm, so nobody there can be compared. Leave those rows out, join them to others, or write --propensity estimated.`],
  duplicate_column: ['refused', (d: { column: string }) => `The file has two columns named “${d.column}”. Rename one of them.`],
  empty_file: ['refused', (d: { file: string }) => `${opening(d.file)} holds no rows of data: a first line with the names of the columns and at least one row below it are needed.`],
  many_levels: ['refused', (d: { column: string; levels: number }) => `Column “${d.column}” is text with ${d.levels} different values, too many for a covariate. Was it meant as --blocks or --cluster?`],
  many_values: ['refused', (d: { column: string; values: string; count: number; example: string }) => `Treatment “${d.column}” has ${d.count} values (${d.values}). Say which two to compare, control first: --arms "${d.example}".`],
  needs_option: ['refused', (d: { option: string; why: string }) => `--${d.option} is needed ${d.why}.`],
  needs_rows: ['refused', (d: { what: string }) => `${d.what} needs the rows themselves, and --moments sql reads only groups of them. Leave one of the two out; a table of a server can be written to a file with COPY.`],
  no_baseline: ['refused', (d: { column: string }) => `Baseline “${d.column}” is text; CUPED takes numbers.`],
  no_browser: ['refused', () => 'A PDF is printed by a browser, and none was found. Name one with CHROME_PATH=/path/to/chromium, or write --html report.html and print that.'],
  no_column: ['refused', (d: { column: string; near: string; all: string }) => `There is no column “${d.column}”.${d.near === '' ? '' : ` Did you mean “${d.near}”?`} The file has: ${d.all}.`],
  no_covariate_left: ['refused', () => 'No covariate varies among the rows with an outcome, so people cannot differ by any. Name others with --covariates.'],
  no_estimate: ['refused', (d: { reason: string }) => `Nothing could be estimated. ${d.reason}`],
  no_table: ['refused', (d: { address: string }) => `${d.address} names no table. Write postgres://user@host/database?table=schema.name.`],
  no_usable_rows: ['refused', (d: { outcome: string }) => `No row has a value in “${d.outcome}” and in every other column that is needed with it.`],
  not_a_table: ['refused', (d: { file: string; reason: string }) => `${opening(d.file)} ${d.reason}.`],
  not_finite: ['refused', (d: { column: string; row: number }) => `Column “${d.column}” holds an infinite number in row ${d.row}. Mend it, or leave the field empty.`],
  number_refused: ['refused', (d: { option: string; given: string; takes: string }) => `--${d.option} is “${d.given}”; it takes ${d.takes}.`],
  one_arm_left: ['refused', (d: { outcome: string; column: string; value: string }) => `No row with a value in “${d.outcome}” has ${d.column} = ${d.value}: with one arm there is nothing to compare.`],
  one_column: ['refused', (d: { file: string }) => `${opening(d.file)} has a single column. Columns are parted by commas, semicolons, tabs or bars (|).`],
  one_value: ['refused', (d: { column: string; value: string }) => `Treatment “${d.column}” is ${d.value} in every row, so there is nothing to compare it with.`],
  planned_refused: ['refused', (d: { given: string; arms: number }) => `--planned is “${d.given}”; give one number above zero per arm (${d.arms}), as 1:2, control first.`],
  print_failed: ['broken', (d: { reason: string }) => `The browser did not print the report: ${d.reason}`],
  quote_open: ['refused', (d: { file: string; row: number }) => `${opening(d.file)} ends inside a quoted field that began in row ${d.row}; a closing quote is missing.`],
  ragged: ['refused', (d: { file: string; row: number; fields: number; columns: number }) => `Row ${d.row} of ${named(d.file)} has ${d.fields} ${d.fields === 1 ? 'field' : 'fields'} and the first line names ${d.columns}. Is a field with the separator in it not quoted?`],
  row_too_long: ['refused', (d: { file: string; row: number; megabytes: number }) => `Row ${d.row} of ${named(d.file)} does not end within ${d.megabytes} MB. A quote that opens a field there is probably never closed.`],
  same_column: ['refused', (d: { column: string; one: string; other: string }) => `“${d.column}” is named as --${d.one} and as --${d.other}; it can be one of them.`],
  score_needs_covariates: ['refused', () => '--subgroup-score auto predicts the outcome from covariates; name some with --covariates, or name a column as the score.'],
  table_unreadable: ['refused', (d: { address: string; reason: string }) => `${d.address} cannot be read: ${d.reason}`],
  take_up_constant: ['refused', (d: { column: string; value: string }) => `Take-up “${d.column}” is ${d.value} in every row, so its effect cannot be estimated.`],
  text_column: ['refused', (d: { column: string; role: string; row: number; value: string; hint: string }) => `The ${d.role} “${d.column}” is text (row ${d.row}: “${d.value}”), and numbers are needed.${d.hint === '' ? '' : ` ${d.hint}`}`],
  text_in_table: ['refused', (d: { column: string; role: string; table: string }) => `The ${d.role} “${d.column}” is text in ${d.table}, and numbers are needed.`],
  too_large: ['refused', (d: { file: string; rows: number; needed: number; memory: number }) => `After ${d.rows} rows the columns of ${named(d.file)} take ${d.needed} MB of the ${d.memory} MB that this machine can give. Name fewer columns, or take a part of the rows.`],
  too_many_groups: ['refused', (d: { columns: string; groups: number }) => `The values of ${d.columns} form more than ${d.groups} groups, so grouping would move nearly the whole table. Name fewer columns or coarser ones, ask for --se classical, which takes sums alone, or read the rows from a file.`],
  unknown_choice: ['refused', (d: { option: string; given: string; near: string; all: string }) => `--${d.option} does not know “${d.given}”.${d.near === '' ? '' : ` Did you mean “${d.near}”?`} It takes: ${d.all}.`],
  unreadable_parquet: ['refused', (d: { file: string; reason: string }) => `${opening(d.file)} cannot be read as Parquet: ${d.reason}`],
})
