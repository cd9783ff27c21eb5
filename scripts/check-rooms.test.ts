import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkRooms, projectFiles, type Finding } from './check-rooms.ts'

/** A small house with nothing wrong in it. */
const sound: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({
    imports: Object.fromEntries(['kernel', 'platform', 'journey', 'interfaces'].map((floor) => [`#${floor}/*`, `./src/${floor}/*/index.ts`])),
  }),
  'src/main.ts': `import { flow } from '#flow'\nimport { openWorld } from '#platform/world'\nimport { listen } from '#interfaces/http'\nvoid [flow, openWorld, listen]\n`,
  'src/flow.ts': `import { when } from '#platform/queue'\nimport { recorded } from '#journey/completion'\nexport const flow = [when(recorded)]\n`,
  ...door('kernel/fault', 'fault', `export const faults = 1`),
  ...door('kernel/numeric', 'matrix', `import erf from '@stdlib/math-base-special-erf'\nimport { createHash } from 'node:crypto'\nexport const matrix = [erf, createHash]`),
  ...door('kernel/causal', 'lin', `import { matrix } from '#kernel/numeric'\nimport { faults } from '#kernel/fault'\nexport const lin = [matrix, faults]`),
  'src/kernel/causal/forest/pool.ts': `import { setImmediate } from 'node:timers/promises'\nimport { Worker } from 'node:worker_threads'\nexport const pool = () => [setImmediate, new Worker(new URL(import.meta.url))]\n`,
  'src/kernel/numeric/distribution.ts': `import { createRequire } from 'node:module'\nimport type tCdf from '@stdlib/stats-base-dists-t-cdf'\nexport const load = createRequire(import.meta.url)('@stdlib/stats-base-dists-t-cdf') as typeof tCdf\n`,
  ...door('kernel/openbadge', 'build', `export const build = 1`),
  ...door('kernel/proof', 'sign', `import { SignJWT } from 'jose'\nexport const sign = SignJWT`),
  ...door('kernel/verify', 'verify', `import { sign } from '#kernel/proof'\nimport { build } from '#kernel/openbadge'\nexport const verify = [sign, build]`),
  ...door('platform/clock', 'clock', `export const realClock = { now: () => new Date(Date.now()) }`),
  ...door('platform/db', 'database', `import { realClock } from '#platform/clock'\nexport const openDatabase = () => realClock\nexport const embeddedPostgres = 1\nexport const lockFolder = 1\nexport const migrate = 1`),
  ...door('platform/queue', 'queue', `export const when = () => 1\nexport const openQueue = 1`),
  ...door('platform/world', 'world', `import { openDatabase } from '#platform/db'\nexport const openWorld = openDatabase`),
  ...door('journey/party', 'party', `export interface Learner { readonly id: string }\nexport const party = 1`),
  ...door('journey/completion', 'record', `import { faults } from '#kernel/fault'\nimport { insert } from './store.ts'\nexport const record = [faults, insert]`),
  'src/journey/completion/store.ts': "import { sql } from '#platform/db'\nimport type { Learner } from '#journey/party'\nexport const insert = (one: Learner) => sql<{ n: number }>`insert into completion.completion values (${one.id}, 'party.learner')`\n",
  ...door('journey/credential', 'issue', `import { record } from '#journey/completion'\nimport { sign } from '#kernel/proof'\nexport const issue = [record, sign]`),
  ...door('journey/share', 'share', `export const share = 1`),
  ...door('interfaces/http', 'route', `import { Hono } from 'hono'\nexport const listen = Hono`),
  ...door('interfaces/look', 'page', `export const page = 1`),
  ...door('interfaces/pages', 'show', `import { page } from '#interfaces/look'\nimport { listen } from '#interfaces/http'\nimport { issue } from '#journey/credential'\nexport const show = [page, listen, issue]`),
  ...door('interfaces/admin', 'admin', `export const admin = 1`),
  'migrations/000001_party.sql': `create schema party; create table party.learner (id uuid primary key);`,
  'migrations/000002_completion.sql': `-- after credential.credential\ncreate schema completion; create table completion.completion (learner_id uuid references party.learner, kind text default 'credential.x');`,
  'migrations/000009_estimate.sql': `create view estimate.panel_v1 as select * from party.learner l join completion.completion c on c.learner_id = l.id;`,
}

