/**
 * `./laurel screenshots [--out FOLDER] [--url ADDRESS ...]`: pictures of the pages as people see them, on a phone and on a desk, light and dark.
 *
 * Without --url it starts Laurel with its demonstration on a folder of its own, and follows the addresses that the start prints: first as
 * the owner, whose links lead on to the other pages; then as a learner who signs in by a mailed link, shares, and reads Arabic; then as a
 * stranger who verifies. With --url it follows those addresses and no others. Pages are taken once for each path with its numbers and
 * tokens left out. A page that is wider than its window is named.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { openBrowser } from '#test/browser'
import { root } from './run-tests.ts'

const { values } = parseArgs({ options: { out: { type: 'string', default: join(root, 'screenshots') }, url: { type: 'string', multiple: true } } })
mkdirSync(values.out, { recursive: true })

const sights = [
  { name: 'desk', viewport: { width: 1280, height: 900 }, colorScheme: 'light' },
  { name: 'desk-dark', viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
  { name: 'phone', viewport: { width: 390, height: 844 }, colorScheme: 'light' },
] as const

const server = values.url ? undefined : await startDemo()
const browser = await openBrowser()
try {
  const owner = await walk(browser, values.url ?? server?.addresses ?? [])
  if (server) {
    const [site = ''] = server.addresses.map((address) => new URL(address).origin)
    const learner = await walkAsLearner(browser, owner, site)
    await walkInArabic(browser, learner, site)
    await walkAsStranger(browser, site, server.addresses.find((address) => address.includes('/c/')) ?? `${site}/verify`)
  }
} finally {
  await browser.close()
  await server?.stop()
}

/** Takes a page as it stands, in every sight. */
async function take(page: Page, kind: string): Promise<void> {
  for (const { name, viewport, colorScheme } of sights) {
    await page.setViewportSize(viewport)
    await page.emulateMedia({ colorScheme })
    await page.screenshot({ path: join(values.out, `${kind}.${name}.png`), fullPage: true })
    const wider = await page.evaluate<boolean>('document.documentElement.scrollWidth > document.documentElement.clientWidth')
    if (wider) console.log(`${kind} is wider than a ${name} window`)
  }
  console.log(kind)
}

async function press(page: Page, what: string): Promise<void> {
  await Promise.all([page.waitForEvent('load'), page.locator(what).first().click()])
}

/** Opens each address and every page of the same site that it links to, one page for each kind of path. Gives the session that it came to. */
async function walk(browser: Browser, addresses: readonly string[]): Promise<BrowserContext> {
  const context = await browser.newContext({ reducedMotion: 'reduce' })
  const page = await context.newPage()
  // Whoever signs in first sees the other pages.
  const waiting = addresses.toSorted((a, b) => Number(b.includes('token=')) - Number(a.includes('token=')))
  const seen = new Set<string>()
  for (let address = waiting.shift(); address !== undefined; address = waiting.shift()) {
    const kind = kindOf(address)
    if (seen.has(kind)) continue
    seen.add(kind)
    const answer = await context.request.get(address)
    // Files are downloaded and leave the page where it is.
    if (!answer.headers()['content-type']?.startsWith('text/html')) continue
    if (seen.has(kindOf(answer.url())) && kindOf(answer.url()) !== kind) continue // it led to a page that was taken
    if (answer.status() >= 400) console.log(`${address} is linked and answers ${answer.status()}`)
    await page.goto(address)
    await take(page, kind)
    if (address.includes('token=')) {
      // A link in a mail or a terminal acts only when its button is pressed.
      await press(page, 'main form button')
      waiting.push(page.url())
    }
    for (const link of await page.locator('a[href]').evaluateAll((links) => links.map((one) => (one as unknown as { href: string }).href)))
      if (new URL(link).origin === new URL(address).origin && !/\/(?:sign-out|unsubscribe)/.test(link)) waiting.push(link)
  }
  return context
}

