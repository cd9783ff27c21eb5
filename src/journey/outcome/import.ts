import { consentsOf, learnersByExternalId } from '#journey/party'
import type { Tx } from '#platform/db'
import { outcomesImported } from './events.ts'
import { inScope, scopeRuleVersion } from './in-scope.ts'
import type { OutcomeRow, OutcomeSource } from './outcome.ts'
import { insertImport, insertObservations, insertSpells } from './store.ts'

export interface OutcomeImported {
  readonly importId: string | undefined
  readonly observations: number
  readonly spells: number
  /** Rows about learners whom this issuer does not have. */
  readonly unknownLearners: number
  /** Rows about learners who did not agree to outcome data; they are not kept. */
  readonly withoutConsent: number
  /** The same file was imported before; nothing was written. */
  readonly repeated: boolean
}

/** Rows a statement takes at once. */
const batch = 1_000

/**
 * Takes in what somebody saw of learners' work. Only learners who agreed to outcome data are kept; the same file twice changes nothing.
 * Who gathers outcomes does not see arms here, and arms are not looked up.
 */
export async function importOutcomes(tx: Tx, input: { readonly issuerId: string; readonly source: OutcomeSource; readonly digest: string; readonly rows: readonly OutcomeRow[] }): Promise<OutcomeImported> {
  const importId = await insertImport(tx, input)
  if (importId === undefined) return Object.freeze({ importId, observations: 0, spells: 0, unknownLearners: 0, withoutConsent: 0, repeated: true })
  let [observations, spells, unknownLearners, withoutConsent] = [0, 0, 0, 0]
  for (let at = 0; at < input.rows.length; at += batch) {
    const rows = input.rows.slice(at, at + batch)
    const learners = await learnersByExternalId(tx, input.issuerId, [...new Set(rows.map((row) => row.externalId))])
    const consents = await consentsOf(tx, [...learners.values()].map((learner) => learner.id))
    const kept = rows.flatMap((row) => {
      const learner = learners.get(row.externalId)
      if (!learner || learner.erasedAt) unknownLearners++
      else if (consents.get(learner.id)?.outcome !== true) withoutConsent++
      else return [{ ...row, learnerId: learner.id }]
      return []
    })
    observations += await insertObservations(tx, importId, input.source, kept)
    const positions = kept.flatMap((row) => (row.position ? [{ ...row.position, learnerId: row.learnerId, observedAt: row.observedAt, inScope: inScope(row.position.title) }] : []))
    spells += await insertSpells(tx, importId, input.source, scopeRuleVersion, positions)
  }
  await tx.announce(outcomesImported({ issuerId: input.issuerId, importId }))
  return Object.freeze({ importId, observations, spells, unknownLearners, withoutConsent, repeated: false })
}
