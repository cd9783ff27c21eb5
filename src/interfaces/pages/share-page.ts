/**
 * The share sheet. First the place that lasts, the LinkedIn profile: LinkedIn no longer fills its form in from a link, so every field is
 * here, in the form's order, to be copied. Then a post, other places, the link itself. Each place is a row of data with an address of
 * its own; the learner's click is a POST, because a GET may come from a robot.
 */
import {
  button, field, html, inLanguage, isolated, link, linkButton, mark, moment, note, nothing, opening, postForm, publicPage, safeAddress, wordsOf,
  type Chrome, type Html, type Mark, type MessageKey, type Words,
} from '#interfaces/look'
import type { Visibility } from './credential-page.ts'

/** The fields of LinkedIn's form, in its order. */
export type ProfileField = 'name' | 'organization' | 'issued' | 'expires' | 'id' | 'url'

/**
 * How a place is reached: `post` records the learner's click and leads on (303) to the place; `link` goes there at once, for what a
 * server cannot lead to (mailto:).
 */
export type Way = { readonly post: string } | { readonly link: string }

export interface ShareTarget {
  /** Names the place in the reader's language where it has no name of its own ("email"). */
  readonly id: string
  readonly name?: string | undefined
  readonly kind: 'network' | 'chat' | 'mail'
  readonly way: Way
  /** What the learner is asked for first; it is posted as `instance`. */
  readonly asks?: 'instance' | undefined
}

export interface ShareView {
  readonly achievement: { readonly name: string; readonly language?: string }
  readonly issuerName: string
  /** Where "Close" leads: the credential's own page. */
  readonly credentialAddress: string
  readonly visibility: Visibility
  /** Left out where LinkedIn is not offered (a learner under 16, say). */
  readonly profile?: {
    readonly way: Way
    /** `copy` is what the button copies, when it is not what is shown. */
    readonly fields: readonly { readonly field: ProfileField; readonly shown: string; readonly copy?: string }[]
    /** The issuer has a LinkedIn page that can be picked from LinkedIn's list. */
    readonly listed: boolean
    /** Takes a POST with `answer`: `confirmed` or `later`. */
    readonly answerAddress: string
    readonly confirmedAt?: Date
  }
  readonly post?: { readonly way: Way; readonly text: string }
  readonly targets: readonly ShareTarget[]
  /** The address to copy, with the token of its placement; before there is one, where a POST makes it (and opens a private page to links). */
  readonly link: { readonly address: string } | { readonly post: string }
  /** A QR code of the credential's page, as the path of its dark modules. */
  readonly code?: { readonly modules: number; readonly path: string; readonly pngAddress?: string; readonly svgAddress?: string }
  readonly embed?: string
}

const icons: Readonly<Record<ShareTarget['kind'], Mark>> = { network: 'chat', chat: 'phone', mail: 'mail' }

export function sharePage(view: ShareView, chrome: Chrome): Html {
  const words = wordsOf(chrome.language)
  return publicPage(
    {
      title: words.text('share.page_title', { title: view.achievement.name }),
      noindex: true,
      islands: ['copy.js'],
      navigation: [{ address: view.credentialAddress, text: words.text('share.close') }],
      main: html`${opening(inLanguage(view.achievement.name, view.achievement.language), undefined, words.text('share.title'))}
${view.visibility === 'private' ? html`<div class="before">${note(words.text('share.opens'))}</div>` : nothing}
<div class="sharing">
${view.profile === undefined ? nothing : profile(view.profile, words, chrome)}
<div class="others">
${view.post === undefined ? nothing : post(view.post, words, chrome)}
${view.targets.length === 0 ? nothing : elsewhere(view.targets, words, chrome)}
${address(view, words, chrome)}
${view.code === undefined && view.embed === undefined ? nothing : paper(view, words)}
</div></div>`,
      last: html`<span>${words.text('share.tokens')}</span>`,
    },
    chrome,
  )
}

/** A button that goes to a place, by the way that its data says. */
function go(way: Way, text: Html | string, chrome: Chrome, kind?: 'primary'): Html {
  if ('post' in way) return postForm(way.post, chrome, button(html`${text} ${mark('out')}`, kind === undefined ? {} : { kind }), { besides: true })
  return linkButton(way.link, html`${text} ${mark('out')}`, kind)
}

