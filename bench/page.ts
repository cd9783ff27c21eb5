/**
 * How many pages of credentials a server answers that many people ask for at once: the whole server with its database in one process, the load
 * generator in a second one beside it, both on the same machine. In turns with it, in the same run, plain node:http that sends the same bytes.
 *
 *     node bench/page.ts [seconds of a round, default 3] [connections, default 32] [rounds, default 5]
 *
 * Each request is of a visitor of its own, and each is written down as a look; the bench counts them afterwards. Then a credential is revoked
 * under load, and every page that was asked for after that is read: none may be the old one. Loopback only.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { on, once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

interface Order {
  readonly port: number
  readonly host: string
  readonly paths: readonly string[]
  readonly seconds: number
  readonly connections: number
  /** Where the numbering of visitors begins. */
  readonly from: number
  /** Answers with this in them are counted. */
  readonly looksFor?: string
}

interface Measured {
  /** Of the order. */
  readonly from: number
  readonly answers: number
  readonly seconds: number
  readonly bytes: number
  readonly failed: number
  readonly found: number
  readonly cpuSeconds: number
  readonly ms: { readonly median: number; readonly p99: number; readonly worst: number }
}

if (process.send) process.on('message', (order: Order) => void load(order).then((measured) => process.send?.(measured), () => process.exit(1)))
else await bench()

/** As many requests as the connections can carry, one after the other on each. */
async function load(order: Order): Promise<Measured> {
  const times: number[] = []
  let bytes = 0
  let failed = 0
  let found = 0
  let visitor = order.from
  const began = performance.now()
  const end = began + order.seconds * 1000
  const cpu = process.cpuUsage()
  const wanted = order.looksFor === undefined ? undefined : Buffer.from(order.looksFor)
  await Promise.all(
    Array.from({ length: order.connections }, async () =>
      await new Promise<void>((resolve, reject) => {
        const socket = connect(order.port, '127.0.0.1')
        let asked = 0
        let parts: Buffer[] = []
        let missing = -1
        const ask = () => {
          if (performance.now() >= end) {
            socket.end()
            resolve()
            return
          }
          const n = visitor++
          asked = performance.now()
          socket.write(
            `GET ${order.paths[n % order.paths.length]} HTTP/1.1\r\nhost: ${order.host}\r\naccept: text/html\r\naccept-encoding: ${wanted ? 'identity' : 'gzip, br'}\r\naccept-language: en-GB,en;q=0.5\r\n` +
              `x-forwarded-for: 10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}\r\nuser-agent: Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36\r\n\r\n`,
          )
        }
        socket.setNoDelay(true).on('error', reject).on('connect', ask).on('data', (chunk: Buffer) => {
          parts.push(chunk)
          bytes += chunk.length
          if (missing < 0) {
            const so_far = parts.length === 1 ? chunk : Buffer.concat(parts)
            parts = [so_far]
            const head = so_far.indexOf('\r\n\r\n')
            if (head < 0) return
            const length = Number(/\r\ncontent-length: (\d+)/i.exec(so_far.toString('latin1', 0, head))?.[1] ?? Number.NaN)
            if (!Number.isFinite(length)) {
              reject(new Error(so_far.toString('latin1', 0, head)))
              return
            }
            if (!so_far.toString('latin1', 0, 15).startsWith('HTTP/1.1 200')) failed++
            missing = head + 4 + length - so_far.length
          } else missing -= chunk.length
          if (missing > 0) return
          times.push(performance.now() - asked)
          if (wanted && Buffer.concat(parts).includes(wanted)) found++
          parts = []
          missing = -1
          ask()
        })
      }),
    ),
  )
  const { user, system } = process.cpuUsage(cpu)
  times.sort((a, b) => a - b)
  const at = (share: number) => Math.round((times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0) * 100) / 100
  return { from: order.from, answers: times.length, seconds: (performance.now() - began) / 1000, bytes, failed, found, cpuSeconds: (user + system) / 1e6, ms: { median: at(0.5), p99: at(0.99), worst: at(1) } }
}

