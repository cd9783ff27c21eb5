/**
 * The table of published vectors and how our tests judge them: one row per suite, with what was set aside and why.
 *
 * A test that judges vectors says so in a diagnostic line, `conformance {"suite", "passed", "aside"}`. Rooms whose tests do not are listed by the
 * names of their tests, and their vectors are counted in the folder. A law of our own is told by a line `law {"law", "cases", "long"}`.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, type Batch, type BatchOutcome } from './run-tests.ts'

const standards = join(root, '../shared/fixtures/standards')

/** The tests that judge vectors; those of forgeries and mutations, which are inventions of our own, are among them and say nothing. */
export const judgesVectors = (batch: Batch): boolean => batch.kind === 'unit' && ['openbadge', 'verify', 'proof'].some((room) => batch.name === `src/kernel/${room}`)

/** The page, from what the tests said; undefined where the vectors are absent. @throws Error when one of the tests failed */
export function conformanceReference(outcomes: readonly BatchOutcome[]): string | undefined {
  const judging = outcomes.filter((outcome) => judgesVectors(outcome.batch))
  return existsSync(standards) ? page(rows(judging), laws(judging)) : undefined
}

interface Law {
  readonly law: string
  /** In every run. */
  readonly cases: number
  /** With LAUREL_FULL=1. */
  readonly long: number
}

interface Row {
  readonly suite: string
  readonly passed: number
  readonly aside: readonly string[]
}

/** Suites whose tests do not count for themselves. */
interface NamedSuite {
  readonly suite: string
  readonly tests: readonly RegExp[]
  readonly count: () => number
}

const filesIn = (folder: string, pattern: RegExp): number => readdirSync(join(standards, folder), { recursive: true, encoding: 'utf8' }).filter((file) => pattern.test(file)).length
const entriesIn = (file: string): number => (JSON.parse(readFileSync(join(standards, file), 'utf8')) as { entries: unknown[] }).entries.length

const named: readonly NamedSuite[] = [
  { suite: 'vc-di-eddsa', tests: [/published EdDSA vectors/, /published proof set and proof chain/, /published Ed25519Signature2020 vector/], count: () => filesIn('vc-di-eddsa', /(?:^|\/)signed[^/]*\.json$/) },
  { suite: 'vc-di-ecdsa-sd-2023', tests: [/published derived credentials/], count: () => filesIn('vc-di-ecdsa-sd-2023/ecdsa-sd-2023', /(?:addSignedSDBase|derivedRevealDocument)\.json$/) },
  { suite: 'rdf-canon', tests: [/published dataset has the published canonical form/, /blank nodes are labelled as published/, /made to be endless is given up/], count: () => entriesIn('rdf-canon/manifest.jsonld') },
  { suite: 'jcs', tests: [/published inputs have the published canonical forms/, /10,000 published numbers/], count: () => filesIn('jcs/input', /\.json$/) + 10_000 },
]

