/**
 * How fast credentials are verified, per CPU-second of the process: canonical form, hashes, key and signature, each credential another one.
 *
 *     node bench/verify.ts [credentials, default 5000]
 *
 * `verified` is the proof alone; `reported` is the whole report that a person is shown, from the text: parsing with its limits, every rule of the data model and of Open Badges, contexts, proof,
 * issuer, status in a signed list, dates, registry, facts. Beside them: the bare rate of Ed25519 verification in Node, and verification by the general road (jsonld.js and rdf-canonize) of a few, in the same run. Every hundredth
 * credential has been tampered with and must be refused.
 */
import { verify } from 'node:crypto'
import { contextFor } from '#kernel/openbadge'
import { verifyCredential } from '#kernel/verify'
import { addProof, bulkSigner, canonicalizeRdf, isSignature, type JsonObject, keyPairFromSeed, resolveInDocument, sha256, encodeStatusList, newStatusBits, didDocument, verifyProofs } from '#kernel/proof'

const count = Number(process.argv[2] ?? 5_000)
const laps = 5
const pair = keyPairFromSeed(Buffer.alloc(32, 1))
const signer = bulkSigner({
  signer: pair,
  verificationMethod: 'did:web:academy.example#key-1',
  contexts: contextFor,
  varying: ['/id', '/credentialStatus/id', '/credentialStatus/statusListIndex', '/credentialSubject/id'],
  chance: () => 1,
})

const issuerId = 'did:web:academy.example'
const credential = (n: number): JsonObject => ({
  '@context': ['https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'],
  id: `urn:uuid:00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`,
  type: ['VerifiableCredential', 'OpenBadgeCredential'],
  name: 'Weaving, level 2',
  issuer: { id: issuerId, type: ['Profile'], name: 'Academy of Weaving', url: 'https://academy.example', email: 'office@academy.example' },
  validFrom: '2026-01-01T00:00:00Z',
  credentialStatus: { id: `https://academy.example/status/1#${n}`, type: 'BitstringStatusListEntry', statusPurpose: 'revocation', statusListIndex: String(n), statusListCredential: 'https://academy.example/status/1' },
  credentialSubject: {
    id: `did:example:learner-${n}`,
    type: ['AchievementSubject'],
    achievement: {
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
    },
  },
})

interface Lap {
  readonly perSecond: number
  readonly perCpuSecond: number
}

async function lap(works: number, work: () => Promise<void> | void): Promise<Lap> {
  const cpu = process.cpuUsage()
  const from = performance.now()
  await work()
  const { user, system } = process.cpuUsage(cpu)
  return { perSecond: (1000 * works) / (performance.now() - from), perCpuSecond: (1e6 * works) / (user + system) }
}

function medians(all: readonly Lap[]): Lap {
  const median = (values: number[]) => Math.round(values.toSorted((a, b) => a - b)[values.length >> 1] as number)
  return { perSecond: median(all.map((one) => one.perSecond)), perCpuSecond: median(all.map((one) => one.perCpuSecond)) }
}

const signed = await signer.sign(Array.from({ length: count }, (_, n) => credential(n)), '2026-01-01T00:00:00Z')
const texts = signed.map(({ json }, n) => (n % 100 === 99 ? json.replace('"Weaving, level 2"', '"Weaving, level 3"') : json))
const document = didDocument(issuerId, [{ fragment: 'key-1', publicKey: pair.publicKey }])
const resolve = (method: string, purpose: string) => resolveInDocument(method, purpose, document)
const list = JSON.stringify(
  await addProof(
    {
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      id: 'https://academy.example/status/1',
      type: ['VerifiableCredential', 'BitstringStatusListCredential'],
      issuer: issuerId,
      validFrom: '2026-01-01T00:00:00Z',
      credentialSubject: { id: 'https://academy.example/status/1#list', type: 'BitstringStatusList', statusPurpose: 'revocation', encodedList: encodeStatusList(newStatusBits()) },
    },
    pair,
    { cryptosuite: 'eddsa-rdfc-2022', verificationMethod: 'did:web:academy.example#key-1', created: '2026-01-01T00:00:00Z' },
    contextFor,
  ),
)
const message = Buffer.alloc(64, 7)
const signature = pair.sign(message)
const raw: Lap[] = []
const verified: Lap[] = []
const general: Lap[] = []
const reported: Lap[] = []
let trusted = 0
let notProved = 0
let accepted = 0
let refused = 0
const sample = Math.min(100, count)
for (let round = 0; round < laps; round++) {
  raw.push(
    await lap(count, () => {
      for (let i = 0; i < count; i++) verify(null, message, pair.publicKey.object, signature)
    }),
  )
  verified.push(
    await lap(count, async () => {
      for (const text of texts) {
        const [verdict] = await verifyProofs(JSON.parse(text) as JsonObject, { contexts: contextFor, resolve })
        if (verdict?.ok) accepted++
        else refused++
      }
    }),
  )
  reported.push(
    await lap(count, async () => {
      // One options object for the batch, so that the issuer's document and the list are read once, as for a file of many.
      const options = { now: Date.parse('2026-02-01T00:00:00Z'), resolveDid: async () => document, fetchStatusList: async () => list, trustedIssuers: () => ({ registry: 'bench' }) }
      for (const text of texts) {
        const { verdict } = await verifyCredential(text, options)
        if (verdict === 'trusted') trusted++
        else if (verdict === 'not_proved') notProved++
      }
    }),
  )
  general.push(
    await lap(sample, async () => {
      for (const text of texts.slice(0, sample)) {
        const { proof, ...document } = JSON.parse(text) as JsonObject
        const [{ proofValue, ...config }] = proof as unknown as [JsonObject]
        const forms = [await canonicalizeRdf({ ...config, '@context': document['@context'] as string[] }, contextFor), await canonicalizeRdf(document, contextFor)]
        isSignature(pair.publicKey, Buffer.concat(forms.map((form) => sha256(form.ok ? form.nquads : ''))), Buffer.from(String(proofValue)))
      }
    }),
  )
}
console.log(
  JSON.stringify({
    credentials: count * laps,
    bytes_each: Math.round(texts.join('').length / count),
    raw_verifications: medians(raw),
    verified: medians(verified),
    reported: medians(reported),
    general_road: medians(general),
    target_per_cpu_second: 2000,
    accepted,
    refused,
    trusted,
    all_right: accepted === laps * (count - Math.floor(count / 100)) && refused === laps * Math.floor(count / 100) && trusted === accepted && notProved === refused,
  }),
)
