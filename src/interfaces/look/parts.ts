/** The small parts that every page is put together from. */
import { html, nothing, safeAddress, type Html } from './html.ts'
import { within } from './logo.ts'

/** A fact: its label, its value. `wide` takes the whole row. */
export interface Fact {
  readonly label: string
  readonly value: Html | string
  readonly wide?: boolean
}

export const facts = (list: readonly Fact[], className = ''): Html =>
  html`<dl class="facts${className === '' ? '' : ` ${className}`}">${list.map(
    (one) => html`<div${one.wide === true ? html` class="wide"` : nothing}><dt>${one.label}</dt><dd>${one.value}</dd></div>
`)}</dl>`

/** An issuer's logo, as a page shows it. */
export interface LogoView {
  readonly address: string
  readonly width: number
  readonly height: number
}

/** Where an issuer's logo is served; another one has another address. */
export const logoOf = ({ handle, logo }: { readonly handle: string; readonly logo?: { readonly key: string; readonly width: number; readonly height: number } }): LogoView | undefined =>
  logo && { address: `/i/${handle}/logo.${logo.key}.png`, width: logo.width, height: logo.height }

/** In a box of CSS pixels, on the paper that it was made for, whatever the light. The issuer's name stands beside it, so it says nothing. */
export function logoImage(logo: LogoView, box: { readonly width: number; readonly height: number }): Html {
  const to = safeAddress(logo.address)
  const { width, height } = within(logo, box)
  return to === undefined ? nothing : html`<img class="logo" src="${to}" width="${width}" height="${height}" alt="">`
}

export type Tone = 'good' | 'warn' | 'bad' | 'plain'

export const tag = (text: Html | string, tone: Tone = 'plain'): Html => html`<span class="tag${tone === 'plain' ? '' : ` ${tone}`}">${text}</span>`

/** A sentence that changes how the rest is read. */
export const note = (sentence: Html | string, tone: Tone = 'good'): Html => html`<div class="note${tone === 'warn' || tone === 'bad' ? ` ${tone}` : ''}"><p>${sentence}</p></div>`

/** A moment, for people and for machines. */
export const moment = (when: Date | string, text: string): Html => html`<time datetime="${typeof when === 'string' ? when : when.toISOString()}">${text}</time>`

export interface Column<Row> {
  readonly head: string
  readonly cell: (row: Row) => Html | string | number
  /** Numbers stand to the right; `name` heads the row; `long` and `drawing` take a whole line of the card on a phone. */
  readonly kind?: 'number' | 'name' | 'long' | 'drawing'
  /** The head is for screen readers only. */
  readonly silent?: boolean
}

/**
 * A table of hairlines. On a phone each row becomes a card and each cell says its name; the roles of table parts are written out, because
 * a browser forgets them when a row is laid out as a block.
 */
export function table<Row>(caption: string, columns: readonly Column<Row>[], rows: readonly Row[], options: { readonly total?: Row; readonly className?: string } = {}): Html {
  const all = options.total === undefined ? rows : [...rows, options.total]
  const classes = { number: 'num', name: '', long: 'wide', drawing: 'wide plotcell' } as const
  const classOf = (column: Column<Row>, bare = false): Html => {
    const names = [column.kind === undefined ? '' : classes[column.kind], bare ? 'void' : ''].filter((one) => one !== '').join(' ')
    return names === '' ? nothing : html` class="${names}"`
  }
  const cell = (column: Column<Row>, row: Row): Html => {
    const matter = column.cell(row)
    return html`<td role="cell" data-label="${column.silent === true ? '' : column.head}"${classOf(column, String(matter) === '')}>${matter}</td>`
  }
  return html`<table class="plain cards${options.className === undefined ? '' : ` ${options.className}`}" role="table"><caption class="sr">${caption}</caption>
<thead role="rowgroup"><tr role="row">${columns.map((column) => html`<th scope="col" role="columnheader"${classOf(column)}>${column.silent === true ? html`<span class="sr">${column.head}</span>` : column.head}</th>`)}</tr></thead>
<tbody role="rowgroup">${all.map(
    (row) => html`<tr role="row"${row === options.total ? html` class="total"` : nothing}>${columns.map((column) =>
      column.kind === 'name'
        ? html`<th scope="row" role="rowheader">${column.cell(row)}</th>`
        : cell(column, row),
    )}</tr>
`)}</tbody></table>`
}
