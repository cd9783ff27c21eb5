import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openApart } from './index.ts'

const entry = new URL('./example.test-tool.ts', import.meta.url)
const apart = openApart(entry, { seconds: 0.5, megabytes: 48, threads: 2 })
after(() => apart.close())

test('a job is done in the thread, and what it asks for is answered from here', async () => {
  assert.equal(await apart.run({ what: 'say', text: 'a' }, {}), 'a')
  assert.equal(await apart.run({ what: 'ask', text: 'b' }, { answer: (text: string) => `${text}${text}` }), 'bb!')
  assert.equal(await apart.run({ what: 'ask' }, {}), 'undefined!', 'what nobody answers is undefined')
})

test('waiting for an answer does not count as the thread’s own time', async () => {
  assert.equal(await apart.run({ what: 'ask', text: 'c' }, { answer: async (text: string) => await sleep(900, text) }), 'c!')
})

test('a job that never ends is ended, one that fills the memory too, and the next ones are done', async () => {
  const began = performance.now()
  assert.equal(await apart.run({ what: 'spin' }, {}), undefined)
  assert.ok(performance.now() - began < 10_000)
  assert.equal(await apart.run({ what: 'fill' }, {}), undefined)
  assert.deepEqual(await Promise.all(['d', 'e', 'f', 'g'].map((text) => apart.run({ what: 'say', text }, {}))), ['d', 'e', 'f', 'g'])
})

test('jobs wait where all threads are held, and go on when one was ended', async () => {
  const [spun, also, said] = await Promise.all([apart.run({ what: 'spin' }, {}), apart.run({ what: 'spin' }, {}), apart.run({ what: 'say', text: 'h' }, {})])
  assert.deepEqual([spun, also, said], [undefined, undefined, 'h'])
})

test('a fault of the work itself is thrown, and so is one of the answer', async () => {
  await assert.rejects(apart.run({ what: 'throw' }, {}), /the work is at fault/)
  await assert.rejects(apart.run({ what: 'ask' }, { answer: () => { throw new Error('no answer today') } }), /no answer today/)
  assert.equal(await apart.run({ what: 'say', text: 'i' }, {}), 'i')
})
