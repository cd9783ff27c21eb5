/** Erasing oneself: what goes and what stays, said before; and that it is done, said after. */
import { button, field, html, linkButton, opening, postForm, publicPage, spread, wordsOf, type Chrome, type Html } from '#interfaces/look'

export interface EraseView {
  /** Takes a POST with `email`. */
  readonly address: string
  readonly backAddress: string
  readonly exportAddress: string
  /** How many credentials will be withdrawn. */
  readonly credentials: number
  /** What was typed, when it was not the address. */
  readonly mistaken?: string
}

export function erasePage(view: EraseView, chrome: Chrome): Html {
  const words = wordsOf(chrome.language)
  return publicPage(
    {
      title: words.text('erase.title'),
      noindex: true,
      main: html`${opening(words.text('erase.title'), words.text('erase.lead'))}
${spread('goes', words.text('erase.goes'), html`<ul class="findings"><li>${words.text('erase.goes_person')}</li><li>${words.text('erase.goes_credentials', { n: view.credentials })}</li><li>${words.text('erase.goes_rest')}</li></ul>`)}
${spread('stays', words.text('erase.stays'), html`<ul class="findings"><li>${words.text('erase.stays_counts')}</li><li>${words.text('erase.stays_copies')}</li></ul>
<p>${linkButton(view.exportAddress, words.text('me.export'), 'compact')}</p>`)}
${spread(
        'sure',
        words.text('me.erase'),
        postForm(
          view.address,
          chrome,
          html`${field('email', words.text('erase.sure'), {
            type: 'email',
            required: true,
            maxLength: 254,
            autocomplete: 'off',
            ...(view.mistaken === undefined ? {} : { value: view.mistaken, fault: words.text('erase.fault') }),
          })}
<p class="actions">${button(words.text('erase.button'), { kind: 'grave' })} ${linkButton(view.backAddress, words.text('erase.back'))}</p>`,
          { className: 'stack small-form' },
        ),
      )}`,
    },
    chrome,
  )
}

export function erasedPage(chrome: Chrome): Html {
  const words = wordsOf(chrome.language)
  return publicPage({ title: words.text('erase.done'), noindex: true, narrow: true, main: opening(words.text('erase.done'), words.text('erase.done_lead')) }, chrome)
}
