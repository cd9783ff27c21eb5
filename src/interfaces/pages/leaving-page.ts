/**
 * On the way to a place that no list can name: a mail program, or a server that the learner named. The page leads on by itself; the button
 * is for browsers that do not. Where what was typed is no server, it asks again.
 */
import { button, field, html, link, linkButton, mark, note, nothing, opening, postForm, publicPage, wordsOf, type Chrome, type Html } from '#interfaces/look'

export interface LeavingView {
  readonly place: { readonly id: string; readonly name?: string | undefined }
  readonly shareAddress: string
  readonly to?: string
  /** What was typed, where it leads nowhere. */
  readonly asked?: { readonly given: string; readonly post: string; readonly text: string }
}

export function leavingPage(view: LeavingView, chrome: Chrome): Html {
  const words = wordsOf(chrome.language)
  const place = view.place.name ?? words.maybe(`target.${view.place.id}`) ?? view.place.id
  return publicPage(
    {
      title: words.text('leaving.title', { place }),
      noindex: true,
      narrow: true,
      main: html`${opening(words.text('leaving.title', { place }), view.asked === undefined ? words.text('leaving.lead') : undefined)}
${view.to === undefined ? nothing : html`<p class="actions">${linkButton(view.to, html`${words.text('leaving.go', { place })} ${mark('out')}`, 'primary')}</p>`}
${view.asked === undefined
  ? nothing
  : html`${note(words.html('leaving.no_server', { given: view.asked.given }), 'warn')}
${postForm(view.asked.post, chrome, html`${field('instance', words.text('elsewhere.instance'), { value: view.asked.given, required: true, inputmode: 'url', maxLength: 253 })}<p class="actions after">${button(words.text('elsewhere.go'), { kind: 'primary' })}</p>`, { className: 'small-form after', hidden: { text: view.asked.text } })}`}
<p class="after">${link(view.shareAddress, words.text('leaving.back'))}</p>`,
    },
    chrome,
  )
}