function door(room: string, file: string, code: string): Record<string, string> {
  const names = [...code.matchAll(/export const (\w+)/g)].map((match) => match[1])
  return { [`src/${room}/index.ts`]: `// the door\nexport { ${names.join(', ')} } from './${file}.ts'\n`, [`src/${room}/${file}.ts`]: `${code}\n` }
}

const check = (changes: Readonly<Record<string, string>> = {}): readonly Finding[] => checkRooms(new Map(Object.entries({ ...sound, ...changes })))
const file = (path: string, line: string): Record<string, string> => ({ [path]: `${sound[path] ?? ''}${line}\n` })

test('a sound house has no findings', () => {
  assert.deepEqual(check(), [])
})

// Each row: what is planted, where, and the rule that must name it.
const planted: readonly (readonly [name: string, changes: Readonly<Record<string, string>>, rule: string])[] = [
  ['the kernel imports the platform', file('src/kernel/numeric/matrix.ts', `import { realClock } from '#platform/clock'`), 'floor'],
  ['the kernel imports the journey', file('src/kernel/numeric/matrix.ts', `import { party } from '#journey/party'`), 'floor'],
  ['the kernel imports a type of the journey', file('src/kernel/numeric/matrix.ts', `import type { Learner } from '#journey/party'`), 'floor'],
  ['the platform imports the kernel', file('src/platform/db/database.ts', `import { matrix } from '#kernel/numeric'`), 'floor'],
  ['the platform imports the journey', file('src/platform/db/database.ts', `import { party } from '#journey/party'`), 'floor'],
  ['the platform imports an interface', file('src/platform/db/database.ts', `import { listen } from '#interfaces/http'`), 'floor'],
  ['the journey imports an interface', file('src/journey/party/party.ts', `import { page } from '#interfaces/look'`), 'floor'],
  ['the journey imports the flow', file('src/journey/party/party.ts', `import { flow } from '#flow'`), 'floor'],
  ['the flow imports an interface', file('src/flow.ts', `import { listen } from '#interfaces/http'`), 'floor'],
  ['a room imports one downstream', file('src/journey/party/party.ts', `import { share } from '#journey/share'`), 'upstream'],
  ['a room exports from one downstream', file('src/journey/party/party.ts', `export { share } from '#journey/share'`), 'upstream'],
  ['a room imports one downstream for its effect', file('src/journey/party/party.ts', `import '#journey/share'`), 'upstream'],
  ['a room imports one downstream while running', file('src/journey/party/party.ts', `export const later = () => import('#journey/share')`), 'upstream'],
  ['a room requires one downstream', file('src/journey/party/party.ts', `export const later = require('#journey/share')`), 'upstream'],
  ['a room imports one downstream over several lines', file('src/journey/party/party.ts', `import {\n  // the share room\n  share,\n} from "#journey/share"`), 'upstream'],
  ['a room imports a type of one downstream', file('src/journey/party/party.ts', `export type Later = typeof import('#journey/share')`), 'upstream'],
  ['an import computes its target', file('src/journey/party/party.ts', "export const later = (x: string) => import(`#journey/${x}`)"), 'computed-import'],
  ['a kernel room imports one that it may not', file('src/kernel/openbadge/build.ts', `import { sign } from '#kernel/proof'`), 'kernel-edge'],
  ['the kernel imports a package that is not on its list', file('src/kernel/openbadge/build.ts', `import { SignJWT } from 'jose'`), 'kernel-package'],
  ['the kernel imports a scope that is not on its list', file('src/kernel/causal/lin.ts', `import erf from '@stdlib/math-base-special-erf'`), 'kernel-package'],
  ['the kernel reads files', file('src/kernel/proof/sign.ts', `import { readFileSync } from 'node:fs'`), 'kernel-package'],
  ['the kernel loads a module of Node while running', file('src/kernel/proof/sign.ts', `export const files = () => import('node:fs')`), 'kernel-package'],
  ['the kernel starts a thread elsewhere than in its pool', file('src/kernel/causal/lin.ts', `import { Worker } from 'node:worker_threads'`), 'kernel-package'],
  ['the kernel asks for its own address elsewhere than in its pool', file('src/kernel/causal/lin.ts', `export const here = import.meta.url`), 'kernel-impure'],
  ['the pool of threads reads files', file('src/kernel/causal/forest/pool.ts', `import { readFileSync } from 'node:fs'`), 'kernel-package'],
  ['the room of distributions starts threads', file('src/kernel/numeric/distribution.ts', `import { Worker } from 'node:worker_threads'`), 'kernel-package'],
  ['another file of the kernel loads when it is called', file('src/kernel/causal/lin.ts', `import { createRequire } from 'node:module'`), 'kernel-package'],
  ['the pool of threads waits by a timer', file('src/kernel/causal/forest/pool.ts', `setTimeout(() => {}, 1)`), 'kernel-impure'],
  ['the kernel reads the clock by Date.now', file('src/kernel/proof/sign.ts', `export const at = Date.now()`), 'impure'],
  ['the kernel reads the clock by new Date()', file('src/kernel/proof/sign.ts', `export const at = new Date()`), 'impure'],
  ['the kernel reads the clock by new Date without brackets', file('src/kernel/proof/sign.ts', `export const at = new Date\n`), 'impure'],
  ['the kernel reads the clock by performance', file('src/kernel/proof/sign.ts', `export const at = performance.now()`), 'kernel-impure'],
  ['the kernel takes chance from Math', file('src/kernel/proof/sign.ts', `export const chance = Math.random()`), 'impure'],
  ['the kernel takes chance from node:crypto', file('src/kernel/proof/sign.ts', `import { randomBytes } from 'node:crypto'\nexport const salt = randomBytes(8)`), 'kernel-impure'],
  ['the kernel uses the network', file('src/kernel/proof/sign.ts', `export const page = fetch('https://example.org')`), 'impure'],
  ['the kernel reads the environment', file('src/kernel/proof/sign.ts', `export const home = process.env['HOME']`), 'kernel-impure'],
  ['the kernel waits', file('src/kernel/proof/sign.ts', `setTimeout(() => {}, 1)`), 'kernel-impure'],
  ['a room reads the clock', file('src/journey/party/party.ts', `export const at = Date.now()`), 'impure'],
  ['the clock is read inside a template', file('src/journey/party/party.ts', 'export const at = `it is ${new Date().getFullYear()}`'), 'impure'],
  ['an interface takes chance', file('src/interfaces/admin/admin.ts', `export const chance = Math.random()`), 'impure'],
  ['an interface fetches past the guarded fetcher', file('src/interfaces/admin/admin.ts', `export const page = await fetch('https://example.org')`), 'impure'],
  ['a relative import leaves the room', file('src/journey/completion/record.ts', `import { party } from '../party/party.ts'`), 'relative'],
  ['a relative import leaves the floor', file('src/journey/completion/record.ts', `import { matrix } from '../../kernel/numeric/index.ts'`), 'relative'],
  ['main goes past a door', file('src/main.ts', `import { party } from './journey/party/party.ts'`), 'relative'],
  ['a test goes past a door', file('test/whole.test.ts', `import { party } from '../src/journey/party/party.ts'`), 'relative'],
  ['an import goes through a door', file('src/journey/completion/record.ts', `import { party } from '#journey/party/party.ts'`), 'deep'],
  ['a script goes through a door', file('scripts/some.ts', `import { party } from '#journey/party/party.ts'`), 'deep'],
  ['an import names a room that does not exist', file('src/journey/completion/record.ts', `import { person } from '#journey/person'`), 'unknown-door'],
  ['a file takes its own room by the door', file('src/journey/completion/record.ts', `import { record as again } from './index.ts'`), 'own-door'],
  ['a door lets everything out', file('src/journey/party/index.ts', `export * from './party.ts'`), 'export-star'],
  ['a file lets everything of another out under a name', file('src/journey/party/party.ts', `export * as all from './other.ts'`), 'export-star'],
  ['a door holds code', file('src/journey/party/index.ts', `export const two = 2`), 'door'],
  ['a door imports', file('src/journey/party/index.ts', `import './party.ts'`), 'door'],
  ['a door lets out another room', file('src/journey/completion/index.ts', `export { party } from '#journey/party'`), 'door'],
  ['a room has no door', { 'src/journey/view/hit.ts': 'export const hit = 1\n' }, 'door'],
  ['the journey knows HTTP', file('src/journey/party/party.ts', `import { Hono } from 'hono'`), 'http'],
  ['the platform knows HTTP', file('src/platform/db/database.ts', `import { html } from 'hono/html'`), 'http'],
  ['main knows HTTP', file('src/main.ts', `import { serve } from '@hono/node-server'`), 'http'],
  ['SQL stands outside the store', file('src/journey/completion/record.ts', 'export const all = sql`select 1`'), 'sql'],
  ['typed SQL stands outside the store', file('src/journey/completion/record.ts', 'export const all = sql<{ readonly a: string }>`a`'), 'sql'],
  ['SQL stands in a plain string', file('src/journey/completion/record.ts', `export const all = pool.query('select id from completion.completion where id = 1')`), 'sql'],
  ['SQL stands in a template', file('src/interfaces/admin/admin.ts', 'export const all = pool.query(`\n  UPDATE completion.completion SET x = ${1}`)'), 'sql'],
  ['SQL is built outside the store', file('src/interfaces/admin/admin.ts', `export const all = db.selectFrom('completion.completion')`), 'sql'],
  ['SQL stands in a test that has no database', file('src/journey/completion/record.test.ts', 'export const all = sql`select 1`'), 'sql'],
  ['a store reads another room', file('src/journey/completion/store.ts', 'export const all = sql`select * from party.learner`'), 'foreign-schema'],
  ['a store writes another room downstream', file('src/journey/completion/store.ts', 'export const all = sql`delete from "credential"."credential"`'), 'foreign-schema'],
  ['a store names another room in a builder', file('src/journey/completion/store.ts', `export const all = db.selectFrom('party.learner')`), 'foreign-schema'],
  ['estimate reads another room past its views', { ...door('journey/estimate', 'store', 'export const rows = sql`select * from outcome.spell`') }, 'foreign-schema'],
  ['a migration changes another room', file('migrations/000002_completion.sql', `alter table party.learner add column x int;`), 'foreign-schema'],
  ['a migration refers downstream', file('migrations/000002_completion.sql', `create table completion.more (c uuid references credential.credential);`), 'foreign-schema'],
  ['a migration other than estimate’s joins rooms', file('migrations/000002_completion.sql', `create view completion.people as select * from party.learner;`), 'foreign-schema'],
  ['a migration belongs to no room', { 'migrations/000012_things.sql': 'select 1;' }, 'migration'],
  ['an interface imports another', file('src/interfaces/admin/admin.ts', `import { show } from '#interfaces/pages'`), 'interface'],
  ['rooms of the platform import each other in a circle', file('src/platform/clock/clock.ts', `import type { openWorld } from '#platform/world'`), 'cycle'],
  ['a folder is called utils', { 'src/journey/party/utils/one.ts': 'export const one = 1\n' }, 'name'],
  ['a file is called helpers', { 'src/journey/party/helpers.ts': 'export const one = 1\n' }, 'name'],
  ['a test is called common', { 'test/common.test.ts': 'export const one = 1\n' }, 'name'],
  ['a room is called services', { 'src/journey/services/index.ts': `export { a } from './a.ts'\n` }, 'name'],
  ['a file is called types', { 'clients/sdk/types.ts': 'export const one = 1\n' }, 'name'],
  ['a file is too long', { 'src/journey/party/long.ts': 'export {}\n'.repeat(501) }, 'length'],
  ['the journey has a room that is not on the list', door('journey/person', 'person', 'export const person = 1'), 'room'],
  ['the kernel has a room that is not on the list', door('kernel/person', 'person', 'export const person = 1'), 'room'],
  ['src has a floor that is not of the house', door('cellar/person', 'person', 'export const person = 1'), 'floor'],
  ['a file stands on a floor', { 'src/journey/person.ts': 'export const person = 1\n' }, 'floor'],
  ['a room opens the database', file('src/journey/party/party.ts', `import { openDatabase } from '#platform/db'`), 'wiring'],
  ['an interface takes the machine’s clock', file('src/interfaces/admin/admin.ts', `import { realClock } from '#platform/clock'`), 'wiring'],
  ['the list of what opens the outside world is out of date', { 'src/platform/clock/index.ts': `export { clock } from './clock.ts'\n` }, 'wiring'],
  ['package.json lets deep imports through', { 'package.json': JSON.stringify({ imports: { '#journey/*': './src/journey/*' } }) }, 'package'],
]

