import { credentialsOfLearners, openToLinks } from '#journey/credential'
import type { Tx } from '#platform/db'
import { shareClicked } from './events.ts'
import { hostName } from './address.ts'
import { fault } from './faults.ts'
import type { Placement } from './placement.ts'
import { shortToken } from './short-token.ts'
import { insertPlacements, placementsAt, setInstances } from './store.ts'
import { targetById } from './targets.ts'

export interface ShareStarted {
  readonly credentialId: string
  readonly learnerId: string
  /** Id of a row of `targets`. */
  readonly target: string
  /** The message that led here. */
  readonly promptedBy?: string | undefined
  /** The learner's own server, where the target asks for it; what was typed. */
  readonly instance?: string | undefined
}

/**
 * Learners go off to share, by a post of theirs. A credential has one placement at each target, with one token, however often they go. What
 * was private can be seen from now on by whoever has the link: sharing is publishing, and a link to a page that nobody may see helps nobody.
 *
 * Answers in the order of the input. @throws Fault `share.unknown_target`, `share.unknown_instance`, `share.not_theirs`, `share.not_in_force`; then nothing is written
 */
export async function startShares(tx: Tx, started: readonly ShareStarted[]): Promise<readonly Placement[]> {
  if (started.length === 0) return Object.freeze([])
  const credentials = new Map((await credentialsOfLearners(tx, [...new Set(started.map((one) => one.learnerId))])).map((one) => [one.id, one]))
  for (const one of started) {
    const target = targetById(one.target)
    if (!target) throw fault.unknown_target({ target: one.target })
    if (one.instance !== undefined && (target.asks !== 'instance' || hostName(one.instance) === undefined)) throw fault.unknown_instance({ given: one.instance.slice(0, 253) })
    const credential = credentials.get(one.credentialId)
    if (!credential || credential.learnerId !== one.learnerId) throw fault.not_theirs()
    if (!credential.signedAt || credential.revokedAt || credential.suspendedAt || credential.withdrawnAt) throw fault.not_in_force()
  }
  const wanted = new Map(
    started.toReversed().map((one): [string, Placement] => [
      keyOf(one),
      {
        id: tx.ids.uuid(tx.now),
        credentialId: one.credentialId,
        learnerId: one.learnerId,
        target: one.target,
        token: shortToken(tx),
        promptedBy: one.promptedBy,
        instance: one.instance === undefined ? undefined : hostName(one.instance),
        clickedAt: tx.now,
        confirmedAt: undefined,
        confirmedBy: undefined,
        seenAt: undefined,
      },
    ]),
  )
  const fresh = await insertPlacements(tx, [...wanted.values()])
  await setInstances(tx, [...wanted.values()].filter((one) => one.instance !== undefined && !fresh.has(one.id)))
  await openToLinks(tx, [...new Set(started.map((one) => one.credentialId))].filter((id) => credentials.get(id)?.visibility === 'private'))
  const clicked = [...wanted.values()].filter((one) => fresh.has(one.id))
  if (clicked.length > 0) await tx.announce(shareClicked({ learnerIds: [...new Set(clicked.map((one) => one.learnerId))], credentialIds: [...new Set(clicked.map((one) => one.credentialId))] }))
  const there = new Map((await placementsAt(tx, [...wanted.values()])).map((one) => [keyOf(one), one]))
  return Object.freeze(
    started.map((one) => {
      const placement = there.get(keyOf(one))
      if (!placement) throw new TypeError('a placement that was just written is missing')
      return placement
    }),
  )
}

const keyOf = (one: { readonly credentialId: string; readonly target: string }) => `${one.credentialId} ${one.target}`
