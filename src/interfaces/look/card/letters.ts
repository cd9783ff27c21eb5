/** How a text of a card is set: the faces, the direction, and what of it can be set at all. */
import { splitByFace } from '#platform/face'
import { families, type Drawing } from '../engine.ts'
import type { Words } from '../words.ts'

export type Set = (content: string, size: number, style?: NonNullable<Drawing['style']>) => Drawing

/** Languages whose scripts reach further up and down. */
export const tall: ReadonlySet<string> = new Set(['ar', 'hi'])

export function setIn({ direction, language }: Words): Set {
  const rtl = direction === 'rtl'
  return (content, size, style = {}) => ({ type: 'text', text: settable(content), style: { fontFamily: families, fontSize: size, lineHeight: tall.has(language) ? 1.4 : 1.2, textAlign: rtl ? 'right' : 'left', direction: rtl ? 'rtl' : 'ltr', ...style } })
}

/** What no face of ours can set is left out, rather than shown as boxes; the page has it as text. */
export function settable(content: string): string {
  const plain = content.normalize('NFC').replaceAll(/[\p{Cc}\p{Bidi_Control}]+/gu, ' ').trim()
  const { missing } = splitByFace(plain, 400)
  return missing.length === 0 ? plain : missing.reduce((rest, one) => rest.replaceAll(one, ''), plain).trim()
}

export const lacksLetters = (content: string): boolean => splitByFace(content, 400).missing.some((one) => /\p{L}/u.test(one))
