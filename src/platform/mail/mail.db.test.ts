/** One suite for every mailer, then what only a line over a network can do: break at any point. */
import assert from 'node:assert/strict'
import { createServer, type Socket } from 'node:net'
import { after, before, test } from 'node:test'
import { testWorld, type TestWorld } from '#test/world'
import { keepingMailer, keptLetters, onOneLine, smtpMailer, smtpPeer, type Letter, type Mailer } from './index.ts'

const letter = (change: Partial<Letter> = {}): Letter => ({
  messageId: '0190a000-0000-7000-8000-000000000001',
  to: 'learner@example.org',
  subject: 'Your credential is ready',
  text: 'It is ready.\nLook at it.',
  html: '<p>It is ready.</p>',
  ...change,
})

interface Seen {
  readonly to: string
  readonly subject: string
  readonly headers: ReadonlyMap<string, string>
}

interface Case {
  readonly name: string
  open(): Promise<{ readonly mailer: Mailer; seen(): Promise<readonly Seen[]>; close(): Promise<void> }>
}

let world: TestWorld
before(async () => {
  world = await testWorld()
})
after(async () => {
  await world.close()
})

/** Unfolds the header lines of a message (RFC 5322, 2.2.3). */
function headersIn(content: string): ReadonlyMap<string, string> {
  const lines = (content.split(/\r?\n\r?\n/, 1)[0] ?? '').replaceAll(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]))
}

const cases: readonly Case[] = [
  {
    name: 'SMTP',
    async open() {
      const got: Seen[] = []
      const peer = await smtpPeer({ received: (one) => void got.push({ to: one.to.join(), subject: headersIn(one.content).get('subject') ?? '', headers: headersIn(one.content) }) })
      const mailer = smtpMailer({ url: peer.url, from: 'credentials@example.org' })
      return {
        mailer,
        seen: async () => got,
        async close() {
          await mailer.close()
          await peer.close()
        },
      }
    },
  },
  {
    name: 'the development mailbox',
    async open() {
      const mailer = keepingMailer(world.db)
      const already = (await world.db.read((tx) => keptLetters(tx, { limit: 1_000 }))).length
      return {
        mailer,
        async seen() {
          const kept = await world.db.read((tx) => keptLetters(tx, { limit: 1_000 }))
          return kept
            .slice(0, kept.length - already)
            .toReversed()
            .map((one) => ({ to: one.to, subject: one.subject, headers: new Map(Object.entries(one.headers).map(([name, value]) => [name.toLowerCase(), value])) }))
        },
        close: () => mailer.close(),
      }
    },
  },
]

