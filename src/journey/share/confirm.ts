import type { Tx } from '#platform/db'
import { shareConfirmed } from './events.ts'
import type { Confirmation, Placement } from './placement.ts'
import { keepEvidence, markConfirmed, placementsById, placementsByToken } from './store.ts'
import { targetById } from './targets.ts'

export type ShareKnown = ({ readonly token: string } | { readonly placementId: string }) & { readonly by: Confirmation }

/** Keeps that shares were made and how that is known: each kind of evidence with its first time, and in the placement who said so first. Gives back the placements that were not confirmed before. */
export async function confirmShares(tx: Tx, known: readonly ShareKnown[]): Promise<readonly Placement[]> {
  const byToken = await placementsByToken(tx, known.flatMap((one) => ('token' in one ? [one.token] : [])))
  const byId = await placementsById(tx, known.flatMap((one) => ('placementId' in one ? [one.placementId] : [])))
  const found = new Map<string, Confirmation>()
  const evidence: { readonly id: string; readonly by: Confirmation }[] = []
  for (const one of known) {
    const placement = 'token' in one ? byToken.get(one.token) : byId.get(one.placementId)
    if (!placement) continue
    evidence.push({ id: placement.id, by: one.by })
    if (!found.has(placement.id)) found.set(placement.id, one.by)
  }
  if (found.size === 0) return Object.freeze([])
  await keepEvidence(tx, evidence)
  const confirmed = await markConfirmed(tx, [...found].map(([id, by]) => ({ id, by })))
  if (confirmed.length > 0) await tx.announce(shareConfirmed({ learnerIds: [...new Set(confirmed.map((one) => one.learnerId))], credentialIds: [...new Set(confirmed.map((one) => one.credentialId))] }))
  return confirmed
}

/** Preview robots fetched links: where a robot is that of the placement's own network, the share is taken as made; an inference, and kept as one. */
export async function confirmFetched(tx: Tx, fetched: { readonly fetches: readonly { readonly token: string; readonly network: string }[] }): Promise<void> {
  const placements = await placementsByToken(tx, fetched.fetches.map((one) => one.token))
  const own = fetched.fetches.filter((one) => {
    const placement = placements.get(one.token)
    return placement !== undefined && targetById(placement.target)?.previewBot === one.network
  })
  await confirmShares(tx, own.map((one) => ({ token: one.token, by: 'preview_bot' })))
}
