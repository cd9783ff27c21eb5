/**
 * The colours of a card as a palette of at most 256. What is drawn at an edge, or twice over itself, is a mixture of one ground and one
 * ink, so every pixel lies on a straight line between two of a few colours: a palette of steps along those lines loses next to nothing, and
 * the file is a third of one with all colours.
 */

export type Colour = `#${string}`
/** A ground and an ink that stands on it. */
export type Pair = readonly [ground: Colour, ink: Colour]

export interface Palette {
  /** Three bytes a colour. */
  readonly colours: Uint8Array
  /** Of a pixel's bytes, the number of its colour. */
  indexOf(red: number, green: number, blue: number): number
}

const rgb = (colour: Colour): readonly [number, number, number] => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)) as unknown as readonly [number, number, number]

/** Bits of each channel that a lookup looks at: a cell is four steps wide, and the eye does not see two. */
const kept = 6

/** @param besides  further colours; they take the place of steps */
export function paletteOf(pairs: readonly Pair[], besides: readonly Colour[] = []): Palette {
  const whole = [...new Set([...pairs.flat(), ...besides])].map(rgb)
  const steps = Math.floor((256 - whole.length) / pairs.length)
  const list: (readonly [number, number, number])[] = [...whole]
  for (const [ground, ink] of pairs) {
    const [from, to] = [rgb(ground), rgb(ink)]
    for (let i = 1; i <= steps; i++) list.push([0, 1, 2].map((c) => Math.round(from[c]! + ((to[c]! - from[c]!) * i) / (steps + 1))) as unknown as readonly [number, number, number])
  }
  const middle = (value: number) => (cell(value) << (8 - kept)) | (1 << (7 - kept))
  const cell = (value: number) => value >> (8 - kept)
  const at = (red: number, green: number, blue: number) => (cell(red) << (2 * kept)) | (cell(green) << kept) | cell(blue)
  // Filled as cells are met: a card meets a few hundred of the 262,144.
  const found = new Int16Array(1 << (3 * kept)).fill(-1)
  for (const [i, [red, green, blue]] of whole.entries()) found[at(red, green, blue)] = i // a whole ground stays exactly itself
  const nearest = (red: number, green: number, blue: number): number => {
    let best = 0
    let least = Number.POSITIVE_INFINITY
    for (const [i, [r, g, b]] of list.entries()) {
      const distance = 2 * (r - red) ** 2 + 4 * (g - green) ** 2 + 3 * (b - blue) ** 2
      if (distance < least) [best, least] = [i, distance]
    }
    return best
  }
  return Object.freeze({
    colours: Uint8Array.from(list.flat()),
    indexOf(red: number, green: number, blue: number) {
      const where = at(red, green, blue)
      const known = found[where]!
      if (known >= 0) return known
      // By the middle of the cell, so that it does not matter which of its colours came first.
      return (found[where] = nearest(middle(red), middle(green), middle(blue)))
    },
  })
}

/**
 * The colours of a picture that is not ours, at most so many: the most frequent cells of five bits a channel, each as the mean of what fell into it. Logos are flat, so the cells that are
 * left out are mixtures at edges, and those have a neighbour.
 */
export function coloursIn(pixels: Uint8Array, most: number): readonly Colour[] {
  const cells = new Map<number, [count: number, red: number, green: number, blue: number]>()
  for (let at = 0; at < pixels.length; at += 4) {
    const [red, green, blue] = [pixels[at]!, pixels[at + 1]!, pixels[at + 2]!]
    const key = ((red >> 3) << 10) | ((green >> 3) << 5) | (blue >> 3)
    const cell = cells.get(key)
    if (cell === undefined) cells.set(key, [1, red, green, blue])
    else {
      cell[0]++
      cell[1] += red
      cell[2] += green
      cell[3] += blue
    }
  }
  const frequent = [...cells].toSorted(([a, [m]], [b, [n]]) => n - m || a - b).slice(0, most)
  return frequent.map(([, [count, ...sums]]) => `#${sums.map((sum) => Math.round(sum / count).toString(16).padStart(2, '0')).join('')}` as const)
}

/** Between a ground and an ink that is drawn over it pixel by pixel: sixteen shades soften an edge as well to the eye as thirty, and a card is 7% smaller. */
const shade = 17

/** Of an ink that covers 0 to 255 of a ground, the numbers of the colours. */
export function shadesOf(palette: Palette, [ground, ink]: Pair): Uint8Array {
  const [from, to] = [rgb(ground), rgb(ink)]
  return Uint8Array.from({ length: 256 }, (_, covered) => palette.indexOf(...(from.map((one, c) => Math.round(one + ((to[c]! - one) * shade * Math.round(covered / shade)) / 255)) as [number, number, number])))
}

/** Rows of palette numbers, each behind a byte of zero, from pixels of four bytes. Most rows of a card are like the row above, and are copied. */
export function rowsIn(palette: Palette, pixels: Uint8Array, width: number, height: number): Uint8Array {
  const rows = new Uint8Array((width + 1) * height)
  const words = new Uint32Array(pixels.buffer, pixels.byteOffset, width * height)
  const bytes = Buffer.from(pixels.buffer, pixels.byteOffset, 4 * width * height)
  let last = -1
  let index = 0
  for (let y = 0, from = 0, to = 0; y < height; y++) {
    to++
    if (y > 0 && bytes.compare(bytes, 4 * (from - width), 4 * from, 4 * from, 4 * (from + width)) === 0) {
      rows.copyWithin(to, to - width - 1, to - 1)
      from += width
      to += width
      continue
    }
    for (let x = 0; x < width; x++, from++, to++) {
      const word = words[from]!
      if (word !== last) {
        last = word
        index = palette.indexOf(word & 0xff, (word >> 8) & 0xff, (word >> 16) & 0xff)
      }
      rows[to] = index
    }
  }
  return rows
}
