/**
 * The page of one credential: what a learner shows and an employer reads in ten seconds. Who, what, by whom, how assessed, how many hours,
 * when, still valid, verified now; then the reasons. It opens the same for everybody; its owner sees a band and three sections more.
 */
import {
  assetAddress, button, checks, choice, dataBlock, facts, field, html, inLanguage, isolated, link, linkButton, logoImage, mark, moment, nothing, postForm, publicPage, rosette, safeAddress, spread, table, tag,
  verdict, wordsOf, wreath, type CheckView, type Chrome, type Html, type LogoView, type Words,
} from '#interfaces/look'
import { prompt, type PromptView } from './prompt.ts'

export type Standing = 'in_force' | 'not_yet' | 'expired' | 'suspended' | 'revoked'
export type Visibility = 'private' | 'link' | 'public'
/** Kinds of viewer, never merged; `verification` is a view of its own kind. */
export type ViewerClass = 'human' | 'verification' | 'owner' | 'preview_bot' | 'scanner' | 'robot' | 'unknown'

export interface CredentialView {
  readonly publicId: string
  /** The public address, absolute. */
  readonly address: string
  readonly visibility: Visibility
  readonly learner: { readonly name: string; readonly language?: string; readonly knownAs?: string }
  readonly achievement: {
    readonly name: string
    readonly description: string
    /** Language of name, description and criteria. */
    readonly language?: string
    /** Open Badges 3.0 `achievementType`, if the issuer gave one. */
    readonly type?: string
  }
  readonly issuer: {
    readonly name: string
    readonly address?: string
    readonly colour?: string
    readonly logo?: LogoView
    /** Where its keys are published: did:web's host, usually. */
    readonly host?: string
    /** On this server's list of trusted issuers. */
    readonly known: boolean
    readonly keysAddress?: string
    /** How many credentials it has signed here. */
    readonly signed?: number
  }
  /** How the achievement was assessed: the criteria in the issuer's words. */
  readonly assessed?: string
  readonly result?: string
  /** ISO 8601 duration ("PT120H"), or words. */
  readonly workload?: string
  readonly level?: string
  readonly issuedAt: Date
  readonly validUntil?: Date
  readonly standing: Standing
  /** When it was revoked or suspended. */
  readonly standingSince?: Date
  readonly standingReason?: string
  /** The report of `#kernel/verify` on the signed document, made for this answer. */
  readonly verification: {
    readonly verdict: 'trusted' | 'unknown_issuer' | 'not_proved'
    /** What decided: "registry.unlisted". */
    readonly reason: string
    readonly checks: readonly CheckView[]
    /** ISO 8601. */
    readonly at: string
  }
  readonly skills: readonly { readonly name: string; readonly description?: string; readonly framework?: string; readonly address?: string }[]
  readonly results?: readonly { readonly name: string; readonly weight?: string; readonly value: string }[]
  readonly evidence: readonly { readonly name: string; readonly description?: string; readonly address?: string }[]
  readonly endorsements?: readonly { readonly text: string; readonly by: string }[]
  readonly downloads: readonly { readonly kind: 'json' | 'jwt' | 'badge' | 'badge_svg' | 'certificate' | 'card'; readonly address: string; readonly bytes?: number }[]
  /** First bytes of the proof; they draw the rosette. */
  readonly proofBytes: Uint8Array
  /** The signed document, where the reader's browser may fetch it to check it by itself. */
  readonly checkAddress?: string
  /** Where to verify it here, and the command that verifies it anywhere. */
  readonly verifyAddress: string
  readonly command: string
  /** Counts a look of 1.5 seconds or more; left out for the owner. */
  readonly beacon?: { readonly address: string }
  readonly card?: { readonly address: string }
  /** Where other sites ask how to show it; left out while it is private. */
  readonly oEmbedAddress?: string
  readonly owner?: CredentialOwnerView
  /** Opened by its learner's mail, without a session: where a press opens one and leads to sharing. */
  readonly mailed?: { readonly shareAddress: string }
}

export interface CredentialOwnerView {
  readonly shareAddress: string
  /** Takes a POST with `visibility`. */
  readonly visibilityAddress: string
  /** Takes a POST with `name`. */
  readonly knownAsAddress: string
  readonly views: readonly { readonly viewer: ViewerClass; readonly last30Days: number; readonly inAll: number }[]
  readonly prompt?: PromptView
  readonly meAddress?: string
}

