/**
 * How often something may be asked.
 *
 * The generic cell rate algorithm (ITU-T I.371, annex A) with one time per caller: an allowance of `burst` that fills up evenly, by
 * `limit - burst` in `seconds`. So in any stretch of `seconds`, wherever it begins, at most `limit` requests pass. The time is a row in
 * the database: a restart forgives nothing, and several servers count together.
 */
import type { World } from '#platform/world'
import { fault } from './faults.ts'
import { forgetWhole, takeAllowance } from './store.ts'

/** What a limit looks at: the network address, whoever is signed in or holds the key (else the address), or a text of the input's. */
export type RatedBy = 'address' | 'caller' | { readonly input: (input: { readonly params: unknown; readonly query: unknown; readonly body: unknown }) => string | undefined }

export interface Rate {
  /** Routes whose limits have the same name share the allowance. */
  readonly name: string
  readonly per: RatedBy
  readonly limit: number
  readonly seconds: number
  readonly burst: number
}

/** Figures of research/reliability.md 7 (a judgement there; "pages" is ours, for what a person can press). */
export const rates = {
  api: { name: 'api', per: 'caller', limit: 600, seconds: 60, burst: 100 },
  pages: { name: 'pages', per: 'caller', limit: 120, seconds: 60, burst: 40 },
  verify: { name: 'verify', per: 'address', limit: 30, seconds: 60, burst: 10 },
} as const satisfies Readonly<Record<string, Rate>>

/** Takes one from the caller's allowance. @throws Fault `http.too_often` with the seconds until there is one again */
export async function takeOne(world: Pick<World, 'db' | 'secrets'>, rate: Rate, caller: string): Promise<void> {
  const spacingMs = (rate.seconds * 1000) / (rate.limit - rate.burst)
  const subject = Buffer.from(world.secrets.mac('rate', `${rate.name}\0${caller}`)).toString('base64url')
  const waitMs = await world.db.transaction((tx) => takeAllowance(tx, subject, spacingMs, spacingMs * rate.burst))
  if (waitMs > 0) throw fault.too_often({ seconds: Math.max(1, Math.ceil(waitMs / 1000)) })
}

/** Forgets callers whose allowance is whole: they are as good as new. */
export async function forgetAllowances(world: Pick<World, 'db'>): Promise<void> {
  await world.db.transaction(forgetWhole)
}
