/**
 * All of a card that the cards of a course have in common: issuer, title, facts, band, and the place that is left for a name of a size. It is drawn once and kept; on it go the name and
 * the seal, which are each card's own.
 */
import type { CardFacts } from '#journey/share'
import { asSource, linesOf, overPaper, pixelsOf, spotOf, type Drawing, type Spot } from '../engine.ts'
import { within, type LogoPicture } from '../logo.ts'
import { wordsOf, type Words } from '../words.ts'
import { wreathPaths } from '../wreath.ts'
import { fit, type Fitted } from './fit.ts'
import { inksOf, paletteFor, type Inks } from './inks.ts'
import { setIn, type Set } from './letters.ts'
import { coloursIn, rowsIn, type Colour, type Palette } from './palette.ts'
import { bandWidth, cardHeight, cardWidth, column, holds, margin } from './view.ts'

export type GroundView = Omit<CardFacts, 'learner' | 'proofBytes'>

export interface Ground {
  /** Palette numbers, row by row, a byte of zero before each. */
  readonly rows: Uint8Array
  readonly palette: Palette
  /** Where the name goes. */
  readonly spot: Spot | undefined
}

const kept = new Map<string, Promise<Ground>>()
/** Three quarters of a megabyte each. The cards of a course need one for each size that its learners' names are set in. */
const mostKept = 24

/**
 * @param name  as it was fitted; undefined where the card goes without
 * @param logo  the picture that `view.logo` is the key of; without it the card has Laurel's wreath
 */
export async function groundOf(view: GroundView, name: Fitted | undefined, logo: Uint8Array | undefined): Promise<Ground> {
  const key = JSON.stringify([view, logo !== undefined, name?.height, (name?.lines ?? 0) > 2])
  const known = kept.get(key)
  // The one that was used last is forgotten last.
  if (known !== undefined && kept.delete(key)) kept.set(key, known)
  if (known !== undefined) return await known
  const drawn = draw(view, name, logo)
  kept.set(key, drawn)
  drawn.catch(() => kept.delete(key))
  for (const oldest of kept.keys()) {
    if (kept.size <= mostKept) break
    kept.delete(oldest)
  }
  return await drawn
}

/** Of the 256; what is left for each ink and its ground are 17 steps. */
const logoColours = 96

async function draw(view: GroundView, name: Fitted | undefined, logo: Uint8Array | undefined): Promise<Ground> {
  const inks = inksOf(view)
  const shown = logo && view.logo && { png: logo, ...within(view.logo, logoBox) }
  const palette = paletteFor(inks, shown ? coloursIn(await overPaper(shown.png, shown.width, shown.height, inks.paper, 'raw'), logoColours) : [])
  const drawing = await compose(view, name, inks, shown)
  return Object.freeze({
    palette,
    rows: rowsIn(palette, await pixelsOf(drawing, cardWidth, cardHeight, view.language), cardWidth, cardHeight),
    spot: name && (await spotOf(drawing, nameAt, cardWidth, cardHeight, view.language)),
  })
}

const factGap = 24
/** The room for a logo, in place of the wreath. */
const logoBox = { width: 220, height: 64 } as const
/** The place for the name: the first of the middle of the left side. */
const nameAt = [0, 1, 0]

