import type { ScoredLearners } from '#journey/estimate'
import { openApart, type Apart } from '#platform/apart'
import type { Findings, Terms } from './policy.ts'

export interface LearnJob {
  readonly learners: ScoredLearners
  readonly terms: Terms
  readonly arms: readonly [control: string, nudge: string]
  readonly seed: string
}

/** As for analyses: an exact search on 40,000 learners takes about a second (bench/results/policy-tree.json), with a budget some twenty. */
const limits = { seconds: 3_600, megabytes: 4_096, threads: 1 } as const
let apart: Apart | undefined

/** Learns a rule in a thread of its own; undefined where there is none to learn. */
export async function learnApart(job: LearnJob): Promise<Findings | undefined> {
  apart ??= openApart(new URL('./learn-thread.ts', import.meta.url), limits)
  return (await apart.run(job, {})) as Findings | undefined
}
