/** The frame of the pages that learners, employers and strangers see: a masthead, the matter, a foot. */
import { html, nothing, safeAddress, type Html } from './html.ts'
import { layout, type Page } from './layout.ts'
import { ownNames, type Language } from './languages.ts'
import { wreath } from './mark.ts'
import { wordsOf } from './words.ts'
import type { Chrome } from './chrome.ts'

export interface PublicPage extends Omit<Page, 'styles' | 'body'> {
  /** What lies above the masthead (the owner's band). */
  readonly above?: Html
  readonly navigation?: readonly { readonly address: string; readonly text: string }[]
  readonly main: Html
  /** For pages that are read from top to bottom. */
  readonly narrow?: boolean
  /** A last word in the foot. */
  readonly last?: Html
}

export function publicPage(page: PublicPage, chrome: Chrome): Html {
  const words = wordsOf(chrome.language)
  const navigation = page.navigation ?? []
  const width = page.narrow === true ? 'page narrow' : 'page'
  const body = html`<a class="skip" href="#main">${words.text('frame.skip')}</a>
${page.above ?? nothing}
<header class="${width} masthead">
<a class="brand" href="${safeAddress(chrome.brand?.address) ?? '/'}">${wreath(28)} <bdi>${chrome.brand?.name ?? 'Laurel'}</bdi></a>
${navigation.length === 0 ? nothing : html`<nav aria-label="${words.text('frame.navigation')}">${navigation.map((one) => html`<a href="${safeAddress(one.address) ?? '#'}">${one.text}</a> `)}</nav>`}
</header>
<main class="${width}" id="main">
${page.main}
</main>
<footer class="${width}"><div class="colophon">
<span class="by">${wreath(20)} ${words.text(chrome.brand === undefined ? 'frame.made_with' : 'frame.issued_with')}</span>
${(chrome.alternatives ?? []).length === 0 ? nothing : html`<nav class="tongues" aria-label="${words.text('frame.languages')}">${(chrome.alternatives ?? []).map((one) => html`<a href="${safeAddress(one.address) ?? '#'}" hreflang="${one.language}" lang="${one.language}">${ownNames[one.language as Language] ?? one.language}</a> `)}</nav>`}
${chrome.privacyAddress === undefined ? nothing : html`<a href="${safeAddress(chrome.privacyAddress) ?? '#'}">${words.text('frame.privacy')}</a>`}
${chrome.problemAddress === undefined ? nothing : html`<a href="${safeAddress(chrome.problemAddress) ?? '#'}">${words.text('frame.problem')}</a>`}
${page.last ?? nothing}
</div></footer>`
  return layout({ ...page, styles: 'laurel.css', body }, chrome)
}

/** A heading, its question in small above, and a sentence below it. */
export const opening = (title: Html | string, lead?: Html | string, eyebrow?: Html | string): Html => html`<header class="opening">
${eyebrow === undefined ? nothing : html`<p class="eyebrow">${eyebrow}</p>`}
<h1 class="title">${title}</h1>
${lead === undefined ? nothing : html`<p class="lead">${lead}</p>`}
</header>`

/** A section: its question in the margin, its matter beside it. `id` is the address of the section. */
export const spread = (id: string, question: string, matter: Html): Html =>
  html`<section class="spread" aria-labelledby="${id}"><h2 id="${id}">${question}</h2><div>${matter}</div></section>`