export function credentialPage(view: CredentialView, chrome: Chrome): Html {
  const words = wordsOf(chrome.language)
  const holds = view.standing === 'in_force'
  const description = words.text('credential.description', { issuer: view.issuer.name, standing: words.text(`standing.${view.standing}`) })
  const title = words.text('credential.page_title', { name: view.learner.name, title: view.achievement.name })
  return publicPage(
    {
      title,
      description,
      ...(view.issuer.colour === undefined ? {} : { colour: view.issuer.colour }),
      noindex: view.visibility !== 'public' || !holds,
      islands: view.beacon === undefined && view.checkAddress === undefined ? [] : ['view.js'],
      preview: { address: view.address, title, description, ...(view.card === undefined ? {} : { image: { address: view.card.address, says: title } }) },
      head: html`${safeAddress(view.oEmbedAddress) === undefined ? nothing : html`<link rel="alternate" type="application/json+oembed" href="${view.oEmbedAddress}" title="${title}">
`}${view.visibility === 'public' && holds ? forMachines(view) : nothing}`,
      ...(view.owner !== undefined ? { above: band(view, view.owner.shareAddress, words, true) } : view.mailed !== undefined ? { above: band(view, view.mailed.shareAddress, words, false) } : {}),
      navigation: [
        ...(view.owner?.meAddress === undefined ? [] : [{ address: view.owner.meAddress, text: words.text('frame.my_credentials') }]),
        { address: view.verifyAddress, text: words.text('frame.verify_another') },
      ],
      main: html`${diploma(view, words)}
${view.owner === undefined ? nothing : html`${looks(view.owner, words)}${visibility(view, view.owner, words, chrome)}${known(view, view.owner, words, chrome)}${downloads(view, words)}`}
${holds ? nothing : meaning(view, words)}
${view.standing === 'revoked' || view.standing === 'suspended' ? nothing : shown(view, words)}
${issuer(view, words)}
${yourself(view, words)}
${view.beacon === undefined || safeAddress(view.beacon.address) === undefined ? nothing : html`<div hidden data-view="${view.beacon.address}"></div>`}
${view.owner?.prompt === undefined ? nothing : prompt(view.owner.prompt, chrome)}`,
      last: html`<span>${words.html('credential.number', { id: view.publicId })}</span>`,
    },
    chrome,
  )
}

function diploma(view: CredentialView, words: Words): Html {
  const { figures } = words
  const holds = view.standing === 'in_force' || view.standing === 'not_yet'
  const written = view.achievement.language
  return html`<article class="sheet diploma${holds ? '' : ' lapsed'}">
${holds ? rosette(view.proofBytes) : nothing}
<header class="who">
<p class="eyebrow">${words.maybe(`kind.${view.achievement.type ?? ''}`) ?? words.text('kind.other')}</p>
<h1 class="name" data-signed>${inLanguage(view.learner.name, view.learner.language)}</h1>
${view.learner.knownAs === undefined ? nothing : html`<p class="small quiet">${words.html('known.as', { name: view.learner.knownAs })}</p>`}
<p class="did">${words.text(`did.${view.standing}`)}</p>
<p class="title" data-signed>${inLanguage(view.achievement.name, written)}</p>
<p class="by">${view.issuer.logo === undefined ? nothing : logoImage(view.issuer.logo, { width: 150, height: 44 })} <span>${words.html('credential.issued_by', { issuer: view.issuer.name })}</span></p>
</header>
${panel(view, words)}
${view.achievement.description === '' ? nothing : html`<p class="claim lead">${inLanguage(view.achievement.description, written)}</p>`}
${facts([
  { label: words.text('fact.assessed'), value: view.assessed === undefined ? unstated(words) : inLanguage(view.assessed, written), wide: true },
  ...(view.result === undefined ? [] : [{ label: words.text('fact.result'), value: isolated(view.result) }]),
  { label: words.text('fact.workload'), value: view.workload === undefined ? unstated(words) : isolated(figures.duration(view.workload)) },
  { label: words.text('fact.issued'), value: moment(view.issuedAt, figures.date(view.issuedAt)) },
  { label: words.text('fact.valid'), value: validity(view, words) },
  ...(view.level === undefined ? [] : [{ label: words.text('fact.level'), value: isolated(view.level) }]),
])}
</article>`
}

const unstated = (words: Words): Html => html`<span class="quiet">${words.text('fact.unstated')}</span>`

