/** A QR code (ISO/IEC 18004) of an address: in a page, as a drawing to print from, and as a picture for programs that take no drawings. */
import encodeQR from 'qr'
import { html, type Html } from './html.ts'
import { pngOf } from './png.ts'

export interface QrCode {
  /** Modules to a side, without the margin. */
  readonly modules: number
  /** The dark modules as the path of a drawing, one unit to a module. */
  readonly path: string
}

/** Correction level M restores 15% of what is printed: enough for a fold or a smudge, and the modules stay large. */
export function qrCode(text: string): QrCode {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: 1 }).slice(1, -1).map((row) => row.slice(1, -1)) // a border of none is not to be had
  const modules = rows.length
  let path = ''
  for (const [row, dark] of rows.entries()) {
    for (let from = dark.indexOf(true), to = from; from >= 0; from = dark.indexOf(true, to)) {
      const end = dark.indexOf(false, from)
      to = end < 0 ? modules : end
      path += `M${from} ${row}h${to - from}v1h${from - to}z`
    }
  }
  return Object.freeze({ modules, path })
}

/** Four modules of white on each side: a reader may miss the code without them (ISO/IEC 18004, 5.3.8). */
const margin = 4

/** In a page: in the colour of the text around it, on the ground that the style sheet keeps light. */
export const qrDrawing = (code: QrCode, says: string): Html =>
  html`<svg viewBox="0 0 ${code.modules} ${code.modules}" width="100%" role="img" aria-label="${says}" shape-rendering="crispEdges"><path fill="currentColor" d="${code.path}"/></svg>`

/** As a file: black on white, with its margin. */
export function qrSvg(code: QrCode): string {
  const side = code.modules + 2 * margin
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${-margin} ${-margin} ${side} ${side}" width="${side * 8}" height="${side * 8}" shape-rendering="crispEdges"><path fill="#fff" d="M${-margin} ${-margin}h${side}v${side}h${-side}z"/><path d="${code.path}"/></svg>\n`
}

/** The same as PNG (third edition), greyscale of one bit; `scale` pixels to a module. */
export async function qrPng(code: QrCode, scale = 16): Promise<Uint8Array<ArrayBuffer>> {
  const side = (code.modules + 2 * margin) * scale
  const bytesPerRow = Math.ceil(side / 8)
  const rows = Buffer.alloc((bytesPerRow + 1) * side)
  for (let y = 0; y < side; y++) rows.fill(0xff, y * (bytesPerRow + 1) + 1, (y + 1) * (bytesPerRow + 1)) // white; the byte before each row says that it is not filtered
  for (const [, from = '0', row = '0', length = '0'] of code.path.matchAll(/M(\d+) (\d+)h(\d+)/g)) {
    for (let y = (Number(row) + margin) * scale; y < (Number(row) + margin + 1) * scale; y++)
      for (let x = (Number(from) + margin) * scale; x < (Number(from) + margin + Number(length)) * scale; x++) {
        const at = y * (bytesPerRow + 1) + 1 + (x >> 3)
        rows[at] = (rows[at] ?? 0) & ~(0x80 >> (x & 7))
      }
  }
  return await pngOf({ width: side, height: side, bits: 1, rows, packing: 'all' })
}
