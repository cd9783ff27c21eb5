import type { Tx } from '#platform/db'
import type { ConsentPurpose, Consents } from './party.ts'
import { insertConsents, newestConsents } from './store.ts'

export interface ConsentGiven {
  readonly learnerId: string
  readonly purpose: ConsentPurpose
  readonly given: boolean
  readonly textVersion: string
  readonly source: 'provider' | 'learner' | 'unsubscribe' | 'staff' | 'simulation'
}

export interface ConsentOnRecord extends ConsentGiven {
  readonly at: Date
}

/** Writes down what learners agreed to or took back; the newest row of a purpose holds, and all rows are kept. */
export async function recordConsents(tx: Tx, given: readonly ConsentGiven[]): Promise<void> {
  if (given.length > 0) await insertConsents(tx, given)
}

/** What each learner agrees to now. Silence is no. */
export async function consentsOf(tx: Tx, learnerIds: readonly string[]): Promise<ReadonlyMap<string, Consents>> {
  const none: Consents = Object.freeze({ credential: false, nudge: false, research: false, outcome: false })
  const found = new Map<string, Consents>(learnerIds.map((id) => [id, none]))
  for (const row of await newestConsents(tx, learnerIds)) found.set(row.learnerId, Object.freeze({ ...(found.get(row.learnerId) ?? none), [row.purpose]: row.given }))
  return found
}
