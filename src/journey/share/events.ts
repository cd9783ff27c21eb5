import { event } from '#platform/queue'

/** Learners went off to share. */
export const shareClicked = event<{ readonly learnerIds: readonly string[]; readonly credentialIds: readonly string[] }>('share.clicked')

/** Cards have to be drawn: at most a hundred. */
export const cardsWanted = event<{ readonly credentialIds: readonly string[] }>('share.cards_wanted')

/** It is known that learners shared. */
export const shareConfirmed = event<{ readonly learnerIds: readonly string[]; readonly credentialIds: readonly string[] }>('share.confirmed')