function validity(view: CredentialView, words: Words): string {
  const day = (when: Date): string => words.figures.date(when)
  switch (view.standing) {
    case 'in_force': return view.validUntil === undefined ? words.text('valid.for_ever') : words.text('valid.until', { date: day(view.validUntil) })
    case 'not_yet': return words.text('valid.from', { date: day(view.issuedAt) })
    case 'expired': return view.validUntil === undefined ? words.text('standing.expired') : words.text('valid.was_until', { date: day(view.validUntil) })
    case 'suspended': return view.standingSince === undefined ? words.text('standing.suspended') : words.text('valid.suspended_since', { date: day(view.standingSince) })
    case 'revoked': return view.standingSince === undefined ? words.text('standing.revoked') : words.text('valid.revoked_on', { date: day(view.standingSince) })
  }
}

/**
 * On the issuer's own page nobody asks whether a registry lists the issuer; that stays among the checks, and the page is genuine without it.
 * Anything else that could not be checked is said first.
 */
export function answerOf(report: CredentialView['verification']): 'genuine' | 'partly' | 'not_proved' {
  // What has merely run out, or not begun, is proved; its dates are told by its standing.
  if (report.verdict === 'not_proved') return report.reason === 'dates.expired' || report.reason === 'dates.not_yet' ? 'genuine' : 'not_proved'
  return report.verdict === 'trusted' || report.reason.startsWith('registry.') ? 'genuine' : 'partly'
}

/** The answer, the single checks, and when they were made. A lapsed credential says so first, whatever its signature says. */
function panel(view: CredentialView, words: Words): Html {
  const answer = answerOf(view.verification)
  const since = view.standingSince === undefined ? undefined : words.html('credential.since', { date: words.figures.date(view.standingSince) })
  const lapsed = view.standing === 'revoked' || view.standing === 'suspended'
  const bad = lapsed || answer === 'not_proved'
  const unsure = !bad && (answer === 'partly' || view.standing !== 'in_force')
  const said = lapsed
    ? verdict('failed', words.text(`verdict.${view.standing === 'revoked' ? 'revoked' : 'suspended'}`), since, 'verdict')
    : answer === 'not_proved'
      ? verdict('failed', words.text('verdict.not_proved'), words.text('verdict.not_proved_why'), 'verdict')
      : view.standing === 'expired'
        ? verdict('lapsed', words.text('verdict.expired'), words.text('verdict.expired_why'), 'verdict')
        : view.standing === 'not_yet'
          ? verdict('lapsed', words.text('verdict.not_yet'), words.text('verdict.not_yet_why', { date: words.figures.date(view.issuedAt) }), 'verdict')
          : answer === 'partly'
            ? verdict('not_checked', words.text('verdict.partly'), words.text('verdict.partly_why'), 'verdict')
            : verdict('passed', words.text('verdict.genuine'), words.text('verdict.genuine_why'), 'verdict')
  return html`<aside class="panel${bad ? ' bad' : unsure ? ' warn' : ''}" aria-labelledby="verdict">
${said}
${checks(view.verification.checks, words)}
<p class="fine">${lapsed ? words.text('verdict.signature_only') : nothing} ${words.html('credential.checked_at', { time: moment(view.verification.at, words.figures.instant(view.verification.at)) })}</p>
<p class="actions again">${linkButton(view.address, words.text('credential.check_again'), 'compact')} ${linkButton(view.verifyAddress, words.text('credential.check_elsewhere'), 'compact')}</p>
</aside>`
}

/** What the credential says in detail; left out where its issuer no longer says it. */
const shown = (view: CredentialView, words: Words): Html => html`${view.skills.length === 0 ? nothing : skills(view, words)}
${view.results === undefined || view.results.length === 0 ? nothing : results(view.results, words)}
${view.evidence.length === 0 && (view.endorsements ?? []).length === 0 ? nothing : evidence(view, words)}`

/** What is left when it no longer holds, for the three people who may be reading. */
function meaning(view: CredentialView, words: Words): Html {
  if (view.standing === 'not_yet') return nothing
  return spread(
    'means',
    words.text('lapsed.title'),
    html`<p class="lead">${words.text(`lapsed.${view.standing === 'expired' ? 'expired' : view.standing === 'suspended' ? 'suspended' : 'revoked'}`)}</p>
${view.standingReason === undefined ? nothing : html`<blockquote class="quote"><p>${isolated(view.standingReason)}</p><footer class="fine">${words.html('lapsed.reason_by', { issuer: view.issuer.name })}</footer></blockquote>`}
<div class="ways after">
<div><h3>${words.text('lapsed.hiring')}</h3><p class="small quiet">${words.text('lapsed.hiring_do')}</p></div>
<div><h3>${words.text('lapsed.yours')}</h3><p class="small quiet">${words.html('lapsed.yours_do', { issuer: link(view.issuer.address, isolated(view.issuer.name)) })}</p></div>
<div><h3>${words.text('lapsed.doubt')}</h3><p class="small quiet">${link(view.verifyAddress, words.text('lapsed.doubt_do'))}</p></div>
</div>`,
  )
}

