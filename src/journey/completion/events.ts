import { event } from '#platform/queue'

/** Learners finished something: at most 1,000 completions of one issuer. */
export const completionRecorded = event<{ readonly issuerId: string; readonly completionIds: readonly string[] }>('completion.recorded')
