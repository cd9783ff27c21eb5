/** The page of an achievement: what it says of whoever has it, and what has to be done for it, in its issuer's own words. */
import { html, inLanguage, isolated, link, nothing, opening, publicPage, spread, tag, wordsOf, type Chrome, type Html } from '#interfaces/look'

export interface AchievementView {
  readonly name: string
  readonly description: string
  /** The criteria in the issuer's words; a line break begins a paragraph. */
  readonly criteria?: string
  readonly criteriaAddress?: string
  /** Of name, description and criteria. */
  readonly language?: string
  /** Open Badges 3.0 `achievementType`. */
  readonly type?: string
  readonly skills: readonly { readonly name: string; readonly description?: string; readonly framework?: string; readonly address?: string }[]
  readonly issuer: { readonly name: string; readonly address: string }
  /** Credentials of it that were signed here, and revoked. */
  readonly signed: number
  readonly revoked: number
  /** The page's address, absolute: it stands in credentials as the achievement's id. */
  readonly address: string
  readonly dataAddress: string
  readonly colour?: string
}

export function achievementPage(view: AchievementView, chrome: Chrome): Html {
  const words = wordsOf(chrome.language)
  const own = (text: string): Html => inLanguage(text, view.language)
  return publicPage(
    {
      title: words.text('credential.page_title', { name: view.issuer.name, title: view.name }),
      description: view.description,
      noindex: chrome.demo,
      ...(view.colour === undefined ? {} : { colour: view.colour }),
      preview: { address: view.address, title: view.name, description: view.description },
      navigation: [{ address: '/verify', text: words.text('yourself.other_open') }],
      main: html`${opening(own(view.name), own(view.description), words.maybe(`kind.${view.type ?? ''}`) ?? words.text('kind.other'))}
<p class="quiet before">${words.html('achievement.by', { issuer: link(view.issuer.address, isolated(view.issuer.name)) })}</p>
<p class="before">${words.text('issuer.signed', { n: view.signed })}${view.signed === 0 ? nothing : html` ${words.text('issuer.revoked', { n: view.revoked })}`}</p>
${view.criteria === undefined && view.criteriaAddress === undefined ? nothing : spread('criteria', words.text('achievement.criteria'), criteria(view))}
${view.skills.length === 0 ? nothing : spread('skills', words.text('achievement.skills'), skills(view))}
<p class="small links after">${link(view.dataAddress, words.text('achievement.data'))}</p>`,
    },
    chrome,
  )
}

const criteria = (view: AchievementView): Html => {
  const lines = (view.criteria ?? '').split(/\n+/u).filter((line) => line.trim() !== '')
  return html`${lines.map((line) => html`<p class="before">${inLanguage(line, view.language)}</p>
`)}${view.criteriaAddress === undefined ? nothing : html`<p class="small">${link(view.criteriaAddress, isolated(view.criteriaAddress))}</p>`}`
}

const skills = (view: AchievementView): Html =>
  html`<ul class="skills">${view.skills.map(
    (one) => html`<li><b>${link(one.address, inLanguage(one.name, view.language))}</b> <span class="quiet">${one.description === undefined ? nothing : inLanguage(one.description, view.language)} ${one.framework === undefined ? nothing : tag(isolated(one.framework))}</span></li>
`)}</ul>`