for (const one of cases) {
  test(`${one.name} takes a letter, and its way out by one click as RFC 8058 wants it`, async () => {
    const open = await one.open()
    try {
      assert.deepEqual(await open.mailer.send(letter({ messageId: `fine-${cases.indexOf(one)}`, unsubscribeAddress: 'https://example.org/unsubscribe/abc' })), { result: 'sent' })
      const [got] = await open.seen()
      assert.ok(got)
      assert.equal(got.to, 'learner@example.org')
      assert.equal(got.subject, 'Your credential is ready')
      assert.equal(got.headers.get('list-unsubscribe'), '<https://example.org/unsubscribe/abc>')
      assert.equal(got.headers.get('list-unsubscribe-post'), 'List-Unsubscribe=One-Click')
      assert.equal(got.headers.get('auto-submitted'), 'auto-generated')
    } finally {
      await open.close()
    }
  })

  test(`${one.name} sends a letter whose names were put on one line`, async () => {
    const open = await one.open()
    try {
      for (const end of ['\r\n', '\0', '\u0085', '\u2028', '\t'])
        assert.deepEqual(await open.mailer.send(letter({ messageId: `line-${cases.indexOf(one)}-${end.codePointAt(0)}`, subject: onOneLine(`Weaving${end}level 2`), fromName: onOneLine(`Academy${end}of Weaving`) })), { result: 'sent' })
      const seen = await open.seen()
      assert.ok(seen.some(({ subject }) => subject === 'Weaving level 2'))
    } finally {
      await open.close()
    }
  })

  test(`${one.name} takes no letter in which a field could end its line or name a second recipient`, async () => {
    const open = await one.open()
    const enders = ['\r', '\n', '\r\n', '\0', '\u0085', '\u2028', '\u2029', '\u000b']
    const bad: Partial<Letter>[] = [
      ...enders.flatMap((end) => [
        { subject: `Ready${end}Bcc: other@example.org` },
        { to: `learner@example.org${end}Bcc: other@example.org` },
        { fromName: `Institute${end}Bcc: other@example.org` },
        { unsubscribeAddress: `https://example.org/u${end}X-Other: 1` },
        { messageId: `id${end}X-Other: 1` },
      ]),
      { text: 'a\0b' },
      { html: 'a\0b' },
      { to: '' },
      { to: 'learner@example.org, other@example.org' },
      { to: 'A <learner@example.org>' },
      { to: '"learner x"@example.org' },
      { to: 'learner@example.org;other@example.org' },
      { to: 'learner' },
      { to: `${'a'.repeat(250)}@example.org` },
      { unsubscribeAddress: 'https://example.org/u>,<mailto:x@example.org' },
      { unsubscribeAddress: 'javascript:alert(1)' },
    ]
    try {
      for (const change of bad) {
        const delivery = await open.mailer.send(letter(change))
        assert.equal(delivery.result, 'failed', JSON.stringify(change))
        assert.ok(delivery.result === 'failed' && delivery.reason.startsWith('not handed over:') && delivery.again === undefined, JSON.stringify(delivery))
      }
      assert.equal((await open.seen()).length, 0)
    } finally {
      await open.close()
    }
  })

  test(`${one.name} carries names and words of any language`, async () => {
    const open = await one.open()
    try {
      for (const [at, subject] of ['Готово, Анна', 'आपका प्रमाणपत्र तैयार है', 'شهادتك جاهزة', '证书已就绪'].entries()) {
        assert.deepEqual(await open.mailer.send(letter({ messageId: `words-${cases.indexOf(one)}-${at}`, subject, fromName: 'Инст "тут", ООО', to: 'лер@example.org' })), { result: 'sent' })
      }
      assert.equal((await open.seen()).length, 4)
    } finally {
      await open.close()
    }
  })
}

test('the development mailbox keeps a letter once, however often it is handed over', async () => {
  const mailer = keepingMailer(world.db)
  for (let time = 0; time < 2; time++) await mailer.send(letter({ messageId: 'twice', to: 'twice@example.org' }))
  assert.equal((await world.db.read((tx) => keptLetters(tx, { to: 'TWICE@example.org', limit: 10 }))).length, 1)
})

// ---- what a line can do ----

const patience = { connectMs: 500, answerMs: 500, letterMs: 1_500 }

