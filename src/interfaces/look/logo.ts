/**
 * An issuer's logo, made anew from the file that was sent: decoded by the engine to pixels, set on paper, made smaller where it is larger than any page needs, and written as a new PNG.
 * So nothing of the file but what is seen goes on: no text, no profile, no place where a photo was taken, no program.
 */
import { logoFault as fault } from './faults.ts'
import { overPaper } from './engine.ts'
import { contrastOf, type Colour } from './theme.ts'

/** As large as it is ever kept: twice what a page shows, for fine screens, and what a certificate prints. */
export const logoMost = { width: 480, height: 240 } as const
/** What is taken, in bytes and in pixels a side; unpacked, four bytes a pixel, it takes 16 MB for as long as it is read. */
const mostBytes = 256 * 1024
const mostSide = 2_000
/** The sheet of tokens.css in its light palette: logos are made for light grounds, and keep this one on dark pages. */
const logoPaper: Colour = '#fffdf9'

export interface LogoPicture {
  readonly width: number
  readonly height: number
  readonly png: Uint8Array
}

interface Size {
  readonly width: number
  readonly height: number
}

/** As large as a picture of a shape can be in a box, and never larger than it is. */
export function within({ width, height }: Size, box: Size): Size {
  const scale = Math.min(1, box.width / width, box.height / height)
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

/** @throws Fault `logo.not_png`, `logo.unreadable`, `logo.too_large`, `logo.too_many_pixels`, `logo.unseen` */
export async function makeLogo(given: Uint8Array): Promise<LogoPicture> {
  if (given.length > mostBytes) throw fault.too_large({ kilobytes: mostBytes / 1024 })
  const png = Buffer.from(given.buffer, given.byteOffset, given.byteLength)
  if (png.length < 33 || !png.subarray(0, 8).equals(signature)) throw fault.not_png()
  if (png.toString('latin1', 12, 16) !== 'IHDR') throw fault.unreadable()
  // Asked of the header before anything is unpacked: a few bytes can say that they are a billion pixels.
  const [wide, high] = [png.readUInt32BE(16), png.readUInt32BE(20)]
  if (wide > mostSide || high > mostSide) throw fault.too_many_pixels({ width: wide, height: high, side: mostSide })
  if (wide === 0 || high === 0) throw fault.unreadable()
  const { width, height } = within({ width: wide, height: high }, logoMost)
  const picture = onlyPixels(png)
  const [pixels, made] = await Promise.all([overPaper(picture, width, height, logoPaper, 'raw'), overPaper(picture, width, height, logoPaper, 'png')]).catch((error: unknown) => {
    throw fault.unreadable(undefined, { cause: error })
  })
  if (!canBeSeen(pixels)) throw fault.unseen()
  return Object.freeze({ width, height, png: new Uint8Array(made) })
}

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
/** The chunks that pixels are made from (PNG, third edition, §11.2 and §11.3.2.1). Others may hold more when unpacked than they seem to, and nothing of them is kept. */
const needed: ReadonlySet<string> = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'])

function onlyPixels(png: Buffer): Buffer {
  const parts: Buffer[] = [signature]
  for (let at = 8; at + 12 <= png.length; ) {
    const to = at + 12 + png.readUInt32BE(at)
    if (to > png.length) break
    if (needed.has(png.toString('latin1', at + 4, at + 8))) parts.push(png.subarray(at, to))
    at = to
  }
  return Buffer.concat(parts)
}

/** Lighter than this beside paper is taken for paper. A logo need not have the contrast of what must be understood (WCAG 2.2, 1.4.11): amber has 1.4 and pale blue 1.3; white and yellow as light as lemons have less than 1.1. */
const leastContrast = 1.2
/** One pixel of so many has to be seen. */
const oneOf = 200

function canBeSeen(pixels: Uint8Array): boolean {
  const known = new Map<number, boolean>()
  let seen = 0
  for (let at = 0; at < pixels.length; at += 4) {
    const number = (pixels[at]! << 16) | (pixels[at + 1]! << 8) | pixels[at + 2]!
    const before = known.get(number)
    const is = before ?? contrastOf(`#${number.toString(16).padStart(6, '0')}`, logoPaper) >= leastContrast
    if (before === undefined) known.set(number, is)
    if (is) seen++
  }
  return seen * oneOf >= pixels.length / 4
}
