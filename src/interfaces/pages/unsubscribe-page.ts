/** No more reminders: one button, no sign-in, no question why. The mail program's own button posts to the same address (RFC 8058). */
import { button, html, linkButton, nothing, opening, postForm, publicPage, wordsOf, type Chrome, type Html } from '#interfaces/look'

export interface UnsubscribeView {
  readonly issuerName: string
  /** Takes the POST. */
  readonly address: string
  readonly token: string
  /** `asked`: the button is still to be pressed. */
  readonly state: 'asked' | 'done'
  /** The learner's own settings, where reminders can be allowed again. */
  readonly settingsAddress?: string
}

export function unsubscribePage(view: UnsubscribeView, chrome: Chrome): Html {
  const words = wordsOf(chrome.language)
  const title = words.text(view.state === 'done' ? 'unsubscribe.done' : 'unsubscribe.title')
  return publicPage(
    {
      title,
      noindex: true,
      narrow: true,
      main: html`${opening(title, words.html(view.state === 'done' ? 'unsubscribe.done_lead' : 'unsubscribe.lead', { issuer: view.issuerName }))}
${view.state === 'done'
  ? view.settingsAddress === undefined ? nothing : html`<p class="actions">${linkButton(view.settingsAddress, words.text('unsubscribe.settings'))}</p>`
  : postForm(view.address, chrome, html`<p class="actions">${button(words.text('unsubscribe.button'), { kind: 'primary' })}</p>`, { hidden: { token: view.token } })}`,
    },
    chrome,
  )
}
