/**
 * Whether the pages about an achievement stay as fast with a million credentials as with a thousand: both achievements in one database, asked in turn
 * in the same run, so that what is compared is a ratio.
 *
 *     node bench/achievement-page.ts [many, default 1000000] [requests each, default 200]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { adminRoutes } from '#interfaces/admin'
import { openHttp, openSignIn } from '#interfaces/http'
import { pageRoutes } from '#interfaces/pages'
import { saveAchievement } from '#journey/completion'
import { countCredentialsOf, establishKey } from '#journey/credential'
import { addMember, createIssuer } from '#journey/party'
import { virtualClock } from '#platform/clock'
import { embeddedPostgres } from '#platform/db'
import { seededIds } from '#platform/id'
import { benchWorld } from '#test/bench-world'
import { client } from '#test/client'
import { manyCredentials } from '#test/many-credentials'

const many = Number(process.argv[2] ?? 1_000_000)
const few = 1_000
const requests = Number(process.argv[3] ?? 200)
const site = 'https://credentials.example.org'

const folder = mkdtempSync(join(tmpdir(), 'laurel-bench-'))
const postgres = await embeddedPostgres(folder)
try {
  const clock = virtualClock(new Date('2026-03-02T09:00:00Z'))
  const world = await benchWorld({ connectionString: postgres.connectionString('postgres'), folder, env: { LAUREL_PUBLIC_URL: site }, clock, ids: seededIds('achievement-page') })
  const sizes = { few, many }
  const filled = performance.now()
  for (const [handle, count] of Object.entries(sizes)) {
    const achievement = await world.db.transaction(async (tx) => {
      const issuer = await createIssuer(tx, { handle, name: 'Academy of Weaving', url: 'https://academy.example/' })
      await establishKey(tx, world.secrets, issuer.id)
      return await saveAchievement(tx, { issuerId: issuer.id, handle: 'weaving', document: { id: 'https://academy.example/weaving', type: ['Achievement'], name: 'Weaving, level 2', description: 'Plans and weaves a basket of willow.', criteria: { narrative: 'Two baskets, judged by a master weaver.' } } })
    })
    await manyCredentials(world.db, achievement, count)
    const { signed } = await world.db.read((tx) => countCredentialsOf(tx, achievement.id))
    if (signed !== count) throw new TypeError(`${signed} of ${count} are there`)
  }
  const fillSeconds = (performance.now() - filled) / 1_000
  await world.db.transaction((tx) => addMember(tx, 'head@academy.example', { role: 'owner', issuerId: undefined }))
  const signIn = await openSignIn(world)
  const http = openHttp({ world, routes: [...pageRoutes(signIn), ...adminRoutes], signIn })
  const head = client(http, site)
  head.take((await signIn.openFor('head@academy.example', '')).cookies)

  const places = { achievement: (issuer: string) => `/i/${issuer}/a/weaving`, issuer: (issuer: string) => `/i/${issuer}`, 'desk’s list': (issuer: string) => `/admin/${issuer}/credentials` }
  const results: Record<string, unknown> = {}
  for (const [name, pathOf] of Object.entries(places)) {
    const times = { few: [] as number[], many: [] as number[] }
    for (let round = 0; round < requests + 20; round++) {
      clock.advanceTo(new Date(clock.now().getTime() + 60_000)) // nobody presses faster than a person may
      for (const size of round % 2 === 0 ? (['few', 'many'] as const) : (['many', 'few'] as const)) {
        const from = performance.now()
        const answer = await head.get(pathOf(size))
        await answer.text()
        if (answer.status !== 200) throw new TypeError(`${answer.status} for ${pathOf(size)}`)
        if (round >= 20) times[size].push(performance.now() - from)
      }
    }
    const at = (list: readonly number[], share: number) => Math.round((list.toSorted((a, b) => a - b)[Math.floor(list.length * share)] ?? 0) * 100) / 100
    results[name] = { ms_few: { median: at(times.few, 0.5), p95: at(times.few, 0.95) }, ms_many: { median: at(times.many, 0.5), p95: at(times.many, 0.95) }, ratio: Math.round((at(times.many, 0.5) / at(times.few, 0.5)) * 1_000) / 1_000 }
  }
  console.log(JSON.stringify({ few, many, requests_each: requests, target_ratio: 1.1, pages: results, fill_seconds: Math.round(fillSeconds) }))
  await world.close()
} finally {
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
}
