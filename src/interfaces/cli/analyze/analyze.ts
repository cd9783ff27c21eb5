/** `laurel analyze`: any experiment in a file; no server, no database. */
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { asJson, type CliContext, type Command } from '../command.ts'
import { fault as cliFault } from '../faults.ts'
import { reopenable } from '../read-file.ts'
import { analyse, withWhoGains, type Analysis } from './analysis.ts'
import { fault } from './faults.ts'
import { forestOptions } from './heterogeneity/forest-order.ts'
import { predictionsCsv } from './heterogeneity/predictions-csv.ts'
import { inTerminal } from './in-terminal.ts'
import { columnsOf, estimatorNames, orderFrom, type Order } from './order.ts'
import { fileSource, readTable, type Source } from './read-table.ts'
import { spooled } from './spool.ts'
import type { Table } from './table.ts'
import { asResults } from './results.ts'

export const analyze: Command = {
  positionals: 'FILE|-|postgres://...?table=NAME',
  options: {
    outcome: { type: 'string', value: 'Y1,Y2', help: 'columns that the treatment may have changed' },
    treatment: { type: 'string', value: 'Z', help: 'the column with the arm that was drawn' },
    arms: { type: 'string', value: 'CONTROL,TREATED', help: 'its two values to compare (default: its only two, sorted)' },
    'take-up': { type: 'string', value: 'D', help: 'who took the treatment up; its effect is estimated with the draw as instrument' },
    covariates: { type: 'string', value: 'A,B,C', help: 'columns measured before the draw; text becomes a factor' },
    blocks: { type: 'string', value: 'B', help: 'the column inside whose values the arms were drawn' },
    cluster: { type: 'string', value: 'C', help: 'the column whose values were drawn as a whole' },
    weights: { type: 'string', value: 'W', help: 'weights of rows, above zero' },
    baseline: { type: 'string', value: 'Y0', help: 'the outcome measured before the draw (CUPED)' },
    'subgroup-score': { type: 'string', value: 'auto|COLUMN', help: 'effects by thirds of a score: predicted from the covariates, or a column' },
    estimators: { type: 'string', value: 'A,B', help: `what to compute (default: what the design allows): ${estimatorNames.join(', ')}` },
    se: { type: 'string', value: 'HC2', help: 'errors of regressions: classical, HC0 to HC3; with --cluster CR0, stata, CR2' },
    family: { type: 'string', value: 'holm|bh|romano-wolf', help: 'how p-values of several outcomes are adjusted (default: holm)' },
    planned: { type: 'string', value: '1:2', help: 'planned sizes of the arms, control first; with as many numbers as values, in sorted order' },
    moments: { type: 'string', value: 'sql', help: 'lets DuckDB (a file) or PostgreSQL (a table, always so) group the rows, and reads only the groups' },
    ...forestOptions,
    seed: { type: 'string', value: '1', help: 'seed of everything that is drawn (default: 1)' },
    html: { type: 'string', value: 'FILE', help: 'writes a report that a dean can read, one file that needs nothing else' },
    pdf: { type: 'string', value: 'FILE', help: 'the same on paper; needs a browser (CHROME_PATH)' },
    ...asJson,
  },
  examples: [
    './laurel analyze trial.csv --outcome employed --treatment arm --arms control,nudge --covariates age,degree,country',
    './laurel analyze jtpa.csv --outcome earnings --treatment assignment --take-up training --covariates male,black,married --planned 1:2 --html report.html',
    './laurel analyze "postgres://analyst@db/lms?table=study.panel" --outcome employed --treatment arm --covariates degree,country',
    './laurel analyze trial.csv --outcome employed --treatment arm --arms control,nudge --covariates age,degree,country --heterogeneity forest --cost 0.01 --protected degree --html report.html',
    'zcat villages.csv.gz | ./laurel analyze - --outcome insured --treatment invited --cluster village --json',
  ],
  async run(call, context) {
    const file = call.positionals[0]
    if (file === undefined) throw cliFault.missing_file({ command: 'analyze', what: 'a CSV, TSV or Parquet file, - for the standard input, or the address of a table, postgres://...?table=NAME' })
    const order = orderFrom(call)
    const held = momentsOf(call.text('moments')) || isPostgres(file)
    const progress = context.progress()
    let analysis: Analysis
    try {
      const told = (from: number, to: number) => (context.terminal ? (share: number, what: string) => progress.to(from + (to - from) * share, what) : undefined)
      // The forest takes nearly all of the time where one is grown.
      const before = order.forest === undefined ? 1 : 0.1
      const made = held ? await analysisInPlace(file, order, context, told(0, before)) : await analyse(await tableOf(file, order, context), order, told(0, before))
      analysis = await withWhoGains(made, told(before, 1))
    } finally {
      progress.end()
    }
    const { gains } = analysis
    if (gains?.order.predictions !== undefined) {
      const to = gains.order.predictions
      await writing(to, () => writeFile(to, predictionsCsv(gains, analysis.data.rows)))
      context.say(`Predictions: ${to}. A single row's effect is mostly noise: use them together, never to rank people.`)
    }
    const [page, pdf] = [call.text('html'), call.text('pdf')]
    if (page !== undefined || pdf !== undefined) {
      const { reportOf } = await import('./report.ts')
      const report = reportOf(analysis, { made: context.now(), words: commandWords(call.options, isPostgres(file) ? analysis.data.file : file) })
      if (page !== undefined) {
        await writing(page, () => writeFile(page, report))
        context.say(`Report: ${page}`)
      }
      if (pdf !== undefined) {
        const { printPdf } = await import('./print-pdf.ts')
        await writing(pdf, () => printPdf(report, resolve(pdf)))
        context.say(`Report on paper: ${pdf}`)
      }
    }
    if (call.flag('json')) context.out(JSON.stringify(asResults(analysis), null, 1))
    else if (page === undefined && pdf === undefined) for (const line of inTerminal(analysis)) context.out(line)
    return 0
  },
}

