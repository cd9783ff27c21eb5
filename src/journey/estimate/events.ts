import { event } from '#platform/queue'

/** An experiment was analysed. */
export const estimateMade = event<{ readonly experimentId: string; readonly runId: string }>('estimate.made')
