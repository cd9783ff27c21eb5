import { estimatesOfRun, runAnalysis, type Diagnostics, type EstimateRow } from '#journey/estimate'
import { experimentById, experimentsOf, type Experiment } from '#journey/experiment'
import { policiesOf } from '#journey/policy'
import type { World } from '#platform/world'
import { asJson, type Command } from './command.ts'
import { fault } from './faults.ts'
import { issuerFor, issuerOption, withInstallation } from './settings.ts'

export const estimate: Command = {
  positionals: '',
  options: { experiment: { type: 'string', value: 'ID', help: 'which experiment (default: the newest)' }, ...issuerOption, ...asJson },
  examples: ['./laurel estimate', './laurel estimate --json > estimates.json'],
  async run(call, context) {
    return await withInstallation(call, context, async ({ world }) => {
      const experiment = await experimentFor(world, call.text('experiment'), call.text('issuer'))
      const { run } = await runAnalysis(world, experiment.id)
      await world.queue.drain(world)
      const { estimates, policy } = await world.db.read(async (tx) => ({ estimates: await estimatesOfRun(tx, run.id), policy: (await policiesOf(tx, experiment.id))[0] }))
      if (call.flag('json')) {
        context.out(JSON.stringify({ experiment: { id: experiment.id, name: experiment.name }, run, estimates, policy: policy ?? null }))
        return 0
      }
      context.out(`${experiment.name}: ${run.rows} learners drawn`)
      for (const line of diagnosisInWords(run.diagnostics)) context.out(`  ${line}`)
      context.out('')
      for (const line of table(estimates)) context.out(line)
      if (policy) context.out(`\nPolicy proposed: ${policy.sentence}${policy.value === undefined ? '' : ` ${perThousand(policy.value)} of every 1,000 against ${policy.against}; 95% interval ${perThousand(policy.valueLow ?? Number.NaN)} to ${perThousand(policy.valueHigh ?? Number.NaN)}.`}`)
      return 0
    })
  },
}

export async function experimentFor(world: World, id: string | undefined, issuer: string | undefined): Promise<Experiment> {
  const handle = await issuerFor(world, issuer)
  const found = await world.db.read(async (tx) => (id === undefined ? (await experimentsOf(tx, handle.id))[0] : /^[0-9a-f-]{36}$/.test(id) ? await experimentById(tx, id) : undefined))
  if (!found) throw fault.no_experiment()
  return found
}

function diagnosisInWords(diagnostics: Diagnostics): readonly string[] {
  const percent = (share: number) => `${(100 * share).toFixed(1)}%`
  const lines = [`Arms: ${diagnostics.arms.map((arm) => `${arm.arm} ${arm.drawn} (planned ${percent(arm.planned)}), work seen of ${arm.observed}`).join('; ')}`]
  if (diagnostics.sampleRatio?.alarm === true) lines.push('The arms do not have the planned sizes. Find out why before believing any figure below.')
  if (diagnostics.coverage.pValue !== null && diagnostics.coverage.pValue < 0.05) lines.push('Work was seen more often in one arm than in the other, so effects on work may only be effects on being seen.')
  if (diagnostics.firstStageF !== null && diagnostics.firstStageF < 10) lines.push(`The prompt moved sharing little (F = ${diagnostics.firstStageF.toFixed(1)}); read the Anderson-Rubin set, not the 2SLS interval.`)
  if (diagnostics.mature < 1) lines.push(`${percent(diagnostics.mature)} of the learners were drawn long enough ago for the whole horizon; effects on work still mature.`)
  return lines
}

function table(estimates: readonly EstimateRow[]): readonly string[] {
  const points = (value: number | null) => (value === null ? '' : (100 * value).toFixed(2))
  // Tenths and tests of all parts together are in the JSON and on the desk.
  const told = estimates.filter((row) => !/:(?:tenth|all alike)/.test(row.subgroup))
  const rows = told.map((row) => [row.subgroup === 'all' ? row.outcome : `${row.outcome}, ${row.subgroup.split(':').at(-1)}`, row.estimand, row.estimator, points(row.estimate), points(row.stdError), row.confLow === null && row.confHigh === null ? (row.shape ?? '') : `${row.confLow === null ? '−∞' : points(row.confLow)} to ${row.confHigh === null ? '∞' : points(row.confHigh)}`, row.pValue === null ? '' : row.pValue.toPrecision(2), String(row.n), row.reason ?? ''])
  const head = ['outcome', 'estimand', 'estimator', 'points', 'error', '95% interval', 'p', 'n', '']
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]!.length)))
  return [head, ...rows].map((row) => row.map((cell, at) => (at < 3 || at === 8 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join('  ').trimEnd())
}

const perThousand = (value: number) => String(Math.round(1000 * value)).replace('-', '−')
