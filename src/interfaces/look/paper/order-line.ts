/** One line of text in the order in which it is drawn: cut by direction and by face, each piece from left to right. */
import packaged from 'bidi-js'
import { splitByFace, type Face, type Weight } from '#platform/face'
import type { Direction } from '../languages.ts'

/** The package's types describe its ES module; Node loads the CommonJS one, whose export is the factory itself. */
const bidi = (packaged as unknown as typeof packaged.default)()

export interface Piece {
  readonly text: string
  readonly face: Face
}

export interface Style {
  readonly weight: Weight
  readonly italic?: boolean
}

/**
 * Orders a line by the Unicode Bidirectional Algorithm (UAX 9): levels of characters, pieces of one level and one face, then rule L2 over the pieces, from the highest level down. Inside a piece that runs
 * from right to left the letters stay as they are written, since shaping turns them; brackets are mirrored here (L4).
 */
export function orderLine(text: string, direction: Direction, style: Style): readonly Piece[] {
  const line = text.normalize('NFC')
  const embedding = bidi.getEmbeddingLevels(line, direction)
  const levelAt = (at: number): number => embedding.levels[at] ?? 0
  const pieces: { text: string; face: Face; level: number }[] = []
  for (let from = 0; from < line.length; ) {
    const level = levelAt(from)
    let to = from + 1
    while (to < line.length && levelAt(to) === level) to++
    let stretch = line.slice(from, to)
    if (level % 2 === 1) stretch = Array.from(stretch, (character) => bidi.getMirroredCharacter(character) ?? character).join('')
    for (const run of splitByFace(stretch, style.weight, style.italic ?? false).runs) pieces.push({ ...run, text: level % 2 === 1 && !turnedByShaping.test(run.text) ? backwards(run.text) : run.text, level })
    from = to
  }
  const highest = Math.max(0, ...pieces.map((piece) => piece.level))
  for (let level = highest; level >= 1; level--) {
    for (let from = 0; from < pieces.length; from++) {
      if ((pieces[from]?.level ?? 0) < level) continue
      let to = from
      while ((pieces[to + 1]?.level ?? 0) >= level) to++
      pieces.splice(from, to - from + 1, ...pieces.slice(from, to + 1).reverse())
      from = to
    }
  }
  return pieces.map(({ text: stretch, face }) => ({ text: stretch, face }))
}

/** Letters that shaping sets from right to left by itself. A piece without them (brackets and spaces between two Arabic words) is turned here. */
const turnedByShaping = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u

const backwards = (text: string): string => [...new Intl.Segmenter('und', { granularity: 'grapheme' }).segment(text)].map(({ segment }) => segment).reverse().join('')

/** What no face can set, each once. */
export const unsettable = (text: string): readonly string[] => splitByFace(text, 400).missing
