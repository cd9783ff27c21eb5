/**
 * The one place that knows the engine which draws pictures (takumi): boxes and text in, pixels out, with every face of ours. It works beside
 * the event loop. Should it have to go, satori and resvg draw the same boxes (research/dependencies.md 6).
 */
import { Renderer, type Node } from '@takumi-rs/core'
import { faces } from '#platform/face'

export type Drawing = Node

/** Families in the order in which a character looks for its glyph. */
export const families = [...new Set(faces.map((face) => face.family))].join(', ')

let opened: Promise<Renderer> | undefined

const engine = async (): Promise<Renderer> => await (opened ??= open())

/** Reads the faces once: about 60 ms, and their size in memory. */
async function open(): Promise<Renderer> {
  const renderer = new Renderer()
  for (const face of faces) await renderer.registerFont({ name: face.family, data: face.bytes(), weight: face.weight, style: face.italic ? 'italic' : 'normal' })
  return renderer
}

/** Pixels, four bytes each (red, green, blue, opacity), row by row. */
export async function pixelsOf(drawing: Drawing, width: number, height: number, language: string): Promise<Uint8Array> {
  return await (await engine()).render(drawing, { width, height, format: 'raw', lang: language })
}

export interface Lines {
  readonly lines: number
  /** Of the widest. */
  readonly width: number
  /** Of all together. */
  readonly total: number
  /** Of the box that they fill. */
  readonly height: number
}

/** Where the lines of a text break in a box of that width, and how wide the widest is. About half a millisecond. */
export async function linesOf(drawing: Drawing, width: number, language: string): Promise<Lines> {
  const { children } = await (await engine()).measure({ type: 'container', style: { width, display: 'flex', flexDirection: 'column', alignItems: 'flex-start' }, children: [drawing] }, { width, lang: language })
  const [text] = children
  const rows = Map.groupBy(text?.runs ?? [], (run) => Math.round(run.y))
  const widths = [...rows.values()].map((runs) => Math.max(...runs.map((run) => run.x + run.width)) - Math.min(...runs.map((run) => run.x)))
  return { lines: rows.size, width: Math.max(0, ...widths), total: widths.reduce((sum, one) => sum + one, 0), height: text?.height ?? 0 }
}

/** Where the upper left corner of a box comes to lie. */
export interface Spot {
  readonly x: number
  readonly y: number
}

/** @param at  which child of which child it is */
export async function spotOf(drawing: Drawing, at: readonly number[], width: number, height: number, language: string): Promise<Spot> {
  let one = await (await engine()).measure(drawing, { width, height, lang: language })
  for (const i of at) one = one.children[i] ?? one
  const [, , , , x, y] = one.transform
  return { x, y }
}

/** A drawing without words as PNG. */
export async function rasterPng(svg: string, width: number, height: number): Promise<Uint8Array> {
  return new Uint8Array(await (await engine()).render({ type: 'image', src: asSource(svg), width, height, style: { width, height } }, { width, height, format: 'png' }))
}

/** The red of a drawing without words, one byte to a pixel, row by row: of white on black, how much of each pixel is covered. */
export async function rasterGrey(svg: string, width: number, height: number): Promise<Uint8Array> {
  const pixels = await (await engine()).render({ type: 'image', src: asSource(svg), width, height, style: { width, height } }, { width, height, format: 'raw' })
  return Uint8Array.from({ length: width * height }, (_, at) => pixels[4 * at] ?? 0)
}

/** An SVG as the source of an image. */
export const asSource = (svg: string): string => `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`

/** A picture that somebody sent, filling a sheet of paper of that size. It is not kept for another time. @throws Error where it cannot be decoded */
export async function overPaper(picture: Uint8Array, width: number, height: number, paper: string, format: 'raw' | 'png'): Promise<Uint8Array> {
  const src = 'given'
  const sheet: Drawing = { type: 'container', style: { width, height, display: 'flex', backgroundColor: paper }, children: [{ type: 'image', src, width, height, style: { width, height } }] }
  return await (await engine()).render(sheet, { width, height, format, images: [{ src, data: picture, cache: 'none' }] })
}
