/**
 * `./laurel screenshots [--out FOLDER] [--url ADDRESS ...]`: pictures of the pages as people see them, on a phone and on a desk, light and dark.
 *
 * Without --url it starts Laurel with its demonstration on a folder of its own, and follows the addresses that the start prints; the
 * dashboard's links lead on to the other pages. Pages are taken once for each path with its numbers and tokens left out.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser } from 'playwright-core'
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
  await walk(browser, values.url ?? server?.addresses ?? [])
} finally {
  await browser.close()
  await server?.stop()
}

/** Opens each address and every page of the same site that it links to, one page for each kind of path. */
async function walk(browser: Browser, addresses: readonly string[]): Promise<void> {
  const context = await browser.newContext({ reducedMotion: 'reduce' })
  const page = await context.newPage()
  // Whoever signs in first sees the other pages.
  const waiting = addresses.toSorted((a, b) => Number(b.includes('token=')) - Number(a.includes('token=')))
  const seen = new Set<string>()
  for (let address = waiting.shift(); address !== undefined; address = waiting.shift()) {
    const kind = kindOf(address)
    if (seen.has(kind)) continue
    seen.add(kind)
    const response = await page.goto(address)
    if (!response?.headers()['content-type']?.startsWith('text/html')) {
      if ((response?.status() ?? 0) >= 400) console.log(`${address} is linked and answers ${response?.status()}`)
      continue
    }
    for (const { name, viewport, colorScheme } of sights) {
      await page.setViewportSize(viewport)
      await page.emulateMedia({ colorScheme })
      await page.screenshot({ path: join(values.out, `${kind}.${name}.png`), fullPage: true })
      const wider = await page.evaluate<boolean>('document.documentElement.scrollWidth > document.documentElement.clientWidth')
      if (wider) console.log(`${kind} is wider than a ${name} window`)
    }
    console.log(`${kind} (${response.status()})`)
    if (address.includes('token=')) {
      // A link in a mail or a terminal acts only when its button is pressed.
      await page.locator('main form button').first().click()
      await page.waitForLoadState()
      waiting.push(page.url())
    }
    for (const link of await page.locator('a[href]').evaluateAll((links) => links.map((one) => (one as unknown as { href: string }).href)))
      if (new URL(link).origin === new URL(address).origin && !/\/(?:sign-out|unsubscribe)/.test(link)) waiting.push(link)
  }
  await context.close()
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
