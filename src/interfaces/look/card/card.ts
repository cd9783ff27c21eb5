/**
 * The card: the picture that a shared link shows, 1200 × 627 as the networks want it (research/domain.md, C3). Paper, ink and one seal whose
 * rings are turned by the proof. It says what the page says, in the language of the credential; where the credential does not hold, the seal
 * is gone and the card says so instead. Networks keep a picture for days, so nothing is on it that a day could make untrue.
 */
import { splitByFace } from '#platform/face'
import { asSource, families, linesOf, pixelsOf, type Drawing } from '../engine.ts'
import { pngOf } from '../png.ts'
import { themeOf } from '../theme.ts'
import { wordsOf, type Words } from '../words.ts'
import { wreathPaths } from '../wreath.ts'
import { fit } from './fit.ts'
import { paletteOf, rowsIn, shadesOf, type Colour, type Pair, type Palette } from './palette.ts'
import { sealCoverage } from './seal.ts'

/** Goes up with every change of the drawing, and with it the addresses of all cards. */
const cardVersion = 2
export const cardWidth = 1200
export const cardHeight = 627

export type CardStanding = 'in_force' | 'not_yet' | 'expired' | 'suspended' | 'revoked'

export interface CardView {
  /** Of the credential: who fetches a picture says nothing of their language. */
  readonly language: string
  readonly issuer: string
  readonly learner: string
  readonly achievement: string
  readonly hours?: number | undefined
  readonly assessed?: string | undefined
  /** ISO 8601. */
  readonly issuedAt: string
  readonly validUntil?: string | undefined
  readonly standing: CardStanding
  /** The host under which it is verified. */
  readonly host: string
  /** Invented, and said so. */
  readonly demo: boolean
  /** The rosette's seed. */
  readonly proofBytes: Uint8Array
  /** Of the issuer: `#` and six digits of hexadecimal. */
  readonly colour?: string | undefined
}

export interface Inks {
  readonly paper: Colour
  readonly ink: Colour
  readonly ink2: Colour
  readonly title: Colour
  readonly rule: Colour
  readonly band: Colour
  readonly onBand: Colour
  readonly seal: Colour
}

/** Of tokens.css, in its light palette. */
const holding: Inks = { paper: '#fffdf9', ink: '#1b1e1a', ink2: '#464b43', title: '#1e5540', rule: '#e4dccb', band: '#123a2b', onBand: '#f3e6c0', seal: '#d8b45a' }
const lapsed: Readonly<Record<'failed' | 'ended', Inks>> = {
  failed: { ...holding, ink: '#464b43', title: '#464b43', band: '#97291c', onBand: '#fffdf9', seal: '#e5b9ae' },
  ended: { ...holding, ink: '#464b43', title: '#464b43', band: '#53565b', onBand: '#fffdf9', seal: '#c9c6bc' },
}

/** In the issuer's colour where it has one, within the limits that its pages keep. What does not hold is grey or red whoever issued it: the colour says so. */
export function inksOf({ standing, colour }: Pick<CardView, 'standing' | 'colour'>): Inks {
  if (standing === 'expired') return lapsed.ended
  if (standing === 'suspended' || standing === 'revoked') return lapsed.failed
  if (colour === undefined) return holding
  const { light } = themeOf(colour)
  return { ...holding, title: light.laurel, band: light.band }
}

const palettes = new Map<string, Palette>()
/** Issuers choose few colours; a visitor who tried many would find no card in them. */
const mostPalettes = 64

function paletteFor(inks: Inks): Palette {
  const { paper, band } = inks
  const key = JSON.stringify(inks)
  const known = palettes.get(key)
  if (known) return known
  const pairs: readonly Pair[] = [[paper, inks.ink], [paper, inks.ink2], [paper, inks.title], [paper, inks.seal], [paper, inks.rule], [band, inks.seal], [band, inks.onBand], [paper, band]]
  const palette = paletteOf(pairs)
  if (palettes.size >= mostPalettes) palettes.clear()
  palettes.set(key, palette)
  return palette
}

