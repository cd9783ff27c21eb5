/**
 * Where a credential was shared. Four states that are never merged, each weaker than what it is often taken for:
 *
 *   prompted   a nudge asked for it (the message is named; without one the learner came unasked)
 *   clicked    the learner went off to do it, by our link
 *   confirmed  somebody said that it was done; who, is kept, for the evidence differs
 *   seen       a third party looked at the page by this placement's own link
 */

export interface Placement {
  readonly id: string
  readonly credentialId: string
  readonly learnerId: string
  readonly target: string
  /** In the link that was shared, so that a view says where it came from and nothing else. */
  readonly token: string
  readonly promptedBy: string | undefined
  /** The learner's own server, of a network that is many. */
  readonly instance: string | undefined
  /** Undefined where the learner's profile lists the credential and nobody went there by our link. */
  readonly clickedAt: Date | undefined
  readonly confirmedAt: Date | undefined
  readonly confirmedBy: Confirmation | undefined
  readonly seenAt: Date | undefined
}

/**
 * How it is known that a share was made. `learner`: they said so. `preview_bot`: that network's own robot fetched this placement's link, which
 * it does when the link is put into a post there: an inference, since the post may have been thrown away. `profile_export`: the learner's
 * export from the network lists it. `simulation`: the twin's learner did.
 */
export const confirmations = ['learner', 'preview_bot', 'profile_export', 'simulation'] as const
export type Confirmation = (typeof confirmations)[number]
