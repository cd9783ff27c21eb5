/** What learners of an issuer made public, page by page; there only where the issuer wants it. */
import { html, inLanguage, isolated, link, moment, nothing, opening, publicPage, safeAddress, wordsOf, type Chrome, type Html } from '#interfaces/look'

export interface DirectoryView {
  readonly issuer: { readonly name: string; readonly address: string; readonly colour?: string }
  /** The page's address, absolute. */
  readonly address: string
  readonly credentials: readonly { readonly learner: string; readonly achievement: { readonly name: string; readonly language?: string }; readonly issuedAt: Date; readonly address: string }[]
  readonly nextAddress?: string
}

export function directoryPage(view: DirectoryView, chrome: Chrome): Html {
  const words = wordsOf(chrome.language)
  const lead = words.text('directory.lead', { issuer: view.issuer.name })
  return publicPage(
    {
      title: words.text('credential.page_title', { name: view.issuer.name, title: words.text('directory.title') }),
      description: lead,
      noindex: chrome.demo,
      preview: { address: view.address, title: words.text('directory.title'), description: lead },
      navigation: [{ address: '/verify', text: words.text('yourself.other_open') }],
      ...(view.issuer.colour === undefined ? {} : { colour: view.issuer.colour }),
      main: html`${opening(words.text('directory.title'), lead, link(view.issuer.address, isolated(view.issuer.name)))}
${view.credentials.length === 0 ? html`<p class="quiet">${words.text('directory.none')}</p>` : html`<ul class="skills">${view.credentials.map(
        (one) => html`<li><b>${link(one.address, isolated(one.learner))}</b> <span class="quiet">${inLanguage(one.achievement.name, one.achievement.language)}, ${moment(one.issuedAt, words.figures.date(one.issuedAt))}</span></li>
`)}</ul>`}
${view.nextAddress === undefined ? nothing : html`<p class="after"><a rel="next" href="${safeAddress(view.nextAddress) ?? '#main'}">${words.text('directory.next')}</a></p>`}`,
    },
    chrome,
  )
}
