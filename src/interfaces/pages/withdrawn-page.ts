/** What is left at the address of a credential whose learner was erased: that it is withdrawn, and nothing that it said. */
import { html, linkButton, opening, publicPage, wordsOf, type Chrome, type Html } from '#interfaces/look'

export interface WithdrawnView {
  readonly publicId: string
  readonly verifyAddress: string
}

export function withdrawnPage(view: WithdrawnView, chrome: Chrome): Html {
  const words = wordsOf(chrome.language)
  return publicPage(
    {
      title: words.text('withdrawn.title'),
      noindex: true,
      narrow: true,
      main: html`${opening(words.text('withdrawn.title'), words.text('withdrawn.lead'))}
<p class="actions">${linkButton(view.verifyAddress, words.text('frame.verify_another'))}</p>`,
      last: html`<span>${words.html('credential.number', { id: view.publicId })}</span>`,
    },
    chrome,
  )
}
