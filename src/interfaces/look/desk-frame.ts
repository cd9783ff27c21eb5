/** The frame of the desk: where the people who run Laurel work. In English, from left to right, whatever the browser asks for. */
import { html, isolated, mailAddress, nothing, safeAddress, type Html } from './html.ts'
import { postForm } from './form.ts'
import { layout } from './layout.ts'
import { wreath } from './mark.ts'
import type { DeskChrome, Place } from './chrome.ts'

export interface DeskPage {
  readonly title: string
  /** The way here, from the top; the page itself is not in it. */
  readonly crumbs?: readonly { readonly address: string; readonly text: string }[]
  /** A state beside the title. */
  readonly state?: Html
  readonly lead?: Html | string
  readonly actions?: Html
  readonly main: Html
}

const names: Readonly<Record<Place, string>> = {
  overview: 'Overview',
  learners: 'Learners',
  completions: 'Completions',
  credentials: 'Credentials',
  shares: 'Shares',
  experiments: 'Experiments',
  reports: 'Reports',
  policies: 'Policies',
  settings: 'Settings',
  keys: 'Keys',
  mail: 'Development mail',
}

/** What stands together in the navigation. */
const groups: readonly { readonly name?: string; readonly places: readonly Place[] }[] = [
  { places: ['overview', 'learners', 'completions', 'credentials', 'shares'] },
  { name: 'Learn what works', places: ['experiments', 'reports', 'policies'] },
  { name: 'House', places: ['settings', 'keys', 'mail'] },
]

const roles: Readonly<Record<DeskChrome['role'], string>> = { owner: 'owner', staff: 'issuer staff', analyst: 'analyst, sees no identities' }

export function deskPage(page: DeskPage, chrome: DeskChrome): Html {
  const body = html`<a class="skip" href="#main">Skip to the content</a>
<div class="desk">
<header class="side"><a class="brand" href="${safeAddress(chrome.navigation.find((one) => one.place === 'overview')?.address) ?? '/'}">${wreath(26)} Laurel</a>
<nav aria-label="Desk">${groups.map((group) => navigation(group, chrome))}</nav>
<div class="person"><p class="fine">${mailAddress(chrome.person)}<br>${roles[chrome.role]}</p>${chrome.signOutAddress === undefined ? nothing : postForm(chrome.signOutAddress, chrome, html`<button class="textual">Sign out</button>`)}</div>
</header>
<main class="work" id="main">
<header>
<p class="crumbs">${isolated(chrome.issuer)}${(page.crumbs ?? []).map((one) => html` / <a href="${safeAddress(one.address) ?? '#main'}">${one.text}</a>`)}</p>
<div class="titleline"><h1 class="title">${page.title}</h1> ${page.state ?? nothing}</div>
${page.lead === undefined ? nothing : html`<p class="quiet lead-in">${page.lead}</p>`}
${page.actions === undefined ? nothing : html`<div class="actions">${page.actions}</div>`}
</header>
${page.main}
</main>
</div>`
  return layout({ title: `${page.title}: ${chrome.issuer}`, styles: 'desk.css', noindex: true, body }, { ...chrome, language: 'en' })
}

function navigation(group: (typeof groups)[number], chrome: DeskChrome): Html {
  const open = group.places.flatMap((place) => chrome.navigation.filter((one) => one.place === place))
  if (open.length === 0) return nothing
  return html`${group.name === undefined ? nothing : html`<p class="group">${group.name}</p>`}<ul>${open.map(
    (one) => html`<li><a href="${safeAddress(one.address) ?? '#main'}"${one.place === chrome.here ? html` aria-current="page"` : nothing}>${names[one.place]}${one.waiting === undefined || one.waiting === 0 ? nothing : html` <span class="count">${one.waiting}<span class="sr"> need attention</span></span>`}</a></li>`,
  )}</ul>`
}

export interface BlockOptions {
  readonly aside?: Html | string
  readonly className?: string
}

/** One question of the desk, on a sheet of its own. */
export const block = (id: string, title: string, matter: Html, options: BlockOptions = {}): Html =>
  html`<section class="sheet block${options.className === undefined ? '' : ` ${options.className}`}" aria-labelledby="${id}"><header><h2 id="${id}">${title}</h2>${options.aside === undefined ? nothing : html`<p class="fine">${options.aside}</p>`}</header>
${matter}
</section>
`

/** What will be here, and the one action that brings it. */
export const empty = (sentence: string, action: Html = nothing): Html => html`<div class="empty"><p>${sentence}</p>${action}</div>`

/** Where a list goes on: which of its rows are here, and the addresses of its first and its next page. */
export interface Paging {
  readonly from: number
  readonly to: number
  readonly total: number
  readonly first?: string
  readonly next?: string
}

export function paging(view: Paging): Html {
  const [first, next] = [safeAddress(view.first), safeAddress(view.next)]
  const number = (n: number): string => n.toLocaleString('en-GB')
  return html`<nav class="paging" aria-label="Pages of the list"><p class="fine">${view.total === 0 ? 'None' : `${number(view.from)} to ${number(view.to)} of ${number(view.total)}`}</p>${
    first === undefined ? nothing : html`<a class="button compact" href="${first}" rel="first">First</a>`
  }${next === undefined ? nothing : html`<a class="button compact" href="${next}" rel="next">More</a>`}</nav>`
}

/** An arm's name with its shape: disc for an arm that is nudged, square for the one that is not. */
export const arm = (role: 'treatment' | 'control', text: Html | string): Html => html`<span class="arm ${role}">${text}</span>`
