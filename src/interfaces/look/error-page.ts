/** When something is not there, not allowed, or broken: what happened, what to do, and the number by which we find it again. */
import { html, nothing, type Html } from './html.ts'
import { linkButton } from './form.ts'
import { opening, publicPage } from './public-frame.ts'
import { wordsOf, type MessageKey } from './words.ts'
import type { Chrome } from './chrome.ts'

export interface ErrorView {
  /** HTTP status; 400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500 and 503 have sentences of their own. */
  readonly status: number
  /** A fault's own sentence, where it has one that a person can act on; never of an unknown error. */
  readonly sentence?: string
  /** What is wrong in what was sent, one sentence each. */
  readonly findings?: readonly string[]
  readonly requestId?: string
  /** The one thing to do next. */
  readonly next?: { readonly address: string; readonly text: string }
}

const own = [400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503] as const
type OwnStatus = (typeof own)[number]

const statusOf = (status: number): OwnStatus => own.find((one) => one === status) ?? (status >= 500 ? 500 : 400)

export function errorPage(view: ErrorView, chrome: Chrome): Html {
  const words = wordsOf(chrome.language)
  const status = statusOf(view.status)
  const title: MessageKey = `error.${status}`
  return publicPage(
    {
      title: words.text(title),
      noindex: true,
      narrow: true,
      main: html`${opening(words.text(title), view.sentence ?? words.text(`error.${status}_why`), html`${view.status}`)}
${view.findings === undefined || view.findings.length === 0 ? nothing : html`<ul class="findings">${view.findings.map((one) => html`<li>${one}</li>`)}</ul>`}
${view.next === undefined ? nothing : html`<p class="actions">${linkButton(view.next.address, view.next.text, 'primary')}</p>`}
${view.requestId === undefined ? nothing : html`<p class="fine after">${words.html('error.request', { id: html`<span class="mono">${view.requestId}</span>` })}</p>`}`,
    },
    chrome,
  )
}
