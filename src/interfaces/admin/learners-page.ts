/** Learners: who takes part. An analyst sees them without names and addresses; the route leaves those out, and the page says so. */
import { deskPage, empty, figuresOf, html, inLanguage, link, linkButton, mailAddress, moment, nothing, paging, searchForm, table, tag, type DeskChrome, type Html, type Paging } from '#interfaces/look'

export interface LearnerRow {
  /** The provider's own name for the learner; for an analyst, a pseudonym. */
  readonly externalId: string
  readonly name?: string
  readonly email?: string
  readonly locale?: string
  readonly country?: string
  readonly completions: number
  readonly credentials: number
  readonly consents: readonly ('credential' | 'nudge' | 'research' | 'outcome')[]
  /** Left out for all where the reader works with learners and is not told; the column is then not there. */
  readonly arm?: string
  readonly createdAt?: Date
  readonly address?: string
}

export interface LearnersView {
  readonly learners: readonly LearnerRow[]
  readonly paging: Paging
  /** Searching is a GET to the same address. */
  readonly search?: { readonly address: string; readonly text: string }
  readonly importAddress?: string
}

const figures = figuresOf('en')

export function learnersPage(view: LearnersView, chrome: DeskChrome): Html {
  const named = view.learners.some((one) => one.name !== undefined)
  const arms = view.learners.some((one) => one.arm !== undefined)
  return deskPage(
    {
      title: 'Learners',
      ...(named || view.learners.length === 0 ? {} : { lead: 'Without names and addresses: an analyst sees outcomes, not identities.' }),
      main: html`<section class="sheet block" aria-label="Learners">
${view.search === undefined ? nothing : searchForm(view.search, 'Name, address or number')}
${view.learners.length === 0
  ? empty(view.search === undefined || view.search.text === '' ? 'Learners will stand here as soon as a course reports who completed it.' : 'Nobody fits.', linkButton(view.importAddress, 'Import completions', 'primary'))
  : html`${table<LearnerRow>(
      'Learners',
      [
        { head: 'Learner', kind: 'name', cell: (row) => html`${link(row.address, row.name === undefined ? html`<span class="mono">${row.externalId}</span>` : inLanguage(row.name, row.locale))}${row.name === undefined ? nothing : html`<br><span class="fine">${row.externalId}${row.email === undefined ? nothing : html`<br>${mailAddress(row.email)}`}</span>`}` },
        { head: 'Country', cell: (row) => row.country ?? '' },
        { head: 'Completed', kind: 'number', cell: (row) => figures.number(row.completions) },
        { head: 'Credentials', kind: 'number', cell: (row) => figures.number(row.credentials) },
        { head: 'Allows', cell: (row) => (row.consents.length === 0 ? html`<span class="fine">nothing</span>` : html`${row.consents.map((one) => html`${tag(one)} `)}`) },
        ...(arms ? [{ head: 'Arm', cell: (row: LearnerRow) => row.arm ?? html`<span class="fine">none</span>` }] : []),
        { head: 'Since', cell: (row) => (row.createdAt === undefined ? '' : moment(row.createdAt, figures.date(row.createdAt))) },
      ],
      view.learners,
    )}${paging(view.paging)}`}
</section>`,
    },
    chrome,
  )
}
