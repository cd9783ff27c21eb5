import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isObject, type Json, type JsonObject } from '#kernel/openbadge'
import { issueToken } from '#kernel/proof'
import { genuine, issuerKey, method, signed, surroundings, unsigned } from './specimen.ts'
import { verifyCredential } from './verify.ts'

/** LAUREL_FULL=1 runs the 100,000 of issue 3; the short form keeps the unit run under three seconds. */
const full = process.env['LAUREL_FULL'] === '1'
const runs = full ? 100_000 : 400
const seed = 20_261_124

/** A small generator (mulberry32), so that a failing run can be made again. */
function random(state: number): () => number {
  let s = state
  return () => {
    s = (s + 0x6d2b79f5) | 0
    let t = Math.imul(s ^ (s >>> 15), 1 | s)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

type Path = readonly (string | number)[]

function paths(value: Json, at: Path = []): Path[] {
  const inner = Array.isArray(value) ? (value as readonly Json[]).flatMap((item, i) => paths(item, [...at, i])) : isObject(value) ? Object.entries(value).flatMap(([name, held]) => paths(held, [...at, name])) : []
  return [...(at.length > 0 ? [at] : []), ...inner]
}

function at(document: JsonObject, path: Path): Json {
  return path.reduce<Json>((value, step) => (value as Record<string | number, Json>)[step] as Json, document)
}

/** The same content under both canonical forms and as a token. */
const documents = [genuine, await signed(unsigned, { cryptosuite: 'eddsa-jcs-2022' })] as const
const everyPath = documents.map((document) => paths(document))
const token = await issueToken(unsigned, issuerKey, { profile: 'vc+jwt', kid: method })

/** One or two changes somewhere: to text, to the tree, to names, to the proof, or to the bytes. */
function mutate(next: () => number): string {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T
  if (next() < 0.1) return flip(token, next)
  const which = next() < 0.8 ? 0 : 1
  const document = structuredClone(documents[which]) as Record<string, Json>
  const path = pick(everyPath[which] as Path[])
  const holder = at(document, path.slice(0, -1)) as Record<string | number, Json>
  const last = path.at(-1) as string | number
  const held = holder[last] as Json
  switch (Math.floor(next() * 12)) {
    case 0: delete holder[last]; if (Array.isArray(holder)) holder.splice(Number(last), 1); break
    case 1: holder[last] = typeof held === 'string' ? flip(held, next) : typeof held === 'number' ? held + 1 : 'x'; break
    case 2: holder[last] = at(documents[which], pick(everyPath[which] as Path[])); break
    case 3: if (!Array.isArray(holder)) { holder[`${last}x`] = held; delete holder[last] } else holder.push(held); break
    case 4: holder[last] = pick([null, true, false, 0, -1, '', [], {}, [held], { '@value': held }, { id: held }] as Json[]); break
    case 5: holder[pick(['validUntil', 'extra', 'name', 'id', 'type', '@id', '@type', '@graph', 'cred:validUntil', 'https://schema.org/name'])] = pick(['x', 'https://example.org/x', '2099-01-01T00:00:00Z', ['x']]); break
    case 6: if (Array.isArray(held)) holder[last] = [...(held as Json[])].reverse(); else if (isObject(held)) holder[last] = Object.fromEntries(Object.entries(held).reverse()) as JsonObject; else holder[last] = typeof held === 'string' ? held.toUpperCase() : held; break
    case 7: document['@context'] = [...(document['@context'] as Json[]), pick([{ extra: 'https://example.org/#extra' }, { '@vocab': 'https://example.org/#' }, { until: 'https://www.w3.org/2018/credentials#validUntil' }, 'https://www.w3.org/ns/credentials/examples/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json'] as Json[])]; break
    case 8: document['@context'] = pick([['https://www.w3.org/2018/credentials/v1', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json'], [...(document['@context'] as Json[])].reverse(), (document['@context'] as Json[]).slice(0, 1)] as Json[]); break
    case 9: { const proof = document['proof'] as Record<string, Json>; const key = pick(Object.keys(proof)); proof[key] = typeof proof[key] === 'string' ? flip(proof[key], next) : 'x'; break }
    case 10: if (typeof held === 'string') holder[last] = ` ${held}`.normalize('NFD'); else holder[last] = held; break
    default: return flip(JSON.stringify(document), next)
  }
  return next() < 0.2 ? flip(JSON.stringify(document), next) : JSON.stringify(document)
}

function flip(text: string, next: () => number): string {
  if (text === '') return 'x'
  const where = Math.floor(next() * text.length)
  const replacement = String.fromCharCode(32 + Math.floor(next() * 95))
  return text.slice(0, where) + replacement + text.slice(where + 1)
}

/** Sets have no order in RDF, so the order in which they are shown is not signed; everything else is compared as it is. */
function unordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unordered).map((item) => JSON.stringify(item)).sort()
  return isObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, held]) => [name, unordered(held)])) : value
}

test(`of ${runs} random mutations of a genuine credential none is accepted unless it shows what was signed (seed ${seed})`, async (t) => {
  const next = random(seed)
  const wanted = (await verifyCredential(JSON.stringify(genuine), surroundings())).facts
  const originals = new Set([...documents.map((document) => JSON.stringify(document)), token])
  for (const original of originals) assert.equal((await verifyCredential(original, surroundings())).verdict, 'trusted')
  let refused = 0
  let equal = 0
  for (let run = 0; run < runs; run++) {
    const mutated = mutate(next)
    const report = await verifyCredential(mutated, surroundings())
    if (report.verdict === 'not_proved') {
      assert.ok(!originals.has(mutated), 'the genuine credential was refused')
      refused++
    } else {
      assert.deepEqual(unordered(report.facts), unordered(wanted), mutated)
      equal++
    }
  }
  t.diagnostic(`${refused} refused, ${equal} accepted with equal content`)
  t.diagnostic(`law ${JSON.stringify({ law: 'Random changes of genuine credentials and tokens: accepted only where what is shown is what was signed', cases: refused + equal, long: 100_000 })}`)
  assert.equal(refused + equal, runs)
  assert.ok(refused > runs / 2)
})
