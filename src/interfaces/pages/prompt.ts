/**
 * The prompt inside a page: at most two in a learner's life, shown at a visit, closed in one click. Every figure in it is the provider's own
 * and is left out when it is not known; refusing is as easy as agreeing. Each of its buttons posts, so a scanner that opens the page
 * answers nothing.
 */
import { button, html, inLanguage, mark, postForm, wordsOf, wreath, type Chrome, type Html } from '#interfaces/look'

export interface PromptView {
  readonly step: 1 | 2
  readonly learnerName: string
  readonly achievement: { readonly name: string; readonly language?: string }
  /** How many began and how many have passed, by the provider's own data; left out where it does not know both. */
  readonly rarity?: { readonly began: number; readonly passed: number; readonly year: number }
  /** How many fields there are to copy into the network's form. */
  readonly fields: number
  /** Takes a POST with `answer`: `accept` (leads on to the share page), `decline` or `close`. */
  readonly answerAddress: string
}

export function prompt(view: PromptView, chrome: Chrome): Html {
  const words = wordsOf(chrome.language)
  const title = inLanguage(view.achievement.name, view.achievement.language)
  const body =
    view.step === 2
      ? words.html('prompt.second', { title })
      : view.rarity === undefined
        ? words.html('prompt.first', { title, fields: view.fields })
        : words.html('prompt.first_rare', { title, fields: view.fields, began: view.rarity.began, passed: view.rarity.passed, year: String(view.rarity.year) })
  return html`<aside class="prompt sheet" aria-labelledby="prompt">
${postForm(
    view.answerAddress,
    chrome,
    html`<header>${wreath(32)}<h2 id="prompt">${words.html(view.step === 1 ? 'prompt.first_title' : 'prompt.second_title', { name: view.learnerName })}</h2><button class="x" name="answer" value="close" aria-label="${words.text('prompt.close')}">${mark('close')}</button></header>
<p class="quiet">${body}</p>
<p class="actions">${button(words.text('prompt.accept'), { kind: 'primary', name: 'answer', value: 'accept' })} ${button(words.text(view.step === 1 ? 'prompt.later' : 'prompt.decline'), { name: 'answer', value: 'decline' })}</p>`,
  )}
</aside>`
}
