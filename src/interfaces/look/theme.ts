/**
 * An issuer's colour in place of Laurel's green, on light and on dark. A colour is taken as it is where everything that is written in it, and on it, can be read (4.5:1, WCAG 2.2,
 * 1.4.3); else it is darkened or lightened until it can, and the one who chose it is told. Palettes of high contrast are never touched: what a reader needs goes before what an issuer
 * likes. theme.test.ts computes every pair.
 */

export type Colour = `#${string}`

/** The names of tokens.css that a colour replaces. */
export type Themed = Readonly<Record<'laurel' | 'laurel-deep' | 'laurel-wash' | 'laurel-line' | 'band', Colour>>

export interface Theme {
  readonly light: Themed
  readonly dark: Themed
}

type Channels = readonly [number, number, number]
const channels = (colour: string): Channels => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)) as unknown as Channels
const written = (list: readonly number[]): Colour => `#${list.map((one) => Math.round(one).toString(16).padStart(2, '0')).join('')}`

/** So much of the second in the first, in sRGB. */
const mixed = (first: string, second: string, share: number): Colour => {
  const [a, b] = [channels(first), channels(second)]
  return written(a.map((one, at) => one + ((b[at] ?? 0) - one) * share))
}

/** Relative luminance (WCAG 2.2, definitions). */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = channels(colour).map((one) => (one / 255 <= 0.04045 ? one / 255 / 12.92 : ((one / 255 + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** Contrast ratio (WCAG 2.2, definitions): 1 to 21. */
export function contrastOf(a: string, b: string): number {
  const [first, second] = [luminance(a), luminance(b)]
  return (Math.max(first, second) + 0.05) / (Math.min(first, second) + 0.05)
}

/** The grounds and inks of tokens.css that stay as they are; theme.test.ts holds them to the file. */
const light = { paper: '#faf7f0', sheet: '#fffdf9', sunken: '#f3eee3', onLaurel: '#fffdf9', inkWeakest: '#62665b' } as const
const dark = { paper: '#10140f', sheet: '#171c17', sunken: '#0b0e0b', onLaurel: '#0b1a12', onBand: '#fffdf9', inkWeakest: '#a1a396' } as const

/** WCAG 2.2, 1.4.3, level AA, for text. */
const enough = 4.5
const steps = 100

/** The first step from a colour towards another at which a condition holds; the other itself where none does. */
function towards(colour: string, end: string, holds: (one: Colour) => boolean): Colour {
  for (let step = 0; step < steps; step++) {
    const one = mixed(colour, end, step / steps)
    if (holds(one)) return one
  }
  return mixed(end, end, 0)
}

/** @param colour  `#` and six digits of hexadecimal */
export function themeOf(colour: string): Theme {
  const washLight = (one: string) => towards(mixed(light.paper, one, 0.09), light.paper, (wash) => contrastOf(wash, light.inkWeakest) >= enough)
  const laurelLight = towards(colour, '#000000', (one) => [light.paper, light.sheet, light.sunken, light.onLaurel, washLight(one)].every((ground) => contrastOf(one, ground) >= enough))
  const deepLight = mixed(laurelLight, '#000000', 0.35)
  const washDark = (one: string) => towards(mixed(dark.sheet, one, 0.1), dark.sheet, (wash) => contrastOf(wash, dark.inkWeakest) >= enough)
  const laurelDark = towards(colour, '#ffffff', (one) => [dark.paper, dark.sheet, dark.sunken, dark.onLaurel, washDark(one)].every((ground) => contrastOf(one, ground) >= enough))
  return {
    light: { laurel: laurelLight, 'laurel-deep': deepLight, 'laurel-wash': washLight(laurelLight), 'laurel-line': mixed(light.paper, laurelLight, 0.28), band: deepLight },
    dark: { laurel: laurelDark, 'laurel-deep': mixed(laurelDark, '#ffffff', 0.4), 'laurel-wash': washDark(laurelDark), 'laurel-line': mixed(dark.sheet, laurelDark, 0.3), band: towards(mixed(dark.sheet, laurelDark, 0.25), '#000000', (one) => contrastOf(one, dark.onBand) >= enough) },
  }
}

const rules = (themed: Themed): string => Object.entries(themed).map(([name, value]) => `--${name}: ${value};`).join(' ')

/** What a colour changes in the style sheet of the public pages, to be read after it. */
export function themeSheet(colour: string): string {
  const { light: day, dark: night } = themeOf(colour)
  return `:root:not([data-theme]) { ${rules(day)} }
@media screen and (prefers-color-scheme: dark) { :root:not([data-theme]) { ${rules(night)} } }
@media screen and (prefers-contrast: more) { :root:not([data-theme]) { ${rules(contrasted.light)} } }
@media screen and (prefers-contrast: more) and (prefers-color-scheme: dark) { :root:not([data-theme]) { ${rules(contrasted.dark)} } }
`
}

/** As in tokens.css: who asks for contrast gets the palette that was made for it. */
const contrasted: Theme = {
  light: { laurel: '#00402a', 'laurel-deep': '#002a1b', 'laurel-wash': '#ffffff', 'laurel-line': '#00402a', band: '#002a1b' },
  dark: { laurel: '#a8e6c4', 'laurel-deep': '#d2f5e2', 'laurel-wash': '#000000', 'laurel-line': '#a8e6c4', band: '#000000' },
}