/** @returns the PNG: about 70 kB, of at most 256 colours */
export async function drawCard(view: CardView): Promise<Uint8Array<ArrayBuffer>> {
  const inks = inksOf(view)
  const palette = paletteFor(inks)
  const pixels = await pixelsOf(await compose(view, inks), cardWidth, cardHeight, view.language)
  const rows = rowsIn(palette, pixels, cardWidth, cardHeight)
  if (holds(view)) setSeal(rows, await sealCoverage(view.proofBytes, sealSize), { palette, inks, rtl: wordsOf(view.language).direction === 'rtl' })
  return await pngOf({ width: cardWidth, height: cardHeight, bits: 8, palette: palette.colours, rows, packing: 'runs' })
}

const holds = ({ standing }: Pick<CardView, 'standing'>): boolean => standing === 'in_force' || standing === 'not_yet'

/** Lays the seal over the edge of the band; where it would meet words, they stay. */
function setSeal(rows: Uint8Array, seal: Uint8Array, { palette, inks, rtl }: { readonly palette: Palette; readonly inks: Inks; readonly rtl: boolean }): void {
  const [onPaper, onBand] = [shadesOf(palette, [inks.paper, inks.seal]), shadesOf(palette, [inks.band, inks.seal])]
  const left = rtl ? -sealBeyond : cardWidth + sealBeyond - sealSize
  const [from, to] = [Math.max(0, left), Math.min(cardWidth, left + sealSize)]
  for (let y = 0; y < sealSize; y++) {
    for (let x = from, at = (sealTop + y) * (cardWidth + 1) + 1 + from, of = y * sealSize + from - left; x < to; x++, at++, of++) {
      const covered = seal[of]!
      if (covered === 0) continue
      const shades = (rtl ? x < bandWidth : x >= cardWidth - bandWidth) ? onBand : onPaper
      if (rows[at] === shades[0]) rows[at] = shades[covered]!
    }
  }
}

/** For whoever makes cards ahead. */
export const cardPrinter = Object.freeze({ version: cardVersion, draw: drawCard })

const margin = 64
const bandWidth = 308
const factGap = 24
const sealSize = 452
const sealTop = 44
/** So much of it lies outside the card. */
const sealBeyond = 72
/** What is left of the seal, which reaches over the paper. */
const column = cardWidth - bandWidth - margin - 84

