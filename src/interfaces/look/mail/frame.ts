/**
 * The body of every mail: tables and inline styles, because mail programs know little else; its colours turn with a dark one that asks;
 * and a twin in plain text that says the same. Nothing is fetched when it is opened: no picture, no font, no counting pixel.
 */
import { html, inLanguage, nothing, safeAddress, type Html } from '../html.ts'
import { themeOf, type Colour } from '../theme.ts'
import { wordsOf, type Words } from '../words.ts'

export interface MailContent {
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** One part of a mail, said twice. */
export interface MailPart {
  readonly html: Html
  readonly text: string
}

export interface MailFrame {
  readonly language: string
  readonly subject: string
  /** What a mailbox shows behind the subject. */
  readonly preview: string
  readonly from: string
  readonly title: Html
  readonly titleText: string
  readonly parts: readonly MailPart[]
  /** Small print: why it came, and the way out. */
  readonly foot: readonly MailPart[]
  readonly demo?: boolean
  readonly colours: MailColours
}

/** What an issuer's colour turns, on light and on dark. */
interface Turned {
  readonly laurel: Colour
  readonly deep: Colour
  readonly wash: Colour
  readonly line: Colour
}

export interface MailColours {
  readonly light: Turned
  readonly dark: Turned
}

/** Of tokens.css. */
const ours: MailColours = {
  light: { laurel: '#1e5540', deep: '#123a2b', wash: '#e9f1ea', line: '#bcd2c3' },
  dark: { laurel: '#8fccab', deep: '#8fccab', wash: '#19271f', line: '#35523f' },
}

/** With the issuer's colour where it has one, as readable as on its pages: a mail stands on their grounds. */
export function mailColours(colour: string | undefined): MailColours {
  if (colour === undefined) return ours
  const { light, dark } = themeOf(colour)
  return {
    light: { laurel: light.laurel, deep: light['laurel-deep'], wash: light['laurel-wash'], line: light['laurel-line'] },
    dark: { laurel: dark.laurel, deep: dark.laurel, wash: dark['laurel-wash'], line: dark['laurel-line'] },
  }
}

const serif = "'Iowan Old Style','Palatino Linotype',Palatino,Georgia,serif"
const sans = "-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"
/** Tokens of the light palette; the dark ones stand in the style sheet of the mail, for programs that read it. */
const ink = '#1b1e1a'
const second = '#464b43'
const third = '#62665b'

const stylesOf = ({ dark }: MailColours): string => `:root{color-scheme:light dark;supported-color-schemes:light dark}
body{margin:0;padding:0;width:100%;background:#faf7f0}
@media (max-width:600px){.pad{padding-left:24px!important;padding-right:24px!important}.full{width:100%!important}.big{font-size:26px!important;line-height:34px!important}}
@media (prefers-color-scheme:dark){body,.ground{background:#10140f!important}.sheet{background:#171c17!important;border-color:#2c332c!important}.card{background:${dark.wash}!important;border-color:${dark.line}!important}
.ink{color:#f0ecdf!important}.second{color:#c6c5b8!important}.third{color:#a1a396!important}.laurel,a{color:${dark.laurel}!important}.button{background:${dark.laurel}!important}.button a{color:#0b1a12!important}.rule{border-color:#2c332c!important}}
[data-ogsc] .ink{color:#f0ecdf!important}[data-ogsc] .second{color:#c6c5b8!important}[data-ogsc] .laurel{color:${dark.laurel}!important}`

/** A line end inside a header would begin another header: whatever ends a line becomes a space (RFC 5322, 2.2). */
// oxlint-disable-next-line no-control-regex
export const oneLine = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/gu, ' ').trim()

/** NUL cannot travel in a mail; other controls have no business in one. */
// oxlint-disable-next-line no-control-regex
const clean = (text: string): string => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/gu, '')