/** What each suite is, in the order of the table. */
const about: readonly (readonly [suite: string, title: string, source: string])[] = [
  ['open-badges-3.0', 'Open Badges 3.0 fixtures: verdict of the public validator', '1EdTech digital-credentials-public-validator'],
  ['open-badges-3.0, official schema', 'Open Badges 3.0 fixtures: outcome under the official JSON Schema', '1EdTech openbadges-specification'],
  ['open-badges-3.0, carriers', 'Open Badges 3.0 fixtures: taken out of JSON, JWS, PNG and SVG', '1EdTech digital-credentials-public-validator'],
  ['vc-data-model-2.0, credentials', 'VC Data Model 2.0: credentials accepted or refused', 'W3C vc-data-model-2.0-test-suite'],
  ['vc-data-model-2.0, presentations', 'VC Data Model 2.0: presentations accepted or refused', 'W3C vc-data-model-2.0-test-suite'],
  ['vc-data-model-2.0, related resources', 'VC Data Model 2.0: digests of related resources', 'W3C vc-data-model-2.0-test-suite'],
  ['vc-data-model-2.0, envelopes', 'VC Data Model 2.0: enveloped credentials', 'W3C vc-data-model-2.0-test-suite'],
  ['vc-bitstring-status-list, encoded lists', 'Bitstring Status List 1.0: lists and their bits', 'W3C vc-bitstring-status-list'],
  ['vc-bitstring-status-list, examples', 'Bitstring Status List 1.0: secured examples', 'W3C vc-bitstring-status-list'],
  ['vc-di-eddsa', 'EdDSA cryptosuites: signed credentials with every step to them, proof sets and chains, Ed25519Signature2020', 'W3C vc-di-eddsa'],
  ['vc-di-ecdsa-sd-2023', 'ecdsa-sd-2023: base and derived proofs', 'W3C vc-di-ecdsa'],
  ['rdf-canon', 'RDFC-1.0: canonical forms, maps, poison graphs', 'W3C rdf-canon'],
  ['jcs', 'RFC 8785: canonical JSON and 10,000 numbers', 'cyberphone/json-canonicalization'],
  ['contexts', 'Published contexts and their revisions, by digest', 'the repositories named in `src/kernel/openbadge/contexts`'],
]

function rows(outcomes: readonly BatchOutcome[]): ReadonlyMap<string, Row> {
  const results = outcomes.flatMap((outcome) => outcome.results)
  const failed = results.filter((one) => one.result === 'failed')
  if (failed.length > 0) throw new Error(`These tests fail, so there is no table: ${failed.map((one) => one.name).join('; ')}`)
  const found = new Map<string, Row>()
  for (const note of outcomes.flatMap((outcome) => outcome.notes)) {
    if (!note.startsWith('conformance ')) continue
    const row = JSON.parse(note.slice('conformance '.length)) as Row
    found.set(row.suite, row)
  }
  for (const { suite, tests, count } of named) {
    if (!found.has(suite) && tests.every((pattern) => results.some((one) => one.result === 'passed' && pattern.test(one.name)))) found.set(suite, { suite, passed: count(), aside: [] })
  }
  return found
}

/** What tests of our own invention say that they hold to, in the alphabet's order. */
function laws(outcomes: readonly BatchOutcome[]): readonly Law[] {
  const said = outcomes.flatMap((outcome) => outcome.notes).filter((note) => note.startsWith('law '))
  return said.map((note) => JSON.parse(note.slice('law '.length)) as Law).toSorted((a, b) => (a.law < b.law ? -1 : 1))
}

function page(found: ReadonlyMap<string, Row>, held: readonly Law[]): string {
  const known = about.filter(([suite]) => found.has(suite))
  const table = known.map(([suite, title, source]) => {
    const { passed, aside } = found.get(suite) as Row
    return `| ${title} | ${source} | ${passed + aside.length} | ${passed} | ${aside.length} |`
  })
  const asides = known.flatMap(([suite, title]) => {
    const { aside } = found.get(suite) as Row
    return aside.length === 0 ? [] : [`### ${title}\n\n${aside.map((line) => `- ${line}`).join('\n')}\n`]
  })
  return `<!-- Generated by ./laurel generate from the published vectors. -->
# Conformance

Published vectors that apply, and how our tests judge them. "Passed" means that our verdict is the one that the vector states. Nothing fails: a failing vector stops this page from being written. Where we depart from a specification on purpose is said in [divergences](divergences.md).

| Vectors | Source | Cases | Passed | Set aside |
| --- | --- | ---: | ---: | ---: |
${table.join('\n')}

## Laws of our own

Cases that no suite publishes: inventions, forgeries and comparisons with other software. Every run takes the first number of them, \`npm test -- --full\` the second.

| Law | Every run | Long form |
| --- | ---: | ---: |
${held.map(({ law, cases, long }) => `| ${law} | ${cases.toLocaleString('en')} | ${long.toLocaleString('en')} |`).join('\n')}

## Set aside, and why

${asides.join('\n')}`
}
