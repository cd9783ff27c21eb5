/**
 * Pages that are kept ready: what every stranger is shown alike is made once and answered from memory.
 *
 * Nothing is answered on trust. Before a page leaves, the database is asked whether it still says what the page says, in one question for
 * all requests of the moment: each request waits for a question that began after the request came. So what was committed before, by any
 * process, is seen; no message has to arrive for it, and none can be lost. With 32 requests at once that question costs each of them about
 * a hundredth of what making the page costs.
 *
 * Who looked is noted for each answer and handed on in groups, at first after `gatherMs`; a process that is killed loses what was not handed on.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Tx } from '#platform/db'
import type { World } from '#platform/world'
import type { Answer } from './answer.ts'
import type { RequestFacts } from './request.ts'
import type { Route } from './route.ts'

/** One answer from memory. */
export interface Look {
  readonly request: RequestFacts
  readonly search: URLSearchParams
  /** What the handler called the page's subject. */
  readonly subject: string
}

/** Of a row whose page strangers see alike. */
export interface ReadyRule {
  /** The parameter of the path by which the page's versions are asked. */
  readonly by: string
  /** A request with one of these query parameters is about somebody, and answered by the handler. */
  readonly notWith?: readonly string[]
  /** A page is made anew after this time, whatever its version. */
  readonly seconds: number
  /** The version of what a page shows, by key: another one whenever the page would be another. What is not there is left out. */
  versions(tx: Pick<Tx, 'query'>, keys: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** Notes who was answered from memory. */
  seen?(world: World, looks: readonly Look[]): Promise<void>
}

/** Where a page is kept: by its path and language, and by the key of its versions. */
export interface Place {
  readonly rule: ReadyRule
  readonly row: Route
  readonly key: string
  readonly name: string
}

interface Kept extends Place {
  readonly version: string
  readonly until: number
  readonly bytes: number
  readonly answer: Answer
}

/** About 2,000 pages of credentials. */
const mostBytes = 64 * 2 ** 20
const gatherMs = 200
/** Looks handed on at once: about 10 ms of work. */
const gatherMost = 250
/** While pages are being asked for, two thirds of the time are theirs; looks are written in the last third, and all of them when it is quiet. */
const restFactor = 2
/** More than this waits only when the database cannot keep up: then pages are made one by one, at its pace. */
const mostWaiting = 100_000

export const placeName = (path: string, language: string): string => `${path}\n${language}`

export function readyPages(world: World) {
  const kept = new Map<string, Kept>()
  const making = new Map<string, Promise<unknown>>()
  const checks = new Map<ReadyRule, (key: string) => Promise<string | undefined>>()
  const looks = new Map<ReadyRule, Look[]>()
  let bytes = 0
  let waiting = 0
  let closing = false
  let handing: Promise<void> | undefined

  const now = () => world.clock.now().getTime()
  const drop = (name: string, one: Kept) => {
    if (kept.get(name) !== one) return
    kept.delete(name)
    bytes -= one.bytes
  }
  const versionOf = (rule: ReadyRule, key: string) => {
    let check = checks.get(rule)
    if (!check) checks.set(rule, (check = together((keys) => world.db.glance((tx) => rule.versions(tx, keys)))))
    return check(key)
  }

  /** Whether something is kept there that is worth asking about. */
  function holds(name: string, search: URLSearchParams | undefined): boolean {
    const one = kept.get(name)
    if (!one) return false
    if (one.until <= now()) {
      drop(name, one)
      return false
    }
    return waiting < mostWaiting && !(search && one.rule.notWith?.some((field) => search.has(field)))
  }

  /** The page, if the database still says what it says. @throws what the database throws */
  async function find(name: string): Promise<Kept | undefined> {
    const one = kept.get(name)
    if (!one || one.until <= now()) return undefined
    if ((await versionOf(one.rule, one.key)) === one.version) {
      // The one that was used last is forgotten last.
      if (kept.delete(name)) kept.set(name, one)
      return one
    }
    drop(name, one)
    return undefined
  }

  function note(one: Kept, request: RequestFacts, search: URLSearchParams): void {
    if (!one.rule.seen || one.answer.ready === undefined) return
    const list = looks.get(one.rule)
    const look = { request, search, subject: one.answer.ready.subject }
    if (list) list.push(look)
    else looks.set(one.rule, [look])
    waiting++
    handing ??= handOn()
  }

  async function handOn(): Promise<void> {
    await sleep(gatherMs, undefined, { ref: false })
    await handAll(true)
    handing = undefined
  }

  async function handAll(resting: boolean): Promise<void> {
    for (const [rule, list] of looks) {
      while (list.length > 0) {
        const some = list.splice(0, gatherMost)
        const left = list.length
        const began = performance.now()
        await rule.seen?.(world, some).catch((error: unknown) => world.log.error({ looks: some.length, error: error instanceof Error ? error.message : String(error) }, 'looks at pages were not noted'))
        waiting -= some.length
        if (resting && !closing && list.length > left) await sleep((performance.now() - began) * restFactor, undefined, { ref: false })
      }
    }
  }

  function keep(place: Place, version: string, answer: Answer): void {
    if (answer.ready === undefined || answer.status !== 200 || answer.cookies.length > 0 || typeof answer.body !== 'string') return
    const before = kept.get(place.name)
    if (before) drop(place.name, before)
    // Twice its length: beside the text its compressed forms.
    const one: Kept = { ...place, version, until: Math.min(now() + place.rule.seconds * 1000, answer.ready.until?.getTime() ?? Number.POSITIVE_INFINITY), bytes: answer.body.length * 2, answer }
    kept.set(place.name, one)
    bytes += one.bytes
    for (const [name, oldest] of kept) {
      if (bytes <= mostBytes) break
      drop(name, oldest)
    }
  }

  /** From memory, or made by the handler and kept; of many who ask at once for a page that is not there, one makes it and the others wait. */
  async function findOrMake(place: Place, request: RequestFacts, search: URLSearchParams, make: () => Promise<Answer>): Promise<Answer> {
    const busy = making.get(place.name)
    if (busy) await busy.catch(() => {})
    if (holds(place.name, search)) {
      const one = await find(place.name)
      if (one) {
        note(one, request, search)
        return one.answer
      }
    }
    const work = (async () => {
      // Read before the page is made: what changes in between makes the page old, never wrong.
      const version = await versionOf(place.rule, place.key)
      const answer = await make()
      if (version !== undefined && request.method === 'GET') keep(place, version, answer)
      return answer
    })()
    making.set(place.name, work)
    try {
      return await work
    } finally {
      if (making.get(place.name) === work) making.delete(place.name)
    }
  }

  return Object.freeze({
    holds,
    find,
    note,
    findOrMake,
    /** When every look has been noted. */
    async settled(): Promise<void> {
      closing = true
      await handing
      await handAll(false)
      closing = false
    },
  })
}

/** Questions on their way at once: while one waits for its answer, the other's requests are served. */
const mostAsked = 2

/** Questions of one moment are asked together. Each is answered by one that was begun after it came. */
function together<T>(ask: (keys: readonly string[]) => Promise<ReadonlyMap<string, T>>): (key: string) => Promise<T | undefined> {
  let next: { readonly keys: Set<string>; readonly answer: Promise<ReadonlyMap<string, T>> } | undefined
  const asked: Promise<unknown>[] = []
  return async (key) => {
    if (!next) {
      const keys = new Set<string>()
      const answer = (async () => {
        if (asked.length >= mostAsked) await Promise.race(asked)
        await new Promise((resolve) => setImmediate(resolve)) // all that came in this turn
        next = undefined
        const answering = ask([...keys])
        const settled = answering.catch(() => {}).then(() => void asked.splice(asked.indexOf(settled), 1))
        asked.push(settled)
        return await answering
      })()
      next = { keys, answer }
    }
    const mine = next
    mine.keys.add(key)
    return (await mine.answer).get(key)
  }
}