export function mail(frame: MailFrame): MailContent {
  const words = wordsOf(frame.language)
  const table = 'role="presentation" cellpadding="0" cellspacing="0" border="0"'
  const opened = (attributes: string): Html => html`<table ${unescaped(table)} ${unescaped(attributes)}>`
  const body = html`<!doctype html>
<html lang="${words.language}" dir="${words.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${frame.subject}</title>
<style>${unescaped(stylesOf(frame.colours))}</style>
</head>
<body class="ground" style="margin:0;padding:0;background:#faf7f0">
<div style="display:none;max-height:0;overflow:hidden">${frame.preview}</div>
<div role="main">
${opened('class="ground" width="100%" style="background:#faf7f0"')}<tr><td align="center" style="padding:24px 12px">
${opened('class="full" width="600" style="width:600px;max-width:600px"')}
${frame.demo === true ? html`<tr><td class="pad third" style="padding:0 40px 12px;font:400 13px/20px ${unescaped(sans)};color:${third}">${words.text('frame.demo')}</td></tr>` : nothing}
<tr><td class="pad ink" style="padding:0 40px 16px;font:500 18px/24px ${unescaped(serif)};color:${ink}"><bdi>${frame.from}</bdi></td></tr>
<tr><td class="sheet" style="background:#fffdf9;border:1px solid #e4dccb;border-radius:6px">
${opened('width="100%"')}
<tr><td class="pad" style="padding:36px 40px 0"><h1 class="ink big" style="margin:0;font:500 30px/38px ${unescaped(serif)};color:${ink}">${frame.title}</h1></td></tr>
${frame.parts.map((part) => html`<tr><td class="pad second" style="padding:16px 40px 0;font:400 16px/26px ${unescaped(sans)};color:${second}">${part.html}</td></tr>
`)}
<tr><td style="font-size:0;line-height:0;height:36px">&nbsp;</td></tr>
</table>
</td></tr>
<tr><td class="pad third" style="padding:20px 40px;font:400 13px/20px ${unescaped(sans)};color:${third}">${frame.foot.map((part) => html`<p style="margin:0 0 8px">${part.html}</p>`)}</td></tr>
</table>
</td></tr></table>
</div>
</body>
</html>
`
  const text = [
    ...(frame.demo === true ? [words.text('frame.demo')] : []),
    frame.from,
    frame.titleText,
    ...frame.parts.map((part) => part.text),
    ...(frame.foot.length === 0 ? [] : ['-- ', ...frame.foot.map((part) => part.text)]),
  ].join('\n\n')
  return Object.freeze({ subject: oneLine(frame.subject), text: `${clean(text)}\n`, html: clean(String(body)) })
}

/** Our own constants: faces and styles hold quotation marks that are meant. */
const unescaped = (ours: string): Html => html([ours] as unknown as TemplateStringsArray)

export const paragraph = (matter: Html, text: string): MailPart => ({ html: html`<p style="margin:0">${matter}</p>`, text })

/** The one thing to press. In the text the address has a line of its own and no colon before it, which every language sets in its own way. A link that is not safe is left out, and the mail says what it can. */
export function action(address: string, label: string, { light }: MailColours): MailPart {
  const to = safeAddress(address)
  if (to === undefined) return { html: nothing, text: '' }
  return {
    html: html`<table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr><td class="button" align="center" bgcolor="${light.laurel}" style="background:${light.laurel};border-radius:6px"><a href="${to}" style="display:inline-block;padding:15px 28px;font:500 16px/20px ${unescaped(sans)};color:#fffdf9;text-decoration:none">${label}</a></td></tr></table>`,
    text: `${label}\n${to}`,
  }
}

export function anchor(address: string, label: string, { light }: MailColours): MailPart {
  const to = safeAddress(address)
  return to === undefined ? { html: html`${label}`, text: label } : { html: html`<a href="${to}" style="color:${light.laurel}">${label}</a>`, text: `${label}\n${to}` }
}

export interface MailedCredential {
  readonly learnerName: string
  readonly learnerLanguage?: string
  readonly achievement: { readonly name: string; readonly language?: string }
  readonly issuedAt: Date
}

/** The credential as a card: whose, what, when. */
export function card(view: MailedCredential, words: Words, { light }: MailColours): MailPart {
  const when = words.text('mail.issued_on', { date: words.figures.date(view.issuedAt) })
  return {
    html: html`<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:${light.wash};border:1px solid ${light.line};border-radius:6px"><tr><td style="padding:24px">
<p class="ink" style="margin:0;font:500 24px/32px ${unescaped(serif)};color:${ink}">${inLanguage(view.learnerName, view.learnerLanguage)}</p>
<p class="laurel" style="margin:2px 0 10px;font:500 20px/28px ${unescaped(serif)};color:${light.deep}">${inLanguage(view.achievement.name, view.achievement.language)}</p>
<p class="second" style="margin:0;font:400 14px/22px ${unescaped(sans)};color:${second}">${when}</p>
</td></tr></table>`,
    text: `${view.learnerName}\n${view.achievement.name}\n${when}`,
  }
}
