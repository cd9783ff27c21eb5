/**
 * The certificate: one sheet of A4 across, for a wall or a file. It says what the page says, has the signed credential attached (ISO 32000-1, 7.11.4), and a code that leads to the page. It is tagged
 * (PDF/UA-1), so that it can be heard; same view, same bytes.
 */
import { fault } from '../faults.ts'
import { directionOf, type Direction } from '../languages.ts'
import { within } from '../logo.ts'
import { qrCode } from '../qr-code.ts'
import { themeOf } from '../theme.ts'
import { wordsOf, type Words } from '../words.ts'
import { frame, qrOn, rosetteOn, wreathOn } from './ornament.ts'
import { unsettable } from './order-line.ts'
import { finish, openSheet, type Sheet, type TextAsked } from './sheet.ts'

export interface CertificateView {
  /** BCP 47 tag of the language that labels are in: the credential's own. */
  readonly language: string
  readonly issuer: string
  readonly learner: string
  readonly achievement: { readonly name: string; readonly description: string; readonly type?: string }
  readonly assessed?: string
  readonly result?: string
  /** ISO 8601 duration, or words. */
  readonly workload?: string
  readonly issuedAt: Date
  readonly validUntil?: Date
  readonly address: string
  readonly proofBytes: Uint8Array
  /** Of the issuer: `#` and six digits of hexadecimal. */
  readonly colour?: string
  /** Of the issuer, as PNG, in place of the wreath. */
  readonly logo?: { readonly png: Uint8Array; readonly width: number; readonly height: number }
  /** The signed document that is attached, and its file name. */
  readonly attached: { readonly name: string; readonly text: string }
}

// The light palette of static/tokens.css: paper is white whatever the screen's theme is.
const ours = { ink: '#1b1e1a', second: '#464b43', third: '#62665b', laurel: '#1e5540', deep: '#123a2b', gold: '#a97f22', rule: '#cdbf9c' } as const

/** With the issuer's colour where it has one, as dark as on its pages: what can be read on their paper can be read on white. */
function coloursOf({ colour }: Pick<CertificateView, 'colour'>): Readonly<Record<keyof typeof ours, string>> {
  if (colour === undefined) return ours
  const { light } = themeOf(colour)
  return { ...ours, laurel: light.laurel, deep: light['laurel-deep'] }
}

const mm = (millimetres: number): number => (millimetres * 72) / 25.4
/** Where the two rows of facts begin. */
const rows = { first: mm(144), second: mm(167) } as const
const page = { width: mm(297), height: mm(210), side: mm(28), inset: mm(9), gap: mm(1.3) } as const

/** @throws Fault `certificate.no_face` where a character of the view has no face here */
export async function certificatePdf(view: CertificateView): Promise<Uint8Array> {
  const colour = coloursOf(view)
  const missing = [...new Set([view.learner, view.achievement.name, view.achievement.description, view.issuer, view.assessed ?? '', view.result ?? ''].flatMap(unsettable))]
  if (missing.length > 0) throw fault.no_face({ characters: missing.slice(0, 8).join(' ') })
  const words = wordsOf(view.language)
  const title = words.text('credential.page_title', { name: view.learner, title: view.achievement.name })
  const sheet = openSheet(tagged({
    size: [page.width, page.height], margin: 0, pdfVersion: '1.7', tagged: true, lang: words.language, displayTitle: true,
    info: { Title: title, Author: view.issuer, Subject: view.achievement.name, Creator: 'Laurel', Producer: 'Laurel', CreationDate: view.issuedAt, ModDate: view.issuedAt },
  }))
  const { doc } = sheet
  const rtl = words.direction === 'rtl'
  // AFRelationship (ISO 32000-2, 7.11.3): what the sheet was made from. The package's types lack it.
  const attachment = { name: view.attached.name, type: 'application/vc', description: title, creationDate: view.issuedAt, modifiedDate: view.issuedAt, relationship: 'Source' }
  doc.file(Buffer.from(view.attached.text), attachment)

  doc.markContent('Artifact', { type: 'Layout' })
  rosetteOn(doc, view.proofBytes, { x: rtl ? mm(61) : page.width - mm(61), y: mm(79), radius: mm(95), colour: colour.laurel, opacity: 0.13, inside: page.inset + page.gap })
  frame(doc, { inset: page.inset, gap: page.gap, outer: colour.laurel, inner: colour.gold })
  const mark = markOf(view)
  if (view.logo) doc.image(Buffer.from(view.logo.png), rtl ? page.width - page.side - mark.width : page.side, mm(23.5) + 14 - mark.height / 2, mark)
  else wreathOn(doc, { x: rtl ? page.width - page.side - 28 : page.side, y: mm(23.5), size: 28, colour: colour.laurel })
  doc.endMarkedContent()

  const whole = doc.struct('Document', { title })
  doc.addStructure(whole)
  const tell = tellOn(sheet, whole)
  header(view, words, tell)
  body(view, words, sheet, tell)
  facts(view, words, sheet, tell)
  whole.end()
  return finish(doc)
}

