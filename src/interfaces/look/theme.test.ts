import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { contrastOf, themeOf, themeSheet } from './theme.ts'

const css = readFileSync(new URL('./static/tokens.css', import.meta.url), 'utf8')
const tokens = (start: string) => {
  const at = css.indexOf(start)
  assert.ok(at >= 0, start)
  return new Map([...css.slice(at, css.indexOf('}', at)).matchAll(/--([a-z0-9-]+):\s*(#[0-9a-f]{3,6})\s*;/gu)].map(([, name = '', value = '']) => [name, value.length === 4 ? value.replace(/[0-9a-f]/gu, '$&$&') : value]))
}
const palettes = { light: tokens(':root {'), dark: tokens('@media screen and (prefers-color-scheme: dark) {') } as const

test('the contrast of two colours is that of WCAG', () => {
  assert.equal(contrastOf('#000000', '#ffffff'), 21)
  assert.equal(contrastOf('#777777', '#ffffff').toFixed(2), '4.48')
  assert.equal(contrastOf('#1e5540', '#1e5540'), 1)
})

test('whatever colour an issuer chooses, all that is written in it and on it can be read, on light and on dark', () => {
  let least = 21
  fc.assert(
    fc.property(fc.oneof(fc.integer({ min: 0, max: 0xffffff }), fc.constantFrom(0, 0xffffff, 0xffff00, 0x00ff00, 0x0000ff, 0xff0000, 0x808080, 0x777777)), (number) => {
      const theme = themeOf(`#${number.toString(16).padStart(6, '0')}`)
      for (const name of ['light', 'dark'] as const) {
        const own: Readonly<Record<string, string>> = theme[name]
        const colour = (token: string) => own[token] ?? palettes[name].get(token) ?? assert.fail(`--${token}`)
        const pairs = [
          ...['laurel', 'laurel-deep'].flatMap((ink) => ['paper', 'sheet', 'sunken', 'laurel-wash'].map((ground) => [ink, ground] as const)),
          ...['ink', 'ink-2', 'ink-3'].map((ink) => [ink, 'laurel-wash'] as const),
          ['on-laurel', 'laurel'], ['on-laurel', 'laurel-deep'], ['on-band', 'band'],
        ] as const
        for (const [ink, ground] of pairs) {
          const ratio = contrastOf(colour(ink), colour(ground))
          least = Math.min(least, ratio)
          assert.ok(ratio >= 4.5, `${name}: ${ink} on ${ground} has ${ratio.toFixed(2)} for #${number.toString(16)}`)
        }
      }
    }),
    { numRuns: 2_000, seed: 20261129 },
  )
  assert.ok(least < 4.6, 'the limit was met, so it was asked')
})

test('a colour that can be read is taken as it is; yellow is darkened on paper and stays on dark', () => {
  assert.equal(themeOf('#123a7b').light.laurel, '#123a7b')
  assert.notEqual(themeOf('#ffcc00').light.laurel, '#ffcc00')
  assert.equal(themeOf('#ffcc00').dark.laurel, '#ffcc00')
})

test('who asks for contrast gets the palette that was made for it, whatever the colour', () => {
  for (const [media, start] of [['(prefers-contrast: more) {', '@media screen and (prefers-contrast: more) {'], ['(prefers-contrast: more) and (prefers-color-scheme: dark) {', '@media screen and (prefers-contrast: more) and (prefers-color-scheme: dark) {']] as const) {
    const sheet = themeSheet('#ff0000')
    const rule = sheet.slice(sheet.indexOf(media)).split('\n')[0]!
    const wanted = tokens(start)
    const given = [...rule.matchAll(/--([a-z-]+): (#[0-9a-f]{6})/gu)]
    assert.equal(given.length, 5)
    for (const [, name = '', value] of given) assert.equal(value, wanted.get(name), name)
  }
})
