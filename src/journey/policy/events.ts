import { event } from '#platform/queue'

/** What a nudge may cost, or how many can be nudged, was said for an experiment. */
export const termsChosen = event<{ readonly experimentId: string; readonly runId: string }>('policy.terms_chosen')