async function compose(view: CardView, inks: Inks): Promise<Drawing> {
  const words = wordsOf(view.language)
  const rtl = words.direction === 'rtl'
  const tall = ['ar', 'hi'].includes(words.language) // scripts that reach further up and down
  const text = (content: string, size: number, style: NonNullable<Drawing['style']> = {}): Drawing => ({ type: 'text', text: setOf(content), style: { fontFamily: families, fontSize: size, lineHeight: tall ? 1.4 : 1.2, textAlign: rtl ? 'right' : 'left', direction: rtl ? 'rtl' : 'ltr', ...style } })
  const name = (size: number) => text(view.learner, size, { color: inks.ink, fontWeight: 400, lineHeight: tall ? 1.35 : 1.1, ...(tall || words.language === 'zh' ? {} : { letterSpacing: '-0.012em' }), textWrap: 'balance', overflowWrap: 'anywhere' })
  const title = (size: number) => text(view.achievement, size, { color: inks.title, textWrap: 'balance', overflowWrap: 'anywhere' })
  const narrow = { width: column, language: view.language }
  // A name is set whole or not at all: part of one is somebody else's.
  const named = !lacksLetters(view.learner)
  const who = await fit(name, { ...narrow, steps: [[84, 2], [74, 2], [64, 2], [54, 3], [44, 3], [36, 4], [28, 6]] })
  const what = await fit(title, { ...narrow, steps: !named ? [[64, 2], [52, 3], [44, 3], [36, 4], [28, 6]] : who.lines > 2 ? [[38, 2], [32, 2], [27, 3], [23, 4]] : [[44, 1], [41, 1], [44, 2], [38, 2], [32, 3], [27, 4], [23, 5]] })
  const did = text(words.text(`did.${view.standing}`), 28, { color: inks.ink2, ...(italics.has(words.language) ? { fontStyle: 'italic' } : {}), marginTop: 10, marginBottom: 4 })
  const facts = await factsOf(view, words, (fact) => text(fact, 24, { color: inks.ink2, whiteSpace: 'nowrap' }))
  const left: Drawing = {
    type: 'container',
    style: { display: 'flex', flexDirection: 'column', justifyContent: 'space-between', width: cardWidth - bandWidth, height: cardHeight, padding: rtl ? `54px ${margin}px 52px 84px` : `54px 84px 52px ${margin}px`, backgroundColor: inks.paper },
    children: [
      { type: 'container', style: { display: 'flex', flexDirection: rtl ? 'row-reverse' : 'row', alignItems: 'center', gap: 14 }, children: [picture(wreath(inks.title), 44), text(view.issuer, 30, { color: inks.title, lineClamp: 2, maxWidth: column - 58 })] },
      {
        type: 'container',
        style: { display: 'flex', flexDirection: 'column', alignItems: rtl ? 'flex-end' : 'flex-start' },
        children: [...(named ? [name(who.size), did] : []), title(what.size), { type: 'container', style: { width: 84, height: 4, marginTop: 20, backgroundColor: inks.seal } }],
      },
      { type: 'container', style: { display: 'flex', flexDirection: rtl ? 'row-reverse' : 'row', gap: factGap }, children: facts.flatMap((fact, i) => [...(i === 0 ? [] : [{ type: 'container' as const, style: { width: 2, flexShrink: 0, backgroundColor: inks.rule } }]), fact]) },
    ],
  }
  return { type: 'container', style: { display: 'flex', flexDirection: rtl ? 'row-reverse' : 'row', width: cardWidth, height: cardHeight, backgroundColor: inks.paper }, children: [left, ...band(view, inks, words, text)] }
}

/** The band with the seal over its edge; of what does not hold, the mark and the word. */
function band(view: CardView, inks: Inks, words: Words, text: (content: string, size: number, style?: NonNullable<Drawing['style']>) => Drawing): readonly Drawing[] {
  const rtl = words.direction === 'rtl'
  const sealed = holds(view)
  const centred = { textAlign: 'center' as const, width: bandWidth - 40, lineClamp: 2 }
  const foot: Drawing = {
    type: 'container',
    style: { display: 'flex', flexDirection: 'column', alignItems: 'center', gap: 6 },
    children: [
      ...(view.standing === 'suspended' ? [] : [text(words.text(sealed ? 'card.verifiable' : 'card.no_longer'), 25, { ...centred, color: inks.onBand })]),
      text(view.host, view.host.length > 24 ? 17 : 20, { ...centred, color: inks.seal, overflowWrap: 'anywhere' }),
    ],
  }
  const ground: Drawing = {
    type: 'container',
    style: { display: 'flex', flexDirection: 'column', alignItems: 'center', justifyContent: sealed ? 'flex-end' : 'space-between', width: bandWidth, height: cardHeight, padding: '48px 20px 44px', backgroundColor: inks.band },
    children: [
      ...(sealed ? [] : [{ type: 'container' as const, style: { display: 'flex' as const, flexDirection: 'column' as const, alignItems: 'center' as const, gap: 24, marginTop: 90 }, children: [picture(view.standing === 'expired' ? hourglass(inks) : stop(inks), 148), text(words.text(`standing.${view.standing}`), 44, { ...centred, color: inks.onBand })] }]),
      foot,
    ],
  }
  const demo = view.demo ? [{ type: 'container' as const, style: { position: 'absolute' as const, top: 0, ...(rtl ? { right: margin } : { left: margin }), backgroundColor: inks.rule, padding: '3px 14px' }, children: [text(words.text('frame.demo'), 17, { color: inks.ink2 })] }] : []
  return [ground, ...demo]
}

