/**
 * The card: the picture that a shared link shows, 1200 × 627 as the networks want it (research/domain.md, C3). Paper, ink and one seal whose
 * rings are turned by the proof. It says what the page says, in the language of the credential; where the credential does not hold, the seal
 * is gone and the card says so instead. Networks keep a picture for days, so nothing is on it that a day could make untrue.
 */
import type { CardFacts } from '#journey/share'
import { pixelsOf, type Drawing } from '../engine.ts'
import { pngOf } from '../png.ts'
import { wordsOf } from '../words.ts'
import { fit, type Fitted } from './fit.ts'
import { groundOf } from './ground.ts'
import { inksOf, type Inks } from './inks.ts'
import { lacksLetters, setIn, settable, tall } from './letters.ts'
import { shadesOf, type Palette } from './palette.ts'
import { openSeal } from './seal.ts'
import { bandWidth, cardHeight, cardWidth, column, holds, sealBeyond, sealSize, sealTop } from './view.ts'

/** Goes up with every change of the drawing, and with it the addresses of all cards. */
const cardVersion = 2

/**
 * @param logo  the picture that `view.logo` is the key of
 * @returns the PNG: about 70 kB, of at most 256 colours
 */
export async function drawCard(view: CardFacts, logo?: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const { learner, proofBytes, ...common } = view
  const inks = inksOf(view)
  const name = nameOf(learner, view.language, inks)
  const fitted = name && (await fit(name, { width: column, language: view.language, steps: [[84, 2], [74, 2], [64, 2], [54, 3], [44, 3], [36, 4], [28, 6]] }))
  const { rows: ground, palette, spot } = await groundOf(common, fitted, logo)
  const written = name && fitted && spot && (await write(name(fitted.size), fitted, spot, inks, view.language))
  const seal = holds(view) ? await openSeal(sealSize) : undefined
  const rows = blank.pop() ?? new Uint8Array(ground.length)
  rows.set(ground)
  if (written) setName(rows, written, palette, inks)
  if (seal) setSeal(rows, seal(proofBytes), { palette, inks, rtl: wordsOf(view.language).direction === 'rtl' })
  const png = await pngOf({ width: cardWidth, height: cardHeight, bits: 8, palette: palette.colours, rows, packing: 'runs' })
  if (blank.length < mostBlank) blank.push(rows)
  return png
}

/** Rows to draw on, used again. With new ones for each card, and pixels of the whole card, a quarter of the worker's time went into collecting them. */
const blank: Uint8Array[] = []
/** Three quarters of a megabyte each; cards that are made ahead are drawn four at once. */
const mostBlank = 8

/** For whoever makes cards ahead. */
export const cardPrinter = Object.freeze({ version: cardVersion, draw: drawCard })

/** A name is set whole or not at all: part of one is somebody else's. */
function nameOf(learner: string, language: string, inks: Inks): ((size: number) => Drawing) | undefined {
  if (lacksLetters(learner)) return undefined
  const words = wordsOf(language)
  const text = setIn(words)
  const isTall = tall.has(words.language)
  const content = settable(learner)
  return (size) => text(content, size, { color: inks.ink, fontWeight: 400, lineHeight: isTall ? 1.35 : 1.1, ...(isTall || words.language === 'zh' ? {} : { letterSpacing: '-0.012em' }), textWrap: 'balance', overflowWrap: 'anywhere' })
}

interface Written {
  readonly pixels: Uint8Array
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Marks above and below letters reach so far, in pixels, out of the lines that they stand in. */
const bleed = 48

/** The name as it will stand on the card, to the fraction of a pixel, on paper of its own. */
async function write(name: Drawing, { height }: Fitted, spot: { readonly x: number; readonly y: number }, inks: Inks, language: string): Promise<Written> {
  const [x, y] = [Math.floor(spot.x) - bleed, Math.floor(spot.y) - bleed]
  const size = { width: column + 2 * bleed, height: Math.ceil(height) + 2 * bleed }
  const rtl = wordsOf(language).direction === 'rtl'
  const sheet: Drawing = {
    type: 'container',
    style: { ...size, display: 'flex', flexDirection: 'column', alignItems: rtl ? 'flex-end' : 'flex-start', backgroundColor: inks.paper, padding: `${spot.y - y}px ${column + 2 * bleed - (spot.x - x) - column}px 0 ${spot.x - x}px` },
    children: [name],
  }
  return { ...size, x, y, pixels: await pixelsOf(sheet, size.width, size.height, language) }
}

/** Where the name meets other ink, the darker stays. */
function setName(rows: Uint8Array, { pixels, x: left, y: top, width, height }: Written, palette: Palette, inks: Inks): void {
  const words = new Uint32Array(pixels.buffer, pixels.byteOffset, width * height)
  const empty = words[0]!
  const paper = shadesOf(palette, [inks.paper, inks.ink])[0]!
  const [first, last] = [Math.max(0, -left), Math.min(width, cardWidth - left)]
  for (let y = Math.max(0, -top); y < Math.min(height, cardHeight - top); y++) {
    for (let x = first, of = y * width + x, at = (top + y) * (cardWidth + 1) + 1 + left + x; x < last; x++, of++, at++) {
      const word = words[of]!
      if (word === empty) continue
      const red = word & 0xff
      if (rows[at] === paper || red < palette.colours[3 * rows[at]!]!) rows[at] = palette.indexOf(red, (word >> 8) & 0xff, (word >> 16) & 0xff)
    }
  }
}

/** Lays the seal over the edge of the band; where it would meet words, they stay. */
function setSeal(rows: Uint8Array, seal: Uint8Array, { palette, inks, rtl }: { readonly palette: Palette; readonly inks: Inks; readonly rtl: boolean }): void {
  const left = rtl ? -sealBeyond : cardWidth + sealBeyond - sealSize
  const [from, to] = [Math.max(0, left), Math.min(cardWidth, left + sealSize)]
  const edge = rtl ? bandWidth : cardWidth - bandWidth
  for (const [ground, first, last] of rtl ? ([[inks.band, from, edge], [inks.paper, edge, to]] as const) : ([[inks.paper, from, edge], [inks.band, edge, to]] as const)) {
    const shades = shadesOf(palette, [ground, inks.seal])
    const bare = shades[0]
    for (let y = 0; y < sealSize; y++) {
      for (let x = first, at = (sealTop + y) * (cardWidth + 1) + 1 + first, of = y * sealSize + first - left; x < last; x++, at++, of++) {
        const covered = seal[of]!
        if (covered !== 0 && rows[at] === bare) rows[at] = shades[covered]!
      }
    }
  }
}
