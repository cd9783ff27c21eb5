/**
 * Is this credential real? A form that takes a file, a text or an address, and an answer in one of three sentences: proved and the issuer
 * trusted; proved and the issuer unknown; not proved. What a document says about itself is shown only when it is proved.
 */
import {
  assetAddress, button, checks, checkSentence, facts, field, html, inLanguage, isolated, link, moment, note, nothing, opening, postForm, publicPage, verdict, wordsOf,
  type CheckView, type Chrome, type Html, type Words,
} from '#interfaces/look'

/** The report of `#kernel/verify`, as much of it as the page shows; a report can be given as it is. */
export interface VerifyResultView {
  readonly verdict: 'trusted' | 'unknown_issuer' | 'not_proved'
  /** What decided: "status.revoked". */
  readonly reason: string
  readonly checks: readonly CheckView[]
  /** ISO 8601. */
  readonly at: string
  /** What the signed content says; absent when nobody vouches for it. */
  readonly facts?: {
    readonly who?: string
    readonly what?: string
    readonly language?: string
    readonly issuerName?: string
    readonly registryName?: string
    readonly issuerId: string
    readonly assessed?: string
    readonly hours?: number
    readonly awardedDate?: string
    readonly validFrom?: string
    readonly validUntil?: string
  }
  readonly milliseconds?: number
  /** The page of the credential, where it has one here. */
  readonly pageAddress?: string
}

export interface VerifyView {
  /** Takes a multipart POST with `file` or `text`, each from a form of its own: a file is the last thing in a form. */
  readonly address: string
  /** Where a whole list is verified. */
  readonly listAddress: string
  readonly largestBytes: number
  /** What was typed, to be shown again. */
  readonly text?: string
  /** Why nothing could be verified: `empty`, or a sentence. */
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
      islands: ['scan.js'],
      main: html`${opening(words.text('verify.title'), words.text('verify.lead'))}
${view.result === undefined ? nothing : result(view.result, words)}
${postForm(
        view.address,
        chrome,
        html`<div class="field"><label for="file">${words.text('verify.file')}</label><input class="well" id="file" type="file" name="file" required accept=".json,.jsonld,.jwt,.txt,.png,.svg,.pdf,application/json,image/*" aria-describedby="file-hint"><p class="fine" id="file-hint">${words.text('verify.file_hint', { size: words.figures.bytes(view.largestBytes) })}</p><p class="small said" role="status"></p></div>
<p class="actions">${button(words.text('verify.button'), { kind: 'primary' })}</p>`,
        { multipart: true, className: 'stack' },
      )}
${postForm(
        view.address,
        chrome,
        html`${field('text', words.text('verify.text'), {
          rows: 3,
          required: true,
          ...(view.text === undefined ? {} : { value: view.text }),
          ...(view.fault === undefined ? {} : { fault: words.maybe(`verify.fault_${view.fault}`) ?? view.fault }),
          placeholder: 'https://… / { … }',
        })}
<p class="actions">${button(words.text('verify.button'))}</p>`,
        { multipart: true, className: 'stack after', island: 'verify' },
      )}
${scan(words)}
<p class="after before">${link(view.listAddress, words.text('list.open'))}</p>
<section class="spread" aria-labelledby="three"><h2 id="three">${words.text('verify.three')}</h2><dl class="ways tight">
${(['trusted', 'unknown_issuer', 'not_proved'] as const).map((one) => html`<div><dt><b>${words.text(`verify.${one}_name`)}</b></dt><dd class="small quiet">${words.text(`verify.${one}_means`)}</dd></div>`)}
</dl></section>`,
    },
    chrome,
  )
}

/** The camera, and a photo; without JavaScript the words that say what to do instead. */
const scan = (words: Words): Html => html`<section class="stack after" aria-labelledby="scan" data-scan data-refused="${words.text('scan.refused')}" data-none="${words.text('scan.no_camera')}" data-nothing="${words.text('scan.nothing')}" data-wrong="${words.text('scan.no_address')}" data-reader="${assetAddress('qr.js')}" data-looking="${words.text('scan.looking')}"><h2 class="head" id="scan">${words.text('scan.title')}</h2>
<noscript><p>${words.text('scan.no_script')}</p></noscript>
<div class="stack" data-can hidden><div class="either"><p class="quiet">${words.text('scan.how')}</p><p class="said" role="status"></p><p data-cannot hidden>${words.text('scan.cannot')}</p></div>
<video class="viewfinder" aria-label="${words.text('scan.picture')}" playsinline muted hidden></video>
<p class="actions"><button class="button compact" type="button" data-open>${words.text('scan.open')}</button><button class="button compact" type="button" data-close hidden>${words.text('scan.close')}</button></p>
<div class="field"><label for="photo">${words.text('scan.photo')}</label><input class="well" id="photo" type="file" accept="image/*"></div></div>
</section>`

const tone = { trusted: 'known', unknown_issuer: 'unsaid', not_proved: 'no' } as const
const outcome = { trusted: 'passed', unknown_issuer: 'not_checked', not_proved: 'failed' } as const

