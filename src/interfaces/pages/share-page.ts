/**
 * The share sheet. First the place that lasts, the LinkedIn profile: LinkedIn no longer fills its form in from a link, so every field is
 * here, in the form's order, to be copied. Then a post, other places, the link itself, and what goes on paper and on sites. Each place is a
 * row of data with an address of its own; the learner's click is a POST, because a GET may come from a robot.
 */
import {
  button, field, html, inLanguage, isolated, link, mark, moment, note, nothing, opening, postForm, publicPage, qrDrawing, safeAddress, wordsOf,
  type Chrome, type Html, type Mark, type MessageKey, type QrCode, type Words,
} from '#interfaces/look'
import type { Visibility } from './credential-page.ts'

/** The fields of LinkedIn's form, in its order. */
export type ProfileField = 'name' | 'organization' | 'issued' | 'expires' | 'id' | 'url'

export interface ShareTarget {
  /** Names the place in the reader's language where it has no name of its own ("email"). */
  readonly id: string
  readonly name?: string | undefined
  readonly kind: 'network' | 'chat' | 'mail'
  /** Records the click, and leads on to the place. */
  readonly post: string
  /** The words go along in the link; else the clipboard takes them. */
  readonly takesWords: boolean
  /** What the learner is asked for first, and what was answered the last time. */
  readonly asks?: { readonly what: 'instance'; readonly before?: string | undefined } | undefined
}

/** Something to take from the page: where a POST makes it, with a token of its own, or what was made. */
export type Taken<Made> = { readonly post: string } | Made

export interface SharedPlace {
  readonly id: string
  readonly name?: string | undefined
  readonly clickedAt: Date | undefined
  readonly confirmed?: { readonly at: Date; readonly by: 'learner' | 'preview_bot' | 'profile_export' } | undefined
  readonly seen: boolean
  /** Takes a POST with `answer`: `confirmed`. */
  readonly answerAddress?: string | undefined
}

export interface ShareView {
  readonly achievement: { readonly name: string; readonly language?: string | undefined }
  readonly issuerName: string
  /** Of the issuer. */
  readonly colour?: string
  readonly learnerName: string
  /** Where "Close" leads: the credential's own page. */
  readonly credentialAddress: string
  readonly visibility: Visibility
  /** Left out where LinkedIn is not offered (a learner under 16, say). */
  readonly profile?: {
    readonly post: string
    /** `copy` is what the button copies, when it is not what is shown. */
    readonly fields: readonly { readonly field: ProfileField; readonly shown: string; readonly copy?: string }[]
    /** The issuer has a LinkedIn page that can be picked from LinkedIn's list. */
    readonly listed: boolean
    /** Takes a POST with `answer`: `confirmed` or `later`. */
    readonly answerAddress: string
    readonly confirmed?: { readonly at: Date; readonly by: 'learner' | 'preview_bot' | 'profile_export' }
  }
  readonly post?: { readonly post: string; readonly text: string }
  readonly targets: readonly ShareTarget[]
  /** The phone's own sheet: what it shares is made by the POST that the script sends. */
  readonly device: { readonly post: string; readonly pictureAddress?: string | undefined }
  readonly link: Taken<{ readonly address: string }>
  readonly code: Taken<{ readonly code: QrCode; readonly pngAddress: string; readonly svgAddress: string }>
  readonly signature: Taken<{ readonly address: string; readonly source: string; readonly pictureAddress?: string | undefined }>
  readonly embed?: Taken<{ readonly frame: string; readonly plain: string }>
  /** Where it was shared already, the profile apart. */
  readonly places: readonly SharedPlace[]
}

const icons: Readonly<Record<ShareTarget['kind'], Mark>> = { network: 'chat', chat: 'phone', mail: 'mail' }
/** The form that carries the words: buttons elsewhere on the page belong to it by its name. */
const wordsForm = 'words'

