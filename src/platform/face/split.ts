/** A text cut into stretches that one face can set. */
import { faces, type Face, type Weight } from './faces.ts'

export interface Run {
  readonly text: string
  readonly face: Face
}

export interface Split {
  readonly runs: readonly Run[]
  /** What no face has a glyph for, each character once. */
  readonly missing: readonly string[]
}

/** Joiners, variation selectors and direction marks are shaped away; no font need have a glyph for them. */
const invisible = /[\p{Default_Ignorable_Code_Point}]/u

/**
 * Cuts a text by face. What is written as one cluster stays in one face (a vowel sign with its consonant); spaces and punctuation stay in the face before them where it has them. Where the wished weight
 * or slope is not to be had, the script's plain face is taken.
 */
export function splitByFace(text: string, weight: Weight, italic = false): Split {
  const wished = faces.filter((face) => face.italic === italic && face.weight === weight)
  const order = [...wished, ...faces.filter((face) => !face.italic && face.weight === weight), ...faces.filter((face) => !face.italic)]
  const runs: { text: string; face: Face }[] = []
  const missing = new Set<string>()
  const take = (segment: string): boolean => {
    const codes = [...segment].filter((character) => !invisible.test(character)).map((character) => character.codePointAt(0) ?? 0)
    const sets = (face: Face): boolean => codes.every((code) => face.has(code))
    const last = runs.at(-1)
    const isLetter = /[\p{L}\p{M}\p{N}]/u.test(segment)
    const face = last && !isLetter && sets(last.face) ? last.face : order.find(sets)
    if (face && last?.face === face) last.text += segment
    else if (face) runs.push({ text: segment, face })
    return face !== undefined
  }
  for (const { segment } of new Intl.Segmenter('und', { granularity: 'grapheme' }).segment(text.normalize('NFC'))) {
    if (take(segment)) continue
    // A cluster that mixes scripts (a Latin letter under a Devanagari sign) is set character by character.
    for (const character of segment) if (!take(character)) missing.add(character)
  }
  return { runs: runs.map((run) => Object.freeze(run)), missing: [...missing] }
}
