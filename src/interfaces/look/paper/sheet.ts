/** A sheet of paper that text is set on: pdfkit underneath, lines ordered and measured by us, every piece tagged for those who hear it. */
import PDFDocument from 'pdfkit'
import { faces } from '#platform/face'
import type { Direction } from '../languages.ts'
import { fitLines } from './break-lines.ts'
import { orderLine, type Style } from './order-line.ts'

export interface Ink extends Style {
  readonly size: number
  readonly colour: string
}

export interface Box {
  /** The edge where lines begin, in points: the left one, or the right one for text that runs from right to left. */
  readonly start: number
  readonly width: number
  /** Where the first line's baseline is. */
  readonly baseline: number
}

export interface TextAsked {
  readonly text: string
  readonly language: string
  readonly direction: Direction
  readonly box: Box
  /** From the wished size down to the smallest. */
  readonly ink: Omit<Ink, 'size'> & { readonly sizes: readonly number[] }
  readonly lines: number
  /** Height of a line as a multiple of its size. */
  readonly leading: number
}

export interface Sheet {
  readonly doc: PDFKit.PDFDocument
  widthOf(line: string, direction: Direction, ink: Ink): number
  /** Breaks and fits a text without drawing it. */
  fit(asked: TextAsked): { readonly size: number; readonly lines: readonly string[]; readonly height: number }
  /** Draws a text and gives the baseline of its last line. */
  set(asked: TextAsked, as?: { readonly align?: 'start' | 'end' | 'centre' }): number
}

const featuresOfTheFace: PDFKit.Mixins.OpenTypeFeatures[] = [] // an empty list makes pdfkit shape a run as a whole instead of word by word, which would lose the order of right-to-left words

export function openSheet(options: PDFKit.PDFDocumentOptions): Sheet {
  const doc = new PDFDocument(options)
  for (const face of faces) doc.registerFont(face.name, bufferOn(face.bytes()))
  const widthOf = (line: string, direction: Direction, ink: Ink): number =>
    orderLine(line, direction, ink).reduce((sum, piece) => sum + doc.font(piece.face.name).fontSize(ink.size).widthOfString(piece.text, { features: featuresOfTheFace }), 0)
  const fit = (asked: TextAsked) => {
    const fitted = fitLines(asked.text, { width: asked.box.width, sizes: asked.ink.sizes, lines: asked.lines, language: asked.language, widthAt: (line, size) => widthOf(line, asked.direction, { ...asked.ink, size }) })
    return { ...fitted, height: fitted.lines.length * fitted.size * asked.leading }
  }
  return {
    doc,
    widthOf,
    fit,
    set(asked, as = {}) {
      const { size, lines } = fit(asked)
      const ink = { ...asked.ink, size }
      let baseline = asked.box.baseline
      lines.forEach((line, i) => {
        if (i > 0) baseline += size * asked.leading
        const width = widthOf(line, asked.direction, ink)
        const room = as.align === 'end' ? asked.box.width - width : as.align === 'centre' ? (asked.box.width - width) / 2 : 0
        let x = asked.direction === 'rtl' ? asked.box.start - room - width : asked.box.start + room
        for (const piece of orderLine(line, asked.direction, ink)) {
          doc.font(piece.face.name).fontSize(size).fillColor(ink.colour)
          doc.text(piece.text, x, baseline, { lineBreak: false, baseline: 'alphabetic', features: featuresOfTheFace })
          x += doc.widthOfString(piece.text, { features: featuresOfTheFace })
        }
      })
      return baseline
    },
  }
}

const bufferOn = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** The finished file. */
export async function finish(doc: PDFKit.PDFDocument): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  doc.on('data', (part: Uint8Array) => void parts.push(part))
  const ended = new Promise<void>((resolve, reject) => void doc.on('end', resolve).on('error', reject))
  doc.end()
  await ended
  return new Uint8Array(Buffer.concat(parts))
}