export function sharePage(view: ShareView, chrome: Chrome): Html {
  const words = wordsOf(chrome.language)
  return publicPage(
    {
      title: words.text('share.page_title', { title: view.achievement.name }),
      noindex: true,
      ...(view.colour === undefined ? {} : { colour: view.colour }),
      islands: ['copy.js'],
      navigation: [{ address: view.credentialAddress, text: words.text('share.close') }],
      main: html`${opening(inLanguage(view.achievement.name, view.achievement.language), undefined, words.text('share.title'))}
${view.visibility === 'private' ? html`<div class="before">${note(words.text('share.opens'))}</div>` : nothing}
<div class="sharing">
${view.profile === undefined ? nothing : profile(view.profile, words, chrome)}
<div class="others">
${device(view, words, chrome)}
${view.post === undefined ? nothing : post(view.post, words, chrome)}
${view.targets.length === 0 ? nothing : elsewhere(view, words, chrome)}
${address(view, words, chrome)}
${paper(view, words, chrome)}
</div></div>
${view.places.length === 0 ? nothing : places(view.places, words, chrome)}`,
      last: html`<span>${words.text('share.tokens')}</span>`,
    },
    chrome,
  )
}

function profile(view: NonNullable<ShareView['profile']>, words: Words, chrome: Chrome): Html {
  const count = view.fields.length
  return html`<section class="sheet assistant" aria-labelledby="profile">
<header><h2 class="head" id="profile">${words.text('profile.title')}</h2><p class="quiet small">${words.html('profile.why')}</p></header>
<ol class="steps">
<li><p><b>${words.text('profile.open')}</b> <span class="quiet">${words.text('profile.open_how')}</span></p>${postForm(view.post, chrome, button(html`${words.text('profile.open_button')} ${mark('out')}`, { kind: 'primary' }), { besides: true })}</li>
<li><p><b>${words.text('profile.copy')}</b> <span class="quiet" role="status" data-copied="${words.text('copy.count', { n: '{n}', all: count })}">${words.text('copy.count', { n: 0, all: count })}</span></p>
<ul class="copy">${view.fields.map((one) => copyRow(one, view.listed, words))}</ul></li>
<li><p><b>${words.text('profile.save')}</b></p>
${view.confirmed === undefined
  ? postForm(
      view.answerAddress,
      chrome,
      html`<p class="actions">${button(words.text('profile.added'), { kind: 'primary', name: 'answer', value: 'confirmed' })} ${button(words.text('profile.later'), { name: 'answer', value: 'later' })}</p>`,
    )
  : html`<p class="confirmed"><span class="passed">${mark('passed')}</span> <span>${words.html(view.confirmed.by === 'learner' ? 'profile.confirmed' : `places.${view.confirmed.by}`, { date: moment(view.confirmed.at, words.figures.date(view.confirmed.at)) })}</span></p>`}
<p class="fine">${words.text('profile.promise')}</p></li>
</ol>
</section>`
}

function copyRow(one: NonNullable<ShareView['profile']>['fields'][number], listed: boolean, words: Words): Html {
  const label = words.text(`profile.field_${one.field}`)
  const hints: Readonly<Partial<Record<ProfileField, MessageKey>>> = {
    ...(listed ? { organization: 'profile.hint_organization' as const } : {}),
    issued: 'profile.hint_issued',
    url: 'profile.hint_url',
  }
  const hint = hints[one.field]
  return html`<li><p><span class="label">${label}</span><br><span class="value">${isolated(one.shown)}</span>${hint === undefined ? nothing : html`<br><span class="hint">${words.text(hint)}</span>`}</p>${copyButton(one.copy ?? one.shown, words.text('copy.that', { what: label }), words)}</li>
`
}

