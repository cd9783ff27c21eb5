/** The command line as a provider uses it: files in, credentials out, and one clear sentence for everything that is wrong. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server as Socket } from 'node:net'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { commands, runCommandLine, type CliContext } from '#interfaces/cli'
import { ask, freePort, full, jsonOf, laurel, postmasterOf, report, root, socketOf, workshop, workshopFor, type Server, type Workshop } from './laurel.ts'
import { achievement, credentialsIn, header, isOneSentence, row } from './provider.ts'
import { refusal, type DidDocument } from './second-verifier.ts'

interface Issued {
  readonly rows: number
  readonly recorded: number
  readonly repeated: number
  readonly refused: number
  readonly credentials: number
}
interface Verified {
  readonly verdict: string
  readonly checks: readonly { readonly name: string; readonly result: string; readonly code: string; readonly detail: string }[]
}
interface Refused {
  readonly error: { readonly code: string; readonly sentence: string; readonly findings: readonly { readonly code: string; readonly sentence: string; readonly row?: number; readonly column?: string; readonly value?: string }[] }
}

const completions = join(root, 'examples/completions.csv')
const digestOf = (folder: string) => createHash('sha256').update(credentialsIn(folder).map((name) => readFileSync(join(folder, name), 'utf8')).join('\0')).digest('hex')

suite('a provider issues from a file', () => {
  let here: Workshop
  let out: string
  const on = (...words: string[]) => [...words, '--data', here.data]
  before(async () => {
    here = workshop()
    out = join(here.folder, 'credentials')
  })
  after(() => here.close())

  test('the example file becomes 300 credentials, one file each, and the same file again becomes nothing new', async () => {
    const first = await laurel(on('issue', completions, '--achievement', achievement, '--out', out, '--json'))
    assert.equal(first.code, 0, first.err)
    const { rows, recorded, repeated, refused, credentials } = jsonOf<Issued>(first)
    assert.deepEqual({ rows, recorded, repeated, refused, credentials }, { rows: 300, recorded: 300, repeated: 0, refused: 0, credentials: 300 })
    const files = credentialsIn(out)
    for (const name of files) assert.equal((JSON.parse(readFileSync(join(out, name), 'utf8')) as { id: string }).id.split('/').at(-1), name.slice(0, -'.json'.length))
    assert.equal(postmasterOf(here.data), undefined, 'PostgreSQL ended with the command')
    const before = digestOf(out)

    const second = await laurel(on('issue', completions, '--achievement', achievement, '--out', out, '--json'))
    assert.equal(second.code, 0, second.err)
    const again = jsonOf<Issued>(second)
    assert.deepEqual([again.recorded, again.repeated, again.credentials], [0, 300, 300])
    assert.deepEqual(credentialsIn(out), files)
    assert.equal(digestOf(out), before, 'byte for byte what they were')
    report('issue', { 'first ms': Math.round(first.ms), 'second ms': Math.round(second.ms) }, { done: files.length, expected: 300 })
  })

  test('verify says what it checked, from a file and from the standard input, and a changed byte is not proved', async () => {
    const [name = ''] = credentialsIn(out)
    const file = join(out, name)
    const verified = await laurel(on('verify', file, '--json'))
    assert.equal(verified.code, 0, verified.err)
    const { verdict, checks } = jsonOf<Verified>(verified)
    assert.equal(verdict, 'trusted')
    assert.ok(checks.length >= 6)
    for (const one of checks) {
      assert.deepEqual(Object.keys(one), ['name', 'result', 'code', 'detail'])
      assert.ok(['passed', 'failed', 'not_checked'].includes(one.result))
    }
    assert.deepEqual(checks.filter((one) => one.result !== 'passed'), [])

    // Elsewhere nobody knows the issuer, and the status list is behind an address of this machine.
    const elsewhere = ['--data', join(here.folder, 'elsewhere')]
    const piped = await laurel(['verify', '-', '--json', ...elsewhere], { stdin: readFileSync(file) })
    assert.equal(piped.code, 0, piped.err)
    assert.equal(jsonOf<Verified>(piped).verdict, 'unknown_issuer')
    assert.deepEqual(jsonOf<Verified>(piped).checks.filter((one) => one.result === 'failed'), [])
    assert.ok(!existsSync(join(here.folder, 'elsewhere')), 'verifying leaves nothing behind')

    const changed = readFileSync(file, 'utf8').replace('Data Analysis', 'Data analysis')
    const refused = await laurel(['verify', '-', '--json', ...elsewhere], { stdin: changed })
    assert.equal(refused.code, 1, refused.err)
    assert.equal(jsonOf<Verified>(refused).verdict, 'not_proved')
    assert.deepEqual(jsonOf<Verified>(refused).checks.filter((one) => one.result === 'failed').map((one) => one.name), ['proof'])

    const words = await laurel(['verify', '-', ...elsewhere], { stdin: 'no credential at all' })
    assert.equal(words.code, 1, words.err)
    assert.match(words.out, /✗ parsed/)
    isOneSentence(await laurel(['verify', join(here.folder, 'none.json'), ...elsewhere]), 1, /no file .*none\.json/)
    isOneSentence(await laurel(['verify', ...elsewhere]), 1, /Name the file of a credential/)
  })

  test('another implementation accepts every credential that was written, and none with a character changed', async () => {
    const files = credentialsIn(out)
    let [accepted, refused] = [0, 0]
    for (const name of files) {
      const text = readFileSync(join(out, name), 'utf8')
      const why = await refusal(JSON.parse(text) as object)
      assert.equal(why, undefined, `${name}: ${why}`)
      accepted++
      const changed = JSON.parse(text) as { credentialSubject: { identifier: { identityHash: string }[] } }
      const person = changed.credentialSubject.identifier[0]!
      person.identityHash = `${person.identityHash}.`
      if ((await refusal(changed)) !== undefined) refused++
    }
    assert.equal(refused, accepted)
    report('second verifier, did:key', { accepted, 'changed and refused': refused }, { done: accepted, expected: 300 })
  })

  test('under a domain the issuer is did:web, its document is beside the credentials, and they verify with it alone', async () => {
    const folder = join(here.folder, 'web')
    const file = join(here.folder, 'few.csv')
    writeFileSync(file, `${header}\n${Array.from({ length: 20 }, (_, n) => row(`W-${n}`)).join('\n')}\n`)
    const document = JSON.parse(readFileSync(achievement, 'utf8')) as Record<string, unknown>
    writeFileSync(join(here.folder, 'another.json'), JSON.stringify({ ...document, name: 'Another achievement' }))
    const issued = await laurel(on('issue', file, '--achievement', join(here.folder, 'another.json'), '--out', folder, '--json'), { env: { LAUREL_PUBLIC_URL: 'https://credentials.example.org' } })
    assert.equal(issued.code, 0, issued.err)
    const did = JSON.parse(readFileSync(join(folder, 'did.json'), 'utf8')) as DidDocument
    assert.match(did.id, /^did:web:credentials\.example\.org:/)
    let [accepted, refused] = [0, 0]
    for (const name of credentialsIn(folder)) {
      const credential = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { id: string; issuer: { id: string }; credentialSubject: { achievement: { name: string } } }
      assert.equal(credential.issuer.id, did.id)
      assert.equal(credential.id, `https://credentials.example.org/c/${name.slice(0, -'.json'.length)}`)
      const why = await refusal(credential, [did])
      assert.equal(why, undefined, why)
      accepted++
      credential.credentialSubject.achievement.name += '!'
      if ((await refusal(credential, [did])) !== undefined) refused++
      assert.notEqual(await refusal(JSON.parse(readFileSync(join(folder, name), 'utf8')) as object), undefined, 'without the document nobody can tell')
    }
    assert.equal(refused, accepted)
    report('second verifier, did:web', { accepted, 'changed and refused': refused }, { done: accepted, expected: 20 })
  })

  test('every fault of a file is listed with its row, column and value, and nothing of it is imported', async () => {
    const file = join(here.folder, 'faulty.csv')
    const lines = [
      `${header},achievement`,
      `${row('B-1')},achievement`,
      `${row('B-2', { completed_at: '2026-02-30' })},achievement`,
      `${row('B-3')},no-such-course`,
      `${row('B-1')},achievement`,
      `${row('B-5', { name: 'J\uE000rgen' })},achievement`,
      `${row('B-6')},achievement`,
    ]
    // U+E000 stands for the one byte that Latin-1 has for ü.
    const bytes = Buffer.concat(lines.join('\n').split('\uE000').flatMap((part, at) => (at === 0 ? [Buffer.from(part)] : [Buffer.from([0xfc]), Buffer.from(part)])))
    writeFileSync(file, bytes)
    const refused = await laurel(on('issue', file, '--json'))
    assert.equal(refused.code, 1, refused.err)
    const { error } = jsonOf<Refused>(refused)
    assert.deepEqual(
      error.findings.map((one) => [one.row, one.column, one.value, one.code]),
      [
        [3, 'completed_at', '2026-02-30', 'completion.bad_date'],
        [4, 'achievement', 'no-such-course', 'completion.unknown_achievement'],
        [5, 'learner_id', 'B-1', 'completion.duplicate'],
        [6, 'name', 'J\uFFFDrgen', 'completion.not_utf8'],
      ],
    )
    for (const one of error.findings) assert.ok(refused.err.includes(one.sentence), `${one.sentence} is on the terminal too`)

    const partial = join(here.folder, 'refused.csv')
    const some = await laurel(on('issue', file, '--partial', partial, '--out', join(here.folder, 'some'), '--json'))
    assert.equal(some.code, 1, some.err)
    const { rows, recorded, repeated, refused: left, credentials } = jsonOf<Issued>(some)
    // Recorded and not repeated: nothing of the refused file was there.
    assert.deepEqual({ rows, recorded, repeated, left, credentials }, { rows: 6, recorded: 2, repeated: 0, left: 4, credentials: 2 })
    assert.equal(credentialsIn(join(here.folder, 'some')).length, 2)
    const written = readFileSync(partial, 'utf8').trim().split(/\r?\n/)
    assert.equal(written[0], `row,${header},achievement,reasons`)
    assert.deepEqual(written.slice(1).map((line) => line.split(',')[0]), ['3', '4', '5', '6'])
    for (const [at, one] of error.findings.entries()) assert.ok(written[at + 1]?.includes(one.sentence.replaceAll('"', '""')), `${written[at + 1]} says why`)
  })

  test('a file without a column, an empty one, one that is no CSV and one that is not there are each one sentence', async () => {
    const write = (name: string, content: string | Uint8Array) => {
      writeFileSync(join(here.folder, name), content)
      return join(here.folder, name)
    }
    const without = await laurel(on('issue', write('without.csv', `${header.replace(',time_zone', '')}\n${row('C-1')}\n`), '--achievement', 'achievement', '--json'))
    assert.equal(without.code, 1, without.err)
    assert.deepEqual(jsonOf<Refused>(without).error.findings.map((one) => [one.row, one.column]), [[1, 'time_zone']])
    isOneSentence(await laurel(on('issue', write('empty.csv', ''), '--achievement', 'achievement')), 1, /empty/)
    isOneSentence(await laurel(on('issue', write('quote.csv', `${header}\n"${row('C-1')}\n`), '--achievement', 'achievement')), 1, /Row 2.*quotation mark/)
    isOneSentence(await laurel(on('issue', write('wide.csv', Buffer.from(`\uFEFF${header}\n`, 'utf16le')), '--achievement', 'achievement')), 1, /UTF-16/)
    isOneSentence(await laurel(on('issue', join(here.folder, 'none.csv'), '--achievement', 'achievement')), 1, /no file .*none\.csv/)
    isOneSentence(await laurel(on('issue', completions, '--achievement', 'no-such-course')), 1, /no achievement “no-such-course”; there are achievement, another/)
  })

  test('where the results cannot be written is said before anything is issued', async () => {
    const file = join(here.folder, 'late.csv')
    writeFileSync(file, `${header}\n${row('D-1')}\n`)
    isOneSentence(await laurel(on('issue', file, '--achievement', 'achievement', '--out', '/proc/none')), 1, /\/proc\/none cannot be written/)
    isOneSentence(await laurel(on('issue', file, '--achievement', 'achievement', '--out', file)), 1, /late\.csv cannot be written \(a part of its path is a file\)/)
    isOneSentence(await laurel(on('issue', file, '--achievement', 'achievement', '--partial', join(here.folder, 'none/refused.csv'))), 1, /refused\.csv cannot be written \(its folder is not there\)/)
    const issued = await laurel(on('issue', file, '--achievement', 'achievement', '--json'))
    assert.equal(issued.code, 0, issued.err)
    assert.deepEqual([jsonOf<Issued>(issued).recorded, jsonOf<Issued>(issued).repeated], [1, 0], 'nothing was issued before')
  })

  test('a file of 200 MB is read to its last row, and one fault there keeps all of it out', { skip: full ? false : 'the long form (LAUREL_FULL=1)', timeout: 1_800_000 }, async () => {
    const columns = Array.from({ length: 9 }, (_, n) => `note_${n}`)
    const filler = columns.map(() => 'x'.repeat(400)).join(',')
    const rows: string[] = []
    for (let n = 0, size = 0; size < 200_000_000; n++) {
      rows.push(`${row(`E-${n}`)},${filler}`)
      size += rows.at(-1)!.length + 1
    }
    const file = join(here.folder, 'large.csv')
    writeFileSync(file, `${[header, ...columns].join(',')}\n${rows.join('\n')}\n${row('E-last', { completed_at: 'yesterday' })},${filler}\n`)
    const refused = await laurel(on('issue', file, '--achievement', 'achievement', '--json'), { withinMs: 900_000 })
    assert.equal(refused.code, 1, refused.err)
    assert.deepEqual(jsonOf<Refused>(refused).error.findings.map((one) => [one.row, one.column, one.value]), [[rows.length + 2, 'completed_at', 'yesterday']])
    const issued = await laurel(on('issue', file, '--achievement', 'achievement', '--partial', join(here.folder, 'large-refused.csv'), '--json'), { withinMs: 900_000 })
    assert.equal(issued.code, 1, issued.err)
    const { recorded, repeated, refused: left, credentials } = jsonOf<Issued>(issued)
    assert.deepEqual({ repeated, left, credentials }, { repeated: 0, left: 1, credentials: rows.length })
    report('200 MB', { rows: rows.length + 1, MB: Math.round(statSync(file).size / 1e6), 'refused in s': Math.round(refused.ms / 1000), 'issued in s': Math.round(issued.ms / 1000) }, { done: recorded, expected: rows.length })
  })
})

suite('the words of the command line', () => {
  /** A command line without a machine under it: what is asked for here needs none. */
  const inWords = async (...words: string[]) => {
    const said: string[] = []
    const none = () => Promise.reject(new Error('help needs no installation'))
    const context: CliContext = { config: () => assert.fail('help needs no settings'), now: () => new Date(0), fetch: async () => { throw new TypeError('nothing is fetched here') }, stdin: (async function* () {})(), out: (text) => void said.push(text), say: (text) => void said.push(text), terminal: false, progress: () => ({ to() {}, end() {} }), open: none, start: none, work: none, simulate: none }
    return { code: await runCommandLine(words, context), said: said.join('\n') }
  }

  test('./laurel help lists every command', async () => {
    const listed = await laurel(['help'], { program: join(root, 'laurel') })
    assert.equal(listed.code, 0, listed.err)
    for (const one of commands) assert.ok(listed.out.includes(`./laurel ${one.name} `), one.name)
    assert.ok(commands.length >= 13)
  })

  for (const one of commands) {
    test(`${one.name} --help names each of its options`, async () => {
      const { code, said } = await inWords(...one.name.split(' '), '--help')
      assert.equal(code, 0)
      assert.ok(said.startsWith(`./laurel ${one.name}`))
      for (const option of Object.keys((await one.load()).options)) assert.ok(said.includes(`--${option}`), option)
      assert.deepEqual(await inWords('help', ...one.name.split(' ')), { code, said })
    })
  }

  test('a command that does not exist is answered with the nearest one, an option that does not with the help', async () => {
    const near = await laurel(['verfy', 'x.json'])
    isOneSentence(near, 1, /no command “verfy”\. Did you mean “verify”\?/)
    const far = await inWords('abracadabra')
    assert.equal(far.code, 1)
    assert.doesNotMatch(far.said, /Did you mean/)
    assert.match((await inWords('api-key', 'crate', 'x')).said, /Did you mean “api-key create”\?/)
    assert.match((await inWords('experiment')).said, /Did you mean “experiment list”\?/)
    const option = await inWords('verify', '--jsn', 'x')
    assert.equal(option.code, 1)
    assert.match(option.said, /--jsn.*\.\/laurel verify --help/)
  })

  test('wrong settings are all named at once, with exit code 2', async () => {
    const wrong = await laurel(['start', '--data', '/nowhere'], { env: { PORT: '99999', LAUREL_LOG_LEVEL: 'loud' } })
    assert.equal(wrong.code, 2)
    assert.match(wrong.err, /PORT is “99999”/)
    assert.match(wrong.err, /LAUREL_LOG_LEVEL is “loud”/)
  })
})

