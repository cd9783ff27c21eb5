import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

const css = readFileSync(new URL('./static/tokens.css', import.meta.url), 'utf8').replace(/\/\*[\s\S]*?\*\//gu, '')

const tokensIn = (block: string): ReadonlyMap<string, string> => new Map([...block.matchAll(/--([a-z0-9-]+):\s*(#[0-9a-f]{3,6})\s*;/gu)].map(([, name = '', value = '']) => [name, value]))

/** The rule that follows a piece of the style sheet. */
function after(start: string): ReadonlyMap<string, string> {
  const at = css.indexOf(start)
  assert.ok(at >= 0, start)
  return tokensIn(css.slice(at, css.indexOf('}', at)))
}

const light = after(':root {')
const palettes = {
  light,
  dark: after('@media screen and (prefers-color-scheme: dark) {'),
  contrast: after('@media screen and (prefers-contrast: more) {'),
  'dark contrast': after('@media screen and (prefers-contrast: more) and (prefers-color-scheme: dark) {'),
} as const

/** Relative luminance and contrast ratio, WCAG 2.2, definitions. */
function luminance(hex: string): number {
  const full = hex.length === 4 ? hex.slice(1).replace(/./gu, '$&$&') : hex.slice(1)
  const [r = 0, g = 0, b = 0] = [0, 2, 4].map((i) => {
    const c = Number.parseInt(full.slice(i, i + 2), 16) / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
const contrast = (a: string, b: string): number => (Math.max(luminance(a), luminance(b)) + 0.05) / (Math.min(luminance(a), luminance(b)) + 0.05)

/** Pairs that are read (4.5:1, WCAG 2.2 1.4.3) and pairs that are only seen (3:1, 1.4.11). */
const read: readonly (readonly [string, string])[] = [
  ...['ink', 'ink-2', 'ink-3', 'laurel', 'laurel-deep'].flatMap((ink) => ['paper', 'sheet', 'sunken', 'laurel-wash'].map((ground) => [ink, ground] as const)),
  ...['ink', 'ink-2'].flatMap((ink) => ['alarm-wash', 'caution-wash', 'slate-wash'].map((ground) => [ink, ground] as const)),
  ['on-laurel', 'laurel'], ['on-laurel', 'laurel-deep'], ['on-band', 'band'], ['slate', 'sheet'], ['slate', 'paper'], ['slate', 'slate-wash'],
  ['alarm', 'paper'], ['alarm', 'sheet'], ['alarm', 'alarm-wash'], ['caution', 'paper'], ['caution', 'sheet'], ['caution', 'caution-wash'], ['gold-ink', 'sheet'],
]
const seen: readonly (readonly [string, string])[] = [['edge', 'paper'], ['edge', 'sheet'], ['focus', 'paper'], ['focus', 'sheet'], ['focus', 'laurel-wash']]

for (const [name, palette] of Object.entries(palettes)) {
  test(`${name}: every pair that is read has enough contrast`, () => {
    const colour = (token: string): string => {
      const found = palette.get(token)
      assert.ok(found, `--${token} is missing`)
      return found
    }
    const wanted = name.includes('contrast') ? 7 : 4.5
    for (const [ink, ground] of read) {
      const ratio = contrast(colour(ink), colour(ground))
      assert.ok(ratio >= wanted, `${ink} on ${ground}: ${ratio.toFixed(2)}, wanted ${wanted}`)
    }
    for (const [line, ground] of seen) assert.ok(contrast(colour(line), colour(ground)) >= 3, `${line} on ${ground}`)
  })
}

test('the palette that a reader chooses by hand is the one that a system chooses', () => {
  assert.deepEqual(after(':root[data-theme="dark"] {'), palettes.dark)
  assert.deepEqual(after(':root[data-theme="contrast"] {'), palettes.contrast)
})