const skills = (view: CredentialView, words: Words): Html =>
  spread(
    'skills',
    words.text('credential.skills'),
    html`<ul class="skills">${view.skills.map(
      (one) => html`<li><b>${link(one.address, inLanguage(one.name, view.achievement.language))}</b> <span class="quiet">${one.description === undefined ? nothing : inLanguage(one.description, view.achievement.language)} ${one.framework === undefined ? nothing : tag(isolated(one.framework))}</span></li>
`)}</ul>`,
  )

const results = (list: NonNullable<CredentialView['results']>, words: Words): Html =>
  spread(
    'results',
    words.text('credential.results'),
    table(
      words.text('credential.results'),
      [
        { head: words.text('result.part'), kind: 'name', cell: (row) => isolated(row.name) },
        ...(list.some((row) => row.weight !== undefined) ? [{ head: words.text('result.weight'), kind: 'number' as const, cell: (row: (typeof list)[number]) => row.weight ?? '' }] : []),
        { head: words.text('result.value'), kind: 'number', cell: (row) => isolated(row.value) },
      ],
      list,
    ),
  )

const evidence = (view: CredentialView, words: Words): Html =>
  spread(
    'evidence',
    words.text('credential.evidence'),
    html`<ul class="files">${view.evidence.map(
      (one) => html`<li>${mark('file')} <span>${link(one.address, isolated(one.name))}${one.description === undefined ? nothing : html`<br><span class="fine">${isolated(one.description)}</span>`}</span></li>
`)}</ul>
${(view.endorsements ?? []).map((one) => html`<blockquote class="quote"><p>${isolated(one.text)}</p><footer class="fine">${isolated(one.by)}</footer></blockquote>`)}`,
  )

const issuer = (view: CredentialView, words: Words): Html =>
  spread(
    'issuer',
    words.text('credential.issuer'),
    html`<div class="trust"><span>${view.issuer.logo === undefined ? wreath(40) : logoImage(view.issuer.logo, { width: 96, height: 40 })}</span><div><h3 class="head">${isolated(view.issuer.name)} ${view.issuer.known ? tag(words.text('issuer.known'), 'good') : tag(words.text('issuer.unknown'), 'warn')}</h3>
<p class="quiet">${view.issuer.host === undefined ? nothing : words.html('issuer.host', { host: html`<span class="mono" dir="ltr">${view.issuer.host}</span>` })} ${view.issuer.signed === undefined ? nothing : words.html('issuer.signed', { n: view.issuer.signed })}</p>
<p class="small links">${view.issuer.address === undefined ? nothing : link(view.issuer.address, words.text('issuer.about'))} ${view.issuer.keysAddress === undefined ? nothing : link(view.issuer.keysAddress, words.text('issuer.keys'))}</p></div></div>`,
  )

function yourself(view: CredentialView, words: Words): Html {
  const file = view.downloads.find((one) => one.kind === 'json')
  return spread(
    'yourself',
    words.text('yourself.title'),
    html`<div class="ways">
${view.checkAddress === undefined ? nothing : inBrowser(view.checkAddress, words)}
${file === undefined ? nothing : html`<div><h3>${words.text('yourself.file')}</h3><p class="small quiet">${words.text('yourself.file_why')}</p><p class="small">${link(file.address, file.bytes === undefined ? 'JSON' : `JSON, ${words.figures.bytes(file.bytes)}`)}</p></div>`}
<div><h3>${words.text('yourself.command')}</h3><p class="small quiet">${words.text('yourself.command_why')}</p><code class="codeline">${view.command}</code></div>
<div><h3>${words.text('yourself.other')}</h3><p class="small quiet">${words.text('yourself.other_why')}</p><p class="small">${link(view.verifyAddress, words.text('yourself.other_open'))}</p></div>
</div>`,
  )
}

const answers = ['working', 'holds', 'broken', 'differs', 'revoked', 'suspended', 'time', 'unlisted', 'other', 'too_old', 'unreachable'] as const

/** Shown by its script: without one there is nothing to press. */
const inBrowser = (file: string, words: Words): Html => html`<div hidden data-check="${assetAddress('check.js')}" data-file="${safeAddress(file) ?? ''}" data-words="${JSON.stringify(Object.fromEntries(answers.map((one) => [one, words.text(`own.${one}`)])))}"><h3>${words.text('own.title')}</h3><p class="small quiet">${words.text('own.why')}</p><p class="small"><button class="button compact" type="button">${words.text('own.button')}</button></p><p class="small" role="status"></p></div>`

