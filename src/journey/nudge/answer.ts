import type { Tx } from '#platform/db'
import type { Message } from './nudge.ts'
import { stopRuns } from './stop.ts'
import { holdRunsOf, markAnswered, messagesByToken } from './store.ts'

/**
 * What learners did with prompts, by the tokens in their links; all of these are posts of a person, never a GET. A token that reached nobody
 * is passed over, and saying the same twice is saying it once. Each gives back the messages that it found, by token.
 */

/** They follow it: the run's other prompt is not needed. */
export async function clickPrompts(tx: Tx, tokens: readonly string[]): Promise<ReadonlyMap<string, Message>> {
  return await answer(tx, tokens, 'clicked')
}

/** They close it. Not now is not no: the second prompt may still come. */
export async function dismissPrompts(tx: Tx, tokens: readonly string[]): Promise<ReadonlyMap<string, Message>> {
  return await answer(tx, tokens, 'dismissed')
}

/** They say no, thanks: nothing that is under way asks again. */
export async function declinePrompts(tx: Tx, tokens: readonly string[]): Promise<ReadonlyMap<string, Message>> {
  return await answer(tx, tokens, 'declined')
}

async function answer(tx: Tx, tokens: readonly string[], how: 'clicked' | 'dismissed' | 'declined'): Promise<ReadonlyMap<string, Message>> {
  const asked = await messagesByToken(tx, tokens)
  if (asked.size === 0) return asked
  const learnerIds = [...new Set([...asked.values()].map((one) => one.learnerId))]
  await holdRunsOf(tx, { learnerIds })
  await markAnswered(tx, how, [...asked.values()].map((one) => one.id))
  if (how === 'clicked') await stopRuns(tx, { credentialIds: [...asked.values()].filter((one) => one.nudge).map((one) => one.credentialId) }, 'clicked')
  if (how === 'declined') await stopRuns(tx, { learnerIds }, 'declined')
  return asked
}
