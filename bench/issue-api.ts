/**
 * How fast credentials are issued through the API: batches of 1,000 completions to POST /api/v1/completions/batch on a server of this process, with the durable embedded
 * PostgreSQL, until every answer with its credential's address is there. Recorded, drawn into a running experiment, journalled, given a place in a status list, signed, stored.
 *
 *     node bench/issue-api.ts [credentials, default 20000] [batches at once, default 2]
 *
 * The client is in the same process too, so its share is in the figure. Beside it: the raw signing rate of Node in the same run, and a sample of what was issued, verified.
 */
import { sign } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { apiRoutes } from '#interfaces/api'
import { listen, openHttp } from '#interfaces/http'
import { keyPairFromSeed } from '#kernel/proof'
import { saveAchievement } from '#journey/completion'
import { credentialByPublicId, establishKey, verifyHere } from '#journey/credential'
import { createExperiment, defaultArms, startExperiment } from '#journey/experiment'
import { createApiKey, createIssuer } from '#journey/party'
import { embeddedPostgres, sql } from '#platform/db'
import { benchWorld } from '#test/bench-world'

const batch = 1_000
const count = Math.ceil(Number(process.argv[2] ?? 20_000) / batch) * batch
const atOnce = Number(process.argv[3] ?? 2)
const folder = mkdtempSync(join(tmpdir(), 'laurel-bench-'))
const postgres = await embeddedPostgres(folder)
try {
  const world = await benchWorld({ connectionString: postgres.connectionString('postgres'), folder })
  const { secret, issuerId } = await world.db.transaction(async (tx) => {
    const issuer = await createIssuer(tx, { handle: 'academy', name: 'Academy of Weaving' })
    await establishKey(tx, world.secrets, issuer.id)
    await saveAchievement(tx, {
      issuerId: issuer.id,
      handle: 'weaving',
      document: {
        id: 'https://academy.example/achievements/weaving',
        type: ['Achievement'],
        achievementType: 'Certificate',
        name: 'Weaving, level 2',
        description: 'Plans and weaves a basket of willow with a round base, in one of three traditional techniques.',
        criteria: { narrative: 'Two baskets, judged by a master weaver against the published criteria.' },
        alignment: [{ type: ['Alignment'], targetName: 'weave baskets', targetUrl: 'http://data.europa.eu/esco/skill/1', targetType: 'ext:ESCO.Skill' }],
        tag: ['weaving', 'willow'],
      },
    })
    await startExperiment(tx, (await createExperiment(tx, { issuerId: issuer.id, name: 'Share prompt', question: 'Does a prompt bring more sharing?', arms: defaultArms('share.in_app') })).id)
    return { secret: (await createApiKey(tx, { issuerId: issuer.id, name: 'bench', scopes: ['completions:write'] })).secret, issuerId: issuer.id }
  })
  const listening = await listen(openHttp({ world, routes: apiRoutes }), 0, '127.0.0.1')

  const bodyOf = (from: number) =>
    JSON.stringify({
      completions: Array.from({ length: batch }, (_, at) => {
        const n = from + at
        return { learner: { id: `learner-${n}`, name: `Learner Number ${n}`, email: `learner-${n}@learners.example`, locale: 'pt-BR', timeZone: 'America/Sao_Paulo', country: 'BR', education: 'Bachelor degree' }, achievement: 'weaving', completedAt: '2026-02-27T10:00:00Z' }
      }),
    })
  const addresses: string[] = []
  const latencies: number[] = []
  const post = (body: string, key: string) =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const headers = { host: 'credentials.example.org', authorization: `Bearer ${secret}`, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), 'idempotency-key': key }
      request({ port: listening.port, host: '127.0.0.1', method: 'POST', path: '/api/v1/completions/batch', headers }, (answer) => {
        const parts: Buffer[] = []
        answer.on('data', (part: Buffer) => parts.push(part)).on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString() }))
      })
        .on('error', reject)
        .end(body)
    })
  const send = async (body: string, key: string) => {
    const from = performance.now()
    const { status, text } = await post(body, key)
    if (status !== 201) throw new Error(`${status} ${text.slice(0, 500)}`)
    latencies.push(performance.now() - from)
    const issued = (JSON.parse(text) as { completions: { credential: { state: string; address: string } }[] }).completions
    if (issued.length !== batch || issued.some((one) => one.credential.state !== 'issued')) throw new Error('not everything was issued')
    addresses.push(issued[0]!.credential.address)
  }

  await send(bodyOf(count), 'warm-up') // compiles the template and opens the connections
  latencies.length = 0
  const bodies = Array.from({ length: count / batch }, (_, at) => bodyOf(at * batch))
  const cpu = process.cpuUsage()
  const from = performance.now()
  let next = 0
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let at = next++; at < bodies.length; at = next++) await send(bodies[at]!, `batch-${at}`)
    }),
  )
  const seconds = (performance.now() - from) / 1000
  const { user, system } = process.cpuUsage(cpu)

  const pair = keyPairFromSeed(Buffer.alloc(32, 1))
  const message = Buffer.alloc(64, 7)
  const rawFrom = process.cpuUsage()
  for (let i = 0; i < 20_000; i++) sign(null, message, pair.privateKey)
  const raw = process.cpuUsage(rawFrom)

  const verdicts = new Set<string>()
  for (const address of addresses.slice(0, 20)) {
    const credential = await world.db.read((tx) => credentialByPublicId(tx, address.slice(address.lastIndexOf('/') + 1)))
    verdicts.add((await verifyHere(world, credential?.signed ?? '')).verdict)
  }
  const [kept] = await world.db.read((tx) => tx.query(sql<{ signed: number; places: number; draws: number }>`select count(*) filter (where signed_at is not null) signed, count(distinct (status_list_id, status_index)) places, (select count(*) from experiment.draw) draws from credential.credential where issuer_id = ${issuerId}`))
  console.log(
    JSON.stringify({
      credentials: count,
      batch,
      batches_at_once: atOnce,
      per_second: Math.round(count / seconds),
      target_per_second: 3_000,
      server_and_client_cpu_ms_each: Math.round(((user + system) / count)) / 1000,
      batch_ms: { median: Math.round(latencies.toSorted((a, b) => a - b)[latencies.length >> 1]!), worst: Math.round(Math.max(...latencies)) },
      raw_signatures_per_cpu_second: Math.round((20_000 * 1e6) / (raw.user + raw.system)),
      kept,
      verdicts: [...verdicts],
      all_right: kept?.signed === count + batch && kept.places === count + batch && kept.draws === count + batch && verdicts.size === 1 && verdicts.has('trusted'),
    }),
  )
  await listening.close()
  await world.close()
} finally {
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
}