/** Facts that stay true, as many as have room: when, until when, how long, how assessed. */
async function factsOf(view: CardView, words: Words, draw: (fact: string) => Drawing): Promise<readonly Drawing[]> {
  const { figures } = words
  const all = [
    figures.date(view.issuedAt),
    ...(view.validUntil === undefined ? [] : [words.text(view.standing === 'expired' ? 'valid.was_until' : 'valid.until', { date: figures.date(view.validUntil) })]),
    ...(view.hours === undefined ? [] : [figures.duration(`PT${view.hours}H`)]),
    ...(view.assessed === undefined ? [] : [view.assessed]),
  ]
  let room = cardWidth - bandWidth - margin - 60
  const fitting: Drawing[] = []
  for (const fact of all) {
    const { width } = await linesOf(draw(fact), 10_000, view.language)
    if (width > room) continue
    room -= width + 2 * factGap
    fitting.push(draw(fact))
  }
  return fitting
}

/** Languages for whose words the italic face has every letter. */
const italics: ReadonlySet<string> = new Set(['en', 'es', 'pt', 'fr', 'de', 'id'])

/** What no face of ours can set is left out, rather than shown as boxes; the page has it as text. */
function setOf(content: string): string {
  const plain = content.normalize('NFC').replaceAll(/[\p{Cc}\p{Bidi_Control}]+/gu, ' ').trim()
  const { missing } = splitByFace(plain, 400)
  return missing.length === 0 ? plain : missing.reduce((rest, one) => rest.replaceAll(one, ''), plain).trim()
}

const lacksLetters = (content: string): boolean => splitByFace(content, 400).missing.some((one) => /\p{L}/u.test(one))

const picture = (svg: string, size: number): Drawing => ({ type: 'image', src: asSource(svg), width: size, height: size, style: { width: size, height: size } })

const coloured = (paths: string, colour: Colour): string => paths.replaceAll('class="filled"', `fill="${colour}"`).replaceAll('class="drawn"', `fill="none" stroke="${colour}"`)

const wreath = (colour: Colour): string => `<svg xmlns="http://www.w3.org/2000/svg" width="88" height="88" viewBox="0 0 24 24">${coloured(wreathPaths, colour)}</svg>`

const stop = (inks: Inks): string => `<svg xmlns="http://www.w3.org/2000/svg" width="296" height="296" viewBox="0 0 20 20"><path fill="none" stroke="${inks.onBand}" stroke-width="1" d="M6.3 1h7.4L19 6.3v7.4L13.7 19H6.3L1 13.7V6.3z"/><path stroke="${inks.onBand}" stroke-width="1.2" stroke-linecap="round" d="m7 7 6 6m0-6-6 6"/></svg>`

/** Its time has run out, which is no fault of its own. */
const hourglass = (inks: Inks): string => `<svg xmlns="http://www.w3.org/2000/svg" width="296" height="296" viewBox="0 0 20 20"><g fill="none" stroke="${inks.onBand}" stroke-linecap="round" stroke-linejoin="round"><path stroke-width="1.1" d="M5 2h10M5 18h10"/><path stroke-width="1" d="M6.4 2v2.6c0 2.4 3.6 3.4 3.6 5.4s-3.6 3-3.6 5.4V18M13.6 2v2.6c0 2.4-3.6 3.4-3.6 5.4s3.6 3 3.6 5.4V18"/></g><path fill="${inks.onBand}" d="M7.6 17.4c.3-1.7 1.3-2.6 2.4-3.2 1.1.6 2.1 1.5 2.4 3.2z"/></svg>`
