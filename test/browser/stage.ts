/** What the walks through the running product share: the server, the browser, visitors, and what is asked of every page. */
import assert from 'node:assert/strict'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import type { KeptLetter } from '#platform/mail'
import type { App } from '#test/app'
import { accessibilityFaults, visitor, type Visit } from '#test/browser'

export interface Stage {
  readonly app: App
  readonly browser: Browser
}

export const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }
export const desk: BrowserContextOptions = { viewport: { width: 1280, height: 900 } }
/** The test's own browser calls itself a headless one, and is rightly taken for a robot. */
export const likeAPerson: BrowserContextOptions = { userAgent: 'Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36' }

/** A visitor who walks on this site: addresses may be paths. */
export async function arrive(stage: Stage, options: BrowserContextOptions = {}): Promise<Visit> {
  const visit = await visitor(stage.browser, { baseURL: stage.app.site, ...options })
  visit.page.setDefaultTimeout(10_000)
  return visit
}

/** A minute goes by, so that nobody who presses faster than a person runs into the limits for that. */
export const aMinuteLater = ({ app }: Stage): void => app.clock.advanceTo(new Date(app.clock.now().getTime() + 60_000))

/** Opens a page and says what it answered. */
export async function open(page: Page, path: string): Promise<number> {
  const response = await page.goto(path)
  return response?.status() ?? 0
}

/** Presses what leads to another page, and waits until that is there. */
export async function press(page: Page, what: string): Promise<void> {
  await Promise.all([page.waitForEvent('load'), page.locator(what).first().click()])
}

/** As wide as its window, and nothing for axe. */
export async function assertSound(page: Page): Promise<void> {
  const where = new URL(page.url()).pathname
  await page.waitForFunction('document.documentElement.scrollWidth <= document.documentElement.clientWidth', undefined, { timeout: 3_000 }).catch(() => {}) // a page that was just put in order is given a moment
  assert.ok(await page.evaluate<boolean>('document.documentElement.scrollWidth <= document.documentElement.clientWidth'), `${where} is wider than its window`)
  assert.deepEqual(await accessibilityFaults(page), [], where)
}

/** The text as a person reads it, in one line. */
export async function textOf(page: Page, what = 'main'): Promise<string> {
  return (await page.locator(what).first().innerText()).replaceAll(/\s+/g, ' ').trim()
}

/** The newest link of that kind in somebody's letters. */
export function linkIn(letters: readonly KeptLetter[], part: string): string {
  const found = letters.flatMap((letter) => letter.text.match(/https?:\/\/\S+/g) ?? []).find((link) => link.includes(part))
  assert.ok(found, `a letter with a link to ${part} has come: ${letters.map((letter) => letter.subject).join('; ')}`)
  return found
}

/** Signs in by the mailed link, as a learner does, with or without JavaScript. */
export async function signIn({ app }: Stage, page: Page, email: string): Promise<void> {
  await page.goto('/sign-in')
  await page.fill('input[name=email]', email)
  await press(page, 'main form button')
  const link = linkIn(await app.letters(email), '/sign-in/link')
  await page.goto(link)
  await press(page, 'main form button')
}
