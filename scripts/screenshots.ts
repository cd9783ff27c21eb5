/**
 * `npm run screenshots [-- --only TEXT --out FOLDER --learners 400]`: a picture of every page, on a desk in the light and in the dark, on a
 * phone, and from right to left, and of what is not a page: the card, the
 * badge and the certificate.
 *
 * The pages are the sights that the tests walk, so a page of the route table that is not photographed fails a test
 * (test/browser/pages.test.ts). Beside them stand the pages that only a press leads to. A page that is wider than its window is named.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { openApp } from '#test/app'
import { openBrowser, type Visit } from '#test/browser'
import { startCluster } from '#test/cluster'
import { cookiesFor, sightsOf, type Reader, type Sights } from '../test/browser/sights.ts'
import { aMinuteLater, arrive, press, type Stage } from '../test/browser/stage.ts'
import { root } from './run-tests.ts'

const { values } = parseArgs({ options: { out: { type: 'string', default: join(root, 'screenshots') }, only: { type: 'string', multiple: true }, learners: { type: 'string', default: '400' } } })

const desk = { width: 1280, height: 900 }
const phone = { width: 390, height: 844 }
const lights: readonly (BrowserContextOptions & { readonly name: string })[] = [
  { name: 'desk', viewport: desk, colorScheme: 'light' },
  { name: 'dark', viewport: desk, colorScheme: 'dark' },
  { name: 'phone', viewport: phone, colorScheme: 'light', isMobile: true, hasTouch: true },
  { name: 'arabic', viewport: phone, colorScheme: 'light', locale: 'ar', isMobile: true, hasTouch: true },
]

/** A page, and what leads there. */
interface Press {
  readonly name: string
  readonly reader: Reader
  readonly does: (page: Page, sights: Sights) => Promise<void>
}
const chooseFile = (change: (text: string) => string): Press['does'] => async (page, { open }) => {
  const text = await (await page.request.get(`/c/${open.publicId}.json`)).text()
  await page.goto('/verify')
  await page.setInputFiles('#file', { name: 'credential.json', mimeType: 'application/json', buffer: Buffer.from(change(text)) })
  await press(page, 'form:has(#file) button')
}
const importFile = (text: string): Press['does'] => async (page) => {
  await page.goto('/admin/demo/completions')
  await page.setInputFiles('input[type=file]', { name: 'completions.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
  await press(page, 'form.stack button')
}
const example = readFileSync(join(root, 'examples/completions.csv'), 'utf8')
const presses: readonly Press[] = [
  { name: 'verify-trusted', reader: 'stranger', does: chooseFile((text) => text) },
  { name: 'verify-not-proved', reader: 'stranger', does: chooseFile((text) => text.replace('"name":"', '"name":"Changed: ')) },
  { name: 'verify-nothing', reader: 'stranger', does: chooseFile(() => 'hello') },
  {
    name: 'sign-in-check-mail',
    reader: 'stranger',
    does: async (page) => {
      await page.goto('/sign-in')
      await page.fill('input[name=email]', 'somebody@learners.example')
      await press(page, 'main form button')
    },
  },
  {
    name: 'share-confirmed',
    reader: 'learner',
    does: async (page, { learner }) => {
      await page.goto(`/c/${learner.publicId}/share`)
      if ((await page.locator('button[value=confirmed]').count()) > 0) await press(page, 'button[value=confirmed]') // once; the next light finds it told
    },
  },
  { name: 'desk-import-refused', reader: 'owner', does: importFile(example.replace('@', '')) },
]

mkdirSync(values.out, { recursive: true })
const wanted = (name: string): boolean => !values.only || values.only.some((text) => name.includes(text))
const cluster = process.env['LAUREL_TEST_DATABASE'] === undefined ? await startCluster() : undefined
if (cluster) process.env['LAUREL_TEST_DATABASE'] = cluster.connectionString('postgres')
const [app, browser] = await Promise.all([openApp({ learners: Number(values.learners), months: 12 }), openBrowser()])
const stage: Stage = { app, browser }
try {
  const sights = await sightsOf(stage)
  // What is pressed changes what is shown, so all pages are taken in every light first.
  const shown: readonly Press[] = sights.list.map(({ name, reader, path }) => ({ name, reader, does: async (page) => void (await page.goto(path)) }))
  for (const list of [shown, presses])
    for (const light of lights) {
      const visits = new Map<Reader, Visit>()
      for (const { name, reader, does } of list) {
        if (!wanted(name)) continue
        let visit = visits.get(reader)
        if (!visit) {
          visits.set(reader, (visit = await arrive(stage, light)))
          await visit.page.context().addCookies(await cookiesFor(stage, sights, reader))
        }
        aMinuteLater(stage)
        await does(visit.page, sights)
        await take(visit.page, name, light.name)
      }
      for (const visit of visits.values()) await visit.close()
    }
  const { page, close } = await arrive(stage)
  await page.goto(`/c/${sights.open.publicId}`)
  const card = await page.locator('meta[property="og:image"]').getAttribute('content')
  for (const [file, path] of [['card.png', card ?? ''], ['badge.png', `/c/${sights.open.publicId}.png`], ['certificate.pdf', `/c/${sights.open.publicId}.pdf`]] as const) {
    if (!wanted(file)) continue
    const answer = await page.request.get(path)
    if (answer.ok()) writeFileSync(join(values.out, file), await answer.body())
    else console.log(`${path} answers ${answer.status()}`)
  }
  await close()
} finally {
  await browser.close()
  await app.close()
  await cluster?.stop()
}
console.log(values.out)

async function take(page: Page, name: string, light: string): Promise<void> {
  await page.evaluate('document.fonts.ready')
  const path = join(values.out, `${name}.${light}.png`)
  rmSync(path, { force: true })
  // The window is made as long as the page for the picture, and short again: what moves from now on, no reader sees.
  await page.evaluate('console.warn = () => {}')
  await page.screenshot({ path, fullPage: true })
  if (await page.evaluate<boolean>('document.documentElement.scrollWidth > document.documentElement.clientWidth')) console.log(`${name} is wider than its window (${light})`)
}