/** Which of the catalogue's answers a report is, by what decided it. */
const answers: Readonly<Record<string, Answer>> = {
  'status.revoked': 'not_revoked',
  'status.suspended': 'not_suspended',
  'dates.expired': 'not_expired',
  'dates.not_yet': 'not_not_yet',
  'proof.signature_wrong': 'not_changed',
  'proof.key_unreachable': 'not_unreachable',
}
type Answer = 'trusted' | 'open_registry' | 'open_issuer' | 'open_status' | 'open_other' | 'not_changed' | 'not_revoked' | 'not_suspended' | 'not_expired' | 'not_not_yet' | 'not_unreadable' | 'not_unreachable' | 'not_other'

/** The sentence of a report: `verify.` and this. */
export function answerOf(view: Pick<VerifyResultView, 'verdict' | 'reason'>): Answer {
  const [check = ''] = view.reason.split('.')
  if (view.verdict === 'trusted') return 'trusted'
  if (view.verdict === 'unknown_issuer') return check === 'registry' || check === 'issuer' || check === 'status' ? `open_${check}` : 'open_other'
  return answers[view.reason] ?? (check === 'parsed' ? 'not_unreadable' : 'not_other')
}

/** The host that an issuer signs from: of did:web (did:web method specification, 2.5.2) or of a web address; keys alone have none. */
function hostOf(issuerId: string): string | undefined {
  const web = /^did:web:([^:#?/]+)/u.exec(issuerId)?.[1]
  if (web !== undefined) return web.replace(/%3A/iu, ':')
  return URL.canParse(issuerId) ? new URL(issuerId).host || undefined : undefined
}

function result(view: VerifyResultView, words: Words): Html {
  const answer = answerOf(view)
  const decided = view.checks.find((one) => one.code === view.reason)
  const values = {
    issuer: (view.verdict === 'trusted' ? view.facts?.registryName : undefined) ?? view.facts?.issuerName ?? view.facts?.issuerId ?? '',
    detail: decided === undefined ? nothing : checkSentence(decided, words),
  }
  return html`<article class="sheet result ${tone[view.verdict]}" aria-labelledby="answer" id="result">
<header>${verdict(outcome[view.verdict], words.text(`verify.${answer}`), words.html(`verify.${answer}_why`, values), 'answer')}</header>
${view.facts === undefined
  ? view.verdict === 'not_proved' && answer !== 'not_unreadable' ? html`<p class="note bad">${words.text('verify.left_out')}</p>` : nothing
  : html`<div>${says(view, view.facts, words)}</div>`}
<div><h3 class="eyebrow">${words.text('verify.checked')}</h3>${checks(view.checks, words, true)}</div>
<footer class="small quiet"><p>${words.html('verify.checked_at', { time: moment(view.at, words.figures.instant(view.at)) })} ${view.milliseconds === undefined ? nothing : words.text('verify.took', { ms: Math.round(view.milliseconds) })} ${words.text('verify.nothing_stored')}${view.pageAddress === undefined ? nothing : html` ${words.text('verify.counted')}`}</p> ${view.pageAddress === undefined ? nothing : html`<p>${link(view.pageAddress, words.text('verify.page'))}</p>`}</footer>
</article>`
}

function says(view: VerifyResultView, given: NonNullable<VerifyResultView['facts']>, words: Words): Html {
  const { figures } = words
  const host = hostOf(given.issuerId)
  const issued = given.awardedDate ?? given.validFrom
  const day = (iso: string): Html => (Number.isNaN(Date.parse(iso)) ? isolated(iso) : moment(iso, figures.date(iso)))
  return html`${facts(
    [
      { label: words.text('verify.who'), value: given.who === undefined ? words.text('verify.nameless') : isolated(given.who) },
      ...(given.what === undefined ? [] : [{ label: words.text('verify.what'), value: inLanguage(given.what, given.language) }]),
      { label: words.text(view.verdict === 'trusted' ? 'verify.issuer' : 'verify.calls_itself'), value: isolated(given.issuerName ?? given.issuerId) },
      ...(host === undefined ? [] : [{ label: words.text('verify.signed_from'), value: html`<bdi dir="ltr">${host}</bdi>` }]),
      ...(given.assessed === undefined ? [] : [{ label: words.text('fact.assessed'), value: inLanguage(given.assessed, given.language) }]),
      ...(given.hours === undefined ? [] : [{ label: words.text('fact.workload'), value: isolated(figures.duration(`PT${given.hours}H`)) }]),
      ...(issued === undefined ? [] : [{ label: words.text('fact.issued'), value: day(issued) }]),
      { label: words.text('fact.valid'), value: given.validUntil === undefined ? words.text('valid.no_end') : words.html('valid.until', { date: day(given.validUntil) }) },
    ],
    'three',
  )}
${view.verdict === 'unknown_issuer' && host !== undefined ? html`<div class="after">${note(words.html('verify.before', { host: html`<bdi dir="ltr">${host}</bdi>` }), 'warn')}</div>` : nothing}`
}
