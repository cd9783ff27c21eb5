import { createHash } from 'node:crypto'
import { canonicalJson } from '#kernel/proof'
import type { Tx } from '#platform/db'
import type { Experiment } from './experiment.ts'
import { fault } from './faults.ts'
import { experimentById, runningExperiment, setStarted, setStopped } from './store.ts'

/**
 * Starts an experiment: from now on every learner who completes something is drawn. Arms, salt and plan are frozen (the database refuses
 * to change them), and the plan's digest, SHA-256 of its canonical JSON (RFC 8785), is what the report compares itself with.
 *
 * @throws Fault `experiment.unknown`, `experiment.not_draft`, `experiment.one_at_a_time`
 */
export async function startExperiment(tx: Tx, id: string): Promise<Experiment> {
  const experiment = await known(tx, id)
  if (experiment.state !== 'draft') throw fault.not_draft({ name: experiment.name, state: experiment.state })
  const running = await runningExperiment(tx, experiment.issuerId)
  if (running) throw fault.one_at_a_time({ running: running.name })
  await setStarted(tx, id, createHash('sha256').update(canonicalJson(experiment.plan)).digest('hex'))
  return await known(tx, id)
}

/** Stops drawing. Outcomes still mature, and estimates are still made. @throws Fault `experiment.unknown`, `experiment.not_running` */
export async function stopExperiment(tx: Tx, id: string): Promise<Experiment> {
  const experiment = await known(tx, id)
  if (experiment.state !== 'running') throw fault.not_running({ name: experiment.name, state: experiment.state })
  await setStopped(tx, id)
  return await known(tx, id)
}

async function known(tx: Tx, id: string): Promise<Experiment> {
  const experiment = await experimentById(tx, id)
  if (!experiment) throw fault.unknown()
  return experiment
}
