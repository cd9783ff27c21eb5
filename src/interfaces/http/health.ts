/** What the machines that watch over a server ask: does the process live, and can it work. */
import { z } from 'zod'
import type { World } from '#platform/world'
import { json } from './answer.ts'
import { route, type Route } from './route.ts'
import { writeProbe } from './store.ts'

const check = z.strictObject({ name: z.string(), result: z.enum(['passed', 'failed']) })
const health = z.strictObject({ ready: z.boolean(), checks: z.array(check) })

/** Asked every few seconds by every balancer: an answer in 3 s or none. */
const patienceMs = 3_000
/** A job that has waited longer than this shows that nobody works (research/reliability.md 7: queue age). */
const oldestSeconds = 3_600

const unlimited = { none: 'Watchers ask often, and the answer costs one row.' }

export const healthRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/healthz',
    summary: 'The process lives.',
    roles: ['anonymous'],
    anyHost: true,
    rate: unlimited,
    answers: { 200: { says: 'It lives.', schema: z.strictObject({ alive: z.literal(true) }) } },
    handler: async () => json({ alive: true }),
  }),
  route({
    method: 'GET',
    path: '/readyz',
    summary: 'The database takes a write, and the jobs are being done.',
    roles: ['anonymous'],
    anyHost: true,
    hits: true,
    rate: unlimited,
    answers: { 200: { says: 'It can work.', schema: health }, 503: { says: 'It cannot work now; the checks say why.', schema: health } },
    async handler({ world }) {
      const checks = await Promise.all([
        checked('database_write', () => world.db.transaction(writeProbe).then(() => true)),
        checked('queue_age', () => queueIsYoung(world)),
      ])
      const ready = checks.every((one) => one.result === 'passed')
      return json({ ready, checks }, { status: ready ? 200 : 503 })
    },
  }),
]

async function checked(name: string, probe: () => Promise<boolean>): Promise<z.infer<typeof check>> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, patienceMs, false)
  })
  try {
    return { name, result: (await Promise.race([probe(), late])) ? 'passed' : 'failed' }
  } catch {
    return { name, result: 'failed' }
  } finally {
    clearTimeout(timer)
  }
}

async function queueIsYoung(world: Pick<World, 'queue'>): Promise<boolean> {
  return (await world.queue.backlog()).oldestSeconds <= oldestSeconds
}
