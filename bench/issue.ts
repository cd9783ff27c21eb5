/**
 * How fast credentials are issued in bulk, next to the rate at which Node makes the bare signatures in the same run.
 *
 *     node bench/issue.ts [credentials of each kind, default 100000]
 *
 * The issuing rate is that of the whole process doing what `./laurel issue --batch` does, by the same code: lines of NDJSON read and judged, documents built, linted,
 * canonicalised, hashed, signed, checked by the general road one in a thousand, written to a file and synced. Laps of both alternate and medians are given, since the machine may be busy
 * with other things. Rates are per CPU-second of the process.
 */
import { sign } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bulkIssuing } from '#interfaces/cli'
import { batchIssuer } from '#journey/credential'
import { contextFor, parseAchievement } from '#kernel/openbadge'
import { didKey, didKeyMethod, type JsonObject, keyPairFromSeed, resolveDidKey, verifyProofs } from '#kernel/proof'
import { seededIds } from '#platform/id'

const laps = 5
const perLap = Math.ceil(Number(process.argv[2] ?? 100_000) / laps)
const pair = keyPairFromSeed(Buffer.alloc(32, 1))

const parsed = parseAchievement({
  id: 'https://academy.example/achievements/weaving',
  type: ['Achievement'],
  achievementType: 'Certificate',
  name: 'Weaving, level 2',
  description: 'Plans and weaves a basket of willow with a round base, in one of three traditional techniques.',
  criteria: { narrative: 'Two baskets, judged by a master weaver against the published criteria.' },
  image: { id: 'https://academy.example/achievements/weaving.png', type: 'Image', caption: 'A basket' },
  alignment: [
    { type: ['Alignment'], targetName: 'weave baskets', targetUrl: 'http://data.europa.eu/esco/skill/1', targetType: 'ext:ESCO.Skill' },
    { type: ['Alignment'], targetName: 'prepare willow', targetUrl: 'http://data.europa.eu/esco/skill/2', targetType: 'ext:ESCO.Skill' },
  ],
  tag: ['weaving', 'willow'],
})
if (!parsed.ok) throw new TypeError(parsed.findings.map((one) => one.sentence).join(' '))
const achievement = parsed.value
const profile = { id: didKey(pair.publicKey), type: ['Profile'], name: 'Academy of Weaving', url: 'https://academy.example', email: 'office@academy.example' }

/** Learners with a DID of their own; and learners with a name and the salted hash of a mail address, whose two blank nodes have to be put in order for each credential. */
const kinds = {
  did: (n: number) => ({ id: `did:example:learner-${n}` }),
  name_and_mail: (n: number) => ({ name: `Learner Number ${n}`, email: `learner-${n}@learners.example` }),
} as const

/** The file that the command would be given, in memory: lines as they would be read from a disk. */
function linesOf(learner: (n: number) => object, from: number): Buffer {
  const lines: string[] = []
  for (let n = from; n < from + perLap; n++) lines.push(JSON.stringify({ learner: learner(n), completedAt: `2026-01-01T00:${String(Math.floor(n / 60) % 60).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}Z` }))
  return Buffer.from(`${lines.join('\n')}\n`)
}

async function* chunksOf(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536) // as a file is read
}

interface Lap {
  readonly perSecond: number
  readonly perCpuSecond: number
}

async function lap(work: () => Promise<void> | void): Promise<Lap> {
  const cpu = process.cpuUsage()
  const from = performance.now()
  await work()
  const { user, system } = process.cpuUsage(cpu)
  return { perSecond: (1000 * perLap) / (performance.now() - from), perCpuSecond: (1e6 * perLap) / (user + system) }
}

function medians(all: readonly Lap[]): Lap {
  const median = (values: number[]) => Math.round(values.toSorted((a, b) => a - b)[values.length >> 1] as number)
  return { perSecond: median(all.map((one) => one.perSecond)), perCpuSecond: median(all.map((one) => one.perCpuSecond)) }
}

const { issueBatch, keepHeapSmall } = await bulkIssuing()
keepHeapSmall()
const folder = mkdtempSync(join(tmpdir(), 'laurel-bench-'))
try {
  const message = Buffer.alloc(64, 7)
  const path = join(folder, 'out.ndjson')
  const results: Record<string, unknown> = {}
  for (const [kind, learner] of Object.entries(kinds)) {
    const issuer = batchIssuer({ pair, method: didKeyMethod(pair.publicKey), profile, achievement, ids: seededIds(`bench ${kind}`), at: new Date('2026-01-01T00:00:00Z') })
    const raw: Lap[] = []
    const issued: Lap[] = []
    const residentMegabytes: number[] = []
    const warm = linesOf(learner, 0)
    await issueBatch({ name: 'warm-up.ndjson', open: () => chunksOf(warm.subarray(0, warm.indexOf('\n', warm.length / 10) + 1)), out: path, issuer, progress: () => {} })
    for (let round = 0; round < laps; round++) {
      const lines = linesOf(learner, round * perLap)
      raw.push(
        await lap(() => {
          for (let i = 0; i < perLap; i++) sign(null, message, pair.privateKey)
        }),
      )
      issued.push(await lap(async () => void (await issueBatch({ name: 'in.ndjson', open: () => chunksOf(lines), out: path, issuer, progress: () => {} }))))
      residentMegabytes.push(Math.round(process.memoryUsage().rss / 2 ** 20))
    }
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
    const [verdict] = await verifyProofs(JSON.parse(lines.at(-1) ?? '') as JsonObject, { contexts: contextFor, resolve: resolveDidKey })
    const [rawSignatures, issue] = [medians(raw), medians(issued)]
    results[kind] = {
      bytes_each: Math.round(statSync(path).size / perLap),
      raw_signatures: rawSignatures,
      issued: issue,
      ratio: Math.round((1000 * issue.perCpuSecond) / rawSignatures.perCpuSecond) / 1000,
      resident_megabytes: residentMegabytes,
      ways: issuer.counts(),
      all_there: lines.length === perLap,
      last_one_verifies: verdict?.ok === true,
    }
  }
  console.log(JSON.stringify({ credentials: perLap * laps, target_ratio: 0.5, ...results }))
} finally {
  rmSync(folder, { recursive: true })
}
