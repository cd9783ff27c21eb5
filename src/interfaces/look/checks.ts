/** What was checked, and what came of it. Passed, failed and could not be checked are three answers with three shapes, and never merge. */
import { html, inLanguage, nothing, type Html } from './html.ts'
import { mark, type Mark } from './mark.ts'
import { sayReason } from './reasons.ts'
import type { MessageKey, Words } from './words.ts'

export type CheckResult = 'passed' | 'failed' | 'not_checked'

/** One named check, as `#kernel/verify` reports it and `laurel verify --json` prints it. */
export interface CheckView {
  /** proof, issuer, status, dates, … */
  readonly name: string
  readonly result: CheckResult
  /** Closed code of what was found ("status.revoked"); it picks the sentence in the reader's language. */
  readonly code: string
  /** The sentence in English, for codes that the reader's language has no sentence for. */
  readonly detail: string
  /** What the sentence names, for saying it in another language; `date` in ISO 8601. */
  readonly about?: { readonly name?: string; readonly date?: string }
}

export const markOf: Readonly<Record<CheckResult, Mark>> = { passed: 'passed', failed: 'failed', not_checked: 'unsure' }
export const toneOf: Readonly<Record<CheckResult, string>> = { passed: 'passed', failed: 'failed', not_checked: 'unsure' }

const wordOf: Readonly<Record<CheckResult, MessageKey>> = { passed: 'check.passed', failed: 'check.failed', not_checked: 'check.not_checked' }

/** In which order a person wants to hear of them. */
const order = ['proof', 'issuer', 'status', 'dates', 'registry', 'schema', 'contexts', 'parsed', 'holder', 'refresh']
/** Checks that nobody asks about as long as they pass. */
const minor: readonly string[] = ['contexts', 'parsed', 'holder', 'refresh']

const rank = (one: CheckView): number => (one.result === 'failed' ? -1 : (order.indexOf(one.name) + order.length + 1) % (order.length + 1))

/** The sentence of a check in the reader's language, or in English and marked as such. */
export const checkSentence = (one: CheckView, words: Words): Html => sayReason(one, words.language) ?? inLanguage(one.detail, 'en')

/** Failures first, then by what matters; passed checks that nobody asks about are folded away, and counted. */
export function checks(list: readonly CheckView[], words: Words, two = false): Html {
  const sorted = list.toSorted((a, b) => rank(a) - rank(b))
  const folded = sorted.filter((one) => one.result === 'passed' && minor.includes(one.name))
  const open = folded.length < 2 ? sorted : sorted.filter((one) => !folded.includes(one))
  const item = (one: CheckView): Html =>
    html`<li><span class="${toneOf[one.result]}">${mark(markOf[one.result], 20, words.text(wordOf[one.result]))}</span><b>${words.maybe(`check.name.${one.name}`) ?? one.name}</b> <span class="why">${checkSentence(one, words)}</span></li>
`
  const className = `checks${two ? ' two' : ''}`
  return html`<ul class="${className}">
${open.map(item)}</ul>
${folded.length < 2 ? nothing : html`<details class="more"><summary>${words.text('check.more', { n: folded.length })}</summary><ul class="${className}">
${folded.map(item)}</ul></details>`}`
}

/**
 * The answer before its reasons: a mark, a sentence, one line. `lapsed` is an answer of its own, with a mark of its own: proved, and outside
 * its time.
 */
export function verdict(result: CheckResult | 'lapsed', answer: string, reason: Html | string | undefined, id: string): Html {
  const [tone, drawing] = result === 'lapsed' ? (['unsure', 'alert'] as const) : ([toneOf[result], markOf[result]] as const)
  return html`<div class="verdict"><span class="${tone}">${mark(drawing, 40)}</span><div><h2 id="${id}">${answer}</h2>${reason === undefined ? nothing : html`<p>${reason}</p>`}</div></div>`
}
