import { event } from '#platform/queue'

/** New outcomes of an issuer's learners are in: what was estimated before is stale. */
export const outcomesImported = event<{ readonly issuerId: string; readonly importId: string }>('outcome.imported')
