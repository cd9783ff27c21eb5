/** The learner's own place: every credential, what may be done with what we know, and the way out. */
import {
  button, html, inLanguage, isolated, link, linkButton, moment, nothing, opening, postForm, publicPage, spread, tag, wordsOf, type Chrome, type Html, type Tone, type Words,
} from '#interfaces/look'
import type { Standing, Visibility } from './credential-page.ts'
import { prompt, type PromptView } from './prompt.ts'

export type ConsentPurpose = 'credential' | 'nudge' | 'research' | 'outcome'

export interface MeView {
  readonly name: string
  readonly email?: string
  readonly credentials: readonly {
    readonly achievement: { readonly name: string; readonly language?: string }
    readonly issuerName: string
    readonly issuedAt: Date
    readonly standing: Standing
    readonly visibility: Visibility
    readonly address: string
    readonly shareAddress: string
  }[]
  readonly consents: readonly {
    readonly purpose: ConsentPurpose
    readonly given: boolean
    /** Which text was agreed to, and when the answer was last changed. */
    readonly textVersion?: string
    readonly at?: Date
  }[]
  /** Takes a POST with `purpose` and `given` (`yes` or `no`). */
  readonly consentAddress: string
  readonly signOutAddress: string
  readonly exportAddress?: string
  readonly prompt?: PromptView
}

const tones: Readonly<Record<Standing, Tone>> = { in_force: 'good', not_yet: 'warn', expired: 'warn', suspended: 'bad', revoked: 'bad' }

export function mePage(view: MeView, chrome: Chrome): Html {
  const words = wordsOf(chrome.language)
  return publicPage(
    {
      title: words.text('me.title'),
      noindex: true,
      main: html`${opening(words.text('me.title'), html`${isolated(view.name)}${view.email === undefined ? nothing : html`<br>${isolated(view.email)}`}`)}
${view.credentials.length === 0 ? html`<p class="lead">${words.text('me.none')}</p>` : html`<ul class="holdings">${view.credentials.map((one) => holding(one, words))}</ul>`}
${spread('consents', words.text('me.consents'), html`<p class="quiet">${words.text('me.consents_lead')}</p><ul class="consents">${view.consents.map((one) => consent(one, view.consentAddress, words, chrome))}</ul>`)}
${spread(
        'leave',
        words.text('me.account'),
        html`<div class="actions">${view.exportAddress === undefined ? nothing : linkButton(view.exportAddress, words.text('me.export'), 'compact')}${postForm(view.signOutAddress, chrome, button(words.text('me.sign_out'), { kind: 'compact' }))}</div>`,
      )}
${view.prompt === undefined ? nothing : prompt(view.prompt, chrome)}`,
    },
    chrome,
  )
}

const holding = (one: MeView['credentials'][number], words: Words): Html => html`<li class="sheet"><div><h2 class="head">${link(one.address, inLanguage(one.achievement.name, one.achievement.language))}</h2>
<p class="small quiet">${words.html('me.from', { issuer: one.issuerName, date: moment(one.issuedAt, words.figures.date(one.issuedAt)) })}</p>
<p>${tag(words.text(`standing.${one.standing}`), tones[one.standing])} ${tag(words.text(`visibility.${one.visibility}`))}</p></div>
<p class="actions">${one.standing === 'in_force' ? linkButton(one.shareAddress, words.text('owner.share'), 'primary') : nothing}</p></li>
`

const consent = (one: MeView['consents'][number], address: string, words: Words, chrome: Chrome): Html => html`<li><div><h3>${words.text(`consent.${one.purpose}`)}</h3><p class="small quiet">${words.text(`consent.${one.purpose}_is`)}</p>
<p class="fine">${words.text(one.given ? 'consent.given' : 'consent.not_given')}${one.at === undefined ? nothing : html` ${words.html('consent.since', { date: moment(one.at, words.figures.date(one.at)) })}`}${one.textVersion === undefined ? nothing : html` ${words.html('consent.text', { version: one.textVersion })}`}</p></div>
${postForm(address, chrome, button(words.text(one.given ? 'consent.take_back' : 'consent.give'), { kind: 'compact', name: 'given', value: one.given ? 'no' : 'yes' }), { hidden: { purpose: one.purpose } })}</li>
`
