/**
 * Events and what they start.
 *
 * A room announces an event in the transaction that wrote the fact. A flow says what follows: `atOnce` in that same transaction (all or
 * nothing), `when` as a job afterwards (at least once, so whatever it starts is safe to repeat), `everyMinute` and `everyDay` whether or not anything
 * happened.
 */
import type { Announcement, Tx } from '#platform/db'

/** Makes announcements of one kind; what it says is plain JSON. */
export interface Event<Said extends object> {
  (said: Said): Announcement
  readonly event: string
}

export function event<Said extends object>(name: string): Event<Said> {
  return Object.assign((said: Said): Announcement => ({ name, payload: said }), { event: name })
}

export type Payload<E> = E extends Event<infer Said> ? Said : never

/** One line of a flow. `World` is what jobs are given; each states the part that it needs. */
export type Step<World> =
  | { readonly kind: 'at once'; readonly event: string; readonly run: (tx: Tx, payload: object) => Promise<unknown> }
  | { readonly kind: 'job'; readonly event: string; readonly name: string; readonly run: (world: World, payload: object) => Promise<unknown> }
  | { readonly kind: 'every minute' | 'every day'; readonly name: string; readonly run: (world: World) => Promise<unknown> }

export type Flow<World> = readonly Step<World>[]

export const atOnce = <Said extends object>(event: Event<Said>, run: (tx: Tx, said: Said) => Promise<unknown>): Step<unknown> => ({
  kind: 'at once',
  event: event.event,
  run: (tx, payload) => run(tx, payload as Said), // written by the same event's constructor, in this transaction
})

export const when = <Said extends object, World>(event: Event<Said>, name: string, run: (world: World, said: Said) => Promise<unknown>): Step<World> => ({
  kind: 'job',
  event: event.event,
  name,
  run: (world, payload) => run(world, payload as Said), // written by the same event's constructor, read back from its own job
})

export const everyMinute = <World>(name: string, run: (world: World) => Promise<unknown>): Step<World> => ({ kind: 'every minute', name, run })

/** Once a day of the platform's clock in each process, and when it starts. */
export const everyDay = <World>(name: string, run: (world: World) => Promise<unknown>): Step<World> => ({ kind: 'every day', name, run })
