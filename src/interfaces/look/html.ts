/**
 * The one way in which markup is made: `hono/html` tagged templates, which escape every value that is not markup already.
 *
 * Hono's tag may return a promise when a value is one. A template here takes plain data only, so the narrower type is kept and a promise is refused.
 */
import { html as tag, raw } from 'hono/html'

/** Markup that is safe to send: every value in it was escaped when it was put in. */
export type Html = ReturnType<typeof raw>

export function html(strings: TemplateStringsArray, ...values: unknown[]): Html {
  const made = tag(strings, ...values)
  if (made instanceof Promise) throw new TypeError('A template takes data, not promises.')
  return made
}

/** Nothing, as markup. */
export const nothing: Html = raw('')

/** Markup that our own code made as a string (a drawing, a table of numbers). Never for text that came from outside. */
export const markup = (ours: string): Html => raw(ours)

/**
 * A piece of text whose direction is its own: a person's name, a title, an address. Without the isolation, a Latin name inside an Arabic
 * sentence (or a hostile U+202E) would reorder its neighbours. HTML Living Standard 4.5.24, the bdi element.
 */
export const isolated = (text: string): Html => html`<bdi>${text}</bdi>`

/** A mail address; where the line is too short for it, it breaks after the @ first. */
export const mailAddress = (address: string): Html => html`<bdi>${address.split('@').map((part, at) => (at === 0 ? part : html`@<wbr>${part}`))}</bdi>`

/** Isolated, and marked with the language that it is written in, so that a screen reader pronounces it and fonts and rules fit. */
export const inLanguage = (text: string, language: string | undefined): Html =>
  language === undefined ? isolated(text) : html`<bdi lang="${language}">${text}</bdi>`

const schemes = ['https:', 'http:', 'mailto:']

/**
 * The address if a link may lead there, else undefined. Allowed: http, https, mailto, and paths and fragments of this site. Refused:
 * `javascript:`, `data:`, `//other.site`, and anything that a browser would read differently than we do (tabs, line ends, backslashes).
 */
export function safeAddress(address: string | undefined): string | undefined {
  if (address === undefined || /[\u0000-\u0020\\\u007f-\u009f]/u.test(address)) return undefined
  if (address.startsWith('#') || /^\/(?!\/)/u.test(address)) return address
  return URL.canParse(address) && schemes.includes(new URL(address).protocol) ? address : undefined
}

/** Text as a link when its address is safe, else the text alone. */
export function link(address: string | undefined, text: Html | string): Html {
  const safe = safeAddress(address)
  return safe === undefined ? html`${text}` : html`<a href="${safe}">${text}</a>`
}

/**
 * A data block for machines (JSON-LD). The characters that could close the element, or break a line in old parsers, are written as escapes,
 * so no value can leave it. HTML Living Standard 4.12.1.3, restrictions for contents of script elements.
 */
export function dataBlock(value: unknown): Html {
  const json = JSON.stringify(value).replace(/[<>&\u2028\u2029]/gu, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return raw(`<script type="application/ld+json">${json}</script>`)
}
