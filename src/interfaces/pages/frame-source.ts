/** What is pasted into another site to show a credential there. */
import { embedAddress, placementAddress } from '#journey/share'
import { html, nothing } from '#interfaces/look'

/** Room for a name of two lines; narrower columns wrap the rest. */
export const frameSize = { width: 440, height: 232 } as const

export interface FrameOf {
  readonly site: { readonly publicUrl: string }
  readonly publicId: string
  /** Of the placement: a look that comes through the frame says so. */
  readonly token: string | undefined
  readonly title: string
  readonly width?: number
  readonly height?: number
}

export const frameFor = (of: FrameOf): string =>
  String(html`<iframe src="${embedAddress(of.site, of.publicId, of.token)}" width="${of.width ?? frameSize.width}" height="${of.height ?? frameSize.height}" title="${of.title}" loading="lazy" frameborder="0"></iframe>`)

/** Without a frame: a link, and the picture where there is one. */
export const linkFor = (of: FrameOf & { readonly token: string; readonly pictureAddress?: string | undefined }): string =>
  String(html`<a href="${placementAddress(of.site, of.publicId, of.token)}">${of.pictureAddress === undefined ? of.title : html`<img src="${of.pictureAddress}" width="480" height="251" alt="${of.title}">`}</a>${nothing}`)
