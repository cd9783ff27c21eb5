/** What was checked, and what came of it. Passed, failed and could not be checked are three answers with three shapes, and never merge. */
import { html, nothing, type Html } from './html.ts'
import { mark, type Mark } from './mark.ts'
import type { MessageKey, Words } from './words.ts'

export type CheckResult = 'passed' | 'failed' | 'unchecked'

/** One named check, as `laurel verify --json` prints it. */
export interface CheckView {
  /** signature, issuer, status, dates, … */
  readonly name: string
  readonly result: CheckResult
  /** Closed code of what was found; it picks the sentence in the reader's language. */
  readonly code: string
  /** The sentence in English, for codes that the reader's language has no sentence for. */
  readonly detail: string
}

export const markOf: Readonly<Record<CheckResult, Mark>> = { passed: 'passed', failed: 'failed', unchecked: 'unsure' }
export const toneOf: Readonly<Record<CheckResult, string>> = { passed: 'passed', failed: 'failed', unchecked: 'unsure' }

const wordOf: Readonly<Record<CheckResult, MessageKey>> = { passed: 'check.passed', failed: 'check.failed', unchecked: 'check.unchecked' }

export const checks = (list: readonly CheckView[], words: Words, two = false): Html => html`<ul class="checks${two ? ' two' : ''}">
${list.map(
  (one) => html`<li><span class="${toneOf[one.result]}">${mark(markOf[one.result], 20, words.text(wordOf[one.result]))}</span><b>${words.maybe(`check.name.${one.name}`) ?? one.name}</b> <span class="why">${words.maybe(`check.code.${one.code}`) ?? one.detail}</span></li>
`)}</ul>`

/** The answer before its reasons: a mark, a sentence, one line. */
export const verdict = (result: CheckResult, answer: string, reason: Html | string | undefined, id: string): Html =>
  html`<div class="verdict"><span class="${toneOf[result]}">${mark(markOf[result], 40)}</span><div><h2 id="${id}">${answer}</h2>${reason === undefined ? nothing : html`<p>${reason}</p>`}</div></div>`
