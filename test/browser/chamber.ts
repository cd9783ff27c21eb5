/**
 * A place where documents are opened by a browser that guards nothing (no Content-Security-Policy, unless one is given; scripts on). Whatever runs in one, or asks
 * for something from another site, is told. Many documents are opened in one window, each in a frame of its own, and then everything in them
 * that can be pressed, pointed at or focused is.
 */
import type { Browser } from 'playwright-core'
import { elsewhere } from '#test/active-content'

export interface Shown {
  readonly name: string
  readonly mediaType: 'text/html' | 'image/svg+xml'
  readonly body: string
}

export interface Told {
  /** Numbers of the payloads that ran or fetched. */
  readonly payloads: ReadonlySet<number>
  /** What was seen, a line for each; the name of the document where it is known. */
  readonly seen: readonly string[]
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

export async function openInChamber(browser: Browser, site: string, documents: readonly Shown[], policy?: string): Promise<Told> {
  const context = await browser.newContext({ serviceWorkers: 'block' })
  const seen: string[] = []
  const numbers = new Set<number>()
  try {
    await context.addInitScript(watchman)
    await context.route('**/*', async (route) => {
      const url = new URL(route.request().url())
      if (url.protocol === 'data:') return await route.continue()
      if (url.origin !== new URL(site).origin) {
        seen.push(`asked for ${url.href}`)
        const [, number] = /^\/(\d+)/.exec(url.pathname) ?? []
        if (url.hostname === elsewhere && number !== undefined) numbers.add(Number(number))
        return await route.abort()
      }
      const [, at] = /^\/chamber\/(\d+)$/.exec(url.pathname) ?? []
      const document = at === undefined ? undefined : documents[Number(at)]
      if (document) return await route.fulfill({ headers: { 'content-type': `${document.mediaType}; charset=utf-8`, ...(policy === undefined ? {} : { 'content-security-policy': policy }) }, body: document.body })
      if (url.pathname === '/chamber/window') {
        const from = Number(url.searchParams.get('from'))
        return await route.fulfill({ contentType: 'text/html', body: `<!doctype html>${documents.slice(from, from + atOnce).map((_, i) => `<iframe width=150 height=100 src="/chamber/${from + i}"></iframe>`).join('')}` })
      }
      return url.pathname.startsWith('/assets/') ? await route.continue() : await route.fulfill({ status: 404, body: '' })
    })
    for (let from = 0; from < documents.length; from += atOnce) {
      const page = await context.newPage()
      page.on('console', (message) => {
        const [, number, address] = /^ran (\d+) in (.*)$/.exec(message.text()) ?? []
        if (number === undefined) return
        numbers.add(Number(number))
        const [, at] = /\/chamber\/(\d+)/.exec(address ?? '') ?? []
        seen.push(`payload ${number} ran in ${at === undefined ? address : documents[Number(at)]?.name}`)
      })
      await page.goto(`${site}/chamber/window?from=${from}`, { waitUntil: 'load', timeout: 180_000 }) // forty documents at once, on a machine that may be busy
      await page.waitForTimeout(150) // what follows loading: a refresh after no time, an animation of a millisecond
      for (const frame of page.frames()) {
        if (!/\/chamber\/\d+$/.test(frame.url())) continue
        const found = await frame.evaluate<string[]>(visit).catch((): string[] => []) // a frame that a payload led away is gone
        seen.push(...found.map((one) => `${documents[Number(frame.url().split('/').at(-1))]?.name}: ${one}`))
      }
      await page.waitForTimeout(100)
      await page.close()
    }
  } finally {
    await context.close()
  }
  return { payloads: numbers, seen }
}
