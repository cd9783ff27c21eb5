/** Credentials that were issued, the form that takes one back, and the one that changes the status of several. */
import { block, button, choice, deskPage, empty, figuresOf, html, inLanguage, link, linkButton, moment, nothing, paging, postForm, searchForm, table, tag, type DeskChrome, type Html, type Paging, type Tone } from '#interfaces/look'

export type CredentialState = 'prepared' | 'in_force' | 'suspended' | 'revoked' | 'withdrawn'

export interface CredentialRow {
  readonly publicId: string
  readonly learner?: { readonly name: string; readonly language?: string }
  readonly achievement: string
  readonly state: CredentialState
  readonly visibility: 'private' | 'link' | 'public'
  readonly issuedAt: Date
  /** Since when it does not hold, and why. */
  readonly lapsedAt?: Date
  readonly lapseReason?: string
  readonly address?: string
  /** Takes a POST with `reason`; left out where it cannot be revoked, or not by this person. */
  readonly revokeAddress?: string
  /** It can be ticked for a change of status. */
  readonly changeable?: boolean
}

export interface CredentialsView {
  readonly credentials: readonly CredentialRow[]
  readonly paging: Paging
  readonly search?: { readonly address: string; readonly text: string }
  readonly importAddress?: string
  /** Takes a POST with `credential` (one or more), `change` and `reason`. */
  readonly changeAddress?: string
  /** Whether credentials that are issued now can be suspended. */
  readonly suspends?: boolean
}

const figures = figuresOf('en')
const states: Readonly<Record<CredentialState, readonly [string, Tone]>> = {
  prepared: ['Being signed', 'warn'],
  in_force: ['In force', 'good'],
  suspended: ['Suspended', 'bad'],
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
        ...(view.changeAddress === undefined ? [] : [{ head: 'Choose', silent: true as const, cell: (row: CredentialRow) => (row.changeable === true ? html`<label class="pick"><input type="checkbox" form="change" name="credential" value="${row.publicId}"><span class="sr">Choose ${row.publicId}</span></label>` : nothing) }]),
        { head: 'Credential', kind: 'name', cell: (row) => html`${row.learner === undefined ? nothing : html`${inLanguage(row.learner.name, row.learner.language)}<br>`}<span class="fine">${link(row.address, html`<span class="mono">${row.publicId}</span>`)}</span>` },
        { head: 'Achievement', cell: (row) => row.achievement },
        { head: 'Issued', cell: (row) => moment(row.issuedAt, figures.date(row.issuedAt)) },
        { head: 'State', cell: (row) => html`${tag(states[row.state][0], states[row.state][1])}${row.lapsedAt === undefined ? nothing : html`<br><span class="fine">${moment(row.lapsedAt, figures.date(row.lapsedAt))}${row.lapseReason === undefined ? nothing : `: ${row.lapseReason}`}</span>`}` },
        { head: 'Who sees it', cell: (row) => visibilities[row.visibility] },
        { head: 'Revoke', silent: true, kind: 'long', cell: (row) => (row.revokeAddress === undefined ? nothing : revoke(row, row.revokeAddress, chrome)) },
      ],
      view.credentials,
    )}${paging(view.paging)}`}
</section>
${view.changeAddress === undefined || !view.credentials.some((one) => one.changeable === true) ? nothing : changeMany(view, view.changeAddress, chrome)}`,
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

const changeMany = (view: CredentialsView, address: string, chrome: DeskChrome): Html =>
  block(
    'several',
    'Change the ticked ones',
    postForm(
      address,
      chrome,
      html`<fieldset class="field"><legend class="sr">What to do</legend><div class="choices">
${choice('change', 'suspend', 'Suspend', view.suspends === true ? 'They do not hold until you reinstate them.' : 'They do not hold until you reinstate them. Only credentials issued with LAUREL_SUSPENSION=1 can be suspended.', true)}
${choice('change', 'reinstate', 'Reinstate', 'Suspended ones hold again.', false)}
${choice('change', 'revoke', 'Revoke', 'For good. Everybody who verifies them will be told.', false)}</div></fieldset>
<div class="field"><label for="reason-several">Why, for everybody to read</label><input class="input" id="reason-several" name="reason" required maxlength="500"></div>
<p class="fine">All of them are changed or none.</p><p class="actions">${button('Change them', { kind: 'grave' })}</p>`,
      { id: 'change', className: 'stack narrow-form' },
    ),
  )