function momentsOf(given: string | undefined): boolean {
  if (given !== undefined && given !== 'sql') throw fault.unknown_choice({ option: 'moments', given, near: 'sql', all: 'sql' })
  return given === 'sql'
}

/** The table stays where it is; DuckDB (68 MB) and the client of PostgreSQL are loaded when they are needed. */
async function analysisInPlace(file: string, order: Order, context: CliContext, progress?: (share: number, what: string) => void): Promise<Analysis> {
  const { analyseHeld } = await import('./moments/analyse-held.ts')
  const table = isPostgres(file) ? await (await import('./moments/open-postgres.ts')).openPostgres(file) : await (await import('./moments/open-file.ts')).openFile(await sourceOf(file, context))
  try {
    return await analyseHeld(table, order, progress)
  } finally {
    await table.close()
  }
}

const isPostgres = (address: string): boolean => /^postgres(?:ql)?:\/\//.test(address)

async function tableOf(file: string, order: Order, context: CliContext): Promise<Table> {
  const wanted = () => ({ columns: columnsOf(order), treatment: order.treatment })
  if (file !== '-') return readTable(await sourceOf(file, context), wanted)
  const source = await spooled(context.stdin)
  try {
    return await readTable(source, wanted)
  } finally {
    await source.close()
  }
}

async function sourceOf(file: string, context: CliContext): Promise<Source> {
  if (file === '-') return { file, path: undefined, open: () => context.stdin }
  await reopenable(file, context) // refuses what is no file
  return fileSource(file)
}

async function writing(file: string, write: () => Promise<void>): Promise<void> {
  try {
    await write()
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['ENOENT', 'EACCES', 'EISDIR', 'EROFS'].includes(String(error.code))) throw cliFault.unwritable_file({ file, reason: String(error.code) }, { cause: error })
    throw error
  }
}

/** The command as it was given, for the foot of the report. */
function commandWords(options: Readonly<Record<string, string | boolean | undefined>>, file: string): string {
  const quoted = (text: string): string => (/^[\w./:,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)
  const words = Object.entries(options).flatMap(([name, value]) => (typeof value === 'string' && !['html', 'pdf', 'data', 'public-url', 'predictions', 'threads'].includes(name) ? [`--${name}`, quoted(value)] : []))
  return ['./laurel analyze', quoted(file), ...words].join(' ')
}
