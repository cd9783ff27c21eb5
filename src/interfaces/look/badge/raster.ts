/** A drawing as PNG, by the engine that draws cards too. */
import { Renderer } from '@takumi-rs/core'

let engine: Renderer | undefined

export async function rasterPng(svg: string, width: number, height: number): Promise<Uint8Array> {
  engine ??= new Renderer()
  const src = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`
  return new Uint8Array(await engine.render({ type: 'image', src, width, height, style: { width, height } }, { width, height, format: 'png' }))
}
