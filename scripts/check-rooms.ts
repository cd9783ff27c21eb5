/**
 * Holds the house together: which floor, room, package and language (SQL, HTTP) may appear where. DESIGN section 3 says why.
 *
 * The rules are the tables below. Files are read by scripts/read-source.ts, so comments and the words inside strings do not count.
 * Run: node scripts/check-rooms.ts. Each rule has a planted fault in check-rooms.test.ts.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { lineAt, readSource, type ImportFound, type Source } from './read-source.ts'

// ---- The house, as data ----

/** Which floors a floor may import. Every floor may import #kernel/fault. */
const floors: Readonly<Record<string, readonly string[]>> = {
  kernel: ['kernel'],
  platform: ['platform'],
  journey: ['journey', 'kernel', 'platform'],
  interfaces: ['interfaces', 'journey', 'kernel', 'platform'],
  flow: ['journey', 'platform'],
  main: ['flow', 'interfaces', 'journey', 'kernel', 'platform'],
}

/** The journey, in the order in which data flows. A room imports only rooms before it. */
const journey = ['party', 'completion', 'credential', 'experiment', 'nudge', 'share', 'view', 'outcome', 'estimate', 'policy'] as const

/** What each room of the kernel may import beside #kernel/fault: rooms, and packages (`@scope/*` is a whole scope). */
const kernel: Readonly<Record<string, { readonly rooms: readonly string[]; readonly packages: readonly string[] }>> = {
  fault: { rooms: [], packages: [] },
  numeric: { rooms: [], packages: ['@stdlib/*'] },
  causal: { rooms: ['numeric'], packages: [] },
  openbadge: { rooms: [], packages: [] },
  proof: { rooms: [], packages: ['jsonld', 'rdf-canonize', 'jose'] },
  verify: { rooms: ['openbadge', 'proof'], packages: [] },
  draw: { rooms: [], packages: [] },
}
const kernelNodeModules = ['node:crypto', 'node:zlib']

/**
 * Two files of the kernel that may use more, and what. One starts threads: a forest on one core is half a forest, and a thread is neither time nor chance: what the file
 * computes is the same with any number of them, which its test proves by a hash of all bits. `import.meta` names its own address to a thread. The other loads functions of its packages
 * when they are first called, since most programs that have the room call few of them.
 */
const kernelExceptions: readonly { readonly path: string; readonly modules: readonly string[]; readonly words: readonly string[] }[] = [
  { path: 'src/kernel/causal/forest/pool.ts', modules: ['node:worker_threads', 'node:timers/promises'], words: ['import.meta'] },
  { path: 'src/kernel/numeric/distribution.ts', modules: ['node:module'], words: ['import.meta'] },
]

/** Interfaces do not import one another, but for these: the route table, and the look that all pages share. */
const sharedInterfaces = ['http', 'look']

/** Packages that know HTTP. */
const httpPackages = ['hono', '@hono/*']

