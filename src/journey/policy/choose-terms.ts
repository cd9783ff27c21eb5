import { latestRun } from '#journey/estimate'
import type { Tx } from '#platform/db'
import { termsChosen } from './events.ts'
import { fault } from './faults.ts'
import type { Terms } from './policy.ts'
import { keepTerms } from './store.ts'

/** Keeps what a nudge may cost and how many can be nudged, and has whom to nudge learned anew on these terms. @throws Fault `policy.no_run`, `policy.bad_terms` */
export async function chooseTerms(tx: Tx, experimentId: string, terms: Terms): Promise<Terms> {
  if (!(terms.cost >= 0 && Number.isFinite(terms.cost))) throw fault.bad_terms({ reason: `a nudge cannot cost ${terms.cost}` })
  if (!(terms.budget > 0 && terms.budget <= 1)) throw fault.bad_terms({ reason: `the share that can be nudged lies above 0 and up to 1, and is ${terms.budget}` })
  const run = await latestRun(tx, experimentId)
  if (!run) throw fault.no_run()
  await keepTerms(tx, experimentId, terms)
  await tx.announce(termsChosen({ experimentId, runId: run.id }))
  return terms
}
