/**
 * Every page, in every light: nothing for axe in light, dark and right-to-left; no wider than a window of 320 px, nor than half a desk's at 200%;
 * and what the page of a credential weighs, counted on the wire. A page that is added to the route table and shown nowhere here fails.
 */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { openApp } from '#test/app'
import { accessibilityFaults, browserMissing, openBrowser } from '#test/browser'
import { cookiesFor, sightsOf, unseen, type Sight, type Sights } from './sights.ts'
import { aMinuteLater, arrive, type Stage } from './stage.ts'

/** All of axe's rules in each light; the short form asks in the dark only what the dark can change. */
const full = process.env['LAUREL_FULL'] === '1'

/** What a phone on a slow line is asked to carry, beside the picture. */
const mostBytes = 30 * 1024
const mostRequests = 4

suite('every page', { skip: browserMissing ?? false }, () => {
  let stage: Stage
  let sights: Sights
  before(async () => {
    const [app, browser] = await Promise.all([openApp({ learners: 60, months: 2 }), openBrowser()])
    stage = { app, browser }
    sights = await sightsOf(stage)
  })
  after(async () => {
    await stage?.browser.close()
    await stage?.app.close()
  })

  /** Walks all sights, each reader in a window of their own. */
  async function each(options: BrowserContextOptions, work: (page: Page, sight: Sight) => Promise<void>, address = (path: string) => path): Promise<readonly string[]> {
    const told: string[] = []
    for (const [reader, list] of Map.groupBy(sights.list, (one) => one.reader)) {
      const { page, problems, close } = await arrive(stage, options)
      const cookies = await cookiesFor(stage, sights, reader)
      if (cookies.length > 0) await page.context().addCookies(cookies)
      for (const [at, sight] of list.entries()) {
        if (at % 10 === 0) aMinuteLater(stage)
        const answer = await page.goto(address(sight.path))
        assert.equal(answer?.status(), sight.status, `${sight.name} (${sight.path})`)
        await work(page, sight)
      }
      told.push(...problems.filter((one) => !/status of 4\d\d/.test(one)))
      await close()
    }
    return told
  }

  test('is shown here: what the route table has and this test does not see is named', () => {
    assert.deepEqual(unseen(stage.app.routes, sights.list), [])
    assert.notDeepEqual(unseen(stage.app.routes, sights.list.slice(1, 3)), [], 'a page that is left out is noticed')
  })

  test('is sound in the light, and no wider than a phone of 320 px or a desk at 200%', async () => {
    const wide: string[] = []
    const faults: string[] = []
    const problems = await each({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' }, async (page, { name }) => {
      faults.push(...(await accessibilityFaults(page)).map((one) => `${name}: ${one}`))
      for (const width of [320, 640]) {
        await page.setViewportSize({ width, height: 800 })
        if (await page.evaluate<boolean>('document.documentElement.scrollWidth > document.documentElement.clientWidth')) wide.push(`${name} at ${width}`)
      }
      await page.setViewportSize({ width: 1280, height: 900 })
    })
    assert.deepEqual({ faults, wide, problems }, { faults: [], wide: [], problems: [] })
  })

  test('is sound in the dark', async () => {
    const faults: string[] = []
    await each({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' }, async (page, { name }) => void faults.push(...(await (full ? accessibilityFaults(page) : accessibilityFaults(page, ['color-contrast', 'link-in-text-block']))).map((one) => `${name}: ${one}`)))
    assert.deepEqual(faults, [])
  })

  test('is sound from right to left, and no wider than a phone', async () => {
    const faults: string[] = []
    await each({ viewport: { width: 390, height: 844 }, locale: 'ar' }, async (page, { name, reader }) => {
      assert.equal(await page.evaluate<string>('document.documentElement.dir'), reader === 'owner' ? 'ltr' : 'rtl', `${name}: the desk speaks English`)
      if (await page.evaluate<boolean>('document.documentElement.scrollWidth > document.documentElement.clientWidth')) faults.push(`${name} is wider than its window`)
      faults.push(...(await accessibilityFaults(page)).map((one) => `${name}: ${one}`))
    })
    assert.deepEqual(faults, [])
  })

  test('is worked from the keyboard: Tab reaches all that can be operated, in no trap, and shows where it is', async () => {
    const short = ['credential', 'credential-own', 'share', 'me', 'verify', 'sign-in', 'desk', 'desk-experiments-one']
    const faults: string[] = []
    const walked: string[] = []
    await each({ viewport: { width: 1280, height: 900 } }, async (page, { name }) => {
      if (!full && !short.includes(name)) return
      walked.push(name)
      const wanted = await page.evaluate<number>(`(() => {
        const operable = [...document.querySelectorAll('a[href], button:not([disabled]), input:not([type=hidden]):not([disabled]), select, textarea, summary, [tabindex="0"]')].filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest('[inert]'))
        const groups = new Set(operable.filter((one) => one.type === 'radio').map((one) => one.name))
        window.reached = new Set(); window.unshown = []
        return operable.filter((one) => one.type !== 'radio').length + groups.size
      })()`)
      let seen = 0
      for (let press = 0; press < wanted + 5 && seen < wanted; press++) {
        await page.keyboard.press('Tab')
        seen = await page.evaluate<number>(`(() => {
          const one = document.activeElement
          if (!one || one === document.body) return window.reached.size
          if (!window.reached.has(one.type === 'radio' ? one.name : one)) {
            const look = getComputedStyle(one)
            if (look.outlineStyle === 'none' || parseFloat(look.outlineWidth) < 2) window.unshown.push(one.outerHTML.slice(0, 80))
          }
          window.reached.add(one.type === 'radio' ? one.name : one)
          return window.reached.size
        })()`)
      }
      if (seen < wanted) faults.push(`${name}: ${seen} of ${wanted} reached`)
      faults.push(...(await page.evaluate<string[]>('window.unshown')).map((one) => `${name}: nothing shows the focus on ${one}`))
    })
    assert.ok(walked.length >= short.length)
    assert.deepEqual(faults, [])
  })

  test('of a credential weighs little, asks for little, nowhere else, and does not move', async () => {
    for (const viewport of [{ width: 390, height: 844 }, { width: 1280, height: 900 }]) {
      const { page, problems, close } = await arrive(stage, { viewport })
      await page.addInitScript("window.moved = 0; new PerformanceObserver((list) => { for (const one of list.getEntries()) window.moved += one.value }).observe({ type: 'layout-shift', buffered: true })")
      const sizes: { address: string; bytes: number; image: boolean }[] = []
      const wire = await page.context().newCDPSession(page)
      await wire.send('Network.enable')
      const requests = new Map<string, { address: string; image: boolean }>()
      wire.on('Network.requestWillBeSent', (sent) => void requests.set(sent.requestId, { address: sent.request.url, image: sent.type === 'Image' }))
      wire.on('Network.loadingFinished', (done) => {
        const request = requests.get(done.requestId)
        if (request) sizes.push({ ...request, bytes: done.encodedDataLength })
      })
      await page.goto(sights.publicPage.path)
      await page.waitForTimeout(400)
      assert.ok(requests.size > 1, 'the wire was listened to')
      const asked = [...requests.values()]
      const besides = asked.filter((one) => !one.image)
      assert.ok(besides.length <= mostRequests && asked.length <= besides.length + 1, `${asked.length} requests: ${asked.map((one) => one.address).join(', ')}`)
      assert.deepEqual(asked.filter((one) => !one.address.startsWith(`${stage.app.site}/`) && !one.address.startsWith('data:')), [])
      const bytes = sizes.filter((one) => !one.image).reduce((sum, one) => sum + one.bytes, 0)
      assert.ok(bytes > 2_000 && bytes <= mostBytes, `${bytes} bytes: ${JSON.stringify(sizes)}`)
      assert.equal(await page.evaluate<number>('window.moved'), 0, 'nothing moved')
      assert.deepEqual(problems, [])
      if (process.env['LAUREL_SHOW_WEIGHT'] === '1') console.log(JSON.stringify({ requests: asked.length, bytes }))
      await close()
    }
  })
})