/** PDF/UA-1 (ISO 14289-1) by the name that pdfkit has for it and its types lack. */
const tagged = (options: PDFKit.PDFDocumentOptions): PDFKit.PDFDocumentOptions => Object.assign(options, { subset: 'PDF/UA' })

/** What stands before the issuer's name, in points. */
const markOf = ({ logo }: Pick<CertificateView, 'logo'>) => (logo === undefined ? { width: 28, height: 28 } : within(logo, { width: 150, height: 44 }))

type Tell = (kind: string, asked: TextAsked, as?: { readonly align?: 'start' | 'end' | 'centre'; readonly alt?: string }) => number

/** Sets a text as an element of the document; those who hear it get the whole text, whatever pieces it is drawn in. */
function tellOn(sheet: Sheet, whole: PDFKit.PDFStructureElement): Tell {
  return (kind, asked, as = {}) => {
    let last = asked.box.baseline
    whole.add(sheet.doc.struct(kind, { actual: asked.text, lang: asked.language }, () => { last = sheet.set(asked, as) }))
    return last
  }
}

const startEdge = (direction: Direction): number => (direction === 'rtl' ? page.width - page.side : page.side)
const across = page.width - 2 * page.side

function header(view: CertificateView, words: Words, tell: Tell): void {
  const colour = coloursOf(view)
  const { direction, language } = words
  const beyondMark = markOf(view).width + mm(4)
  tell('P', { text: view.issuer, language, direction, box: { start: startEdge(direction) + (direction === 'rtl' ? -beyondMark : beyondMark), width: across * 0.62 - beyondMark + 28 + mm(4), baseline: mm(30) }, ink: { weight: 400, colour: colour.laurel, sizes: [15, 14, 13, 12, 11, 10] }, lines: 1, leading: 1.2 })
  const kind = words.maybe(`kind.${view.achievement.type ?? ''}`) ?? words.text('kind.other')
  tell('P', { text: kind, language, direction, box: { start: startEdge(direction), width: across, baseline: mm(30) }, ink: { weight: 600, colour: colour.third, sizes: [9] }, lines: 1, leading: 1.2 }, { align: 'end' })
}

/** The name large, what was earned beneath it, and what that means, together in the middle of what header and facts leave. */
function body(view: CertificateView, words: Words, sheet: Sheet, tell: Tell): void {
  const colour = coloursOf(view)
  const { direction, language } = words
  const own = directionOf(view.language)
  const text = (value: string, ink: TextAsked['ink'], lines: number, leading: number, width: number): TextAsked => ({ text: value, language, direction, box: { start: startEdge(direction), width, baseline: 0 }, ink, lines, leading })
  const sizes = (from: number, to: number): number[] => Array.from({ length: from - to + 1 }, (_, i) => from - i)
  const name = text(view.learner, { weight: 400, colour: colour.ink, sizes: sizes(42, 24) }, 2, 1.15, across)
  const did = text(words.text('did.in_force'), { weight: 400, italic: true, colour: colour.second, sizes: [14] }, 1, 1.4, across)
  const what = { ...text(view.achievement.name, { weight: 400, colour: colour.deep, sizes: sizes(25, 15) }, 2, 1.2, across), direction: direction === own ? direction : own === 'rtl' ? direction : own }
  const says = text(view.achievement.description, { weight: 400, colour: colour.second, sizes: [10.5, 10, 9.5, 9, 8.5] }, 4, 1.5, mm(165))
  const blocks = [{ kind: 'H1', asked: name, before: 0 }, { kind: 'P', asked: did, before: 9 }, { kind: 'H2', asked: what, before: 4 }, ...(view.achievement.description === '' ? [] : [{ kind: 'P', asked: says, before: 11 }])]
  const measured = blocks.map((block) => ({ ...block, ...sheet.fit(block.asked) }))
  const height = measured.reduce((sum, one) => sum + one.before + one.height, 0)
  let top = mm(38) + Math.max(0, (rows.first - mm(6) - mm(38) - height) / 2)
  for (const { kind, asked, before, size, height: its } of measured) {
    top += before
    tell(kind, { ...asked, box: { ...asked.box, baseline: top + size * asked.leading * 0.8 } })
    top += its
  }
}

