import { experimentById, fault as experimentFault, type Experiment } from '#journey/experiment'
import type { World } from '#platform/world'
import { analyseApart } from './analyse-apart.ts'
import type { Third } from './by-employability.ts'
import type { AnalysisRun } from './estimate.ts'
import { estimateMade } from './events.ts'
import { fault } from './faults.ts'
import { insertRun, panelRows, type PanelRow } from './store.ts'

/** Which code made a figure: changes with every change that can move one (CHANGELOG, "NUMBERS CHANGED"). */
const codeVersion = 'laurel 0.1.0'

export interface Analysis {
  readonly run: AnalysisRun
  /** Which third of baseline employability each learner is in whose work was seen. */
  readonly thirds: ReadonlyMap<string, Third>
}

/**
 * Runs the frozen plan of an experiment on the panel as it is now, and keeps the estimates with their diagnostics, the panel's digest and the
 * plan's. The panel is read in one snapshot; the same panel gives the same figures. The work is done in a thread of its own.
 *
 * @throws Fault `experiment.unknown`, `estimate.not_started`, `estimate.nothing_drawn`, `estimate.several_treatments`, `estimate.given_up`
 */
export async function runAnalysis(needs: Pick<World, 'db'>, experimentId: string): Promise<Analysis> {
  const { experiment, rows, seed, all, now } = await panelToAnalyse(needs, experimentId)
  const { estimates, thirds, panelDigest, diagnostics } = await analyseApart('estimates', { rows, experiment, seed, refused: all - rows.length, now })
  return await needs.db.transaction(async (tx) => {
    const run: AnalysisRun = Object.freeze({ id: tx.ids.uuid(tx.now), experimentId, panelDigest, planDigest: seed, codeVersion, rows: rows.length, diagnostics, at: tx.now, staleSince: undefined })
    await insertRun(tx, run, estimates)
    await tx.announce(estimateMade({ experimentId, runId: run.id }))
    return { run, thirds }
  })
}

export interface ToAnalyse {
  readonly experiment: Experiment
  /** Those who do not refuse research. */
  readonly rows: readonly PanelRow[]
  readonly all: number
  /** The plan's digest: what is random about an analysis is fixed by the plan. */
  readonly seed: string
  readonly now: Date
}

/** Reads what there is to analyse. */
export async function panelToAnalyse(needs: Pick<World, 'db'>, experimentId: string): Promise<ToAnalyse> {
  const { experiment, rows, now } = await needs.db.read(async (tx) => {
    const found = await experimentById(tx, experimentId)
    if (!found) throw experimentFault.unknown()
    return { experiment: found, rows: await panelRows(tx, experimentId), now: tx.now }
  })
  if (experiment.planDigest === undefined) throw fault.not_started({ name: experiment.name })
  if (experiment.arms.length !== 2) throw fault.several_treatments({ name: experiment.name, arms: experiment.arms.length - 1 })
  if (rows.length === 0) throw fault.nothing_drawn({ name: experiment.name })
  return { experiment, rows: rows.filter((row) => !row.researchRefused), all: rows.length, seed: experiment.planDigest, now }
}
