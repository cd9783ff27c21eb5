/** Frame, rosette and code of a certificate: what is drawn and not read. All of it is marked as an artifact, so that a screen reader passes it over. */
import { rosette } from '../rosette.ts'
import { wreathPaths } from '../wreath.ts'
import type { QrCode } from '../qr-code.ts'

type Doc = PDFKit.PDFDocument

/** Two rules about the sheet, the outer in laurel, the inner a hair in gold. */
export function frame(doc: Doc, at: { readonly inset: number; readonly gap: number; readonly outer: string; readonly inner: string }): void {
  const { width, height } = doc.page
  doc.lineWidth(1).rect(at.inset, at.inset, width - 2 * at.inset, height - 2 * at.inset).stroke(at.outer)
  const within = at.inset + at.gap
  doc.lineWidth(0.35).rect(within, within, width - 2 * within, height - 2 * within).stroke(at.inner)
}

/** The wreath in a field of 24, at a place and size. */
export function wreathOn(doc: Doc, at: { readonly x: number; readonly y: number; readonly size: number; readonly colour: string }): void {
  doc.save().translate(at.x, at.y).scale(at.size / 24)
  for (const [, kind, d = ''] of wreathPaths.matchAll(/class="(filled|drawn)"[^>]*? d="([^"]+)"/g)) {
    doc.path(d)
    if (kind === 'filled') doc.fill(at.colour)
    else doc.lineWidth(0.7).stroke(at.colour)
  }
  doc.restore()
}

/** The rosette of the page, from the same bytes: its circles and ellipses, turned about the middle, inside the frame. */
export function rosetteOn(doc: Doc, seed: Uint8Array, at: { readonly x: number; readonly y: number; readonly radius: number; readonly colour: string; readonly opacity: number; readonly inside: number }): void {
  const { width, height } = doc.page
  doc.save().rect(at.inside, at.inside, width - 2 * at.inside, height - 2 * at.inside).clip()
  doc.translate(at.x, at.y).scale(at.radius / 100)
  doc.lineWidth(0.45).strokeColor(at.colour, at.opacity)
  for (const [, shape, attributes = ''] of String(rosette(seed)).matchAll(/<(circle|ellipse) ([^>]*)\/>/g)) {
    const number = (name: string): number => Number(new RegExp(`(?:^| )${name}="([^"]+)"`).exec(attributes)?.[1] ?? 0)
    const turn = Number(/rotate\(([^)]+)\)/.exec(attributes)?.[1] ?? 0)
    doc.save().rotate(turn)
    if (shape === 'circle') doc.circle(number('cx'), number('cy'), number('r'))
    else doc.ellipse(0, 0, number('rx'), number('ry'))
    doc.stroke().restore()
  }
  doc.fillOpacity(at.opacity)
  wreathOn(doc, { x: -17, y: -17.5, size: 34, colour: at.colour })
  doc.restore()
}

/** A QR code on white with its quiet zone, whatever lies beneath. */
export function qrOn(doc: Doc, code: QrCode, at: { readonly x: number; readonly y: number; readonly size: number; readonly colour: string }): void {
  const module = at.size / code.modules
  doc.rect(at.x - 4 * module, at.y - 4 * module, at.size + 8 * module, at.size + 8 * module).fill('#ffffff')
  doc.save().translate(at.x, at.y).scale(module).path(code.path).fill(at.colour).restore()
}
