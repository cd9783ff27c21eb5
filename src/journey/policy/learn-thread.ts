/** The thread in which rules are learned, so that a server answers meanwhile. Started by `learn-apart.ts`; not for importing. */
import { isFault } from '#kernel/fault'
import { serveApart } from '#platform/apart'
import type { LearnJob } from './learn-apart.ts'
import { learnRule } from './learn.ts'
import type { Findings } from './policy.ts'

serveApart(async (given): Promise<Findings | undefined> => {
  const { learners, terms, arms, seed } = given as LearnJob // written by the other half of this pair, in this process
  try {
    return learnRule(learners, terms, arms, seed)
  } catch (error) {
    if (isFault(error) && error.kind !== 'broken') return undefined // too few learners for a rule: everybody or nobody is all that can be said
    throw error
  }
})
