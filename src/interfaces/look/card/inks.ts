/** The colours of a card: ours, the issuer's, or those of what no longer holds. */
import { themeOf } from '../theme.ts'
import { paletteOf, type Colour, type Pair, type Palette } from './palette.ts'
import type { CardFacts } from '#journey/share'

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
export function inksOf({ standing, colour }: Pick<CardFacts, 'standing' | 'colour'>): Inks {
  if (standing === 'expired') return lapsed.ended
  if (standing === 'suspended' || standing === 'revoked') return lapsed.failed
  if (colour === undefined) return holding
  const { light } = themeOf(colour)
  return { ...holding, title: light.laurel, band: light.band }
}

/** @param besides  colours of a logo */
export function paletteFor({ paper, band, ...inks }: Inks, besides: readonly Colour[]): Palette {
  const pairs: readonly Pair[] = [[paper, inks.ink], [paper, inks.ink2], [paper, inks.title], [paper, inks.seal], [paper, inks.rule], [band, inks.seal], [band, inks.onBand], [paper, band]]
  return paletteOf(pairs, besides)
}
