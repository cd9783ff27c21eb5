/** Forms. Whatever changes something is a form that posts, and each carries the token of the page; nothing here needs a script. */
import { html, nothing, safeAddress, type Html } from './html.ts'
import type { Chrome } from './chrome.ts'

export interface FormOptions {
  /** For files. */
  readonly multipart?: boolean
  /** The answer opens beside the page, which stays. */
  readonly besides?: boolean
  readonly className?: string
  /** For fields that stand elsewhere on the page (`form` attribute). */
  readonly id?: string
  /** Further fields that the reader does not see. */
  readonly hidden?: Readonly<Record<string, string>>
  /** For an island to find the form by. */
  readonly island?: string
}

export function postForm(address: string, chrome: Chrome, body: Html, options: FormOptions = {}): Html {
  const to = safeAddress(address)
  if (to === undefined) throw new TypeError(`A form cannot post to ${JSON.stringify(address)}.`)
  return html`<form method="post" action="${to}"${options.id === undefined ? nothing : html` id="${options.id}"`}${options.multipart === true ? html` enctype="multipart/form-data"` : nothing}${options.besides === true ? html` target="_blank" rel="noopener"` : nothing}${options.className === undefined ? nothing : html` class="${options.className}"`}${options.island === undefined ? nothing : html` data-island="${options.island}"`}><input type="hidden" name="csrf" value="${chrome.csrf}">${Object.entries(options.hidden ?? {}).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
${body}</form>`
}

export interface FieldOptions {
  readonly type?: 'text' | 'email' | 'url' | 'search'
  readonly value?: string
  readonly required?: boolean
  readonly autocomplete?: string
  readonly inputmode?: 'email' | 'url' | 'text'
  readonly placeholder?: string
  readonly hint?: string
  /** What is wrong with it, as a sentence. */
  readonly fault?: string
  /** More than one line. */
  readonly rows?: number
  readonly maxLength?: number
  /** It stays in the page: for the reader to copy from, not for us. */
  readonly unsent?: boolean
}

/** A labelled field; the hint and the fault are tied to it, so that a screen reader says them with it. */
export function field(name: string, label: string, options: FieldOptions = {}): Html {
  const id = `field-${name}`
  const described = [...(options.hint === undefined ? [] : [`${id}-hint`]), ...(options.fault === undefined ? [] : [`${id}-fault`])].join(' ')
  const shared = html`class="input" id="${id}"${options.unsent === true ? nothing : html` name="${name}"`}${options.required === true ? html` required` : nothing}${options.maxLength === undefined ? nothing : html` maxlength="${options.maxLength}"`}${options.autocomplete === undefined ? nothing : html` autocomplete="${options.autocomplete}"`}${options.placeholder === undefined ? nothing : html` placeholder="${options.placeholder}"`}${described === '' ? nothing : html` aria-describedby="${described}"`}${options.fault === undefined ? nothing : html` aria-invalid="true"`} dir="auto"`
  return html`<div class="field"><label for="${id}">${label}</label>
${options.rows === undefined
  ? html`<input ${shared} type="${options.type ?? 'text'}" value="${options.value ?? ''}"${options.inputmode === undefined ? nothing : html` inputmode="${options.inputmode}"`}>`
  : html`<textarea ${shared} rows="${options.rows}">
${options.value ?? ''}</textarea>`}
${options.hint === undefined ? nothing : html`<p class="fine" id="${id}-hint">${options.hint}</p>`}
${options.fault === undefined ? nothing : html`<p class="small failed" id="${id}-fault">${options.fault}</p>`}</div>`
}

/** Looks something up: a GET, which changes nothing and can be kept as an address. */
export function searchForm(search: { readonly address: string; readonly text: string }, label: string): Html {
  const to = safeAddress(search.address)
  return to === undefined ? nothing : html`<form class="filters" method="get" action="${to}">${field('q', label, { type: 'search', value: search.text })}<button class="button compact">Search</button></form>`
}

/** One of a few, with what it means beneath. */
export const choice = (name: string, value: string, label: string, meaning: string, chosen: boolean): Html =>
  html`<label class="choice"><input type="radio" name="${name}" value="${value}"${chosen ? html` checked` : nothing}> <span><b>${label}</b><br><span class="fine">${meaning}</span></span></label>`

/** One of many, from a list that the browser opens. */
export function pick(name: string, label: string, options: readonly { readonly value: string; readonly text: string; readonly language?: string }[], chosen: string, hint?: string): Html {
  const id = `field-${name}`
  return html`<div class="field"><label for="${id}">${label}</label>
<select class="input" id="${id}" name="${name}"${hint === undefined ? nothing : html` aria-describedby="${id}-hint"`}>${options.map(
    (one) => html`<option${one.value === one.text ? nothing : html` value="${one.value}"`}${one.language === undefined ? nothing : html` lang="${one.language}"`}${one.value === chosen ? html` selected` : nothing}>${one.text}</option>`,
  )}</select>
${hint === undefined ? nothing : html`<p class="fine" id="${id}-hint">${hint}</p>`}</div>`
}

export interface ButtonOptions {
  readonly kind?: 'primary' | 'compact' | 'grave'
  readonly name?: string
  readonly value?: string
}

export const button = (text: Html | string, options: ButtonOptions = {}): Html =>
  html`<button class="button${options.kind === undefined ? '' : ` ${options.kind}`}"${options.name === undefined ? nothing : html` name="${options.name}" value="${options.value ?? ''}"`}>${text}</button>`

/** A link that looks like the action it is. Nothing where its address is not safe. */
export function linkButton(address: string | undefined, text: Html | string, kind?: 'primary' | 'compact'): Html {
  const to = safeAddress(address)
  return to === undefined ? nothing : html`<a class="button${kind === undefined ? '' : ` ${kind}`}" href="${to}">${text}</a>`
}