async function bench(): Promise<void> {
  const [{ saveAchievement, recordCompletions }, { credentialsOfCompletions, establishKey, revokeCredentials, setVisibility }, { createIssuer }, { listen, openHttp, openSignIn }, { pageRoutes }, { embeddedPostgres, sql }, { benchWorld }] = await Promise.all([
    import('#journey/completion'), import('#journey/credential'), import('#journey/party'), import('#interfaces/http'), import('#interfaces/pages'), import('#platform/db'), import('#test/bench-world'),
  ])
  const seconds = Number(process.argv[2] ?? 3)
  const connections = Number(process.argv[3] ?? 32)
  const rounds = Number(process.argv[4] ?? 5)
  const host = 'credentials.example.org'
  const folder = mkdtempSync(join(tmpdir(), 'laurel-bench-'))
  const postgres = await embeddedPostgres(folder)
  const generator = fork(import.meta.filename, { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  try {
    const world = await benchWorld({ connectionString: postgres.connectionString('postgres'), folder, env: { LAUREL_PUBLIC_URL: `https://${host}`, LAUREL_TRUSTED_PROXIES: '127.0.0.1' } })
    const issuer = await world.db.transaction((tx) => createIssuer(tx, { handle: 'academy', name: 'Academy of Weaving', url: 'https://academy.example/' }))
    const document = {
      id: 'https://academy.example/achievements/weaving', type: ['Achievement'], achievementType: 'Certificate', name: 'Weaving, level 2',
      description: 'Plans and weaves a basket of willow with a round base, in one of three traditional techniques.',
      criteria: { narrative: 'Two baskets, judged by a master weaver against the published criteria.' },
      alignment: [{ type: ['Alignment'], targetName: 'weave baskets', targetUrl: 'http://data.europa.eu/esco/skill/1', targetType: 'ext:ESCO.Skill' }],
      tag: ['weaving', 'willow'],
    }
    const achievement = await world.db.transaction(async (tx) => {
      await establishKey(tx, world.secrets, issuer.id)
      return await saveAchievement(tx, { issuerId: issuer.id, handle: 'weaving', document })
    })
    const people = Array.from({ length: 100 }, (_, n) => ({ externalId: `l-${n}`, name: `Learner Number ${n}`, locale: 'en', timeZone: 'UTC' }))
    const { completions } = await world.db.transaction((tx) => recordCompletions(tx, issuer, people.map((learner) => ({ learner, achievement, completedAt: new Date('2026-02-27T10:00:00Z'), covariates: {} })), 'api'))
    await world.queue.drain(world)
    const credentials = await world.db.read((tx) => credentialsOfCompletions(tx, completions.map((one) => one.completion.id)))
    await world.db.transaction(async (tx) => {
      for (const one of credentials) await setVisibility(tx, { credentialId: one.id, visibility: 'public' })
    })
    const paths = credentials.map((one) => `/c/${one.publicId}`)
    const http = openHttp({ world, routes: pageRoutes(await openSignIn(world)) })
    const listening = await listen(http, 0, '127.0.0.1')

    const sample = await fetch(`http://127.0.0.1:${listening.port}${paths[0]}`, { headers: { 'x-forwarded-host': host, 'accept-encoding': 'br' } })
    const shown = Buffer.from(await sample.arrayBuffer())
    const raw = createServer((_, outgoing) => {
      outgoing.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-length': compressed.length })
      outgoing.end(compressed)
    })
    const { brotliCompressSync } = await import('node:zlib')
    const compressed = brotliCompressSync(shown)
    await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve))
    const rawPort = (raw.address() as AddressInfo).port

    let visitors = 0
    const run = async (port: number, more: Partial<Order> = {}): Promise<Measured & { serverCpu: number }> => {
      const cpu = process.cpuUsage()
      const measured = await ordered(generator, { port, host, paths, seconds, connections, from: visitors, ...more })
      visitors += measured.answers + connections
      const { user, system } = process.cpuUsage(cpu)
      return { ...measured, serverCpu: (user + system) / 1e6 }
    }
    await run(listening.port, { seconds: 2 })
    await run(rawPort, { seconds: 1 })
    await http.settled()
    const looksBefore = await looksIn()
    const rawRounds: Measured[] = []
    const pageRounds: (Measured & { serverCpu: number })[] = []
    for (let round = 0; round < rounds; round++) {
      rawRounds.push(await run(rawPort))
      pageRounds.push(await run(listening.port))
      await http.settled()
    }
    const looks = (await looksIn()) - looksBefore

    // Under load: revoke one, then read every page of it that was asked for afterwards.
    const running = run(listening.port, { seconds: 2 })
    await new Promise((resolve) => setTimeout(resolve, 700))
    const victim = credentials[7]!
    const reason = 'The exam was another’s.'
    await world.db.transaction((tx) => revokeCredentials(tx, { credentialIds: [victim.id], reason, byWhom: 'bench' }))
    const after = await ordered(generator, { port: listening.port, host, paths: [`/c/${victim.publicId}`], seconds: 1, connections: 4, from: 1 << 23, looksFor: reason })
    await running

    const rate = (one: Measured) => one.answers / one.seconds
    const median = (list: readonly number[]) => list.toSorted((a, b) => a - b)[list.length >> 1] ?? 0
    const total = pageRounds.reduce((sum, one) => sum + one.answers, 0)
    console.log(
      JSON.stringify({
        connections,
        page_bytes: shown.length,
        page_bytes_compressed: compressed.length,
        raw_http_per_second: Math.round(median(rawRounds.map(rate))),
        pages_per_second: Math.round(median(pageRounds.map(rate))),
        target_per_second: 4_000,
        ratio: Number(median(pageRounds.map((one, at) => rate(one) / rate(rawRounds[at]!))).toFixed(3)),
        target_ratio: 0.35,
        ms: { median: median(pageRounds.map((one) => one.ms.median)), p99: median(pageRounds.map((one) => one.ms.p99)), p99_worst_round: Math.max(...pageRounds.map((one) => one.ms.p99)), worst: Math.max(...pageRounds.map((one) => one.ms.worst)) },
        target_p99_ms: 25,
        server_cpu_us_each: Math.round((pageRounds.reduce((sum, one) => sum + one.serverCpu, 0) / total) * 1e6),
        failed: pageRounds.reduce((sum, one) => sum + one.failed, 0),
        pages: total,
        looks_kept: looks,
        asked_after_revocation: after.answers,
        that_told_it: after.found,
        all_right: looks === total && after.answers > 0 && after.found === after.answers,
      }),
    )
    await listening.close()
    raw.close()
    await world.close()

    async function looksIn(): Promise<number> {
      return (await world.db.read((tx) => tx.query(sql<{ n: number }>`select count(*) n from view.hit where kind = 'page'`)))[0]?.n ?? 0
    }
  } finally {
    generator.removeAllListeners('exit').kill()
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The answer to one order of several that may be under way; what listens for it is gone when it has come. */
async function ordered(generator: ChildProcess, order: Order): Promise<Measured> {
  const answered = new AbortController()
  const { signal } = answered
  try {
    generator.send(order)
    const ended = once(generator, 'exit', { signal }).then(([code]) => Promise.reject(new Error(`the load generator ended: ${code}`)))
    return await Promise.race([ended, answerTo(generator, order, signal)])
  } finally {
    answered.abort()
  }
}

async function answerTo(generator: ChildProcess, { from }: Order, signal: AbortSignal): Promise<Measured> {
  for await (const [measured] of on(generator, 'message', { signal }) as AsyncIterable<[Measured]>) if (measured.from === from) return measured
  throw new TypeError('the load generator says nothing any more')
}
