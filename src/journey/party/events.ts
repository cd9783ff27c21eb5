import { event } from '#platform/queue'

/** A learner asked to be forgotten; every room that holds something of theirs removes it. */
export const partyErased = event<{ readonly learnerIds: readonly string[] }>('party.erased')