suite('a server, and commands beside it', () => {
  let here: Workshop
  let server: Server
  const on = (...words: string[]) => [...words, '--data', here.data]
  before(async () => {
    here = workshop()
    server = await here.serve()
  })
  after(() => here.close())

  test('a second server on the folder is refused at once and told who holds it', async () => {
    const plain = await laurel(['help'])
    const port = await freePort()
    const second = await laurel(on('start', '--no-demo', '--port', String(port)))
    isOneSentence(second, 2, new RegExp(`in use by process ${server.pid};`))
    console.log(`second start refused in ${Math.round(second.ms)} ms, of which ${Math.round(plain.ms)} ms is any command's`)
    assert.ok(second.ms - plain.ms < 2_000, `${second.ms - plain.ms} ms`)
    assert.equal((await ask({ port: server.port, path: '/readyz' })).status, 200)
  })

  test('commands work beside it: a file is issued, a key is made, used, listed and revoked, and a wrong one is refused', async () => {
    const file = join(here.folder, 'few.csv')
    writeFileSync(file, `${header}\n${['F-1', 'F-2', 'F-3'].map((id) => row(id)).join('\n')}\n`)
    const issued = await laurel(on('issue', file, '--achievement', achievement, '--out', join(here.folder, 'out'), '--json'))
    assert.equal(issued.code, 0, issued.err)
    assert.equal(jsonOf<Issued>(issued).credentials, 3)
    const pages = credentialsIn(join(here.folder, 'out')).map((name) => name.slice(0, -'.json'.length))
    assert.equal(pages.length, 3)
    for (const page of pages) {
      const { id } = JSON.parse(readFileSync(join(here.folder, 'out', `${page}.json`), 'utf8')) as { readonly id: string }
      assert.equal(id, `http://localhost:${server.port}/c/${page}`, 'the address of the server, which nobody repeated on the command line')
    }

    const made = await laurel(on('api-key', 'create', 'Course platform', '--json'))
    assert.equal(made.code, 0, made.err)
    const key = jsonOf<{ id: string; secret: string; scopes: string[] }>(made)
    assert.deepEqual(key.scopes, ['completions:write'])
    const complete = (secret: string) =>
      ask({ port: server.port, path: '/api/v1/completions', method: 'POST', headers: { authorization: `Bearer ${secret}`, 'idempotency-key': 'once' }, json: { learner: { id: 'F-4', name: 'Ana Silva' }, achievement: 'achievement', completedAt: '2026-08-30T10:00:00Z' } })
    assert.equal((await complete(key.secret)).status, 201)
    assert.equal((await complete(`${key.secret.slice(0, -1)}${key.secret.endsWith('A') ? 'B' : 'A'}`)).status, 401)
    const listed = await laurel(on('api-key', 'list'))
    assert.ok(listed.out.includes(`${key.id}  Course platform  (completions:write)`), listed.out)
    assert.ok(!listed.out.includes(key.secret))
    const revoked = await laurel(on('api-key', 'revoke', key.id))
    assert.equal(revoked.code, 0, revoked.err)
    assert.equal((await complete(key.secret)).status, 401)
    isOneSentence(await laurel(on('api-key', 'revoke', 'none')), 1, /no key none/)
    isOneSentence(await laurel(on('api-key', 'create', 'x', '--scopes', 'everything')), 1, /“everything” is not a scope/)
  })

  test('a port in use, a file in place of the folder and a folder that is not writable are one sentence and exit code 2', async () => {
    const taken = await new Promise<Socket>((resolve) => {
      const socket = createServer()
      socket.listen(0, () => resolve(socket))
    })
    const { port } = taken.address() as { port: number }
    try {
      isOneSentence(await laurel(['start', '--no-demo', '--port', String(port), '--data', join(here.folder, 'other')]), 2, new RegExp(`${port}.*--port`))
      assert.equal(postmasterOf(join(here.folder, 'other')), undefined, 'PostgreSQL ended with it')
    } finally {
      taken.close()
    }
    const file = join(here.folder, 'a-file')
    writeFileSync(file, '')
    isOneSentence(await laurel(['start', '--data', file, '--port', String(await freePort())]), 2, /a-file cannot be written .*--data/)
    isOneSentence(await laurel(['start', '--data', join(file, 'below'), '--port', String(await freePort())]), 2, /below cannot be written .*--data/)
    isOneSentence(await laurel(['start', '--data', '/proc/laurel', '--port', String(await freePort())]), 2, /\/proc\/laurel cannot be written .*--data/)
    isOneSentence(await laurel(['start', '--port', String(await freePort())], { env: { DATABASE_URL: `postgresql://nobody@127.0.0.1:${await freePort()}/none`, LAUREL_SECRET: 'ab'.repeat(32) } }), 2, /database cannot be reached .*DATABASE_URL/)
  })

  test('a database that a newer Laurel made is left alone', async () => {
    const client = new pg.Client({ connectionString: socketOf(here.data) })
    await client.connect()
    await client.query(`insert into platform.migration (number, name, digest) values (999, '000999_later.sql', 'x')`)
    await client.end()
    isOneSentence(await laurel(on('keys', 'list')), 2, /made by a newer Laurel \(schema 999/)
    server.kill('SIGINT')
    assert.equal((await server.ended).code, 0)
    isOneSentence(await laurel(on('start', '--no-demo', '--port', String(await freePort()))), 2, /made by a newer Laurel \(schema 999/)
    assert.equal(postmasterOf(here.data), undefined)
  })
})

suite('a full disk', () => {
  const megabytes = (folder: string, size: number): string | undefined => {
    mkdirSync(folder, { recursive: true })
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}m,mode=0755`, 'tmpfs', folder])
    return mounted.status === 0 ? undefined : `a small file system cannot be mounted here (${String(mounted.stderr ?? mounted.error?.message).trim().split('\n')[0]})`
  }
  const unmount = (folder: string) => void spawnSync('umount', ['-l', folder])

  test('a disk without room for a database is one sentence', async (t) => {
    const { data } = workshopFor(t, unmount)
    const none = megabytes(data, 20)
    if (none !== undefined) return t.skip(none)
    isOneSentence(await laurel(['start', '--no-demo', '--data', data, '--port', String(await freePort())]), 2, /disk is full; free some space/)
  })

  test('a disk that fills up under a server: what was confirmed is there afterwards, and it works again', { timeout: 120_000 }, async (t) => {
    const here = workshopFor(t, unmount)
    const none = megabytes(here.data, 150)
    if (none !== undefined) return t.skip(none)
    const first = join(here.folder, 'first.csv')
    writeFileSync(first, `${header}\n${row('G-0')}\n`)
    assert.equal((await laurel(['issue', first, '--achievement', achievement, '--data', here.data])).code, 0)
    const { secret } = jsonOf<{ secret: string }>(await laurel(['api-key', 'create', 'platform', '--data', here.data, '--json']))
    const server = await here.serve()
    const complete = async (n: number) => {
      try {
        return await ask({ port: server.port, path: '/api/v1/completions', method: 'POST', headers: { authorization: `Bearer ${secret}`, 'idempotency-key': `g-${n}` }, json: { learner: { id: `G-${n}`, name: 'Ana Silva' }, achievement: 'achievement', completedAt: '2026-08-30T10:00:00Z', covariates: { filler: 'x'.repeat(400) } } })
      } catch (error) {
        return { status: 0, text: String(error) }
      }
    }
    const confirmed = new Set<number>()
    let n = 0
    const until = async (enough: (status: number, text: string) => boolean, tries: number, pauseMs: number) => {
      for (let tried = 0; tried < tries; tried++) {
        const answer = await complete(++n)
        if (answer.status === 201) confirmed.add(n)
        if (enough(answer.status, answer.text)) return answer
        await sleep(pauseMs)
      }
      return undefined
    }
    await until(() => confirmed.size === 20, 20, 0)
    assert.equal(confirmed.size, 20)
    const filler = join(here.data, 'filler')
    assert.notEqual(spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=64k']).status, 0, 'the disk is full')
    const refused = await until((status) => status !== 201 && status !== 429, 200, 0)
    assert.equal(refused?.status, 503, refused?.text)
    assert.match(refused.text, /db\.disk_full/)
    spawnSync('rm', [filler])
    // Without a restart, as soon as there is room.
    assert.ok(await until((status) => status === 201, 100, 100), 'it works again')
    console.log(`full disk: ${confirmed.size} confirmed, refused with ${refused.text}`)
    server.kill('SIGINT')
    assert.equal((await server.ended).code, 0)
    const again = await here.serve()
    const client = new pg.Client({ connectionString: socketOf(here.data) })
    await client.connect()
    const { rows } = await client.query<{ external_id: string }>('select external_id from completion.completion join party.learner l on l.id = learner_id')
    await client.end()
    const there = new Set(rows.map((one) => one.external_id))
    for (const one of confirmed) assert.ok(there.has(`G-${one}`), `G-${one} was confirmed`)
    again.kill('SIGINT')
    assert.equal((await again.ended).code, 0)
  })
})
