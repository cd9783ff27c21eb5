/**
 * How fast credentials are issued in bulk, next to the rate at which Node makes the bare signatures in the same run.
 *
 *     node bench/issue.ts [credentials, default 50000]
 *
 * The issuing rate is that of the whole process: documents built, canonicalised, hashed, signed, written as JSON lines to a file. Laps of both kinds
 * alternate and medians are given, since the machine may be busy with other things. Rates are per CPU-second of the process.
 */
import { sign } from 'node:crypto'
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generator } from '#kernel/numeric'
import { contextFor } from '#kernel/openbadge'
import { bulkSigner, didKeyMethod, type JsonObject, keyPairFromSeed, resolveDidKey, verifyProofs } from '#kernel/proof'

const laps = 5
const batch = 5_000
const perLap = Math.ceil(Number(process.argv[2] ?? 50_000) / laps / batch) * batch
const created = '2026-01-01T00:00:00Z'
const pair = keyPairFromSeed(Buffer.alloc(32, 1))

const achievement: JsonObject = {
  id: 'https://academy.example/achievements/weaving',
  type: ['Achievement'],
  achievementType: 'Certificate',
  name: 'Weaving, level 2',
  description: 'Plans and weaves a basket of willow with a round base, in one of three traditional techniques.',
  criteria: { narrative: 'Two baskets, judged by a master weaver against the published criteria.' },
  image: { id: 'https://academy.example/achievements/weaving.png', type: 'Image', caption: 'A basket' },
  alignment: [
    { type: ['Alignment'], targetName: 'weave baskets', targetUrl: 'http://data.europa.eu/esco/skill/1', targetType: 'ESCO:Skill' },
    { type: ['Alignment'], targetName: 'prepare willow', targetUrl: 'http://data.europa.eu/esco/skill/2', targetType: 'ESCO:Skill' },
  ],
  tag: ['weaving', 'willow'],
}
const issuer: JsonObject = { id: 'did:web:academy.example', type: ['Profile'], name: 'Academy of Weaving', url: 'https://academy.example', email: 'office@academy.example' }
const varying = ['/id', '/validFrom', '/credentialStatus/id', '/credentialStatus/statusListIndex', '/credentialSubject/id']

function credential(n: number): JsonObject {
  return {
    '@context': ['https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'],
    id: `urn:uuid:00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`,
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    name: 'Weaving, level 2',
    issuer,
    validFrom: `2026-01-01T00:${String(Math.floor(n / 60) % 60).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}Z`,
    credentialStatus: {
      id: `https://academy.example/status/1#${n}`,
      type: 'BitstringStatusListEntry',
      statusPurpose: 'revocation',
      statusListIndex: String(n),
      statusListCredential: 'https://academy.example/status/1',
    },
    credentialSubject: { id: `did:example:learner-${n}`, type: ['AchievementSubject'], achievement },
  }
}

function* credentialsFrom(first: number, count: number): Generator<JsonObject> {
  for (let n = first; n < first + count; n++) yield credential(n)
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

const folder = mkdtempSync(join(tmpdir(), 'laurel-bench-'))
try {
  const chance = generator('bench issue')
  const signer = bulkSigner({ signer: pair, verificationMethod: didKeyMethod(pair.publicKey), contexts: contextFor, varying, chance: () => chance.uniform() })
  const message = Buffer.alloc(64, 7)
  const path = join(folder, 'out.ndjson')
  const raw: Lap[] = []
  const issued: Lap[] = []
  const residentMegabytes: number[] = []
  const buffer = Buffer.alloc(2 ** 20)
  let last = ''
  for (let round = 0; round < laps; round++) {
    raw.push(
      await lap(() => {
        for (let i = 0; i < perLap; i++) sign(null, message, pair.privateKey)
      }),
    )
    issued.push(
      await lap(async () => {
        const file = openSync(path, 'w')
        for (let from = round * perLap; from < (round + 1) * perLap; from += batch) {
          let filled = 0
          await signer.signEach(credentialsFrom(from, batch), created, ({ json }) => {
            // One buffer is used again and again: joining the lines first would ask the system for fresh memory each time.
            if (filled + 3 * json.length + 1 > buffer.length) filled = (writeSync(file, buffer, 0, filled), 0)
            filled += buffer.write(json, filled)
            buffer[filled++] = 0x0a
            last = json
          })
          writeSync(file, buffer, 0, filled)
        }
        closeSync(file)
      }),
    )
    residentMegabytes.push(Math.round(process.memoryUsage().rss / 2 ** 20))
  }
  const [verdict] = await verifyProofs(JSON.parse(last) as JsonObject, { contexts: contextFor, resolve: resolveDidKey })
  const [rawSignatures, issue] = [medians(raw), medians(issued)]
  console.log(
    JSON.stringify({
      credentials: perLap * laps,
      bytes_each: Math.round(statSync(path).size / perLap),
      raw_signatures: rawSignatures,
      issued: issue,
      ratio: Math.round((1000 * issue.perCpuSecond) / rawSignatures.perCpuSecond) / 1000,
      target_ratio: 0.5,
      resident_megabytes: residentMegabytes,
      ways: signer.counts(),
      last_one_verifies: verdict?.ok === true,
    }),
  )
} finally {
  rmSync(folder, { recursive: true })
}
