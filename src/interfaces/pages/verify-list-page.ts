/**
 * Many addresses at once: a form that takes a recruiter's list, and a table with one verdict and one sentence for each row. The answers can be taken away as
 * CSV; the file stands in the page itself, since nothing is kept that it could be fetched from.
 */
import { button, field, html, isolated, link, markOf, mark, nothing, note, opening, postForm, publicPage, table, toneOf, wordsOf, writeReason, type CheckView, type Chrome, type Html, type Words } from '#interfaces/look'
import { writeCsvRow } from '#platform/csv'
import { answerOf, type VerifyResultView } from './verify-page.ts'

export interface VerifyListView {
  /** Takes a multipart POST with `file` or `text`. */
  readonly address: string
  readonly singleAddress: string
  readonly most: number
  readonly largestBytes: number
  readonly seconds: number
  /** What the column of the addresses may be called. */
  readonly columnNames: readonly string[]
  readonly text?: string
  /** Why the whole list was refused: part of a message's name, with what it names. */
  readonly fault?: { readonly name: ListFault; readonly row?: number }
  readonly answers?: ListAnswers
}

export type ListFault = 'list_empty' | 'no_address_column' | 'list_too_long' | 'broken' | 'not_csv'

export interface ListAnswers {
  readonly column: string
  readonly columns: readonly string[]
  readonly rows: readonly ListedRow[]
}

export interface ListedRow {
  readonly row: number
  readonly fields: Readonly<Record<string, string>>
  readonly given: string
  /** What is wrong with the row itself; `late` where the time was over. */
  readonly fault?: 'empty' | 'no_address' | 'width' | 'not_utf8' | 'late'
  /** How many fields it has, where that is what is wrong. */
  readonly has?: number
  readonly result?: Pick<VerifyResultView, 'verdict' | 'reason' | 'facts' | 'checks'>
}

export function verifyListPage(view: VerifyListView, chrome: Chrome): Html {
  const words = wordsOf(chrome.language)
  const names = view.columnNames.join(' / ')
  const fault = view.fault === undefined ? undefined : sayFault(view.fault, { names, most: view.most }, words)
  return publicPage(
    {
      title: words.text('list.title'),
      description: words.text('list.lead'),
      noindex: view.answers !== undefined,
      narrow: view.answers === undefined,
      navigation: [{ address: view.singleAddress, text: words.text('yourself.other_open') }],
      main: html`${opening(words.text('list.title'), words.text('list.lead'))}
${view.answers === undefined ? nothing : answers(view.answers, words)}
${fault === undefined ? nothing : html`<div class="before" id="fault">${note(fault, 'bad')}</div>`}
${postForm(
        view.address,
        chrome,
        html`<div class="field"><label for="file">${words.text('list.file')}</label><input class="well" id="file" type="file" name="file" required accept=".csv,.txt,text/csv,text/plain" aria-describedby="file-hint"><p class="fine" id="file-hint">${words.text('list.file_hint', { columns: names, most: view.most, size: words.figures.bytes(view.largestBytes) })}</p></div>
<p class="actions">${button(words.text('list.button'), { kind: 'primary' })} <span class="fine">${words.text('list.time', { seconds: view.seconds })}</span></p>`,
        { multipart: true, className: 'stack' },
      )}
${postForm(
        view.address,
        chrome,
        html`${field('text', words.text('list.text'), { rows: 6, required: true, placeholder: 'https://…', ...(view.text === undefined ? {} : { value: view.text }) })}
<p class="actions">${button(words.text('list.button'))}</p>`,
        { multipart: true, className: 'stack after' },
      )}`,
    },
    chrome,
  )
}

function sayFault(fault: NonNullable<VerifyListView['fault']>, about: { readonly names: string; readonly most: number }, words: Words): string {
  return words.maybe(`list.fault_${fault.name}`, { columns: about.names, most: about.most, row: fault.row ?? 0 }) ?? fault.name
}

const outcome = { trusted: 'passed', unknown_issuer: 'not_checked', not_proved: 'failed' } as const

