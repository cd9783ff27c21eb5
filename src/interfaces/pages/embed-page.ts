/**
 * A credential inside somebody else's site: who, what, by whom, and whether it holds as of now. The frame carries no form, no script and
 * nothing of its owner's, since the page around it could lay anything over it; all of it is a link to the page that does.
 */
import { html, inLanguage, isolated, layout, logoImage, mark, moment, nothing, rosette, safeAddress, wordsOf, wreath, type Chrome, type Html, type Words } from '#interfaces/look'
import { answerOf, type CredentialView } from './credential-page.ts'

export function embedPage(view: CredentialView, to: string, chrome: Chrome): Html {
  const words = wordsOf(chrome.language)
  const holds = view.standing === 'in_force' || view.standing === 'not_yet'
  const { figures } = words
  return layout(
    {
      title: words.text('credential.page_title', { name: view.learner.name, title: view.achievement.name }),
      noindex: true,
      styles: 'laurel.css',
      ...(view.issuer.colour === undefined ? {} : { colour: view.issuer.colour }),
      body: html`<main class="embed${holds ? '' : ' lapsed'}"><a href="${safeAddress(to) ?? '#'}" target="_blank" rel="noopener">
${holds ? rosette(view.proofBytes) : nothing}
<span class="by">${view.issuer.logo === undefined ? wreath(20) : logoImage(view.issuer.logo, { width: 90, height: 24 })} <span>${isolated(view.issuer.name)}</span></span>
<h1 class="name">${inLanguage(view.learner.name, view.learner.language)}</h1>
<span class="title">${inLanguage(view.achievement.name, view.achievement.language)}</span>
<span class="state">${state(view, words)} <span class="fine">${moment(view.issuedAt, figures.date(view.issuedAt))}</span></span>
</a></main>`,
    },
    chrome,
  )
}

/** In place of a page that is not open, or no longer there. */
export const emptyEmbed = (says: string, chrome: Chrome): Html =>
  layout({ title: says, noindex: true, styles: 'laurel.css', body: html`<main class="embed none">${wreath(28)} <h1 class="quiet">${says}</h1></main>` }, chrome)

function state(view: CredentialView, words: Words): Html {
  const said = (tone: string, drawing: 'passed' | 'failed' | 'unsure' | 'alert', text: string): Html => html`<span class="${tone}">${mark(drawing, 18)}</span> <span>${text}</span>`
  if (view.standing === 'revoked' || view.standing === 'suspended') return said('failed', 'failed', words.text(`standing.${view.standing}`))
  const answer = answerOf(view.verification)
  if (answer === 'not_proved') return said('failed', 'failed', words.text('verdict.not_proved'))
  if (view.standing !== 'in_force') return said('unsure', 'alert', words.text(`standing.${view.standing}`))
  return answer === 'genuine' ? said('passed', 'passed', words.text('verdict.genuine')) : said('unsure', 'unsure', words.text('verdict.partly'))
}
