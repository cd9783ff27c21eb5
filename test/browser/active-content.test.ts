/**
 * Active content: payloads in every field that a provider or a learner may fill, and everything that comes out, opened where nothing guards
 * it. Nothing runs, and nothing is asked of another site. LAUREL_FULL=1 plays every round, so that each field has had each payload.
 */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { elsewhere, mistakes, payloads } from '#test/active-content'
import { openApp } from '#test/app'
import { browserMissing, openBrowser } from '#test/browser'
import { assertHarmless } from '#test/markup'
import { openInChamber, type Shown } from './chamber.ts'
import { poisonedRound, type Round } from './poison.ts'
import type { Stage } from './stage.ts'

const full = process.env['LAUREL_FULL'] === '1'
const rounds = full ? payloads.map((_, at) => at) : [0]

const decoded = (markup: string): string => markup.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll(/&#0?39;/g, "'").replaceAll('&amp;', '&')
/** Every payload in the mistake that it is made for; in the long form, in all of them. */
const careless = payloads.flatMap(({ text, home }, at) => (full ? Object.keys(mistakes) : [home]).map((mistake): Shown => ({ name: `${at} ${mistake}`, mediaType: 'text/html', body: `<!doctype html><meta charset=utf-8><body>${mistakes[mistake]?.(text)}` })))

suite('active content', { skip: browserMissing ?? false }, () => {
  let stage: Stage
  let browser: Browser
  before(async () => {
    const [app, opened] = await Promise.all([openApp({ learners: 60, months: 2 }), openBrowser()])
    browser = opened
    stage = { app, browser }
  })
  after(async () => {
    await browser?.close()
    await stage?.app.close()
  })

  test('each of the payloads runs, or fetches, where a page makes the mistake that it is made for', async () => {
    assert.ok(payloads.length >= 70)
    const told = await openInChamber(browser, stage.app.site, careless)
    assert.deepEqual(payloads.flatMap(({ text }, at) => (told.payloads.has(at) ? [] : [`${at}: ${text}`])), [])
  })

  test('behind the policy that every page has, a page that makes all of these mistakes runs nothing', async () => {
    const policy = (await fetch(`${stage.app.site}/verify`, { headers: { accept: 'text/html' } })).headers.get('content-security-policy') ?? ''
    const told = await openInChamber(browser, stage.app.site, careless, policy.replace("frame-ancestors 'none'", '')) // the chamber looks through frames
    assert.deepEqual(told.seen.filter((one) => one.includes(' ran in ')), [])
    // A policy does not keep a page from being left (CSP 3, 6.1): a refresh is stopped by the escaping alone.
    assert.deepEqual(told.seen.filter((one) => one.startsWith('asked for ') && !payloads[Number(/\d+/.exec(one.slice(one.indexOf(elsewhere)))?.[0])]?.text.includes('http-equiv=refresh')), [])
  })

  test('nothing that a provider or a learner gives runs on any page, in any answer, mail, frame, drawing or file', async (context) => {
    let [documents, files, fields] = [0, 0, 0]
    const seen: string[] = []
    for (const round of rounds) {
      const made = await poisonedRound(stage, round)
      assert.deepEqual(made.unguarded, [])
      const told = await openInChamber(browser, stage.app.site, made.documents)
      seen.push(...told.seen)
      for (const one of made.documents) if (one.mediaType === 'text/html' && !/letter|:id\/html|frame’s source/.test(one.name)) assertHarmless(one.body)
      for (const one of made.files) assertInert(one)
      if (round === rounds[0]) await assertNoticed(made)
      documents += made.documents.length
      files += made.files.length
      fields = made.fields
    }
    assert.deepEqual(seen, [])
    context.diagnostic(`${payloads.length} payloads, ${rounds.length} rounds of ${fields} fields: ${documents} documents and ${files} files opened, nothing ran`)
  })

  /** The same documents as if nothing had been escaped: were the chamber blind, it would be here too. */
  async function assertNoticed(made: Round): Promise<void> {
    const told = await openInChamber(browser, stage.app.site, made.documents.map((one) => ({ ...one, body: decoded(one.body) })))
    assert.ok(told.payloads.size >= 10, `${told.payloads.size} payloads ran without the escaping`)
  }
})

/** A file that is no page: a PDF that does nothing by itself and leads only to this site, pictures that are pictures, data that are no page by their type. */
function assertInert({ name, mediaType, bytes }: Round['files'][number]): void {
  assert.doesNotMatch(mediaType, /html|xml|javascript/, name)
  if (mediaType !== 'application/pdf') return
  const drawn = Buffer.from(bytes).toString('latin1').replaceAll(/stream\r?\n[\s\S]*?endstream/g, '')
  assert.doesNotMatch(drawn, /\/(?:JavaScript|JS|Launch|SubmitForm|ImportData|GoToR|GoToE|OpenAction|AA|RichMedia|XFA)\b/, name)
  for (const [, address] of drawn.matchAll(/\/URI \(([^)]*)\)/g)) assert.match(address ?? '', /^http:\/\/127\.0\.0\.1:\d+\/c\//, name)
}