for (const [name, changes, rule] of planted) {
  test(`caught: ${name}`, () => {
    const findings = check(changes)
    assert.ok(
      findings.some((one) => one.rule === rule),
      `expected "${rule}", found ${JSON.stringify(findings)}`,
    )
    // The clean rest stays clean: every finding is in a file that was planted, or names the room that it made.
    for (const one of findings) assert.ok(Object.keys(changes).some((path) => path.startsWith(one.path) || path === one.path || rule === 'cycle'), `${one.path} was sound: ${one.sentence}`)
  })
}

// What looks like a fault and is none.
const allowed: readonly (readonly [name: string, changes: Readonly<Record<string, string>>])[] = [
  ['words in comments', file('src/kernel/proof/sign.ts', `// import { x } from '#journey/party'; Date.now() is forbidden; fetch(\n/* select a from b */`)],
  ['words in strings', file('src/kernel/proof/sign.ts', `export const words = "import x from '#journey/party' and Date.now()"`)],
  ['words in regular expressions', file('src/kernel/proof/sign.ts', String.raw`export const pattern = /Math.random\(\)['"]/`)],
  ['a division is no regular expression', file('src/kernel/proof/sign.ts', `export const half = (a: number, b: number) => a / 2 + b / 2 // Date.now()`)],
  ['a date with a time', file('src/kernel/proof/sign.ts', `export const day = new Date(0)`)],
  ['a method called fetch', file('src/interfaces/http/route.ts', `export const answer = (app: { fetch(): void }) => app.fetch()`)],
  ['a test of the kernel reads files and packages', file('src/kernel/proof/sign.test.ts', `import { readFileSync } from 'node:fs'\nimport fc from 'fast-check'\nimport { sign } from './sign.ts'`)],
  ['a test takes its room by the door', file('src/kernel/proof/sign.test.ts', `import { sign } from './index.ts'`)],
  ['a database test holds SQL', file('src/journey/completion/record.db.test.ts', 'export const all = sql`select * from party.learner`')],
  ['words that begin like SQL', file('src/interfaces/pages/show.ts', `export const words = ['Select a file from the list', 'with country as covariate', 'copy link to clipboard', 'update your name']`)],
  ['another schema inside an SQL string or comment', file('src/journey/completion/store.ts', "export const all = sql`select 'party.learner' -- party.learner\n from completion.completion`")],
  ['a column of an aliased table', file('src/journey/completion/store.ts', 'export const all = sql`select c.id from completion.completion c where c.party_id = 1`')],
  ['a door lets out a package of its room', file('src/platform/db/index.ts', `export { sql } from 'kysely'`)],
  ['an interface reads the flow', file('src/interfaces/admin/admin.ts', `import { flow } from '#flow'`)],
]

for (const [name, changes] of allowed) test(`let pass: ${name}`, () => assert.deepEqual(check(changes), []))

test('a finding names the line', () => {
  const [finding] = check(file('src/journey/party/party.ts', `\n\nimport { share } from '#journey/share'`))
  assert.equal(finding?.line, 5)
})

test('the project itself is read, in less than a second of one core', () => {
  const began = process.cpuUsage()
  const files = projectFiles()
  checkRooms(files)
  assert.ok(files.has('src/kernel/fault/fault.ts'))
  assert.ok(process.cpuUsage(began).user < 1_000_000)
})