/* ---- What only its owner sees ---- */

const band = (view: CredentialView, shareAddress: string, words: Words, downloads: boolean): Html => html`<section class="owner" aria-labelledby="own"><div class="page">
<div><h2 id="own">${words.html('owner.title', { name: view.learner.name })}</h2><p>${words.html(`owner.${view.visibility}`)}</p></div>
<div class="actions"><a class="button" href="${safeAddress(shareAddress) ?? '#'}">${mark('share')} ${words.text('owner.share')}</a>${downloads ? html`<a class="button ghost" href="#downloads">${words.text('owner.download')}</a>` : nothing}</div>
</div></section>`

const viewers: readonly ViewerClass[] = ['human', 'verification', 'owner', 'preview_bot', 'scanner', 'robot', 'unknown']

function looks(owner: CredentialOwnerView, words: Words): Html {
  const count = (viewer: ViewerClass): number => owner.views.find((one) => one.viewer === viewer)?.last30Days ?? 0
  const rows = viewers.flatMap((viewer) => owner.views.filter((one) => one.viewer === viewer))
  return spread(
    'looks',
    words.text('looks.title'),
    html`<p class="lead">${words.html('looks.sum', { people: count('human'), checks: count('verification') })}</p>
${rows.length === 0 ? nothing : table(
      words.text('looks.caption'),
      [
        { head: words.text('looks.kind'), kind: 'name', cell: (row) => html`${words.text(`looks.${row.viewer}`)}<br><span class="fine">${words.text(`looks.${row.viewer}_is`)}</span>` },
        { head: words.text('looks.days'), kind: 'number', cell: (row) => words.figures.number(row.last30Days) },
        { head: words.text('looks.all'), kind: 'number', cell: (row) => words.figures.number(row.inAll) },
      ],
      rows,
      { className: 'after' },
    )}
<p class="fine">${words.text('looks.promise')}</p>`,
  )
}

const known = (view: CredentialView, owner: CredentialOwnerView, words: Words, chrome: Chrome): Html =>
  spread(
    'known',
    words.text('known.title'),
    postForm(owner.knownAsAddress, chrome, html`${field('name', words.text('known.name'), { value: view.learner.knownAs ?? '', maxLength: 100, autocomplete: 'name', hint: words.text('known.hint') })}<p>${button(words.text('visibility.save'), { kind: 'compact' })}</p>`, { className: 'stack small-form' }),
  )

const visibility = (view: CredentialView, owner: CredentialOwnerView, words: Words, chrome: Chrome): Html =>
  spread(
    'visibility',
    words.text('visibility.title'),
    postForm(
      owner.visibilityAddress,
      chrome,
      html`<fieldset><legend class="sr">${words.text('visibility.title')}</legend>
${(['private', 'link', 'public'] as const).map((one) => choice('visibility', one, words.text(`visibility.${one}`), words.text(`visibility.${one}_is`), view.visibility === one))}
</fieldset>
<p class="after">${button(words.text('visibility.save'), { kind: 'compact' })}</p>`,
    ),
  )

const downloads = (view: CredentialView, words: Words): Html =>
  view.downloads.length === 0
    ? nothing
    : spread(
        'downloads',
        words.text('download.title'),
        html`<ul class="ways">${view.downloads.map(
          (one) => html`<li><h3>${link(one.address, words.text(`download.${one.kind}`))}</h3><p class="fine">${words.text(`download.${one.kind}_is`)}${one.bytes === undefined ? '' : ` (${words.figures.bytes(one.bytes)})`}</p></li>
`)}</ul>`,
      )

/** schema.org's EducationalOccupationalCredential, for search engines, on a page that its owner made public. */
const forMachines = (view: CredentialView): Html =>
  dataBlock({
    '@context': 'https://schema.org',
    '@type': 'EducationalOccupationalCredential',
    name: view.achievement.name,
    description: view.achievement.description,
    url: view.address,
    credentialCategory: view.achievement.type ?? 'Credential',
    dateCreated: view.issuedAt.toISOString().slice(0, 10),
    ...(view.validUntil === undefined ? {} : { expires: view.validUntil.toISOString().slice(0, 10) }),
    recognizedBy: { '@type': 'Organization', name: view.issuer.name, ...(safeAddress(view.issuer.address) === undefined ? {} : { url: view.issuer.address }) },
    about: { '@type': 'Person', name: view.learner.name },
    ...(safeAddress(view.card?.address) === undefined ? {} : { image: view.card?.address }),
    ...(view.skills.length === 0 ? {} : { competencyRequired: view.skills.map((one) => one.name) }),
  })
