import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { isFault } from '#kernel/fault'
import { listen } from './listen.ts'
import type { Http } from './open.ts'

const serve = (answer: (request: Request, from: { address?: string | undefined }) => Promise<Response> | Response): Pick<Http, 'request'> => ({ request: async (request, from = {}) => await answer(request, from) })

test('a request over the socket says where it came from', async () => {
  const listening = await listen(serve((_, from) => new Response(from.address)), 0, '127.0.0.1')
  try {
    assert.equal(await (await fetch(`http://127.0.0.1:${listening.port}/`)).text(), '127.0.0.1')
  } finally {
    await listening.close()
  }
})

test('a port that is taken is told in a sentence', async () => {
  const first = await listen(serve(() => new Response()), 0, '127.0.0.1')
  try {
    await assert.rejects(listen(serve(() => new Response()), first.port, '127.0.0.1'), (error) => isFault(error) && error.code === 'http.port_in_use' && error.message.includes(String(first.port)))
  } finally {
    await first.close()
  }
  await assert.rejects(listen(serve(() => new Response()), 0, '203.0.113.1'), (error) => isFault(error) && error.code === 'http.port_closed')
})

test('closing finishes what is under way and takes nothing new', async () => {
  let go = () => {}
  const waiting = new Promise<void>((resolve) => (go = resolve))
  let begun = () => {}
  const came = new Promise<void>((resolve) => (begun = resolve))
  const listening = await listen(serve(async () => {
    begun()
    await waiting
    return new Response('done')
  }), 0, '127.0.0.1')
  const asked = fetch(`http://127.0.0.1:${listening.port}/`)
  await came
  const closed = listening.close()
  await assert.rejects(fetch(`http://127.0.0.1:${listening.port}/`))
  go()
  assert.equal(await (await asked).text(), 'done')
  await closed
})

test('a request that is no HTTP is answered and forgotten', async () => {
  const listening = await listen(serve(() => new Response('fine')), 0, '127.0.0.1')
  const answer = await new Promise<string>((resolve) => {
    let text = ''
    const socket = connect(listening.port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n'))
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk)).on('close', () => resolve(text))
  })
  assert.match(answer, /^HTTP\/1\.1 400 /)
  await listening.close()
})
