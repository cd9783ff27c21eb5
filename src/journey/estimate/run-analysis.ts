import { experimentById, fault as experimentFault } from '#journey/experiment'
import type { World } from '#platform/world'
import { thirdsOf, type Third } from './by-employability.ts'
import { diagnose } from './diagnose.ts'
import type { AnalysisRun } from './estimate.ts'
import { estimatesOf } from './estimates-of.ts'
import { estimateMade } from './events.ts'
import { fault } from './faults.ts'
import { panelOf } from './panel.ts'
import { insertRun, panelRows } from './store.ts'

/** Which third of baseline employability each learner is in whose work was seen, by the same score as the estimates. */
export async function baselineThirds(needs: Pick<World, 'db'>, experimentId: string): Promise<ReadonlyMap<string, Third>> {
  const { experiment, rows } = await needs.db.read(async (tx) => ({ experiment: await experimentById(tx, experimentId), rows: await panelRows(tx, experimentId) }))
  if (experiment?.planDigest === undefined) return new Map()
  return thirdsOf(panelOf(rows.filter((row) => !row.researchRefused), experiment), experiment.planDigest)
}

/** Which code made a figure: changes with every change that can move one (CHANGELOG, "NUMBERS CHANGED"). */
const codeVersion = 'laurel 0.1.0'

/**
 * Runs the frozen plan of an experiment on the panel as it is now, and keeps the estimates with their diagnostics, the panel's digest and the
 * plan's. The panel is read in one snapshot; the same panel gives the same figures.
 *
 * @throws Fault `experiment.unknown`, `estimate.not_started`, `estimate.nothing_drawn`, `estimate.several_treatments`
 */
export async function runAnalysis(needs: Pick<World, 'db'>, experimentId: string): Promise<AnalysisRun> {
  const { experiment, rows, now } = await needs.db.read(async (tx) => {
    const found = await experimentById(tx, experimentId)
    if (!found) throw experimentFault.unknown()
    return { experiment: found, rows: await panelRows(tx, experimentId), now: tx.now }
  })
  if (experiment.planDigest === undefined) throw fault.not_started({ name: experiment.name })
  if (experiment.arms.length !== 2) throw fault.several_treatments({ name: experiment.name, arms: experiment.arms.length - 1 })
  if (rows.length === 0) throw fault.nothing_drawn({ name: experiment.name })
  const kept = rows.filter((row) => !row.researchRefused)
  const panel = panelOf(kept, experiment)
  const estimates = estimatesOf(panel, experiment.plan, experiment.planDigest)
  const diagnostics = diagnose(panel, experiment, rows.length - kept.length, now)
  const planDigest = experiment.planDigest
  return await needs.db.transaction(async (tx) => {
    const run: AnalysisRun = Object.freeze({ id: tx.ids.uuid(tx.now), experimentId, panelDigest: panel.digest, planDigest, codeVersion, rows: kept.length, diagnostics, at: tx.now, staleSince: undefined })
    await insertRun(tx, run, estimates)
    await tx.announce(estimateMade({ experimentId, runId: run.id }))
    return run
  })
}