/** Six facts in two rows at the foot, and the code. */
function facts(view: CertificateView, words: Words, sheet: Sheet, tell: Tell): void {
  const colour = coloursOf(view)
  const { direction, language, figures } = words
  const { doc } = sheet
  const unstated = words.text('fact.unstated')
  const shown = [
    { label: words.text('fact.assessed'), value: view.assessed ?? unstated },
    { label: words.text('fact.result'), value: view.result ?? unstated },
    { label: words.text('fact.workload'), value: view.workload === undefined ? unstated : figures.duration(view.workload) },
    { label: words.text('fact.issued'), value: figures.date(view.issuedAt) },
    { label: words.text('fact.valid'), value: view.validUntil === undefined ? words.text('valid.no_end') : words.text('valid.until', { date: figures.date(view.validUntil) }) },
    { label: words.text('certificate.signed'), value: words.text('certificate.inside') },
  ]
  const code = { size: mm(30), column: mm(44) }
  const gap = mm(9)
  const column = (across - code.column - 3 * gap) / 3
  shown.forEach(({ label, value }, i) => {
    const top = i < 3 ? rows.first : rows.second
    const offset = (i % 3) * (column + gap)
    const start = direction === 'rtl' ? page.width - page.side - offset : page.side + offset
    doc.markContent('Artifact', { type: 'Layout' })
    doc.lineWidth(0.55).moveTo(start, top).lineTo(direction === 'rtl' ? start - column : start + column, top).stroke(colour.rule)
    doc.endMarkedContent()
    tell('P', { text: label, language, direction, box: { start, width: column, baseline: top + 14 }, ink: { weight: 400, colour: colour.third, sizes: [8] }, lines: 1, leading: 1.2 })
    tell('P', { text: shorten(value, 150), language, direction, box: { start, width: column, baseline: top + 28 }, ink: { weight: 400, colour: colour.ink, sizes: [10.5, 10, 9.5, 9, 8.5, 8, 7.5] }, lines: 3, leading: 1.32 })
  })
  const middle = direction === 'rtl' ? page.side + code.column / 2 : page.width - page.side - code.column / 2
  doc.markContent('Artifact', { type: 'Layout' })
  qrOn(doc, qrCode(view.address), { x: middle - code.size / 2, y: rows.first, size: code.size, colour: colour.deep })
  doc.endMarkedContent()
  const box = { start: middle + (direction === 'rtl' ? code.column / 2 : -code.column / 2), width: code.column, baseline: rows.first + code.size + 20 }
  const last = tell('P', { text: words.text('certificate.scan'), language, direction, box, ink: { weight: 400, colour: colour.second, sizes: [7.5, 7] }, lines: 2, leading: 1.35 }, { align: 'centre' })
  // The address in two lines, broken where a reader would pause: after the host.
  const { host, pathname } = new URL(view.address)
  const left = { ...box, start: middle - code.column / 2 }
  const ink = { weight: 600, colour: colour.deep, sizes: [7.5, 7, 6.5, 6, 5.5] } as const
  const second = tell('P', { text: host, language: 'und', direction: 'ltr', box: { ...left, baseline: last + 11 }, ink, lines: 1, leading: 1.35 }, { align: 'centre' })
  tell('P', { text: pathname, language: 'und', direction: 'ltr', box: { ...left, baseline: second + 10 }, ink, lines: 1, leading: 1.35 }, { align: 'centre' })
}

/** Long criteria are shortened between words; the page has the whole. */
function shorten(text: string, most: number): string {
  if (text.length <= most) return text
  const cut = text.slice(0, most)
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), most * 0.6)).trimEnd()}…`
}
