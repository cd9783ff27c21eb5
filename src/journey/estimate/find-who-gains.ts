import type { World } from '#platform/world'
import { analyseApart } from './analyse-apart.ts'
import { panelToAnalyse } from './run-analysis.ts'
import { keepGains } from './store.ts'
import type { ScoredLearners } from './who-gains.ts'

/** Says who gains on an outcome, keeps it with the run, and hands on what a rule can be learned from; undefined where nothing can be said yet. In a thread of its own. */
export async function findWhoGains(needs: Pick<World, 'db'>, made: { readonly experimentId: string; readonly runId: string; readonly outcome: string }): Promise<ScoredLearners | undefined> {
  const { experiment, rows, seed } = await panelToAnalyse(needs, made.experimentId)
  const { gains, learners } = await analyseApart('gains', { rows, experiment, seed, outcome: made.outcome })
  await needs.db.transaction((tx) => keepGains(tx, made.runId, gains))
  return learners
}
