/** The learner's own place: every credential, what may be done with what we know, and the way out. */
import {
  button, field, html, inLanguage, isolated, link, linkButton, moment, nothing, offered, opening, ownNames, pick, postForm, publicPage, safeAddress, spread, tag, wordsOf, type Chrome, type Html, type Tone, type Words,
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
    /** Towards whom, for somebody who learns with several issuers and is asked by each. */
    readonly towards?: { readonly learnerId: string; readonly issuerName: string }
  }[]
  /** Takes a POST with `purpose`, `given` (`yes` or `no`) and, where the consent is one of several, `learner`. */
  readonly consentAddress: string
  /** Takes a POST with `language`, `time_zone`, `hours_from` and `hours_to`. */
  readonly preferences?: { readonly address: string; readonly language: string; readonly timeZone: string; readonly timeZones: readonly string[]; /** Hours of the day, and whether what was sent made none. */ readonly hours: { readonly from: number; readonly to: number; readonly wrong?: boolean } }
  readonly passkeys?: {
    /** Where a browser gets its challenge, and where it brings the passkey that it made. */
    readonly optionsAddress: string
    readonly address: string
    readonly list: readonly { readonly name?: string; readonly addedAt?: Date; readonly synced: boolean; readonly post: string }[]
  }
  readonly signOutAddress: string
  /** Where the learner shows what their LinkedIn profile lists. */
  readonly profileAddress?: string
  readonly exportAddress?: string
  readonly eraseAddress?: string
  readonly prompt?: PromptView
}

const tones: Readonly<Record<Standing, Tone>> = { in_force: 'good', not_yet: 'warn', expired: 'warn', suspended: 'bad', revoked: 'bad' }

export function mePage(view: MeView, chrome: Chrome): Html {
  const words = wordsOf(chrome.language)
  return publicPage(
    {
      title: words.text('me.title'),
      noindex: true,
      islands: view.passkeys === undefined ? [] : ['passkey.js'],
      main: html`${opening(words.text('me.title'), html`${isolated(view.name)}${view.email === undefined ? nothing : html`<br>${isolated(view.email)}`}`)}
${view.credentials.length === 0 ? html`<p class="lead">${words.text('me.none')}</p>` : html`<ul class="holdings">${view.credentials.map((one) => holding(one, words))}</ul>`}
${spread('consents', words.text('me.consents'), html`<p class="quiet">${words.text('me.consents_lead')}</p>${[...Map.groupBy(view.consents, (one) => one.towards?.learnerId).values()].map((list) => html`${list[0]?.towards === undefined ? nothing : html`<h3 class="head after">${isolated(list[0].towards.issuerName)}</h3>`}<ul class="consents">${list.map((one) => consent(one, view.consentAddress, words, chrome))}</ul>`)}`)}
${view.preferences === undefined ? nothing : spread('preferences', words.text('me.settings'), preferences(view.preferences, words, chrome))}
${view.passkeys === undefined ? nothing : spread('passkeys', words.text('passkey.title'), passkeys(view.passkeys, words, chrome))}
${spread(
        'leave',
        words.text('me.account'),
        html`<ul class="consents">${view.profileAddress === undefined ? nothing : way(linkButton(view.profileAddress, words.text('export.title'), 'compact'), words.text('export.lead'))}
${view.exportAddress === undefined ? nothing : way(linkButton(view.exportAddress, words.text('me.export'), 'compact'), words.text('me.export_is'))}
${view.eraseAddress === undefined ? nothing : way(linkButton(view.eraseAddress, words.text('me.erase'), 'compact'), words.text('me.erase_is'))}
<li>${postForm(view.signOutAddress, chrome, button(words.text('me.sign_out'), { kind: 'compact' }))}</li></ul>`,
      )}
${view.prompt === undefined ? nothing : prompt(view.prompt, chrome)}`,
    },
    chrome,
  )
}

/** Full hours as they stand on a clock of 24. */
const clock = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, at) => ({ value: String(first + at), text: `${String(first + at).padStart(2, '0')}:00` }))

