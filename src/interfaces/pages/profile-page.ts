/** What a learner's LinkedIn profile lists, shown by the copy of their data that LinkedIn gives: how to come by it, what of it is kept, and what was found. */
import { button, html, link, linkButton, nothing, opening, postForm, publicPage, spread, wordsOf, type Chrome, type Html, type Words } from '#interfaces/look'

/** LinkedIn's own page where members ask for a copy of their data. */
const askAddress = 'https://www.linkedin.com/mypreferences/d/download-my-data'

export type ProfileFault = 'empty' | 'zip' | 'other' | 'broken'

export interface ProfileView {
  /** Takes a multipart POST with `certifications`, `positions` or, last, `file`. */
  readonly address: string
  readonly backAddress: string
  readonly fault?: ProfileFault
  /** Months that could not be read; then nothing was kept. */
  readonly unread?: readonly { readonly row: number; readonly column: string; readonly value: string }[]
  readonly found?: {
    /** The learner's own credentials that the profile lists; undefined when no list of certificates came. */
    readonly credentials?: readonly { readonly name: string; readonly address: string }[]
    /** How many positions were kept; `not_allowed` when the learner does not allow it. Undefined when none came. */
    readonly positions?: number | 'not_allowed'
  }
}

export function profilePage(view: ProfileView, chrome: Chrome): Html {
  const words = wordsOf(chrome.language)
  const { found, fault, unread = [] } = view
  return publicPage(
    {
      title: words.text('export.title'),
      noindex: true,
      islands: ['profile.js'],
      narrow: true,
      main: html`${opening(words.text('export.title'), words.text('export.lead'))}
${found === undefined ? nothing : html`<div class="note" role="status">${kept(found, words)}</div>`}
${unread.length === 0 ? nothing : html`<div class="note bad"><p>${words.text('export.unread')}</p><ul class="findings">${unread.map((one) => html`<li>${words.html('export.unread_one', { row: String(one.row), column: one.column, value: one.value })}</li>`)}</ul></div>`}
${spread('ask', words.text('export.ask'), html`<p>${words.text('export.ask_is')}</p><p class="after">${linkButton(askAddress, words.text('export.ask_button'), 'compact')}</p>`)}
${spread(
        'choose',
        words.text('export.choose'),
        postForm(
          view.address,
          chrome,
          html`<input type="hidden" name="certifications"><input type="hidden" name="positions">
<div class="field"><label for="file">${words.text('export.file')}</label><input class="well" id="file" type="file" name="file" required accept=".zip,.csv" aria-describedby="file-hint"${fault === undefined ? nothing : html` aria-invalid="true"`} data-none="${words.text('export.fault_other')}"><p class="fine" id="file-hint">${words.text('export.file_hint')}</p>${fault === undefined ? nothing : html`<p class="small failed">${words.text(`export.fault_${fault}`)}</p>`}</div>
<p class="actions">${button(words.text('export.button'), { kind: 'primary' })} ${linkButton(view.backAddress, words.text('me.title'))}</p>`,
          { multipart: true, className: 'stack', island: 'profile' },
        ),
      )}
${spread('kept', words.text('export.kept'), html`<ul class="findings"><li>${words.text('export.kept_share')}</li><li>${words.text('export.kept_work')}</li><li>${words.text('export.kept_rest')}</li></ul>`)}`,
    },
    chrome,
  )
}

const kept = ({ credentials, positions }: NonNullable<ProfileView['found']>, words: Words): Html => html`${credentials === undefined ? nothing : html`<p>${words.text('export.found', { n: credentials.length })}</p>`}${
  credentials === undefined || credentials.length === 0 ? nothing : html`<ul class="findings">${credentials.map((one) => html`<li>${link(one.address, html`<bdi>${one.name}</bdi>`)}</li>`)}</ul>`
}${positions === undefined ? nothing : html`<p>${positions === 'not_allowed' ? words.text('export.positions_not_allowed') : words.text('export.positions', { n: positions })}</p>`}`
