/** Which characters a font has a glyph for, from its character map (OpenType 'cmap', formats 4 and 12). */

/** @returns pairs of first and last code point, ascending, of stretches that the font covers */
export function coverageOf(cmap: DataView): Uint32Array {
  const count = cmap.getUint16(2)
  const offsets = Array.from({ length: count }, (_, i) => ({ platform: cmap.getUint16(4 + 8 * i), encoding: cmap.getUint16(6 + 8 * i), offset: cmap.getUint32(8 + 8 * i) }))
  const unicode = offsets.filter(({ platform, encoding }) => platform === 0 || (platform === 3 && (encoding === 1 || encoding === 10)))
  const whole = unicode.find(({ offset }) => cmap.getUint16(offset) === 12)
  if (whole) return longGroups(cmap, whole.offset)
  const basic = unicode.find(({ offset }) => cmap.getUint16(offset) === 4)
  if (basic) return segments(cmap, basic.offset)
  throw new TypeError('the font has no character map of format 4 or 12')
}

/** Format 12: groups of startCharCode, endCharCode, startGlyphID. */
function longGroups(cmap: DataView, at: number): Uint32Array {
  const groups = cmap.getUint32(at + 12)
  const pairs = new Uint32Array(2 * groups)
  for (let i = 0; i < groups; i++) {
    pairs[2 * i] = cmap.getUint32(at + 16 + 12 * i)
    pairs[2 * i + 1] = cmap.getUint32(at + 20 + 12 * i)
  }
  return pairs
}

/** Format 4: end codes, a word of padding, start codes, deltas, offsets into the glyph array; a zero glyph is none. */
function segments(cmap: DataView, at: number): Uint32Array {
  const twice = cmap.getUint16(at + 6)
  const [ends, starts, deltas, ranges] = [at + 14, at + 16 + twice, at + 16 + 2 * twice, at + 16 + 3 * twice] as const
  const pairs: number[] = []
  const add = (code: number): void => {
    if (pairs.at(-1) === code - 1) pairs[pairs.length - 1] = code
    else pairs.push(code, code)
  }
  for (let s = 0; s < twice; s += 2) {
    const [end, start, delta, range] = [cmap.getUint16(ends + s), cmap.getUint16(starts + s), cmap.getUint16(deltas + s), cmap.getUint16(ranges + s)] as const
    for (let code = start; code <= end && code < 0xffff; code++) {
      const raw = range === 0 ? code : cmap.getUint16(ranges + s + range + 2 * (code - start))
      if (raw !== 0 && ((raw + delta) & 0xffff) !== 0) add(code)
    }
  }
  return Uint32Array.from(pairs)
}

/** Whether a code point lies in a list of pairs. */
export function covers(pairs: Uint32Array, code: number): boolean {
  let low = 0
  let high = pairs.length / 2 - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    if (code < (pairs[2 * middle] ?? 0)) high = middle - 1
    else if (code > (pairs[2 * middle + 1] ?? 0)) low = middle + 1
    else return true
  }
  return false
}