const preferences = (view: NonNullable<MeView['preferences']>, words: Words, chrome: Chrome): Html => {
  const zones = view.timeZones.includes(view.timeZone) ? view.timeZones : [view.timeZone, ...view.timeZones]
  return postForm(
    view.address,
    chrome,
    html`${pick('language', words.text('me.language'), offered.map((one) => ({ value: one, text: ownNames[one], language: one })), view.language)}
${pick('time_zone', words.text('me.time_zone'), zones.map((one) => ({ value: one, text: one })), view.timeZone, words.text('me.time_zone_is'))}
<fieldset class="stack"><legend class="head">${words.text('me.hours')}</legend><p class="fine">${words.text('me.hours_is')}</p>
${view.hours.wrong === true ? html`<p class="small failed" role="alert">${words.text('me.hours_wrong')}</p>` : nothing}
<div class="pair">${pick('hours_from', words.text('me.hours_from'), clock(0, 23), String(view.hours.from))}${pick('hours_to', words.text('me.hours_to'), clock(1, 24), String(view.hours.to))}</div></fieldset>
<p>${button(words.text('visibility.save'), { kind: 'compact' })}</p>`,
    { className: 'stack small-form' },
  )
}

function passkeys(view: NonNullable<MeView['passkeys']>, words: Words, chrome: Chrome): Html {
  const nameOf = (one: (typeof view.list)[number]): string => one.name ?? words.text('passkey.nameless')
  return html`<p class="quiet">${words.text('passkey.lead')}</p>
${view.list.length === 0 ? html`<p class="before after">${words.text('passkey.none')}</p>` : html`<ul class="consents">${view.list.map(
    (one) => html`<li><div><h3>${isolated(nameOf(one))}</h3><p class="fine">${one.addedAt === undefined ? nothing : words.html('passkey.added_on', { date: moment(one.addedAt, words.figures.date(one.addedAt)) })} ${words.text(one.synced ? 'passkey.synced' : 'passkey.bound')}</p></div>
${postForm(one.post, chrome, html`<button class="button compact" aria-label="${words.text('passkey.remove_that', { name: nameOf(one) })}">${words.text('passkey.remove')}</button>`)}</li>
`)}</ul>`}
<noscript><p class="small quiet">${words.text('passkey.no_script')}</p></noscript>
<div class="stack small-form" hidden data-passkey="add" data-options="${safeAddress(view.optionsAddress) ?? ''}" data-address="${safeAddress(view.address) ?? ''}" data-token="${chrome.csrf}" data-failed="${words.text('passkey.failed')}" data-stale="${words.text('passkey.stale')}">${field('passkey-name', words.text('passkey.name'), { maxLength: 60, unsent: true })}<p><button class="button compact" type="button">${words.text('passkey.add')}</button></p><p class="small" role="status"></p></div>`
}

const way = (action: Html, says: string): Html => html`<li><div><p class="small quiet">${says}</p></div>${action}</li>`

const holding = (one: MeView['credentials'][number], words: Words): Html => html`<li class="sheet"><div><h2 class="head">${link(one.address, inLanguage(one.achievement.name, one.achievement.language))}</h2>
<p class="small quiet">${words.html('me.from', { issuer: one.issuerName, date: moment(one.issuedAt, words.figures.date(one.issuedAt)) })}</p>
<p>${tag(words.text(`standing.${one.standing}`), tones[one.standing])} ${tag(words.text(`visibility.${one.visibility}`))}</p></div>
<p class="actions">${linkButton(`${one.address}#visibility`, words.text('visibility.title'), 'compact')} ${linkButton(`${one.address}#downloads`, words.text('download.title'), 'compact')} ${one.standing === 'in_force' ? linkButton(one.shareAddress, words.text('owner.share'), 'primary') : nothing}</p></li>
`

const consent = (one: MeView['consents'][number], address: string, words: Words, chrome: Chrome): Html => html`<li><div><h3>${words.text(`consent.${one.purpose}`)}</h3><p class="small quiet">${words.text(`consent.${one.purpose}_is`)}</p>
<p class="fine">${words.text(one.given ? 'consent.given' : 'consent.not_given')}${one.at === undefined ? nothing : html` ${words.html('consent.since', { date: moment(one.at, words.figures.date(one.at)) })}`}${one.textVersion === undefined ? nothing : html` ${words.html('consent.text', { version: one.textVersion })}`}</p></div>
${postForm(address, chrome, button(words.text(one.given ? 'consent.take_back' : 'consent.give'), { kind: 'compact', name: 'given', value: one.given ? 'no' : 'yes' }), { hidden: { purpose: one.purpose, ...(one.towards === undefined ? {} : { learner: one.towards.learnerId }) } })}</li>
`