async function compose(view: GroundView, name: Fitted | undefined, inks: Inks, logo: LogoPicture | undefined): Promise<Drawing> {
  const words = wordsOf(view.language)
  const rtl = words.direction === 'rtl'
  const text = setIn(words)
  const title = (size: number) => text(view.achievement, size, { color: inks.title, textWrap: 'balance', overflowWrap: 'anywhere' })
  const what = await fit(title, { width: column, language: view.language, steps: name === undefined ? [[64, 2], [52, 3], [44, 3], [36, 4], [28, 6]] : name.lines > 2 ? [[38, 2], [32, 2], [27, 3], [23, 4]] : [[44, 1], [41, 1], [44, 2], [38, 2], [32, 3], [27, 4], [23, 5]] })
  const did = text(words.text(`did.${view.standing}`), 28, { color: inks.ink2, ...(italics.has(words.language) ? { fontStyle: 'italic' } : {}), marginTop: 10, marginBottom: 4 })
  const facts = await factsOf(view, words, (fact) => text(fact, 24, { color: inks.ink2, whiteSpace: 'nowrap' }))
  const left: Drawing = {
    type: 'container',
    style: { display: 'flex', flexDirection: 'column', justifyContent: 'space-between', width: cardWidth - bandWidth, height: cardHeight, padding: rtl ? `54px ${margin}px 52px 84px` : `54px 84px 52px ${margin}px`, backgroundColor: inks.paper },
    children: [
      { type: 'container', style: { display: 'flex', flexDirection: rtl ? 'row-reverse' : 'row', alignItems: 'center', gap: 14 }, children: [logo ? pictured(logo) : picture(wreath(inks.title), 44), text(view.issuer, 30, { color: inks.title, lineClamp: 2, maxWidth: column - 14 - (logo?.width ?? 44) })] },
      {
        type: 'container',
        style: { display: 'flex', flexDirection: 'column', alignItems: rtl ? 'flex-end' : 'flex-start' },
        children: [...(name === undefined ? [] : [{ type: 'container' as const, style: { width: column, height: name.height, flexShrink: 0 } }, did]), title(what.size), { type: 'container', style: { width: 84, height: 4, marginTop: 20, backgroundColor: inks.seal } }],
      },
      { type: 'container', style: { display: 'flex', flexDirection: rtl ? 'row-reverse' : 'row', gap: factGap }, children: facts.flatMap((fact, i) => [...(i === 0 ? [] : [{ type: 'container' as const, style: { width: 2, flexShrink: 0, backgroundColor: inks.rule } }]), fact]) },
    ],
  }
  return { type: 'container', style: { display: 'flex', flexDirection: rtl ? 'row-reverse' : 'row', width: cardWidth, height: cardHeight, backgroundColor: inks.paper }, children: [left, ...band(view, inks, words, text)] }
}

/** The band with the seal over its edge; of what does not hold, the mark and the word. */
function band(view: GroundView, inks: Inks, words: Words, text: Set): readonly Drawing[] {
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
async function factsOf(view: GroundView, words: Words, draw: (fact: string) => Drawing): Promise<readonly Drawing[]> {
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

const pictured = ({ png, width, height }: LogoPicture): Drawing => ({ type: 'image', src: `data:image/png;base64,${Buffer.from(png).toString('base64')}`, width, height, style: { width, height, flexShrink: 0 } })

const picture = (svg: string, size: number): Drawing => ({ type: 'image', src: asSource(svg), width: size, height: size, style: { width: size, height: size } })

const coloured = (paths: string, colour: Colour): string => paths.replaceAll('class="filled"', `fill="${colour}"`).replaceAll('class="drawn"', `fill="none" stroke="${colour}"`)

const wreath = (colour: Colour): string => `<svg xmlns="http://www.w3.org/2000/svg" width="88" height="88" viewBox="0 0 24 24">${coloured(wreathPaths, colour)}</svg>`

const stop = (inks: Inks): string => `<svg xmlns="http://www.w3.org/2000/svg" width="296" height="296" viewBox="0 0 20 20"><path fill="none" stroke="${inks.onBand}" stroke-width="1" d="M6.3 1h7.4L19 6.3v7.4L13.7 19H6.3L1 13.7V6.3z"/><path stroke="${inks.onBand}" stroke-width="1.2" stroke-linecap="round" d="m7 7 6 6m0-6-6 6"/></svg>`

/** Its time has run out, which is no fault of its own. */
const hourglass = (inks: Inks): string => `<svg xmlns="http://www.w3.org/2000/svg" width="296" height="296" viewBox="0 0 20 20"><g fill="none" stroke="${inks.onBand}" stroke-linecap="round" stroke-linejoin="round"><path stroke-width="1.1" d="M5 2h10M5 18h10"/><path stroke-width="1" d="M6.4 2v2.6c0 2.4 3.6 3.4 3.6 5.4s-3.6 3-3.6 5.4V18M13.6 2v2.6c0 2.4-3.6 3.4-3.6 5.4s3.6 3 3.6 5.4V18"/></g><path fill="${inks.onBand}" d="M7.6 17.4c.3-1.7 1.3-2.6 2.4-3.2 1.1.6 2.1 1.5 2.4 3.2z"/></svg>`
