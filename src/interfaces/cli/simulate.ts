import { asJson, type Command } from './command.ts'
import { configOf, wholeNumber } from './settings.ts'

export const simulateCommand: Command = {
  positionals: '',
  options: {
    learners: { type: 'string', value: 'N', help: 'how many (default 2000)' },
    seed: { type: 'string', value: 'S', help: 'the same seed gives the same result (default 1)' },
    months: { type: 'string', value: 'N', help: 'how long, 2 to 36 (default 12)' },
    'effect-file': { type: 'string', value: 'F', help: 'JSON with the true rates and effects, where they should differ from the published ones' },
    into: { type: 'boolean', help: 'plays into this installation, as a demonstration issuer; otherwise into a database of its own' },
    ...asJson,
  },
  examples: ['./laurel simulate --learners 2000 --seed 1', './laurel simulate --learners 40000 --seed 7 --json'],
  async run(call, context) {
    const bar = context.progress()
    const report = await context.simulate({
      learners: wholeNumber(call, 'learners', 2000, 20, 1_000_000),
      seed: call.text('seed') ?? '1',
      months: wholeNumber(call, 'months', 12, 2, 36),
      effectFile: call.text('effect-file'),
      into: call.flag('into') ? configOf(call, context) : undefined,
      progress: (share, what) => bar.to(share, what),
    })
    bar.end()
    if (call.flag('json')) {
      context.out(JSON.stringify(report))
      return 0
    }
    const points = (value: number | null) => (value === null || Number.isNaN(value) ? '–' : (100 * value).toFixed(2))
    const rows = report.estimates.map((row) => [row.outcome, row.estimand, row.subgroup, points(row.truth), points(row.estimate), points(row.std_error), `${points(row.conf_low)} to ${points(row.conf_high)}`, row.covered === null ? '–' : row.covered ? 'yes' : 'no', String(row.n)])
    const head = ['outcome', 'estimand', 'subgroup', 'truth', 'estimate', 'error', '95% interval', 'covered', 'n']
    const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]!.length)))
    context.out(`${report.learners} learners in ${report.seconds.toFixed(1)} s. In points of percentage:\n`)
    for (const row of [head, ...rows]) context.out(row.map((cell, at) => (at < 3 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join('  ').trimEnd())
    return 0
  },
}