/** Works by its island alone, and stays hidden without it: the text beside it can be marked and copied by hand. `rich` is the same as HTML. */
const copyButton = (what: string, says: string, words: Words, rich?: string): Html =>
  html`<button class="button compact" type="button" hidden data-copy="${what}"${rich === undefined ? nothing : html` data-rich="${rich}"`} data-done="${words.text('copy.done')}" aria-label="${says}">${mark('copy', 18)} <span>${words.text('copy.copy')}</span></button>`

/** Hidden until the island finds that the phone has a sheet of its own. */
const device = ({ device: { post: to, pictureAddress }, achievement }: ShareView, words: Words, chrome: Chrome): Html =>
  html`<section hidden data-native data-title="${achievement.name}"${pictureAddress === undefined ? nothing : html` data-picture="${pictureAddress}"`} aria-label="${words.text('address.native')}">${postForm(to, chrome, button(html`${mark('share')} ${words.text('address.native')}`, { kind: 'primary' }))}</section>`

const post = (view: NonNullable<ShareView['post']>, words: Words, chrome: Chrome): Html => html`<section aria-labelledby="post"><h2 class="head" id="post">${words.text('post.title')}</h2>
${postForm(
    view.post,
    chrome,
    html`${field('text', words.text('post.text'), { rows: 4, value: view.text, hint: words.text('post.hint'), maxLength: 3000 })}<p class="actions after"><button class="button" data-clip>${words.text('post.button')} ${mark('out')}</button></p>`,
    { besides: true, id: wordsForm },
  )}
</section>`

const elsewhere = (view: ShareView, words: Words, chrome: Chrome): Html => html`<section aria-labelledby="elsewhere"><h2 class="head" id="elsewhere">${words.text('elsewhere.title')}</h2>
<p class="fine">${words.text('elsewhere.hint')}</p>
<ul class="targets">${view.targets.map((one) => html`<li>${target(one, view.post?.text ?? '', words, chrome)}</li>
`)}</ul></section>`

function target(one: ShareTarget, text: string, words: Words, chrome: Chrome): Html {
  const inside = html`${mark(icons[one.kind])} ${nameOf(one, words)}`
  const to = safeAddress(one.post)
  if (to === undefined) return nothing
  // A mail program opens beside the browser by itself, and a server that the learner must name has a form of its own: Enter in its field goes there.
  if (one.asks === undefined) return html`<button class="target" form="${wordsForm}" formaction="${to}"${one.kind === 'mail' ? html` formtarget="_self"` : nothing}${one.takesWords ? nothing : html` data-clip`}>${inside}</button>`
  return html`<details class="asks"><summary class="target">${inside}</summary>${postForm(
    one.post,
    chrome,
    html`${field('instance', words.text('elsewhere.instance'), { value: one.asks.before ?? '', required: true, inputmode: 'url', maxLength: 253 })}${button(words.text('elsewhere.go'), { kind: 'compact' })}`,
    { besides: true, className: 'stack', hidden: { text }, island: 'words' },
  )}</details>`
}

const nameOf = (one: { readonly id: string; readonly name?: string | undefined }, words: Words): string => words.maybe(`target.${one.id}`) ?? one.name ?? one.id

function address({ link: taken }: ShareView, words: Words, chrome: Chrome): Html {
  const title = html`<h2 class="head" id="copy_link">${words.text('address.title')}</h2>`
  if ('post' in taken) return html`<section aria-labelledby="copy_link">${title}
${postForm(taken.post, chrome, html`<button class="button" data-done="${words.text('copy.done')}">${mark('copy', 18)} <span>${words.text('target.copy_link')}</span></button>`, { island: 'copy-link' })}
</section>`
  return html`<section aria-labelledby="copy_link">${title}
<div class="inline"><label class="sr" for="link">${words.text('address.title')}</label><input class="input mono" id="link" readonly dir="ltr" value="${taken.address}">${copyButton(taken.address, words.text('address.copy'), words)}</div>
</section>`
}