function profile(view: NonNullable<ShareView['profile']>, words: Words, chrome: Chrome): Html {
  const count = view.fields.length
  return html`<section class="sheet assistant" aria-labelledby="profile">
<header><h2 class="head" id="profile">${words.text('profile.title')}</h2><p class="quiet small">${words.html('profile.why')}</p></header>
<ol class="steps">
<li><p><b>${words.text('profile.open')}</b> <span class="quiet">${words.text('profile.open_how')}</span></p>${go(view.way, words.text('profile.open_button'), chrome, 'primary')}</li>
<li><p><b>${words.text('profile.copy')}</b> <span class="quiet" role="status" data-copied="${words.text('copy.count', { n: '{n}', all: count })}"></span></p>
<ul class="copy">${view.fields.map((one) => copyRow(one, view.listed, words))}</ul></li>
<li><p><b>${words.text('profile.save')}</b></p>
${view.confirmedAt === undefined
  ? postForm(
      view.answerAddress,
      chrome,
      html`<p class="actions">${button(words.text('profile.added'), { kind: 'primary', name: 'answer', value: 'confirmed' })} ${button(words.text('profile.later'), { name: 'answer', value: 'later' })}</p>`,
    )
  : html`<p class="confirmed"><span class="passed">${mark('passed')}</span> <span>${words.html('profile.confirmed', { date: moment(view.confirmedAt, words.figures.date(view.confirmedAt)) })}</span></p>`}
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

/** Works by its island alone, and stays hidden without it: the text beside it can be marked and copied by hand. */
const copyButton = (what: string, says: string, words: Words): Html =>
  html`<button class="button compact" type="button" hidden data-copy="${what}" data-done="${words.text('copy.done')}" aria-label="${says}">${mark('copy', 18)} <span>${words.text('copy.copy')}</span></button>`

const post = (view: NonNullable<ShareView['post']>, words: Words, chrome: Chrome): Html => {
  const area = field('text', words.text('post.text'), { rows: 5, value: view.text, hint: words.text('post.hint'), maxLength: 3000, unsent: true })
  return html`<section aria-labelledby="post"><h2 class="head" id="post">${words.text('post.title')}</h2>
${'post' in view.way
  ? postForm(view.way.post, chrome, html`${area}<p class="actions after">${button(html`${words.text('post.button')} ${mark('out')}`)}</p>`, { besides: true, island: 'copy-text' })
  : html`${area}<p class="actions after">${go(view.way, words.text('post.button'), chrome)}</p>`}
</section>`
}

const elsewhere = (targets: readonly ShareTarget[], words: Words, chrome: Chrome): Html => html`<section aria-labelledby="elsewhere"><h2 class="head" id="elsewhere">${words.text('elsewhere.title')}</h2>
<ul class="targets">${targets.map((one) => html`<li>${target(one, words, chrome)}</li>
`)}</ul></section>`

function target(one: ShareTarget, words: Words, chrome: Chrome): Html {
  const inside = html`${mark(icons[one.kind])} ${one.name ?? words.maybe(`target.${one.id}`) ?? one.id}`
  if ('link' in one.way) {
    const to = safeAddress(one.way.link)
    return to === undefined ? nothing : html`<a class="target" href="${to}">${inside}</a>`
  }
  if (one.asks === undefined) return postForm(one.way.post, chrome, html`<button class="target">${inside}</button>`, { besides: true })
  return html`<details class="asks"><summary class="target">${inside}</summary>${postForm(one.way.post, chrome, html`${field('instance', words.text('elsewhere.instance'), { required: true, inputmode: 'url', maxLength: 253 })}${button(words.text('elsewhere.go'), { kind: 'compact' })}`, { besides: true, className: 'stack' })}</details>`
}

function address({ link: made, achievement }: ShareView, words: Words, chrome: Chrome): Html {
  const title = html`<h2 class="head" id="address">${words.text('address.title')}</h2>`
  if ('post' in made) return html`<section aria-labelledby="address">${title}
${postForm(made.post, chrome, button(html`${mark('copy', 18)} ${words.text('target.copy_link')}`))}
</section>`
  return html`<section aria-labelledby="address">${title}
<div class="inline"><label class="sr" for="link">${words.text('address.title')}</label><input class="input mono" id="link" readonly dir="ltr" value="${made.address}">${copyButton(made.address, words.text('address.copy'), words)}</div>
${safeAddress(made.address) === undefined ? nothing : html`<p hidden data-native><button class="button" type="button" data-address="${made.address}" data-title="${achievement.name}">${mark('share')} ${words.text('address.native')}</button></p>`}
</section>`
}

function paper(view: ShareView, words: Words): Html {
  const { code, embed } = view
  return html`<section aria-labelledby="paper"><h2 class="head" id="paper">${words.text('paper.title')}</h2>
${code === undefined ? nothing : html`<div class="coderow"><div class="code"><svg viewBox="0 0 ${code.modules} ${code.modules}" width="100%" role="img" aria-label="${words.text('paper.code_is')}" shape-rendering="crispEdges"><path fill="currentColor" d="${code.path}"/></svg></div>
<div><p class="small">${words.text('paper.code')}</p><p class="small links">${code.pngAddress === undefined ? nothing : link(code.pngAddress, 'PNG')} ${code.svgAddress === undefined ? nothing : link(code.svgAddress, 'SVG')}</p></div></div>`}
${embed === undefined ? nothing : html`<details><summary>${words.text('paper.embed')}</summary><code class="codeline">${embed}</code></details>`}
</section>`
}
