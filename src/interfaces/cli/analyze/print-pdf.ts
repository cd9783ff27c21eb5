/** Prints a report to PDF with a browser: the one that CHROME_PATH names, one that is installed, or the package that the project's tests use. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { fault } from './faults.ts'

const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium']
const longest = 60_000

interface Program {
  readonly path: string
  readonly env: Readonly<Record<string, string>>
}

export async function printPdf(report: string, file: string): Promise<void> {
  const { path, env } = await browser()
  const folder = mkdtempSync(join(tmpdir(), 'laurel-report-'))
  // A container has no sandbox for root and little shared memory; the page is our own and makes no request.
  const words = ['--headless', '--remote-debugging-port=0', `--user-data-dir=${folder}`, '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', '--disable-background-networking', '--disable-component-update']
  const child = spawn(path, words, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...env }, timeout: longest })
  try {
    const page = join(folder, 'report.html')
    writeFileSync(page, report)
    const browser = await devTools(await addressSaid(child))
    writeFileSync(file, await printed(browser, pathToFileURL(page).href))
  } finally {
    child.kill()
    await new Promise((resolve) => (child.exitCode === null && child.signalCode === null ? child.once('close', resolve) : resolve(undefined)))
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** The address at which the browser listens for orders; it says it on its error output. */
function addressSaid(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stderr?.on('data', (bytes: Buffer) => {
      said += bytes.toString()
      const found = /DevTools listening on (ws:\S+)/.exec(said)
      if (found !== null) resolve(found[1]!)
    })
    child.once('error', (error) => reject(fault.print_failed({ reason: error.message }, { cause: error })))
    child.once('close', () => reject(fault.print_failed({ reason: said.trim().split('\n').at(-1) ?? 'it ended at once' })))
  })
}

interface DevTools {
  /** Sends one order of the Chrome DevTools Protocol and gives back its result. */
  send(method: string, params?: object, sessionId?: string): Promise<Record<string, unknown>>
  once(event: string): Promise<void>
}

async function devTools(address: string): Promise<DevTools> {
  const socket = new WebSocket(address)
  const waiting = new Map<number, { resolve: (result: Record<string, unknown>) => void; reject: (error: Error) => void }>()
  const events = new Map<string, () => void>()
  let last = 0
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as { id?: number; method?: string; result?: Record<string, unknown>; error?: { message: string } }
    if (message.method !== undefined) events.get(message.method)?.()
    const one = message.id === undefined ? undefined : waiting.get(message.id)
    if (one === undefined) return
    if (message.error === undefined) one.resolve(message.result ?? {})
    else one.reject(fault.print_failed({ reason: message.error.message }))
  })
  socket.addEventListener('close', () => {
    for (const one of waiting.values()) one.reject(fault.print_failed({ reason: 'it ended before it had printed' }))
  })
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true })
    socket.addEventListener('error', () => reject(fault.print_failed({ reason: 'it does not answer' })), { once: true })
  })
  return {
    send: (method, params = {}, sessionId) =>
      new Promise((resolve, reject) => {
        last += 1
        waiting.set(last, { resolve, reject })
        socket.send(JSON.stringify({ id: last, method, params, ...(sessionId === undefined ? {} : { sessionId }) }))
      }),
    once: (event) => new Promise((resolve) => events.set(event, resolve)),
  }
}

async function printed(browser: DevTools, address: string): Promise<Buffer> {
  const { targetId } = await browser.send('Target.createTarget', { url: 'about:blank' })
  const session = String((await browser.send('Target.attachToTarget', { targetId, flatten: true }))['sessionId'])
  await browser.send('Page.enable', {}, session)
  const loaded = browser.once('Page.loadEventFired')
  await browser.send('Page.navigate', { url: address }, session)
  await loaded
  const { data } = await browser.send('Page.printToPDF', { printBackground: true, preferCSSPageSize: true, generateTaggedPDF: true, generateDocumentOutline: true }, session)
  return Buffer.from(String(data), 'base64')
}

async function browser(): Promise<Program> {
  const named = process.env['CHROME_PATH']
  if (named !== undefined) {
    if (existsSync(named)) return { path: named, env: {} }
    throw fault.no_browser()
  }
  const found = installed.find((path) => existsSync(path))
  if (found !== undefined) return { path: found, env: {} }
  return (await packaged()) ?? raise()
}

const raise = (): never => {
  throw fault.no_browser()
}

/** The browser of the tests, where they are installed: unpacked to the folder for temporary files, with the libraries that a bare machine lacks. */
async function packaged(): Promise<Program | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined
  let home: string
  try {
    home = dirname(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')))
  } catch {
    return undefined // a runtime install has no development packages
  }
  const { default: chromium, inflate } = await import('@sparticuz/chromium')
  const path = await chromium.executablePath()
  const works = (env: Readonly<Record<string, string>>): boolean => spawnSync(path, ['--version'], { env: { ...process.env, ...env } }).status === 0
  const fonts: Record<string, string> = existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_PATH: join(tmpdir(), 'fonts') }
  if (works(fonts)) return { path, env: fonts }
  const libraries = { ...fonts, LD_LIBRARY_PATH: join(await inflate(join(home, 'bin', 'al2023.tar.br')), 'lib') }
  return works(libraries) ? { path, env: libraries } : undefined
}