/** Signs in by the newest mail that says that a credential is ready, and goes the learner's way. */
async function walkAsLearner(browser: Browser, owner: BrowserContext, site: string): Promise<BrowserContext> {
  const desk = await owner.newPage()
  await desk.goto(`${site}/dev/mail`)
  const email = (await desk.locator('tbody tr td').first().innerText()).trim()
  const context = await browser.newContext({ reducedMotion: 'reduce' })
  const page = await context.newPage()
  await page.goto(`${site}/sign-in`)
  await take(page, 'sign-in')
  await page.fill('input[name=email]', email)
  await press(page, 'main form button')
  await take(page, 'sign-in_check-mail')
  const link = await linkMailedTo(desk, email, site)
  await page.goto(link)
  await take(page, 'sign-in_link')
  await press(page, 'main form button')
  await take(page, 'me')
  await press(page, 'main a[href^="/c/"]')
  await take(page, 'own-credential')
  await press(page, 'section.owner a')
  await take(page, 'share')
  await press(page, 'button[value=confirmed]')
  await take(page, 'share_confirmed')
  await desk.close()
  return context
}

/** Mail goes out by a job; a person looks again, too. */
async function linkMailedTo(desk: Page, email: string, site: string): Promise<string> {
  for (let look = 0; look < 40; look++) {
    await desk.goto(`${site}/dev/mail?q=${encodeURIComponent(email)}`)
    await press(desk, 'tbody a')
    const found = await desk.locator('main a[href*="/sign-in/link"]').first().getAttribute('href', { timeout: 500 }).catch(() => null)
    if (found !== null) return found
  }
  throw new Error(`No link to sign in was mailed to ${email}.`)
}

async function walkInArabic(browser: Browser, learner: BrowserContext, site: string): Promise<void> {
  const context = await browser.newContext({ reducedMotion: 'reduce', locale: 'ar', storageState: await learner.storageState() } satisfies BrowserContextOptions)
  const page = await context.newPage()
  for (const path of ['/me', '/verify', '/nothing-here']) {
    await page.goto(`${site}${path}`)
    await take(page, `ar_${kindOf(page.url())}`)
    if (path !== '/me') continue
    await press(page, 'main a[href^="/c/"]')
    await take(page, 'ar_own-credential')
    await press(page, 'section.owner a')
    await take(page, 'ar_share')
  }
}

async function walkAsStranger(browser: Browser, site: string, credential: string): Promise<void> {
  const context = await browser.newContext({ reducedMotion: 'reduce' })
  const page = await context.newPage()
  const document = await (await context.request.get(`${credential}.json`)).text()
  for (const [kind, text] of [['verify_trusted', document], ['verify_not-proved', document.replace('"name":"', '"name":"Changed: ')]] as const) {
    await page.goto(`${site}/verify`)
    await page.setInputFiles('input[type=file]', { name: 'credential.json', mimeType: 'application/json', buffer: Buffer.from(text) })
    await press(page, 'form:has(input[type=file]) button')
    await take(page, kind)
  }
  for (const [kind, path] of [['error_404', '/nothing-here'], ['error_401', '/me']] as const) {
    await page.goto(`${site}${path}`)
    await take(page, kind)
  }
}

/** `/c/kB1x...` and `/c/9aZq...` are one kind, c_x: what differs from one credential to the next is left out. */
function kindOf(address: string): string {
  const { pathname, searchParams } = new URL(address)
  if (searchParams.has('token')) return 'link'
  const parts = pathname.split('/').filter(Boolean)
  return parts.map((part) => (/^[A-Za-z0-9_-]{20,}$|\d/.test(part) ? 'x' : part)).join('_') || 'home'
}

async function startDemo(): Promise<{ readonly addresses: readonly string[]; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'laurel-pictures-'))
  const port = await freePort()
  const child = spawn(process.execPath, ['src/main.ts', 'start', '--port', String(port), '--data', folder], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<void>((resolve) => void child.once('close', () => resolve()))
  let said = ''
  await new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (/\/dev\/mail/.test(said)) resolve()
    })
    child.once('close', (code) => reject(new Error(`Laurel did not start (exit ${code}).`)))
  })
  return {
    addresses: [...said.matchAll(/https?:\/\/\S+/g)].map((match) => match[0]),
    async stop() {
      child.kill('SIGINT')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => void probe.once('listening', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => void probe.close(resolve))
  return port
}
