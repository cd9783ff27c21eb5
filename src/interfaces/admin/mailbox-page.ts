/** The development mailbox: mail that this machine would have sent, kept so that it can be read. Never shown where real mail goes out. */
import { block, deskPage, empty, facts, figuresOf, html, isolated, link, mark, moment, nothing, paging, safeAddress, searchForm, table, type DeskChrome, type Html, type Paging } from '#interfaces/look'

export interface MailboxView {
  readonly mails: readonly { readonly address: string; readonly to: string; readonly subject: string; readonly at: Date }[]
  readonly paging: Paging
  /** Finds the mails of one recipient: a GET to the same address. */
  readonly search?: { readonly address: string; readonly text: string }
}

const figures = figuresOf('en')

export function mailboxPage(view: MailboxView, chrome: DeskChrome): Html {
  return deskPage(
    {
      title: 'Development mail',
      lead: 'This machine sends no real mail. What it would have sent is kept here.',
      main: html`<section class="sheet block" aria-label="Mails">${view.search === undefined ? nothing : searchForm(view.search, 'To')}${
        view.mails.length === 0
          ? empty(view.search !== undefined && view.search.text !== '' ? 'There is no mail to this address.' : 'Mails will stand here as soon as something is issued or somebody asks to sign in.')
          : html`${table(
              'Mails, newest first',
              [
                { head: 'Subject', kind: 'name', cell: (row) => link(row.address, isolated(row.subject)) },
                { head: 'To', cell: (row) => isolated(row.to) },
                { head: 'Sent', cell: (row) => moment(row.at, figures.instant(row.at, chrome.timeZone)) },
              ],
              view.mails,
            )}${paging(view.paging)}`
      }</section>`,
    },
    chrome,
  )
}

export interface MailView {
  readonly to: string
  readonly subject: string
  readonly at: Date
  readonly headers: readonly { readonly name: string; readonly value: string }[]
  readonly text: string
  /** Serves the mail's HTML by itself, with a policy that lets nothing run; it opens beside this page. */
  readonly htmlAddress?: string
  /** Links in the mail, so that a test or a person need not dig for them. */
  readonly links: readonly string[]
  readonly listAddress: string
}

export function mailPage(view: MailView, chrome: DeskChrome): Html {
  const alone = safeAddress(view.htmlAddress)
  return deskPage(
    {
      title: view.subject,
      crumbs: [{ address: view.listAddress, text: 'Development mail' }],
      main: html`${block(
        'head',
        'Head',
        facts(
          [{ label: 'To', value: isolated(view.to) }, { label: 'Sent', value: moment(view.at, figures.instant(view.at, chrome.timeZone)) }, ...view.headers.map((one) => ({ label: one.name, value: isolated(one.value), wide: one.value.length > 40 }))],
          'headers',
        ),
      )}
${view.links.length === 0 ? nothing : block('links', 'Its links', html`<ul class="stack">${view.links.map((one) => html`<li>${link(one, html`<span class="mono">${one}</span>`)}</li>`)}</ul>`)}
${alone === undefined ? nothing : html`<p class="before"><a class="button" href="${alone}" target="_blank" rel="noopener">${mark('out')} Open it as HTML</a></p>`}
${block('text', 'As plain text', html`<pre class="plaintext">${view.text}</pre>`)}`,
    },
    chrome,
  )
}
