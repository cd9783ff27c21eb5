/**
 * What time it is. Nothing above the platform asks the machine: it is given a clock, or the time of its transaction.
 *
 * Under a virtual clock the whole journey (waves, quiet hours, due nudges, jobs found months later) runs as fast as the machine allows.
 */
export interface Clock {
  now(): Date
}

export interface VirtualClock extends Clock {
  /** Moves time forward; time never goes back. */
  advanceTo(time: Date): void
}

export const realClock: Clock = Object.freeze({ now: () => new Date(Date.now()) })

export function virtualClock(start: Date): VirtualClock {
  let time = start.getTime()
  return Object.freeze({
    now: () => new Date(time),
    advanceTo(next: Date) {
      if (!(next.getTime() >= time)) throw new TypeError(`A virtual clock does not go back from ${new Date(time).toISOString()} to ${String(next)}`)
      time = next.getTime()
    },
  })
}
