/**
 * Who or what a hit was: rules in their order, from the hit alone and from whether it was one of a burst.
 *
 * A page that was asked for proves nobody: scanners ask with the names of ordinary browsers. A person is a page that says it was visible for
 * a while, or somebody who had the credential checked. What cannot be told stays unknown.
 */
import { isbot } from 'isbot'
import { previewBots, scanners } from './robots.ts'
import type { Classified, Hit } from './view.ts'

/** Less than this is a page passed over (research notes on the domain, C4: 1 to 2 s). */
export const visibleEnoughMs = 1_500

/** Nobody reads a mail and follows its link so soon after the mail server took it; those who check links for a living do (reliability, B17). */
export const tooSoonAfterMailMs = 10_000

const is = (cls: Classified['class'], reason: string): Classified => Object.freeze({ class: cls, reason })

/** What a browser's name says it is, if it is no browser. Names come again and again, and asking twenty patterns takes longer than all the rest of a hit's class: as many are remembered as any day brings. */
function declaredBy(name: string): Classified | undefined {
  if (remembered.has(name)) return remembered.get(name)
  if (remembered.size >= mostRemembered) remembered.clear()
  const preview = previewBots.find((one) => one.pattern.test(name))
  const declared = preview ? is('preview_bot', preview.network) : scanners.test(name) ? is('scanner', 'declared') : isbot(name) ? is('robot', 'declared') : undefined
  remembered.set(name, declared)
  return declared
}

const remembered = new Map<string, Classified | undefined>()
const mostRemembered = 2_000

export function classify(hit: Pick<Hit, 'kind' | 'owner' | 'method' | 'prefetch' | 'sinceMailMs' | 'visibleMs' | 'userAgent'>, inBurst: boolean): Classified {
  if (hit.owner === true) return is('owner', 'owner')
  const name = hit.userAgent?.trim() ?? ''
  const declared = declaredBy(name)
  if (declared !== undefined && declared.class !== 'robot') return declared
  if (hit.method?.toUpperCase() === 'HEAD') return is('robot', 'head')
  if (hit.prefetch === true) return is('robot', 'prefetch')
  if (name === '') return is('robot', 'no_name')
  if (declared !== undefined) return declared
  // The button of a form with its token was pressed: no scanner does that, and a recruiter has a whole list verified at once.
  if (hit.kind === 'verification') return is('human', 'verified')
  if (hit.sinceMailMs !== undefined && hit.sinceMailMs < tooSoonAfterMailMs) return is('scanner', 'too_soon_after_mail')
  if (inBurst) return is('scanner', 'burst')
  if (hit.kind === 'page') return is('unknown', 'only_opened')
  return hit.visibleMs !== undefined && hit.visibleMs >= visibleEnoughMs ? is('human', 'visible') : is('unknown', 'passed_over')
}
