/** Credentials that were issued, and the form that takes one back. */
import { button, deskPage, empty, figuresOf, html, inLanguage, link, linkButton, moment, nothing, paging, postForm, searchForm, table, tag, type DeskChrome, type Html, type Paging, type Tone } from '#interfaces/look'

export type CredentialState = 'prepared' | 'in_force' | 'revoked' | 'withdrawn'

export interface CredentialRow {
  readonly publicId: string
  readonly learner?: { readonly name: string; readonly language?: string }
  readonly achievement: string
  readonly state: CredentialState
  readonly visibility: 'private' | 'link' | 'public'
  readonly issuedAt: Date
  readonly revokedAt?: Date
  readonly revocationReason?: string
  readonly address?: string
  /** Takes a POST with `reason`; left out where it cannot be revoked, or not by this person. */
  readonly revokeAddress?: string
}

export interface CredentialsView {
  readonly credentials: readonly CredentialRow[]
  readonly paging: Paging
  readonly search?: { readonly address: string; readonly text: string }
  readonly importAddress?: string
}

const figures = figuresOf('en')
const states: Readonly<Record<CredentialState, readonly [string, Tone]>> = {
  prepared: ['Being signed', 'warn'],
  in_force: ['In force', 'good'],
  revoked: ['Revoked', 'bad'],
  withdrawn: ['Withdrawn', 'plain'],
}
const visibilities = { private: 'Private', link: 'With the link', public: 'Public' } as const

export function credentialsPage(view: CredentialsView, chrome: DeskChrome): Html {
  return deskPage(
    {
      title: 'Credentials',
      main: html`<section class="sheet block" aria-label="Credentials">
${view.search === undefined ? nothing : searchForm(view.search, 'Number or name')}
${view.credentials.length === 0
  ? empty(view.search === undefined || view.search.text === '' ? 'Credentials will stand here. The first ones come with the first completions.' : 'None fits.', linkButton(view.importAddress, 'Import completions', 'primary'))
  : html`${table<CredentialRow>(
      'Credentials, newest first',
      [
        { head: 'Credential', kind: 'name', cell: (row) => html`${row.learner === undefined ? nothing : html`${inLanguage(row.learner.name, row.learner.language)}<br>`}<span class="fine">${link(row.address, html`<span class="mono">${row.publicId}</span>`)}</span>` },
        { head: 'Achievement', cell: (row) => row.achievement },
        { head: 'Issued', cell: (row) => moment(row.issuedAt, figures.date(row.issuedAt)) },
        { head: 'State', cell: (row) => html`${tag(states[row.state][0], states[row.state][1])}${row.revokedAt === undefined ? nothing : html`<br><span class="fine">${moment(row.revokedAt, figures.date(row.revokedAt))}${row.revocationReason === undefined ? nothing : `: ${row.revocationReason}`}</span>`}` },
        { head: 'Who sees it', cell: (row) => visibilities[row.visibility] },
        { head: 'Revoke', silent: true, kind: 'long', cell: (row) => (row.revokeAddress === undefined ? nothing : revoke(row, row.revokeAddress, chrome)) },
      ],
      view.credentials,
    )}${paging(view.paging)}`}
</section>`,
    },
    chrome,
  )
}

const revoke = (row: CredentialRow, address: string, chrome: DeskChrome): Html =>
  html`<details><summary>Revoke<span class="sr"> ${row.publicId}</span></summary>${postForm(
    address,
    chrome,
    html`<div class="field"><label for="reason-${row.publicId}">Why, for everybody to read</label><input class="input" id="reason-${row.publicId}" name="reason" required maxlength="500"></div><p class="fine">It cannot be undone. Everybody who verifies it will be told.</p>${button('Revoke it', { kind: 'grave' })}`,
  )}</details>`
