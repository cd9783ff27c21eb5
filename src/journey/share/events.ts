import { event } from '#platform/queue'

/** Learners went off to share. */
export const shareClicked = event<{ readonly learnerIds: readonly string[]; readonly credentialIds: readonly string[] }>('share.clicked')

/** It is known that learners shared. */
export const shareConfirmed = event<{ readonly learnerIds: readonly string[]; readonly credentialIds: readonly string[] }>('share.confirmed')
