/** The thread in which panels are analysed, so that a server answers meanwhile. Started by `analyse-apart.ts`; not for importing. */
import { serveApart } from '#platform/apart'
import type { AnalyseJob, Analysed } from './analyse-apart.ts'
import type { Scored } from './by-employability.ts'
import { diagnose } from './diagnose.ts'
import { estimatesOf } from './estimates-of.ts'
import { panelOf } from './panel.ts'
import { whoGains } from './who-gains.ts'

/** The newest score: who gains is asked right after the estimates, of the same panel. */
let newest: { readonly digest: string; readonly seed: string; readonly scored: Scored } | undefined

serveApart(async (given): Promise<Analysed[keyof Analysed]> => {
  const job = given as AnalyseJob // written by the other half of this pair, in this process
  const { experiment, seed } = job
  const panel = panelOf(job.rows, experiment)
  if (job.what === 'gains') return await whoGains(panel, experiment.plan, job.outcome, seed, { threads: job.threads, ...(newest?.digest === panel.digest && newest.seed === seed ? { scored: newest.scored } : {}) })
  const { rows, quality, thirds, scored } = estimatesOf(panel, experiment.plan, seed)
  newest = scored && { digest: panel.digest, seed, scored }
  return { estimates: rows, thirds, panelDigest: panel.digest, diagnostics: { ...diagnose(panel, experiment, job.refused, job.now), employability: quality ?? null } }
})
