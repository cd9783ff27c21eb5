/**
 * Is this credential real? A form that takes a file, a text or an address, and an answer in one of three sentences: proved and the issuer
 * trusted; proved and the issuer unknown; not proved. What a document says about itself is shown only when it is proved.
 */
import {
  button, checks, facts, field, html, inLanguage, isolated, link, moment, note, nothing, opening, postForm, publicPage, verdict, wordsOf,
  type CheckView, type Chrome, type Html, type Words,
} from '#interfaces/look'

export interface VerifyResultView {
  readonly verdict: 'trusted' | 'unknown' | 'not_proved'
  /** For `not_proved`: what the failed check found, where it is one that a person should be told by name. */
  readonly because?: 'changed' | 'revoked' | 'suspended' | 'expired' | 'not_yet' | 'unreadable'
  readonly checks: readonly CheckView[]
  readonly checkedAt: Date
  readonly milliseconds?: number
  /** What the document says; given only when its signature is proved. */
  readonly says?: {
    readonly learner?: string
    readonly achievement: string
    readonly issuer: string
    readonly host?: string
    readonly language?: string
    readonly assessed?: string
    readonly workload?: string
    readonly issuedAt: Date
    readonly validUntil?: Date
  }
  /** The page of the credential, where it has one here. */
  readonly pageAddress?: string
}

export interface VerifyView {
  /** Takes a multipart POST with `file` or `text`. */
  readonly address: string
  readonly largestBytes: number
  /** What was typed, to be shown again. */
  readonly text?: string
  /** Why the input could not be read at all, as a sentence. */
  readonly fault?: string
  readonly result?: VerifyResultView
}

export function verifyPage(view: VerifyView, chrome: Chrome): Html {
  const words = wordsOf(chrome.language)
  return publicPage(
    {
      title: words.text('verify.title'),
      description: words.text('verify.lead'),
      noindex: view.result !== undefined,
      narrow: true,
      main: html`${opening(words.text('verify.title'), words.text('verify.lead'))}
${view.result === undefined ? nothing : result(view.result, words)}
${postForm(
        view.address,
        chrome,
        html`<div class="field"><label for="file">${words.text('verify.file')}</label><input class="well" id="file" type="file" name="file" accept=".json,.jsonld,.jwt,.txt,.png,.svg,.pdf,application/json" aria-describedby="file-hint"><p class="fine" id="file-hint">${words.text('verify.file_hint', { size: words.figures.bytes(view.largestBytes) })}</p></div>
${field('text', words.text('verify.text'), {
          rows: 3,
          ...(view.text === undefined ? {} : { value: view.text }),
          ...(view.fault === undefined ? {} : { fault: view.fault }),
          placeholder: 'https://… / { … }',
        })}
<p class="actions">${button(words.text('verify.button'), { kind: 'primary' })}</p>`,
        { multipart: true, className: 'stack' },
      )}
<section class="spread" aria-labelledby="three"><h2 id="three">${words.text('verify.three')}</h2><dl class="ways tight">
${(['trusted', 'unknown', 'not_proved'] as const).map((one) => html`<div><dt><b>${words.text(`verify.${one}_name`)}</b></dt><dd class="small quiet">${words.text(`verify.${one}_means`)}</dd></div>`)}
</dl></section>`,
    },
    chrome,
  )
}

const tone = { trusted: 'known', unknown: 'unsaid', not_proved: 'no' } as const
const outcome = { trusted: 'passed', unknown: 'unchecked', not_proved: 'failed' } as const

function result(view: VerifyResultView, words: Words): Html {
  const { figures } = words
  const name = view.says?.issuer ?? ''
  const [answer, reason] =
    view.verdict === 'trusted'
      ? [words.text('verify.trusted'), words.html('verify.trusted_why', { issuer: name })]
      : view.verdict === 'unknown'
        ? [words.text('verify.unknown'), words.html('verify.unknown_why', { issuer: name })]
        : [words.text(`verify.not_proved_${view.because ?? 'other'}`), words.html(`verify.not_proved_${view.because ?? 'other'}_why`)]
  return html`<article class="sheet result ${tone[view.verdict]}" aria-labelledby="answer" id="result">
<header>${verdict(outcome[view.verdict], answer, reason, 'answer')}</header>
${view.says === undefined
  ? view.verdict === 'not_proved' && view.because !== 'unreadable' ? html`<p class="note bad">${words.text('verify.left_out')}</p>` : nothing
  : html`<div>${facts(
      [
        { label: words.text('verify.who'), value: view.says.learner === undefined ? words.text('verify.nameless') : isolated(view.says.learner) },
        { label: words.text('verify.what'), value: inLanguage(view.says.achievement, view.says.language) },
        { label: words.text(view.verdict === 'unknown' ? 'verify.calls_itself' : 'verify.issuer'), value: isolated(view.says.issuer) },
        ...(view.says.host === undefined ? [] : [{ label: words.text('verify.signed_from'), value: html`<span dir="ltr">${view.says.host}</span>` }]),
        ...(view.says.assessed === undefined ? [] : [{ label: words.text('fact.assessed'), value: inLanguage(view.says.assessed, view.says.language) }]),
        ...(view.says.workload === undefined ? [] : [{ label: words.text('fact.workload'), value: isolated(figures.duration(view.says.workload)) }]),
        { label: words.text('fact.issued'), value: moment(view.says.issuedAt, figures.date(view.says.issuedAt)) },
        { label: words.text('fact.valid'), value: view.says.validUntil === undefined ? words.text('valid.no_end') : words.text('valid.until', { date: figures.date(view.says.validUntil) }) },
      ],
      'three',
    )}
${view.verdict === 'unknown' && view.says.host !== undefined ? html`<div class="after">${note(words.html('verify.before', { host: html`<bdi dir="ltr">${view.says.host}</bdi>` }), 'warn')}</div>` : nothing}</div>`}
<div><h3 class="eyebrow">${words.text('verify.checked')}</h3>${checks(view.checks, words, true)}</div>
<footer class="small quiet"><p>${words.html('verify.checked_at', { time: moment(view.checkedAt, figures.instant(view.checkedAt)) })} ${view.milliseconds === undefined ? nothing : words.text('verify.took', { ms: Math.round(view.milliseconds) })} ${words.text('verify.nothing_stored')}</p> ${view.pageAddress === undefined ? nothing : html`<p>${link(view.pageAddress, words.text('verify.page'))}</p>`}</footer>
</article>`
}