function answers(given: ListAnswers, words: Words): Html {
  const count = (verdict: string | undefined): number => given.rows.filter((one) => one.result?.verdict === verdict).length
  return html`<section class="before" id="answers" aria-labelledby="answers-title"><h2 class="head" id="answers-title">${words.text('list.answers')}</h2>
<p class="lead">${words.text('list.sum', { n: given.rows.length, trusted: count('trusted'), unknown: count('unknown_issuer'), not: count('not_proved'), open: count(undefined) })}</p>
<p class="actions"><a class="button primary" download="laurel-verified.csv" href="${dataAddress(csvOf(given, words))}">${words.text('list.download')}</a> <span class="fine">${words.text('list.download_is')}</span></p>
${table(
    words.text('list.answers'),
    [
      { head: words.text('list.row'), kind: 'number', cell: (row: ListedRow) => row.row },
      { head: words.text('list.address'), kind: 'name', cell: (row) => (row.fault === undefined || row.fault === 'late' ? link(row.given, html`<bdi dir="ltr" class="long">${row.given}</bdi>`) : isolated(row.given.slice(0, 200))) },
      { head: words.text('list.verdict'), cell: (row) => verdictOf(row, words) },
      { head: words.text('list.sentence'), kind: 'long', cell: (row) => html`${sentenceOf(row, given, words)}${row.result?.facts === undefined ? nothing : html`<br><span class="fine">${[row.result.facts.who, row.result.facts.what, row.result.facts.issuerName ?? row.result.facts.issuerId].filter((one) => one !== undefined).map((one, at) => html`${at === 0 ? '' : ' · '}${isolated(one)}`)}</span>`}` },
    ],
    given.rows,
    { className: 'after' },
  )}</section>`
}

function verdictOf(row: ListedRow, words: Words): Html {
  if (row.result === undefined) return html`<span class="quiet">${words.text('list.no_answer')}</span>`
  const result: CheckView['result'] = outcome[row.result.verdict]
  return html`<span class="found"><span class="${toneOf[result] ?? ''}">${mark(markOf[result], 20)}</span> ${words.maybe(`verify.${row.result.verdict}_name`) ?? row.result.verdict}</span>`
}

function sentenceOf(row: ListedRow, list: ListAnswers, words: Words): string {
  if (row.result !== undefined) {
    // What could not be read at all is told by its reason: which of them it was is all that there is to say.
    const decided = row.result.reason.startsWith('parsed.') ? row.result.checks.find((one) => one.code === row.result?.reason) : undefined
    return decided === undefined ? words.text(`verify.${answerOf(row.result)}`) : writeReason(decided, words.language)
  }
  return words.maybe(`list.row_${row.fault ?? 'late'}`, { row: row.row, column: list.column, has: row.has ?? 0, names: list.columns.length }) ?? String(row.fault)
}

/** What we found, by columns that stay the same in every language; only the sentence is the reader's. */
const ours = ['row', 'verdict', 'reason', 'sentence', 'name', 'achievement', 'issuer', 'issuer id', 'valid until'] as const

/** Their columns as they came, ours behind; a list that was answered before gets new answers in place of the old. */
function csvOf(list: ListAnswers, words: Words): string {
  const theirs = list.columns.filter((one) => one !== '' && !(ours as readonly string[]).includes(one))
  const rows = list.rows.map((row) => {
    const facts = row.result?.facts
    return [...theirs.map((one) => row.fields[one] ?? ''), row.row, row.result?.verdict ?? 'no_answer', row.result?.reason ?? `list.${row.fault ?? 'late'}`, sentenceOf(row, list, words), facts?.who, facts?.what, facts?.issuerName, facts?.issuerId, facts?.validUntil]
  })
  return [[...theirs, ...ours], ...rows].map(writeCsvRow).join('')
}

/** With a byte order mark, without which a spreadsheet takes the letters for those of its own country. */
const dataAddress = (csv: string): string => `data:text/csv;charset=utf-8;base64,${Buffer.from(`\uFEFF${csv}`).toString('base64')}`
