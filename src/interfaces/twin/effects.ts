/**
 * What is true in the simulated world: how often learners share and find work, and what the nudge changes, by baseline employability.
 *
 * The defaults are the published figures of Athey and Palikot (2024): sharing 16.6% and +2.8 points (table 4); a new job 17.3% and +1.0
 * points (table 2), by tertile of employability from 31.6%, 12.0%, 11.0% (table 5), with the effect larger where employability is low. The
 * published tertile effects (0.4, 0.7, 1.3 points) average 0.8 over equal thirds, so they are scaled by 1.3 to give the published 1.0.
 */
import { z } from 'zod'
import { fault } from './faults.ts'

const share = z.number().min(0).max(1)
const points = z.number().min(-1).max(1)

const schema = z.strictObject({
  share: z.strictObject({ base: share, effect: points }),
  new_job: z.strictObject({
    base: z.strictObject({ high: share, medium: share, low: share }),
    /** Of being nudged, through sharing only: the intention-to-treat effect in full follow-up. */
    effect: z.strictObject({ high: points, medium: points, low: points }),
    /** Of new jobs, how many are in scope. */
    in_scope: share,
  }),
  /** How many learners look at the application within 30 days (82 to 96% in the study). */
  visits: share,
  /** How many learners' work is seen at all, by a trait they had before the draw. */
  coverage: share,
  /** How many look at the page of a credential that is shared, and of one that is not. */
  viewed: z.strictObject({ shared: share, not_shared: share }),
})

export type Effects = Readonly<z.infer<typeof schema>>

export const publishedEffects: Effects = Object.freeze({
  share: { base: 0.166, effect: 0.028 },
  new_job: {
    base: { high: 0.294, medium: 0.117, low: 0.108 }, // the published rates, scaled to the published mean of 17.3% over equal thirds
    effect: { high: 0.005, medium: 0.0087, low: 0.0163 },
    in_scope: 0.736, // 12.74 of 17.30, table 2
  },
  visits: 0.89,
  coverage: 0.85,
  viewed: { shared: 0.6, not_shared: 0.05 },
})

/** Effects from a file: any part of the defaults, replaced. @throws Fault `twin.bad_effects` */
export function readEffects(text: string): Effects {
  let given: unknown
  try {
    given = JSON.parse(text)
  } catch (error) {
    throw fault.bad_effects({ reason: error instanceof Error ? error.message : String(error) }, { cause: error })
  }
  const parsed = schema.safeParse(merged(publishedEffects, given))
  if (!parsed.success) throw fault.bad_effects({ reason: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ') })
  return Object.freeze(parsed.data)
}

function merged(base: unknown, given: unknown): unknown {
  if (!isRecord(base) || !isRecord(given)) return given
  return { ...base, ...Object.fromEntries(Object.entries(given).map(([name, value]) => [name, merged(base[name], value)])) }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
