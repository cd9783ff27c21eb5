/**
 * A place where documents are opened by a browser that guards nothing (no Content-Security-Policy, unless one is given; scripts on). Whatever runs in one, or asks
 * for something from another site, is told. Many documents are opened in one window, each in a frame of its own, and then everything in them
 * that can be pressed, pointed at or focused is.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Request } from 'playwright-core'
import { assets } from '#interfaces/look'
import { elsewhere } from '#test/active-content'

export interface Shown {
  readonly name: string
  readonly mediaType: 'text/html' | 'image/svg+xml'
  readonly body: string
}

export interface Told {
  /** Of what ran or fetched. */
  readonly signs: ReadonlySet<number>
  /** What was seen, each with its sign where it has one, and the name of the document where that is known. */
  readonly seen: readonly Seen[]
}

export interface Seen {
  readonly what: 'ran' | 'asked' | 'leads'
  readonly sign: number | undefined
  readonly where: string
}

const atOnce = 40

/** In every frame, before anything else of it. */
const watchman = `for (const name of ['alert', 'ALERT', 'confirm', 'prompt', 'print']) window[name] = (n) => { console.log('ran ' + n + ' in ' + location.href.slice(0, 80)) }`

/** Does what a visitor may do in a frame. What would lead elsewhere is only read, unless it is a script. */
const visit = `(() => {
  const found = []
  addEventListener('click', (event) => { if (!window.pressing) event.preventDefault() }, true)
  addEventListener('submit', (event) => { if (!window.pressing) event.preventDefault() }, true)
  const scheme = (address) => { try { return new URL(address, document.baseURI).protocol } catch { return '' } }
  for (const one of [...document.querySelectorAll('*')]) {
    for (const name of ['mouseover', 'pointerenter', 'mouseenter', 'focus', 'blur', 'input', 'animationstart']) one.dispatchEvent(new Event(name))
    const address = one.href?.baseVal ?? (one.tagName === 'FORM' ? one.getAttribute('action') : one.getAttribute('formaction') ?? one.href ?? one.getAttribute('href') ?? one.getAttributeNS('http://www.w3.org/1999/xlink', 'href'))
    const live = typeof address === 'string' && ['javascript:', 'data:', 'vbscript:'].includes(scheme(address))
    if (live && one.tagName !== 'LINK') found.push('<' + one.tagName.toLowerCase() + '> leads to ' + address.slice(0, 60))
    window.pressing = live
    if (one.tagName === 'FORM') { if (live) one.requestSubmit() } else one.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }))
    window.pressing = false
  }
  return found
})()`

const signIn = (found: RegExpExecArray | null): number | undefined => (found?.[1] === undefined ? undefined : Number(found[1]))

/** The site that documents say they are of is the chamber itself, so that what they ask for is answered here. */
export async function openInChamber(browser: Browser, site: string, documents: readonly Shown[], policy?: string): Promise<Told> {
  const guard: Record<string, string> = policy === undefined ? {} : { 'content-security-policy': policy }
  const files = new Map(assets.map((one) => [one.path, one]))
  let own = ''
  const server = createServer((request, answer) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', own)
    const document = documents[Number(/^\/chamber\/(\d+)$/.exec(pathname)?.[1])]
    const file = files.get(pathname)
    if (document) answer.writeHead(200, { 'content-type': `${document.mediaType}; charset=utf-8`, ...guard }).end(document.body.replaceAll(site, own))
    else if (file) answer.writeHead(200, { 'content-type': file.contentType, 'cache-control': 'max-age=3600' }).end(file.body)
    else if (pathname === '/chamber/window') {
      const from = Number(searchParams.get('from'))
      answer.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html>${documents.slice(from, from + atOnce).map((_, i) => `<iframe width=150 height=100 src="/chamber/${from + i}"></iframe>`).join('')}`)
    } else answer.writeHead(404).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  own = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const context = await browser.newContext({ serviceWorkers: 'block' })
  const seen: Seen[] = []
  const nameOf = (address: string) => documents[Number(/\/chamber\/(\d+)/.exec(address)?.[1])]?.name ?? address
  try {
    await context.addInitScript(watchman)
    // No route is laid: an address of another host leads nowhere (`openBrowser`), and being asked for is enough to be seen.
    const asked = new Map<Request, Seen>()
    context.on('request', (request) => {
      const url = new URL(request.url())
      if (['data:', 'blob:', 'about:'].includes(url.protocol) || url.origin === own) return
      const one: Seen = { what: 'asked', sign: signIn(url.hostname === elsewhere ? /^\/(\d+)/.exec(url.pathname) : null), where: `${url.href} ${request.isNavigationRequest() ? '' : nameOf(request.frame().url())}` }
      asked.set(request, one)
      seen.push(one)
    })
    context.on('requestfailed', (request) => {
      const one = asked.get(request)
      if (one && request.failure()?.errorText === 'csp') seen.splice(seen.indexOf(one), 1) // it was not let out of the page
    })
    for (let from = 0; from < documents.length; from += atOnce) {
      const page = await context.newPage()
      page.on('console', (message) => {
        const [, sign, address] = /^ran (\d+) in (.*)$/.exec(message.text()) ?? []
        if (sign !== undefined) seen.push({ what: 'ran', sign: Number(sign), where: nameOf(address ?? '') })
      })
      await page.goto(`${own}/chamber/window?from=${from}`, { waitUntil: 'load', timeout: 180_000 }) // forty documents at once, on a machine that may be busy
      await page.waitForTimeout(150) // what follows loading: a refresh after no time, an animation of a millisecond
      await Promise.all(page.frames().map(async (frame) => {
        if (!/\/chamber\/\d+$/.test(frame.url())) return
        const found = await frame.evaluate<string[]>(visit).catch((): string[] => []) // a frame that a payload led away is gone
        for (const one of found) seen.push({ what: 'leads', sign: signIn(/alert\D*(\d+)/.exec(one)), where: `${nameOf(frame.url())}: ${one}` })
      }))
      await page.waitForTimeout(100)
      await page.close()
    }
  } finally {
    await context.close()
    server.closeAllConnections()
    server.close()
  }
  return { signs: new Set(seen.flatMap((one) => (one.what === 'leads' || one.sign === undefined ? [] : [one.sign]))), seen }
}
