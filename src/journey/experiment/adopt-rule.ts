import type { Tx } from '#platform/db'
import { insertRule } from './store.ts'

export interface AdoptedRule {
  readonly id: string
  readonly issuerId: string
  readonly sentence: string
  readonly rule: Readonly<Record<string, unknown>>
  readonly adoptedAt: Date
}

/** Keeps a rule that policy published, for the next experiment to draw by. Running experiments are not touched. */
export async function adoptRule(tx: Tx, input: { readonly issuerId: string; readonly sentence: string; readonly rule: Readonly<Record<string, unknown>> }): Promise<AdoptedRule> {
  const adopted: AdoptedRule = Object.freeze({ id: tx.ids.uuid(tx.now), ...input, adoptedAt: tx.now })
  await insertRule(tx, adopted)
  return adopted
}
