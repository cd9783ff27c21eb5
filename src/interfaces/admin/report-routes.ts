import { z } from 'zod'
import { estimatesOfRun, gainsOfRun, latestRun, runAnalysis, type EstimateRow as Estimated } from '#journey/estimate'
import { experimentsOf } from '#journey/experiment'
import { writeCsvRow } from '#platform/csv'
import { fault, file, formBody, page, rates, redirect, route, type Route } from '#interfaces/http'
import { deskAddress, deskChrome, mayEnter } from './desk.ts'
import { experimentOf } from './experiment-routes.ts'
import { presentReport } from './present-report.ts'
import { reportPage, reportsPage } from './report-page.ts'

const params = z.strictObject({ experiment: z.uuid() })

export const reportRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/admin/:issuer/reports',
    summary: 'The analyses of all experiments.',
    roles: mayEnter.reports,
    issuer: 'path',
    rate: rates.pages,
    params: z.strictObject({}),
    async handler(asked) {
      const { issuer, world } = asked
      const reports = await world.db.read(async (tx) => {
        const rows = []
        for (const experiment of await experimentsOf(tx, issuer.id)) {
          const run = await latestRun(tx, experiment.id)
          if (run) rows.push({ experiment: experiment.name, address: deskAddress(issuer, 'reports', `/${experiment.id}`), at: run.at, rows: run.rows, ...(run.staleSince === undefined ? {} : { staleSince: run.staleSince }) })
        }
        return rows
      })
      return page(reportsPage({ reports, experimentsAddress: deskAddress(issuer, 'experiments') }, deskChrome(asked, issuer, 'reports')))
    },
  }),
  route({
    method: 'GET',
    path: '/admin/:issuer/reports/:experiment',
    summary: 'What the nudge did, for whom, how surely.',
    roles: mayEnter.reports,
    issuer: 'path',
    rate: rates.pages,
    params,
    async handler(asked) {
      const { issuer, world, input } = asked
      const { experiment, run, estimates, gains } = await world.db.read(async (tx) => {
        const found = await experimentOf(tx, issuer, input.params.experiment)
        const newest = await latestRun(tx, found.id)
        return { experiment: found, run: newest, estimates: newest ? await estimatesOfRun(tx, newest.id) : [], gains: newest && (await gainsOfRun(tx, newest.id)) }
      })
      if (!run) return redirect(deskAddress(issuer, 'experiments', `/${experiment.id}`))
      return page(reportPage(presentReport({ issuer, experiment, run, estimates, gains }), deskChrome(asked, issuer, 'reports')))
    },
  }),
  route({
    method: 'POST',
    path: '/admin/:issuer/reports/:experiment',
    summary: 'Runs the frozen plan on the data as they are now.',
    roles: mayEnter.reports,
    issuer: 'path',
    csrf: 'form',
    audit: 'estimate.run',
    rate: rates.pages,
    params,
    body: formBody(z.strictObject({})),
    async handler({ issuer, world, input, about }) {
      const experiment = await world.db.read((tx) => experimentOf(tx, issuer, input.params.experiment))
      const { run } = await runAnalysis(world, experiment.id)
      about({ subject: run.id, issuerId: issuer.id, after: run.panelDigest })
      return redirect(deskAddress(issuer, 'reports', `/${experiment.id}`))
    },
  }),
  route({
    method: 'GET',
    path: '/admin/:issuer/reports/:file{[0-9a-f-]{36}\\.csv}',
    summary: 'The estimates as a table.',
    roles: mayEnter.reports,
    issuer: 'path',
    rate: rates.pages,
    params: z.strictObject({ file: z.string().max(50) }),
    async handler({ issuer, world, input }) {
      const text = await world.db.read(async (tx) => {
        const experiment = await experimentOf(tx, issuer, input.params.file.slice(0, -'.csv'.length))
        const run = await latestRun(tx, experiment.id)
        if (!run) throw fault.nothing_here()
        return tableOf(await estimatesOfRun(tx, run.id))
      })
      return file(text, 'text/csv; charset=utf-8', { name: `estimates-${input.params.file}` })
    },
  }),
]

const head = ['estimand', 'outcome', 'subgroup', 'role', 'estimator', 'estimate', 'std_error', 'statistic', 'p_value', 'p_adjusted', 'conf_low', 'conf_high', 'df', 'n', 'baseline', 'shape', 'reason'] as const

function tableOf(estimates: readonly Estimated[]): string {
  const rows = estimates.map((one) => [one.estimand, one.outcome, one.subgroup, one.role, one.estimator, one.estimate, one.stdError, one.statistic, one.pValue, one.pAdjusted, one.confLow, one.confHigh, one.df, one.n, one.baseline, one.shape, one.reason])
  return [head, ...rows].map((row) => writeCsvRow(row.map((cell) => cell ?? undefined))).join('')
}