/** What is printed, or pasted somewhere else: each is made at a press, so that a token that nobody took is not about. */
function paper(view: ShareView, words: Words, chrome: Chrome): Html {
  const waiting = ([['qr_code', view.code, 'code'], ['email_signature', view.signature, 'mail'], ['embed', view.embed, 'link']] as const).flatMap(([id, taken, icon]) =>
    taken === undefined || !('post' in taken) ? [] : [html`<li>${postForm(taken.post, chrome, html`<button class="target">${mark(icon)} ${words.text(`target.${id}`)}</button>`)}</li>
`])
  return html`<section aria-labelledby="paper"><h2 class="head" id="paper">${words.text('paper.title')}</h2>
${'post' in view.code ? nothing : html`<div class="coderow" id="qr_code"><div class="code">${qrDrawing(view.code.code, words.text('paper.code_is'))}</div>
<div><p class="small">${words.text('paper.code')}</p><p class="small links">${link(view.code.pngAddress, 'PNG')} ${link(view.code.svgAddress, 'SVG')}</p></div></div>`}
${'post' in view.signature ? nothing : signature(view, view.signature, words)}
${view.embed === undefined || 'post' in view.embed ? nothing : html`<div id="embed" class="stack"><h3>${words.text('paper.embed')}</h3>
${source(words.text('paper.embed_frame'), view.embed.frame, words)}
${source(words.text('paper.embed_plain'), view.embed.plain, words)}</div>`}
${waiting.length === 0 ? nothing : html`<ul class="targets">${waiting}</ul>`}
</section>`
}

const source = (label: string, text: string, words: Words): Html =>
  html`<div class="source"><p class="small">${label}</p>${copyButton(text, words.text('copy.that', { what: label }), words)}<code class="codeline value">${text}</code></div>`

const signature = (view: ShareView, made: Exclude<ShareView['signature'], { readonly post: string }>, words: Words): Html => html`<div id="email_signature" class="stack"><h3>${words.text('target.email_signature')}</h3>
<p class="fine">${words.text('paper.signature_how')}</p>
<div class="source"><div class="signed">${made.pictureAddress === undefined || safeAddress(made.pictureAddress) === undefined ? nothing : html`<img src="${made.pictureAddress}" width="150" height="78" alt="">`}<p class="small"><b>${isolated(view.learnerName)}</b><br>${link(made.address, inLanguage(view.achievement.name, view.achievement.language))}<br><span class="quiet">${isolated(view.issuerName)}</span></p></div>${copyButton(`${view.learnerName}\n${view.achievement.name}, ${view.issuerName}\n${made.address}`, words.text('copy.that', { what: words.text('target.email_signature') }), words, made.source)}</div>
<details><summary>HTML</summary><code class="codeline">${made.source}</code></details></div>`

/** What is known of each place, in the words of what is known and no stronger. */
const places = (list: readonly SharedPlace[], words: Words, chrome: Chrome): Html => html`<section class="shared" aria-labelledby="places"><h2 class="head" id="places">${words.text('places.title')}</h2>
<ul class="places">${list.map((one) => html`<li><p><b>${nameOf(one, words)}</b><br><span class="hint">${known(one, words)}${one.seen ? html` ${words.text('places.seen')}` : nothing}</span></p>${one.answerAddress === undefined || one.confirmed?.by === 'learner' ? nothing : postForm(one.answerAddress, chrome, button(words.text('places.posted'), { kind: 'compact', name: 'answer', value: 'confirmed' }))}</li>
`)}</ul></section>`

const known = (one: SharedPlace, words: Words): Html =>
  one.confirmed === undefined
    ? one.clickedAt === undefined ? nothing : words.html(one.answerAddress === undefined ? 'places.taken' : 'places.went', { date: moment(one.clickedAt, words.figures.date(one.clickedAt)) })
    : words.html(`places.${one.confirmed.by}`, { date: moment(one.confirmed.at, words.figures.date(one.confirmed.at)) })
