/**
 * The journey on one page: what happens, and what follows.
 *
 *   completion -> credential -> draw -> nudge -> share -> view -> outcome -> estimate -> policy -> (the next draw)
 *
 * `atOnce` runs in the transaction of the fact itself; `when` is a job that follows it, at least once; `everyMinute` and `everyDay` look for what is due.
 * The loop closes by data: policy publishes a rule into experiment's own table, and the next experiment may draw by it.
 */
import { completionRecorded, eraseCompletions } from '#journey/completion'
import { credentialIssued, credentialReinstated, credentialRevoked, credentialSuspended, eraseCredentials, issueCredentials, issueLeftBehind } from '#journey/credential'
import { estimateMade, markStale } from '#journey/estimate'
import { draw } from '#journey/experiment'
import { eraseNudges, planNudges, sendDue, stopNudges, stopNudgesOfCredentials, type Compose } from '#journey/nudge'
import { eraseOutcomes, outcomesImported } from '#journey/outcome'
import { partyErased } from '#journey/party'
import { proposePolicy, termsChosen } from '#journey/policy'
import { cardsWanted, confirmFetched, erasePlacements, makeCards, markSeen, shareClicked, shareConfirmed, wantCards, type CardPrinter } from '#journey/share'
import { eraseViews, makePartitions, previewFetched, thirdPartyViewed } from '#journey/view'
import { atOnce, everyDay, everyMinute, when, type Flow } from '#platform/queue'
import type { World } from '#platform/world'

/** What the flow needs from the floor above: the words of letters and the look of cards, which the rooms do not know. */
export interface FlowWords {
  readonly compose: Compose
  /** Without one no cards are made ahead: a simulated year has nobody who looks at them. */
  readonly cards?: CardPrinter
}

export const flowWith = ({ compose, cards }: FlowWords): Flow<World> => [
  // A learner finished: drawn into an arm before anything is shown, then the credential is signed.
  atOnce(completionRecorded, draw),
  when(completionRecorded, 'credential.issue', issueCredentials),

  // The credential is there: both arms begin the same workflow, the control arm as a ghost.
  when(credentialIssued, 'nudge.plan', planNudges),

  // The picture that a shared link shows is there before the link can be, and says so when the credential no longer holds.
  ...(cards === undefined
    ? []
    : [
        atOnce(credentialIssued, wantCards),
        atOnce(credentialRevoked, wantCards),
        atOnce(credentialSuspended, wantCards),
        atOnce(credentialReinstated, wantCards),
        when(cardsWanted, 'share.make_cards', (world: World, wanted) => makeCards(world, wanted, cards)),
      ]),

  // The learner shared, or the credential no longer holds: nobody is nudged any more. While it is suspended what is due waits (nudge/decide.ts).
  atOnce(shareClicked, stopNudges),
  atOnce(shareConfirmed, stopNudges),
  atOnce(credentialRevoked, stopNudgesOfCredentials),

  // Somebody else looked at what was shared; a network's own robot fetched it, so it was put there.
  atOnce(thirdPartyViewed, markSeen),
  atOnce(previewFetched, confirmFetched),

  // What became of the learners is known better: what was estimated before is marked stale; a new estimate says who gains and proposes a policy, and so do other terms.
  atOnce(outcomesImported, markStale),
  when(estimateMade, 'policy.propose', proposePolicy),
  when(termsChosen, 'policy.propose_anew', proposePolicy),

  // A learner asked to be forgotten: every room forgets, at once.
  atOnce(partyErased, eraseCompletions),
  atOnce(partyErased, eraseCredentials),
  atOnce(partyErased, eraseNudges),
  atOnce(partyErased, erasePlacements),
  atOnce(partyErased, eraseViews),
  atOnce(partyErased, eraseOutcomes),

  // Whether or not anything happened.
  everyMinute('credential.issue_left_behind', issueLeftBehind),
  everyMinute('nudge.send_due', (world: World) => sendDue(world, compose)),
  everyDay('view.make_partitions', makePartitions),
]
