/** Keys: those with which a course platform speaks to us, and those with which credentials are signed. A new key is shown once. */
import { block, button, deskPage, empty, field, figuresOf, html, moment, note, nothing, postForm, table, tag, type DeskChrome, type Html } from '#interfaces/look'

export interface KeysView {
  readonly apiKeys: readonly {
    readonly name: string
    /** The first characters, to tell it from others; the key itself is not kept. */
    readonly prefix?: string
    readonly scopes: readonly string[]
    readonly createdAt: Date
    readonly revokedAt?: Date
    readonly revokeAddress?: string
  }[]
  /** Just made: shown now and never again. */
  readonly made?: { readonly name: string; readonly key: string }
  readonly scopes: readonly { readonly name: string; readonly what: string }[]
  /** Takes a POST with `name` and any number of `scope`. */
  readonly createAddress?: string
  readonly signingKeys: readonly { readonly publicMultibase: string; readonly createdAt: Date; readonly retiredAt?: Date; readonly compromisedAt?: Date }[]
  readonly fault?: string
}

const figures = figuresOf('en')

export function keysPage(view: KeysView, chrome: DeskChrome): Html {
  const zone = chrome.timeZone
  return deskPage(
    {
      title: 'Keys',
      main: html`${view.made === undefined ? nothing : html`<div class="note" role="status"><p><b>The key “${view.made.name}” is made.</b> Copy it now: it is shown this once, and only its fingerprint is kept.</p><p class="secret"><code>${view.made.key}</code></p></div>`}
${block(
        'api',
        'Keys for course platforms',
        view.apiKeys.length === 0
          ? empty('A course platform needs a key to report completions. Make one below.')
          : table(
              'API keys',
              [
                { head: 'Key', kind: 'name', cell: (row) => html`${row.name}${row.prefix === undefined ? nothing : html`<br><span class="fine mono">${row.prefix}…</span>`}` },
                { head: 'May', cell: (row) => html`${row.scopes.map((one) => html`${tag(one)} `)}` },
                { head: 'Made', cell: (row) => moment(row.createdAt, figures.date(row.createdAt)) },
                { head: 'State', cell: (row) => (row.revokedAt === undefined ? tag('In use', 'good') : tag(html`Revoked on ${figures.date(row.revokedAt)}`)) },
                { head: 'Revoke', silent: true, cell: (row) => (row.revokeAddress === undefined ? nothing : postForm(row.revokeAddress, chrome, html`<button class="button compact grave">Revoke<span class="sr"> ${row.name}</span></button>`)) },
              ],
              view.apiKeys,
            ),
      )}
${view.createAddress === undefined
  ? nothing
  : block(
      'new',
      'A new key',
      postForm(
        view.createAddress,
        chrome,
        html`${field('name', 'What it is for', { required: true, maxLength: 100, placeholder: 'Course platform', ...(view.fault === undefined ? {} : { fault: view.fault }) })}
<fieldset class="field"><legend>What it may do</legend><div class="choices">${view.scopes.map((one) => html`<label class="choice"><input type="checkbox" name="scope" value="${one.name}"> <span><b class="mono">${one.name}</b><br><span class="fine">${one.what}</span></span></label>`)}</div></fieldset>
<p class="actions">${button('Make a key', { kind: 'primary' })}</p>`,
        { className: 'stack narrow-form' },
      ),
    )}
${block(
        'signing',
        'Keys that sign credentials',
        view.signingKeys.length === 0
          ? empty('The first credential makes the first key.')
          : html`${table(
              'Signing keys',
              [
                { head: 'Public key', kind: 'name', cell: (row) => html`<span class="mono">${row.publicMultibase}</span>` },
                { head: 'Since', cell: (row) => moment(row.createdAt, figures.instant(row.createdAt, zone)) },
                { head: 'State', cell: (row) => (row.compromisedAt !== undefined ? tag(html`Compromised on ${figures.date(row.compromisedAt)}`, 'bad') : row.retiredAt !== undefined ? tag(html`Retired on ${figures.date(row.retiredAt)}`) : tag('Signs now', 'good')) },
              ],
              view.signingKeys,
            )}${view.signingKeys.some((one) => one.compromisedAt !== undefined) ? note('Credentials signed with a compromised key are no longer proved. Issue them again.', 'bad') : nothing}`,
      )}`,
    },
    chrome,
  )
}
