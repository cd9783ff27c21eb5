/** The page of an issuer: who it is, what it awards, with what it signs, and how often it has. */
import { facts, html, inLanguage, isolated, link, logoImage, moment, nothing, opening, publicPage, spread, tag, wordsOf, type Chrome, type Html, type LogoView, type Words } from '#interfaces/look'

export interface IssuerView {
  readonly name: string
  /** Its own website. */
  readonly website?: string
  /** The page's address, absolute. */
  readonly address: string
  readonly achievements: readonly { readonly name: string; readonly description: string; readonly language?: string; readonly type?: string; readonly address: string }[]
  /** Credentials that it has signed here, and revoked. */
  readonly signed: number
  readonly revoked: number
  readonly did?: string
  readonly colour?: string
  readonly logo?: LogoView
  /** The list of what learners made public, where the issuer wants one. */
  readonly directoryAddress?: string
  /** The DID document, where the DID is one that has a document at an address. */
  readonly documentAddress?: string
  readonly keys: readonly SigningKeyView[]
}

interface SigningKeyView {
  readonly publicMultibase: string
  readonly createdAt: Date
  readonly retiredAt?: Date
  readonly compromisedAt?: Date
}

export function issuerPage(view: IssuerView, chrome: Chrome): Html {
  const words = wordsOf(chrome.language)
  const description = words.text('issuer.description', { issuer: view.name })
  return publicPage(
    {
      title: view.name,
      description,
      noindex: chrome.demo,
      preview: { address: view.address, title: view.name, description },
      ...(view.colour === undefined ? {} : { colour: view.colour }),
      navigation: [{ address: '/verify', text: words.text('yourself.other_open') }],
      main: html`${opening(html`${view.logo === undefined ? nothing : html`${logoImage(view.logo, { width: 240, height: 72 })}<br>`}${isolated(view.name)}`, view.website === undefined ? undefined : link(view.website, isolated(view.website)), words.text('verify.issuer'))}
<p class="lead before">${words.text('issuer.signed', { n: view.signed })}${view.signed === 0 ? nothing : html` ${words.text('issuer.revoked', { n: view.revoked })}`}</p>
${spread('awards', words.text('issuer.awards'), html`${awards(view, words)}${view.directoryAddress === undefined ? nothing : html`<p class="small links after">${link(view.directoryAddress, words.text('directory.open'))}</p>`}`)}
${view.did === undefined ? nothing : spread('identity', words.text('issuer.identity'), identity(view, view.did, words))}`,
    },
    chrome,
  )
}

const awards = (view: IssuerView, words: Words): Html =>
  view.achievements.length === 0
    ? html`<p class="quiet">${words.text('issuer.awards_none')}</p>`
    : html`<ul class="skills">${view.achievements.map(
        (one) => html`<li><b>${link(one.address, inLanguage(one.name, one.language))}</b> <span class="quiet">${inLanguage(one.description, one.language)} ${one.type === undefined ? nothing : tag(words.maybe(`kind.${one.type}`) ?? words.text('kind.other'))}</span></li>
`)}</ul>`

const identity = (view: IssuerView, did: string, words: Words): Html => html`${facts([{ label: words.text('issuer.did'), value: html`<span class="mono" dir="ltr">${did}</span><br><span class="fine">${words.text(did.startsWith('did:web:') ? 'issuer.did_web' : 'issuer.did_key')}</span>`, wide: true }])}
<h3 class="head after">${words.text('issuer.keys')}</h3>
<ul class="consents">${view.keys.map((one) => html`<li><div><code class="codeline">${one.publicMultibase}</code><p class="small quiet">${sayKey(one, words)}</p></div></li>`)}</ul>
${view.documentAddress === undefined ? nothing : html`<p class="small links">${link(view.documentAddress, words.text('issuer.document'))}</p>`}`

function sayKey(key: SigningKeyView, words: Words): Html {
  const day = (when: Date): Html => moment(when, words.figures.date(when))
  if (key.compromisedAt !== undefined) return words.html('key.compromised', { date: day(key.compromisedAt) })
  if (key.retiredAt !== undefined) return words.html('key.retired', { from: day(key.createdAt), to: day(key.retiredAt) })
  return words.html('key.in_use', { date: day(key.createdAt) })
}