/** Where SQL may stand, and the schemas it may name there; in the journey it is each room's store.ts and the room's own schema. */
const sqlPlaces: readonly { readonly path: RegExp; readonly schemas: readonly string[] }[] = [
  { path: /^src\/platform\/(?:db|queue)\//, schemas: [] },
  { path: /^src\/platform\/mail\//, schemas: ['mail'] },
  { path: /^src\/platform\/audit\/store\.ts$/, schemas: ['audit'] },
  { path: /^src\/interfaces\/http\/store\.ts$/, schemas: ['http', 'sign_in'] },
  { path: /^src\/interfaces\/cli\/analyze\/(?:read-parquet|moments\/[a-z-]+)\.ts$/, schemas: [] }, // SQL about somebody's file or table, not ours about a room
]
const platformSchemas = ['mail', 'audit', 'http', 'sign_in']

/** What asks the machine for time or chance, and where it may. */
const impure: readonly { readonly pattern: RegExp; readonly what: string; readonly only: readonly string[] }[] = [
  { pattern: /\bDate\.now\b/g, what: 'Date.now()', only: ['platform/clock', 'platform/id'] },
  { pattern: /(?<![\w$.])Date\s*\(\s*\)|\bnew\s+Date\s*(?=[;,)\]}\n])/g, what: 'new Date() without a time', only: ['platform/clock', 'platform/id'] },
  { pattern: /\bTemporal\.Now\b/g, what: 'Temporal.Now', only: ['platform/clock', 'platform/id'] },
  { pattern: /\bMath\.random\b/g, what: 'Math.random()', only: ['platform/clock', 'platform/id'] },
  { pattern: /(?<=(?:\bawait|\breturn|\bvoid|[=(,?:&|>])\s*)fetch\s*\(/g, what: 'fetch()', only: ['platform/net'] },
]

/** What the kernel may not touch at all: clock, chance, network, files, environment, output. */
const forbiddenInKernel: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  { pattern: /(?<![\w$.])process\s*[.[]/g, what: 'process' },
  { pattern: /(?<![\w$.])performance\s*\./g, what: 'performance' },
  { pattern: /(?<![\w$.])console\s*\./g, what: 'console' },
  { pattern: /(?<![\w$])globalThis\b/g, what: 'globalThis' },
  { pattern: /(?<![\w$.])set(?:Timeout|Interval|Immediate)\s*\(/g, what: 'a timer' },
  { pattern: /\b(?:randomBytes|randomUUID|randomInt|randomFill|randomFillSync|getRandomValues)\b/g, what: 'chance from node:crypto' },
  { pattern: /\bimport\.meta\b/g, what: 'import.meta' },
]

/** What opens a piece of the outside world; only main.ts and what it reads (and the platform itself) does. */
const constructors: Readonly<Record<string, readonly string[]>> = {
  clock: ['realClock'],
  config: ['readConfig'],
  db: ['openDatabase', 'embeddedPostgres', 'lockFolder', 'migrate'],
  id: ['randomIds'],
  log: ['openLog'],
  mail: ['openMailer', 'smtpMailer', 'smtpPeer'],
  queue: ['openQueue'],
  secret: ['secretsIn'],
  world: ['openWorld'],
}

const forbiddenNames = ['utils', 'util', 'helpers', 'helper', 'common', 'services', 'service', 'types']

/** Files over 500 lines, each with the argument why it is one thing. */
const maxLines = 500
const longFiles: Readonly<Record<string, string>> = {}

// ---- The check ----

export interface Finding {
  readonly path: string
  readonly line: number
  readonly rule: string
  readonly sentence: string
}

/** Where a file stands. `room` is empty for main.ts, what it reads, and flow.ts; `floor` is 'outside' for tests, scripts, benches and clients. */
interface Place {
  readonly floor: string
  readonly room: string
  readonly test: boolean
}

type Report = (at: number, rule: string, sentence: string) => void

/** Checks the files of a project, given as path -> text, with paths relative to its root and `/` between folders. */
export function checkRooms(files: ReadonlyMap<string, string>): readonly Finding[] {
  const findings: Finding[] = []
  const edges = new Map<string, Map<string, Finding>>()
  for (const [path, text] of files) {
    const report: Report = (at, rule, sentence) => findings.push({ path, line: lineAt(text, at), rule, sentence })
    checkName(path, report)
    if (path === 'package.json') checkDoorsInPackage(text, report)
    else if (path.endsWith('.sql')) checkMigration(path, text, report)
    else if (path.endsWith('.ts')) {
      checkLength(path, text, report)
      const place = placeOf(path)
      if (place.floor === 'outside') checkOutside(path, readSource(text), report)
      else checkFile(path, place, readSource(text), files, report, edges)
    }
  }
  checkRoomsHaveDoors(files, findings)
  checkCycles(edges, findings)
  return findings.toSorted((a, b) => a.path.localeCompare(b.path) || a.line - b.line)
}

function placeOf(path: string): Place {
  const [src, floor = '', room = '', ...rest] = path.split('/')
  const test = path.endsWith('.test.ts')
  if (src !== 'src') return { floor: 'outside', room: '', test }
  if (/^src\/(?:main|installation|outside)\.ts$/.test(path)) return { floor: 'main', room: '', test }
  if (/^src\/flow(?:\.test)?\.ts$/.test(path)) return { floor: 'flow', room: '', test }
  return rest.length === 0 ? { floor, room: '', test } : { floor, room, test }
}

function checkName(path: string, report: Report) {
  for (const part of path.split('/')) {
    const name = part.replace(/\.(?:db\.)?(?:test\.)?[a-z]+$/, '')
    if (forbiddenNames.includes(name)) report(0, 'name', `"${name}" says nothing about what is inside; name it after its noun or verb.`)
  }
}

function checkLength(path: string, text: string, report: Report) {
  const lines = text.split('\n').length - 1
  const argued = longFiles[path]
  if (lines > maxLines && !argued) report(0, 'length', `${lines} lines: split it, or argue in scripts/check-rooms.ts why it is one thing.`)
  if (lines <= maxLines && argued) report(0, 'length', `${lines} lines, and still listed as long in scripts/check-rooms.ts.`)
}

function checkFile(path: string, place: Place, source: Source, files: ReadonlyMap<string, string>, report: Report, edges: Map<string, Map<string, Finding>>) {
  if (!(place.floor in floors)) return report(0, 'floor', `src/${place.floor} is no floor of the house.`)
  if (place.room === '' && !['main', 'flow'].includes(place.floor)) return report(0, 'floor', 'A file stands in a room, not on a floor.')
  if (place.floor === 'kernel' && !kernel[place.room]) report(0, 'room', `#kernel/${place.room} is not in the list of rooms.`)
  if (place.floor === 'journey' && !journey.some((room) => room === place.room)) report(0, 'room', `#journey/${place.room} is not in the list of rooms.`)

  for (const one of source.imports) checkImport(path, place, one, files, report, edges)
  for (const match of source.code.matchAll(/\bexport\s*\*/g)) report(match.index, 'export-star', 'A door names what it lets out: no `export *`.')
  if (isDoor(path)) checkDoor(source, report)
  if (!place.test) {
    checkPurity(path, place, source, report)
    checkConstructors(place, source, report)
  }
  checkSql(path, place, source, report)
}

const isDoor = (path: string): boolean => /^src\/[^/]+\/[^/]+\/index\.ts$/.test(path)

function checkImport(path: string, place: Place, one: ImportFound, files: ReadonlyMap<string, string>, report: Report, edges: Map<string, Map<string, Finding>>) {
  const { at, from } = one
  if (from === undefined) return report(at, 'computed-import', 'The target of an import is written out, so that it can be read.')

  let target: { floor: string; room: string }
  if (from.startsWith('.')) {
    const reached = normalize(join(dirname(path), from))
    const there = placeOf(reached)
    if (place.floor === 'main' ? there.room !== '' : there.floor !== place.floor || there.room !== place.room)
      return report(at, 'relative', `"${from}" leaves the room; enter the other one by its door ("#floor/room").`)
    if (place.room !== '' && isDoor(reached) && !place.test) return report(at, 'own-door', 'Inside its own room a file imports the file itself, not the door.')
    return
  } else if (from.startsWith('#')) {
    const [floor = '', room = '', ...deep] = from.slice(1).split('/')
    if (floor === 'test' && place.test) return
    if (floor === 'flow' && deep.length === 0 && room === '') target = { floor, room }
    else if (!(floor in floors) || room === '') return report(at, 'unknown-door', `"${from}" is no door of the house.`)
    else if (deep.length > 0) return report(at, 'deep', `"${from}" goes past the door; import "#${floor}/${room}".`)
    else target = { floor, room }
  } else return checkPackage(path, place, from, at, report)

  if (target.floor === 'kernel' && target.room === 'fault') return
  const name = `#${target.floor}${target.room && `/${target.room}`}`
  if (target.room && !files.has(`src/${target.floor}/${target.room}/index.ts`)) report(at, 'unknown-door', `${name} does not exist.`)
  if (!floors[place.floor]?.includes(target.floor) && !(place.floor === 'interfaces' && target.floor === 'flow'))
    return report(at, 'floor', `${place.floor} may import ${floors[place.floor]?.join(', ')}, not ${name}.`)
  if (place.floor === target.floor && place.room === target.room) return place.test ? undefined : report(at, 'own-door', 'Inside its own room a file imports the file itself, not the door.')
  if (place.floor === 'kernel' && !kernel[place.room]?.rooms.includes(target.room))
    report(at, 'kernel-edge', `#kernel/${place.room} may import ${['fault', ...(kernel[place.room]?.rooms ?? [])].join(', ')}, not ${name}.`)
  if (place.floor === 'journey' && target.floor === 'journey' && journey.findIndex((r) => r === target.room) >= journey.findIndex((r) => r === place.room))
    report(at, 'upstream', `${name} is not upstream of #journey/${place.room}: imports point upstream, data flows downstream (write an event; flow.ts says what follows).`)
  if (place.floor === 'interfaces' && target.floor === 'interfaces' && !sharedInterfaces.includes(target.room))
    report(at, 'interface', `An interface does not import another: ${name} is neither ${sharedInterfaces.map((room) => `#interfaces/${room}`).join(' nor ')}.`)
  if (place.floor === target.floor && !place.test) {
    const from = `#${place.floor}/${place.room}`
    const edge = edges.get(from) ?? new Map<string, Finding>()
    edge.set(name, { path, line: 1, rule: 'cycle', sentence: '' })
    edges.set(from, edge)
  }
}

const inList = (list: readonly string[], name: string): boolean =>
  list.some((allowed) => (allowed.endsWith('/*') ? name.startsWith(allowed.slice(0, -1)) : name === allowed || name.startsWith(`${allowed}/`)))

function checkPackage(path: string, place: Place, name: string, at: number, report: Report) {
  if (place.test) return
  if (inList(httpPackages, name) && place.floor !== 'interfaces') report(at, 'http', `Only interfaces know HTTP; "${name}" does not belong in ${place.floor}.`)
  if (place.floor !== 'kernel') return
  if (name.startsWith('node:')) {
    if (kernelExceptions.some((one) => path === one.path && one.modules.includes(name))) return
    if (!kernelNodeModules.includes(name)) report(at, 'kernel-package', `The kernel may use ${kernelNodeModules.join(' and ')}, not ${name}.`)
  } else if (!inList(kernel[place.room]?.packages ?? [], name)) report(at, 'kernel-package', `"${name}" is not on the list of packages of #kernel/${place.room}.`)
}

function checkDoor(source: Source, report: Report) {
  const rest = source.code.replace(/export\s+(?:type\s+)?\{[^}]*\}\s*from\s*(['"])\s*\1\s*;?/g, (all) => all.replace(/\S/g, ' '))
  const at = rest.search(/\S/)
  if (at !== -1) report(at, 'door', 'A door is a list: index.ts holds nothing but `export { ... } from`.')
  for (const one of source.imports) if (one.from && /^(?:#|\.\.)/.test(one.from)) report(one.at, 'door', `A door lets out its own room, not "${one.from}".`)
}

function checkPurity(path: string, place: Place, source: Source, report: Report) {
  const browserCode = /^src\/interfaces\/[^/]+\/(?:islands|static)\//.test(path)
  const each = (pattern: RegExp, tell: (at: number) => void) => {
    for (const match of source.code.matchAll(pattern)) tell(match.index)
  }
  if (!browserCode)
    for (const { pattern, what, only } of impure)
      if (!only.includes(`${place.floor}/${place.room}`)) each(pattern, (at) => report(at, 'impure', `${what} stands in ${only.join(' and ')} only; time, chance and the network are arguments.`))
  if (place.floor === 'kernel')
    for (const { pattern, what } of forbiddenInKernel)
      if (!kernelExceptions.some((one) => path === one.path && one.words.includes(what))) each(pattern, (at) => report(at, 'kernel-impure', `The kernel is pure: no ${what}.`))
}

function checkConstructors(place: Place, source: Source, report: Report) {
  if (place.floor === 'main' || place.floor === 'platform') return
  for (const one of source.imports) {
    const [, room] = /^#platform\/([^/]+)$/.exec(one.from ?? '') ?? []
    const opened = one.values.filter((name) => room !== undefined && constructors[room]?.includes(name))
    if (opened.length > 0) report(one.at, 'wiring', `Only main.ts opens the outside world; ${opened.join(', ')} comes as an argument.`)
  }
}

// ---- SQL ----

const sqlStart =
  /^\s*(?:(?:select|SELECT)\s[^]*\s(?:from|FROM)\s|(?:insert|INSERT)\s+(?:into|INTO)\s|(?:update|UPDATE)\s+[\w."]+\s+(?:as\s+\w+\s+)?(?:set|SET)\s|(?:delete|DELETE)\s+(?:from|FROM)\s|(?:merge|MERGE)\s+(?:into|INTO)\s|(?:with|WITH)\s+(?:recursive\s+)?[\w"]+\s*(?:\([^)]*\)\s*)?(?:as|AS)\s+(?:materialized\s+)?\(|(?:create|alter|drop|CREATE|ALTER|DROP)\s+(?:or\s+replace\s+)?(?:table|index|unique|schema|view|materialized|function|database|type|TABLE|INDEX|SCHEMA|VIEW|DATABASE)\b|(?:truncate|TRUNCATE)\s+(?:table\s+)?\w+\.\w|(?:copy|COPY)\s[^]*\s(?:from|to|FROM|TO)\s+(?:stdin|stdout|STDIN|STDOUT)\b)/
const builderCall = /\.\s*(?:selectFrom|insertInto|updateTable|deleteFrom|mergeInto)\s*\(/g

function checkSql(path: string, place: Place, source: Source, report: Report) {
  if (path.endsWith('.db.test.ts')) return
  const own = place.floor === 'journey' && path === `src/journey/${place.room}/store.ts` ? [place.room] : sqlPlaces.find((one) => one.path.test(path))?.schemas
  if (!own) {
    for (const one of source.strings)
      if (one.tag === 'sql' || sqlStart.test(one.text)) report(one.at, 'sql', 'SQL stands in a room’s store.ts only (scripts/check-rooms.ts lists the few other places).')
    for (const match of source.code.matchAll(builderCall)) report(match.index, 'sql', 'SQL stands in a room’s store.ts only.')
    return
  }
  for (const one of source.strings)
    for (const schema of schemasNamed(one.text))
      if (!own.includes(schema.name)) report(one.at + 1 + schema.at, 'foreign-schema', `This is ${place.room}'s SQL, and ${schema.name} is another room's schema: ask by that room's door, or read a view of estimate.`)
}

const schemas: readonly string[] = [...journey, ...platformSchemas]
const schemaPattern = new RegExp(`(?<![\\w.$"'-])"?(${schemas.join('|')})"?\\."?[a-z_][a-z0-9_]*`, 'gi')

/** The schemas that a text names as `schema.table`; text inside SQL's own quotes and comments is not looked at. */
function schemasNamed(text: string): { name: string; at: number }[] {
  return [...withoutSqlQuotes(text).matchAll(schemaPattern)].map((match) => ({ name: match[1]!.toLowerCase(), at: match.index }))
}

const withoutSqlQuotes = (text: string): string => text.replace(/'(?:[^']|'')*'|--[^\n]*|\/\*[^]*?\*\//g, (all) => all.replace(/[^\n]/g, ' '))

function checkMigration(path: string, text: string, report: Report) {
  const [, name = ''] = /(?:^|\/)\d{6}_([a-z0-9_]+)\.sql$/.exec(path) ?? []
  const room = schemas.find((one) => name === one || name.startsWith(`${one}_`))
  if (room === undefined) return report(0, 'migration', 'A migration is called NNNNNN_<room>.sql or NNNNNN_<room>_<what>.sql.')
  const position = journey.findIndex((one) => one === room)
  const bare = withoutSqlQuotes(text)
  for (const named of schemasNamed(text)) {
    if (named.name === room) continue
    const upstream = journey.findIndex((one) => one === named.name)
    const statement = bare.slice(bare.lastIndexOf(';', named.at) + 1, named.at)
    const isReference = /\breferences\s+$/i.test(statement)
    const isPanel = room === 'estimate' && /^\s*create\s+(?:or\s+replace\s+)?(?:materialized\s+)?view\b/i.test(statement)
    if (!(upstream !== -1 && upstream < position && (isReference || isPanel)))
      report(named.at, 'foreign-schema', `${room}'s migration may refer to an upstream room by a foreign key, and estimate by a view; not to ${named.name} like this.`)
  }
}

// ---- Doors and edges over all files ----

function checkDoorsInPackage(text: string, report: Report) {
  const imports = (JSON.parse(text) as { imports?: Record<string, string> }).imports ?? {}
  for (const floor of ['kernel', 'platform', 'journey', 'interfaces'])
    if (imports[`#${floor}/*`] !== `./src/${floor}/*/index.ts`) report(0, 'package', `package.json must map "#${floor}/*" to its doors, so that a deep import fails in Node too.`)
}

function checkRoomsHaveDoors(files: ReadonlyMap<string, string>, findings: Finding[]) {
  const rooms = new Set([...files.keys()].flatMap((path) => /^src\/[^/]+\/[^/]+(?=\/)/.exec(path)?.[0] ?? []))
  for (const room of rooms) if (!files.has(`${room}/index.ts`)) findings.push({ path: room, line: 1, rule: 'door', sentence: 'A room has a door: index.ts.' })
  for (const [room, names] of Object.entries(constructors)) {
    const door = files.get(`src/platform/${room}/index.ts`)
    for (const name of names) if (door !== undefined && !new RegExp(`\\b${name}\\b`).test(door)) findings.push({ path: `src/platform/${room}/index.ts`, line: 1, rule: 'wiring', sentence: `${name} is listed in scripts/check-rooms.ts as opening the outside world, and is gone.` })
  }
  if (files.has('src/kernel/causal/index.ts')) for (const { path } of kernelExceptions) if (!files.has(path)) findings.push({ path, line: 1, rule: 'kernel-package', sentence: 'Listed as an exception of the kernel in scripts/check-rooms.ts, and gone.' })
  for (const path of Object.keys(longFiles)) if (!files.has(path)) findings.push({ path, line: 1, rule: 'length', sentence: 'Listed as long in scripts/check-rooms.ts, and gone.' })
}

function checkOutside(path: string, source: Source, report: Report) {
  for (const one of source.imports) {
    if (one.from?.startsWith('.') && /^src\/./.test(normalize(join(dirname(path), one.from)))) report(one.at, 'relative', `"${one.from}" reaches into src; enter by a door ("#floor/room").`)
    if (/^#(?:kernel|platform|journey|interfaces)\/[^/]+\/./.test(one.from ?? '')) report(one.at, 'deep', `"${one.from}" goes past the door.`)
  }
}

function checkCycles(edges: ReadonlyMap<string, ReadonlyMap<string, Finding>>, findings: Finding[]) {
  const done = new Set<string>()
  const walk = (room: string, trail: readonly string[]) => {
    const at = trail.indexOf(room)
    if (at !== -1) {
      const cycle = [...trail.slice(at), room]
      findings.push({ path: edges.get(trail.at(-1)!)?.get(room)?.path ?? room, line: 1, rule: 'cycle', sentence: `Rooms import each other in a circle: ${cycle.join(' -> ')}.` })
      return
    }
    if (done.has(room)) return
    for (const next of edges.get(room)?.keys() ?? []) walk(next, [...trail, room])
    done.add(room)
  }
  for (const room of edges.keys()) walk(room, [])
}

// ---- On the real project ----

const root = fileURLToPath(new URL('..', import.meta.url))

export function projectFiles(): ReadonlyMap<string, string> {
  const files = new Map<string, string>([['package.json', readFileSync(join(root, 'package.json'), 'utf8')]])
  for (const folder of ['src', 'migrations', 'scripts', 'test', 'bench', 'clients']) {
    let entries
    try {
      entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    } catch {
      continue
    }
    for (const entry of entries) {
      const path = relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/')
      if (entry.isFile() && !path.includes('node_modules/')) files.set(path, /\.(?:ts|sql)$/.test(path) ? readFileSync(join(root, path), 'utf8') : '')
    }
  }
  return files
}

if (import.meta.main) {
  const files = projectFiles()
  const findings = checkRooms(files)
  for (const one of findings) console.error(`${one.path}:${one.line}  ${one.sentence}  [${one.rule}]`)
  console.log(`${[...files.keys()].filter((path) => path.endsWith('.ts')).length} files, ${findings.length} findings`)
  process.exitCode = findings.length > 0 ? 1 : 0
}