/** A server that answers by a script: what it says to each command, and what it does once a letter has come. */
async function scripted(script: { greeting?: string; recipient?: string; letter: (socket: Socket) => void; beforeData?: (socket: Socket) => void }): Promise<{ readonly url: string; letters(): number; connections(): number; close(): Promise<void> }> {
  let letters = 0
  let connections = 0
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    connections++
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => {})
    let inLetter = false
    let waiting = ''
    socket.write(script.greeting ?? '220 here\r\n')
    socket.on('data', (chunk: Buffer) => {
      waiting += chunk.toString('latin1')
      for (;;) {
        const end = inLetter ? waiting.indexOf('\r\n.\r\n') : waiting.indexOf('\r\n')
        if (end < 0) return
        const part = waiting.slice(0, end)
        waiting = waiting.slice(end + (inLetter ? 5 : 2))
        if (inLetter) {
          inLetter = false
          letters++
          script.letter(socket)
        } else if (/^data/i.test(part)) {
          if (script.beforeData) {
            script.beforeData(socket)
            return
          }
          inLetter = true
          socket.write('354 go on\r\n')
        } else if (/^rcpt/i.test(part)) socket.write(script.recipient ?? '250 yes\r\n')
        else if (/^quit/i.test(part)) socket.end('221 bye\r\n')
        else socket.write('250 yes\r\n')
      }
    })
  })
  const port = await new Promise<number>((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)))
  return {
    url: `smtp://127.0.0.1:${port}`,
    letters: () => letters,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

async function sendTo(url: string, change: Partial<Letter> = {}) {
  const mailer = smtpMailer({ url, from: 'credentials@example.org', patience })
  try {
    return await mailer.send(letter(change))
  } finally {
    await mailer.close()
  }
}

test('a refused recipient has bounced, a full mailbox has not, and a busy server may be asked again', async () => {
  const answers: readonly (readonly [number, string, object])[] = [
    [550, '5.1.1 no such user', { bounced: true }],
    [550, 'no such user', { bounced: true }],
    [550, '5.7.1 you are not welcome', {}],
    [552, '5.2.2 mailbox full', {}],
    [451, '4.3.0 try later', { again: true }],
    [421, '4.3.2 going down', { again: true }],
  ]
  for (const [status, text, extra] of answers) {
    const peer = await smtpPeer({ refuse: (at) => (at === 'recipient' ? { status, text } : undefined) })
    const delivery = await sendTo(peer.url)
    await peer.close()
    assert.deepEqual({ ...delivery, reason: undefined }, { result: 'failed', reason: undefined, ...extra }, `${status} ${text}`)
    assert.ok(delivery.result === 'failed' && delivery.reason.includes(text), JSON.stringify(delivery))
  }
})

test('a letter refused after it was read was not taken: 554 for good, 451 for now, and no bounce', async () => {
  for (const [status, extra] of [[554, {}], [451, { again: true }]] as const) {
    const peer = await smtpPeer({ refuse: (at) => (at === 'letter' ? { status, text: 'not this one' } : undefined) })
    const delivery = await sendTo(peer.url)
    await peer.close()
    assert.deepEqual({ ...delivery, reason: undefined }, { result: 'failed', reason: undefined, ...extra })
  }
})

test('a line lost after the letter was read leaves its fate unknown, and it is not sent again', async () => {
  for (const end of ['destroy', 'end'] as const) {
    const server = await scripted({ letter: (socket) => void socket[end]() })
    const delivery = await sendTo(server.url)
    await new Promise((resolve) => setTimeout(resolve, 300)) // as long as the pool would take to try again
    assert.equal(delivery.result, 'unknown', end)
    assert.equal(server.letters(), 1, 'the letter crossed the line once')
    await server.close()
  }
})

test('a server that reads the letter and never answers, or answers a byte at a time, leaves it unknown', async () => {
  const silent = await scripted({ letter: () => {} })
  assert.equal((await sendTo(silent.url)).result, 'unknown')
  await silent.close()
  const slow = await scripted({
    letter(socket) {
      let at = 0
      const timer = setInterval(() => socket.destroyed || at > 100 ? clearInterval(timer) : socket.write('250-taken, and then some more of the same\r\n'[at++ % 40] ?? ' '), 100)
    },
  })
  const started = process.hrtime.bigint()
  assert.equal((await sendTo(slow.url)).result, 'unknown')
  assert.ok(Number(process.hrtime.bigint() - started) / 1e6 < 4_000, 'the whole letter has a deadline')
  await slow.close()
})

test('a line lost before the letter began has certainly not delivered it', async () => {
  const cut = await scripted({ letter: () => {}, beforeData: (socket) => void socket.destroy() })
  const before = await sendTo(cut.url)
  assert.deepEqual({ ...before, reason: '' }, { result: 'failed', reason: '', again: true })
  assert.equal(cut.letters(), 0)
  await cut.close()
  const closedPort = await sendTo(cut.url)
  assert.deepEqual({ ...closedPort, reason: '' }, { result: 'failed', reason: '', again: true })
  const mute = await scripted({ greeting: '', letter: () => {} })
  assert.deepEqual({ ...(await sendTo(mute.url)), reason: '' }, { result: 'failed', reason: '', again: true })
  await mute.close()
  const busy = await scripted({ greeting: '421 too many\r\n', letter: () => {} })
  assert.deepEqual({ ...(await sendTo(busy.url)), reason: '' }, { result: 'failed', reason: '', again: true })
  await busy.close()
})

test('after a server closed an idle line, the next letter goes over a new one, once', async () => {
  const sockets: Socket[] = []
  const server = await scripted({ letter: (socket) => (sockets.push(socket), socket.write('250 taken\r\n')) })
  const mailer = smtpMailer({ url: server.url, from: 'credentials@example.org', patience, connections: 1 })
  assert.deepEqual(await mailer.send(letter({ messageId: 'first' })), { result: 'sent' })
  for (const socket of sockets) socket.destroy()
  assert.deepEqual(await mailer.send(letter({ messageId: 'second' })), { result: 'sent' })
  assert.equal(server.letters(), 2)
  assert.equal(server.connections(), 2)
  await mailer.close()
  await server.close()
})
