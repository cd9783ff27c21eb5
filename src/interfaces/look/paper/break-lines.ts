/** A text cut into lines of a width. Words are never split where they fit; scripts without spaces break between their words. */

export interface Broken {
  readonly lines: readonly string[]
  /** Whether every line is as narrow as was asked; a single word may not be. */
  readonly fits: boolean
}

export function breakLines(text: string, width: number, widthOf: (line: string) => number, language: string): Broken {
  const lines: string[] = []
  let line = ''
  for (const word of wordsIn(text, language)) {
    const longer = line + word
    if (line === '' || widthOf(longer.trimEnd()) <= width) line = longer
    else {
      lines.push(line.trim())
      line = word.trimStart()
    }
  }
  if (line.trim() !== '') lines.push(line.trim())
  return { lines, fits: lines.every((one) => widthOf(one) <= width) }
}

/** Stretches after which a line may end: a word with the spaces after it; where no spaces are written, each word of the script's dictionary with its punctuation. */
function wordsIn(text: string, language: string): readonly string[] {
  const out: string[] = []
  for (const word of text.match(/\S+\s*/gu) ?? []) {
    if (!/[\p{Script=Han}\p{Script=Thai}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(word)) out.push(word)
    else {
      for (const { segment, isWordLike } of new Intl.Segmenter(language, { granularity: 'word' }).segment(word)) {
        const last = out.length - 1
        if (isWordLike || last < 0 || /^[\p{Ps}\p{Pi}]/u.test(segment)) out.push(segment)
        else out[last] += segment
      }
    }
  }
  return out
}

/** The largest size, stepping down, at which a text stands in at most so many lines of a width; below the smallest it takes as many lines as it needs. */
export function fitLines(text: string, how: { readonly width: number; readonly sizes: readonly number[]; readonly lines: number; readonly language: string; readonly widthAt: (line: string, size: number) => number }): { readonly size: number; readonly lines: readonly string[] } {
  let last = { size: how.sizes.at(-1) ?? 12, lines: [text] as readonly string[] }
  for (const size of how.sizes) {
    const { lines, fits } = breakLines(text, how.width, (line) => how.widthAt(line, size), how.language)
    last = { size, lines }
    if (fits && lines.length <= how.lines) return last
  }
  return last
}
