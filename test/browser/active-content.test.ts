/**
 * Active content: payloads in every field that a provider or a learner may fill, and everything that comes out, opened where nothing guards
 * it. Nothing runs, and nothing is asked of another site. LAUREL_FULL=1 plays every round, so that each field has had each payload, and every page that shows it.
 */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { doses, doseText, mistakes, payloads } from '#test/active-content'
import { openApp } from '#test/app'
import { browserMissing, openBrowser } from '#test/browser'
import { assertHarmless } from '#test/markup'
import { openInChamber, type Shown } from './chamber.ts'
import { poisonedRound, type Round } from './poison.ts'
import type { Stage } from './stage.ts'

const full = process.env['LAUREL_FULL'] === '1'
/** A dose in each field, another each round. */
const rounds = full ? doses.map((_, at) => at) : [0]

const decoded = (markup: string): string => markup.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll(/&#0?39;/g, "'").replaceAll('&amp;', '&')
/** Every payload in the mistake that it is made for. Its sign is its number. */
const careless = payloads.map(({ text, home }, at): Shown => ({ name: `${at} ${home}`, mediaType: 'text/html', body: `<!doctype html><meta charset=utf-8><body>${mistakes[home]?.(text(at))}` }))

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
    assert.deepEqual(payloads.flatMap(({ text }, at) => (told.signs.has(at) ? [] : [`${at}: ${text(at)}`])), [])
  })

  test('none keeps another of its dose from running', async () => {
    assert.deepEqual(doses.flat().toSorted((a, b) => a - b), payloads.map((_, at) => at))
    const told = await openInChamber(browser, stage.app.site, doses.flatMap((dose, n) => dose.map((at): Shown => ({ name: `${at} in dose ${n}`, mediaType: 'text/html', body: `<!doctype html><meta charset=utf-8><body>${mistakes[payloads[at]!.home]?.(doseText(dose, (payload) => n * 1_000 + payload))}` }))))
    assert.deepEqual(doses.flatMap((dose, n) => dose.flatMap((at) => (told.signs.has(n * 1_000 + at) ? [] : [`${at} in dose ${n}: ${payloads[at]!.text(at)}`]))), [])
  })

  test('behind the policy that every page has, a page that makes all of these mistakes runs nothing', async () => {
    const policy = (await fetch(`${stage.app.site}/verify`, { headers: { accept: 'text/html' } })).headers.get('content-security-policy') ?? ''
    const told = await openInChamber(browser, stage.app.site, careless, policy.replace("frame-ancestors 'none'", '')) // the chamber looks through frames
    assert.deepEqual(told.seen.filter((one) => one.what === 'ran'), [])
    // A policy does not keep a page from being left (CSP 3, 6.1): a refresh is stopped by the escaping alone.
    assert.deepEqual(told.seen.filter((one) => one.what === 'asked' && !payloads[one.sign ?? -1]?.text(0).includes('http-equiv=refresh')), [])
  })

  test('nothing that a provider or a learner gives runs on any page, in any answer, mail, frame, drawing or file', async (context) => {
    let [documents, files] = [0, 0]
    const known = new Set<string>()
    const had = new Map<string, Set<number>>()
    for (const round of rounds) {
      const made = await poisonedRound(stage, round)
      assert.deepEqual(made.unguarded, [])
      // A page that is one that was opened, but for the token of its forms, is not opened again: that an address is unknown is told without the address.
      const fresh = made.documents.filter((one) => {
        const body = one.body.replaceAll(/name="csrf" value="[^"]*"/g, '')
        return !known.has(body) && known.add(body)
      })
      const told = await openInChamber(browser, stage.app.site, fresh)
      // A list shows what was planted in the rounds before, too.
      assert.deepEqual(told.seen.map(({ what, sign, where }) => `${what}: ${sign === undefined ? 'nothing that was planted' : sayPlanted(made, sign)}: ${where}`), [])
      for (const one of fresh) if (one.mediaType === 'text/html' && !/letter|:id\/html|frame’s source/.test(one.name)) assertHarmless(one.body)
      for (const one of made.files) assertInert(one)
      if (round === rounds[0]) await assertNoticed(made)
      for (const { field, payload } of made.planted.values()) had.set(field, (had.get(field) ?? new Set()).add(payload))
      documents += fresh.length
      files += made.files.length
    }
    assert.deepEqual([...had].filter(([, its]) => full && its.size < payloads.length).map(([field, its]) => `${field} has had ${its.size} payloads`), [])
    context.diagnostic(`${payloads.length} payloads in ${doses.length} doses, ${rounds.length} of them in each of ${had.size} fields (${[...had.values()].reduce((sum, its) => sum + its.size, 0)} pairs): ${documents} documents and ${files} files opened, nothing ran and nothing was fetched`)
  })

  /** The same documents as if nothing had been escaped: were the chamber blind, it would be here too; and what runs is told with its payload and its field. */
  async function assertNoticed(made: Round): Promise<void> {
    const told = await openInChamber(browser, stage.app.site, made.documents.map((one) => ({ ...one, body: decoded(one.body) })))
    const ran = [...told.signs].map((sign) => made.planted.get(sign))
    assert.ok(!ran.includes(undefined), 'every sign was planted')
    assert.ok(new Set(ran.map((one) => one?.payload)).size >= 10 && new Set(ran.map((one) => one?.field)).size >= 10, `${ran.length} ran without the escaping`)
  }
})

const sayPlanted = ({ planted }: Round, sign: number): string => {
  const payload = sign % 1_000
  return `payload ${payload} (${payloads[payload]?.text(sign)}) of ${planted.get(sign)?.field ?? 'a field of a round before'}`
}

/** A file that is no page: a PDF that does nothing by itself and leads only to this site, pictures that are pictures, data that are no page by their type. */
function assertInert({ name, mediaType, bytes }: Round['files'][number]): void {
  assert.doesNotMatch(mediaType, /html|xml|javascript/, name)
  if (mediaType !== 'application/pdf') return
  const drawn = Buffer.from(bytes).toString('latin1').replaceAll(/stream\r?\n[\s\S]*?endstream/g, '')
  assert.doesNotMatch(drawn, /\/(?:JavaScript|JS|Launch|SubmitForm|ImportData|GoToR|GoToE|OpenAction|AA|RichMedia|XFA)\b/, name)
  for (const [, address] of drawn.matchAll(/\/URI \(([^)]*)\)/g)) assert.match(address ?? '', /^http:\/\/127\.0\.0\.1:\d+\/c\//, name)
}
