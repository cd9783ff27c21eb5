import { availableParallelism } from 'node:os'
import type { Experiment } from '#journey/experiment'
import { openApart, type Apart } from '#platform/apart'
import type { Third } from './by-employability.ts'
import type { Diagnostics, EstimateRow } from './estimate.ts'
import { fault } from './faults.ts'
import type { PanelRow } from './store.ts'
import type { whoGains } from './who-gains.ts'

interface Common {
  readonly rows: readonly PanelRow[]
  readonly experiment: Experiment
  readonly seed: string
}

export type AnalyseJob = Common & ({ readonly what: 'estimates'; readonly refused: number; readonly now: Date } | { readonly what: 'gains'; readonly outcome: string; readonly threads: number })

export interface Analysed {
  readonly estimates: { readonly estimates: readonly EstimateRow[]; readonly thirds: ReadonlyMap<string, Third>; readonly panelDigest: string; readonly diagnostics: Diagnostics }
  readonly gains: Awaited<ReturnType<typeof whoGains>>
}

/** An hour and 4 GB: what a forest on 800,000 learners takes is a tenth of either (bench/results/forest.json). One analysis at a time, so that two do not share a small machine's cores. */
const limits = { seconds: 3_600, megabytes: 4_096, threads: 1 } as const
let apart: Apart | undefined

/** Runs an analysis in a thread of its own. @throws Fault `estimate.given_up` where it took more than its time or memory */
export async function analyseApart<What extends keyof Analysed>(what: What, job: Common & Omit<Extract<AnalyseJob, { readonly what: What }>, keyof Common | 'what' | 'threads'>): Promise<Analysed[What]> {
  apart ??= openApart(new URL('./analyse-thread.ts', import.meta.url), limits)
  // Half of the machine is left to whoever is served meanwhile; the figures do not depend on it.
  const result = (await apart.run({ ...job, what, threads: Math.max(1, availableParallelism() >> 1) }, {})) as Analysed[What] | undefined
  if (result === undefined) throw fault.given_up({ name: job.experiment.name })
  return result
}
