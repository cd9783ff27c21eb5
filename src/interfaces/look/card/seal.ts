/**
 * The rosette of a card, drawn by formula. Each ring is a hair of known width about a circle or an ellipse, so how much of a pixel it covers follows from how far the pixel is from
 * the curve. Through the engine the same rings, sent as SVG, were half the price of a card (13 of 27 ms; a tenth of that here), and no two seals are alike, so none could be kept.
 */
import { rasterGrey } from '../engine.ts'
import { turnsOf } from '../rosette.ts'
import { wreathPaths } from '../wreath.ts'

/** The rosette's own field is 200 wide, with its middle at 0. */
const field = 200
/** Of every ring, in units of the field. */
const hair = 0.5

/** The disc in the middle and what stands on it, in the field. */
const disc = 25

let medal: Promise<Uint8Array> | undefined

/** Gives, from a seed, how much of each pixel the seal covers, 0 to 255: the rings, and over them the wreath in its circle on a disc of the ground. The same bytes are used for each seal. */
export async function openSeal(size: number): Promise<(seed: Uint8Array) => Uint8Array> {
  const over = await (medal ??= rasterGrey(medalSvg(size), size, size))
  const [middle, radius] = [size / 2, (disc * size) / field]
  const first = Math.floor(middle - radius - 2)
  return (seed) => {
    const covered = ringCoverage(seed, size)
    for (let y = first; y < size - first; y++) {
      for (let x = first, at = y * size + first; x < size - first; x++, at++) {
        const outside = Math.min(1, Math.max(0, Math.hypot(x + 0.5 - middle, y + 0.5 - middle) - radius + 0.5))
        covered[at] = 255 - ((255 - covered[at]! * outside) * (255 - over[at]!)) / 255
      }
    }
    return covered
  }
}

const medalSvg = (size: number): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="-100 -100 200 200"><rect x="-100" y="-100" width="200" height="200" fill="#000"/><circle r="${disc}" fill="none" stroke="#fff" stroke-width="1"/><svg x="-18" y="-18.8" width="36" height="36" viewBox="0 0 24 24">${wreathPaths.replaceAll('class="filled"', 'fill="#fff"').replaceAll('class="drawn"', 'fill="none" stroke="#fff"')}</svg></svg>`

let left = new Float32Array(0)
let covered = new Uint8Array(0)

/**
 * How much of each pixel the rings cover, 0 to 255, row by row; where rings cross, the second covers its share of what the first left. A rosette is its own mirror image, so half of it
 * is drawn. What is given back is used again for the next.
 *
 * @param seed  the first bytes of the proof
 * @param size  width and height in pixels, even
 */
export function ringCoverage(seed: Uint8Array, size: number): Uint8Array {
  const [half, unit] = [size / 2, size / field]
  if (covered.length !== size * size) [left, covered] = [new Float32Array(half * size), new Uint8Array(size * size)]
  left.fill(1)
  const { outer, inner, rims } = turnsOf(seed)
  for (let i = 0; i < outer.count; i++) {
    const turn = (2 * Math.PI * i) / outer.count
    const radius = outer.radius * unit
    ring(half, { x: half - outer.offset * unit * Math.sin(turn), y: half + outer.offset * unit * Math.cos(turn), rx: radius, ry: radius, turn: 0 }, hair * unit)
  }
  for (let i = 0; i < inner.count; i++) ring(half, { x: half, y: half, rx: inner.rx * unit, ry: inner.ry * unit, turn: (Math.PI * i) / inner.count }, hair * unit)
  for (const radius of rims) ring(half, { x: half, y: half, rx: radius * unit, ry: radius * unit, turn: 0 }, hair * unit)
  for (let y = 0, from = 0; y < size; y++) {
    for (let x = 0, at = y * size, mirrored = at + size - 1; x < half; x++, from++, at++, mirrored--) covered[at] = covered[mirrored] = 255.5 - 255 * left[from]!
  }
  return covered
}

interface Ellipse {
  readonly x: number
  readonly y: number
  readonly rx: number
  readonly ry: number
  /** Clockwise, in radians. */
  readonly turn: number
}

/**
 * Takes from each pixel of the left half its share of a hair about an ellipse. A pixel lies |f| / |∇f| from the curve f = (x/rx)² + (y/ry)² − 1 = 0 (to the first order, and a hair is
 * thin beside its radii); it is covered by what of its own width, about its middle, lies within the hair. Row by row: only the two stretches where the row can meet the hair are
 * looked at.
 */
function ring(half: number, { x, y, rx, ry, turn }: Ellipse, width: number): void {
  const [cos, sin, a, b] = [Math.cos(turn), Math.sin(turn), 1 / (rx * rx), 1 / (ry * ry)]
  // f as a quadratic form of (dx, dy): A dx² + B dx dy + C dy² − 1.
  const A = a * cos * cos + b * sin * sin
  const B = 2 * cos * sin * (a - b)
  const C = a * sin * sin + b * cos * cos
  const far = width / 2 + 0.5
  const most = Math.min(1, width)
  const [outer, inner] = [(1 + far / Math.min(rx, ry)) ** 2, (1 - far / Math.min(rx, ry)) ** 2]
  const reach = Math.sqrt((A * outer) / (A * C - (B * B) / 4))
  const last = Math.min(2 * half - 1, Math.floor(y + reach - 0.5))
  for (let row = Math.max(0, Math.ceil(y - reach - 0.5)); row <= last; row++) {
    const dy = row + 0.5 - y
    const middle = x - (B * dy) / (2 * A) - 0.5
    const bend = ((B * dy) ** 2 - 4 * A * C * dy * dy) / (4 * A * A)
    const wide = Math.sqrt(Math.max(0, bend + outer / A))
    const hole = Math.sqrt(Math.max(0, bend + inner / A))
    for (let side = 0; side < (hole === 0 ? 1 : 2); side++) {
      const to = Math.min(half - 1, side === 0 && hole > 0 ? middle - hole : middle + wide)
      for (let column = Math.max(0, Math.ceil(side === 0 ? middle - wide : middle + hole)); column <= to; column++) {
        const dx = column + 0.5 - x
        const f = A * dx * dx + B * dx * dy + C * dy * dy - 1
        const [gx, gy] = [2 * A * dx + B * dy, B * dx + 2 * C * dy]
        const share = Math.min(most, far - Math.abs(f) / Math.sqrt(gx * gx + gy * gy))
        if (share > 0) left[row * half + column]! *= 1 - share
      }
    }
  }
}
