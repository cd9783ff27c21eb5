/** The document around every page: its head, its palette, the label of a demonstration. */
import { assetAddress, themedStyles, type AssetName } from './assets.ts'
import { html, nothing, safeAddress, type Html } from './html.ts'
import { wordsOf } from './words.ts'
import type { Chrome } from './chrome.ts'

/** What a network shows of a link that somebody posts: Open Graph 1.0, and the Twitter card that X reads. */
export interface LinkPreview {
  readonly address: string
  readonly title: string
  readonly description: string
  /** Absolute, 1200 × 627; the address changes when the picture does. */
  readonly image?: { readonly address: string; readonly says: string }
}

export interface Page {
  readonly title: string
  readonly description?: string
  /** Which sheet of styles: that of the public pages or that of the desk. */
  readonly styles: 'laurel.css' | 'desk.css'
  /** Small programs that the page can do without. */
  readonly islands?: readonly Extract<AssetName, `${string}.js`>[]
  /** Search engines are asked to leave the page alone. On unless a learner published it. */
  readonly noindex: boolean
  readonly preview?: LinkPreview
  /** Of the issuer whose page it is. */
  readonly colour?: string
  readonly head?: Html
  readonly body: Html
}

export function layout(page: Page, chrome: Chrome): Html {
  const words = wordsOf(chrome.language)
  return html`<!doctype html>
<html lang="${words.language}" dir="${words.direction}"${chrome.theme === undefined ? nothing : html` data-theme="${chrome.theme}"`}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page.title}</title>
${page.description === undefined ? nothing : html`<meta name="description" content="${page.description}">`}
${page.noindex ? html`<meta name="robots" content="noindex">` : nothing}
<meta name="theme-color" content="#faf7f0" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#10140f" media="(prefers-color-scheme: dark)">
${page.preview === undefined ? nothing : linkPreview(page.preview, chrome.brand?.name ?? 'Laurel', words.language)}${page.head ?? nothing}
<link rel="icon" href="${assetAddress('icon.svg')}" type="image/svg+xml">
<link rel="stylesheet" href="${page.colour === undefined || !/^#[0-9a-f]{6}$/.test(page.colour) ? assetAddress(page.styles) : themedStyles(page.colour).path}">
${(page.islands ?? []).map((island) => html`<script src="${assetAddress(island)}" type="module"></script>`)}
</head>
<body>
${chrome.demo ? html`<aside class="demo" aria-label="${words.text('frame.demo_label')}">${words.text('frame.demo')}</aside>` : nothing}
${page.body}
</body>
</html>
`
}

function linkPreview(preview: LinkPreview, site: string, locale: string): Html {
  const image = safeAddress(preview.image?.address)
  return html`<link rel="canonical" href="${safeAddress(preview.address) ?? ''}">
<meta property="og:type" content="website">
<meta property="og:url" content="${safeAddress(preview.address) ?? ''}">
<meta property="og:site_name" content="${site}">
<meta property="og:locale" content="${locale}">
<meta property="og:title" content="${preview.title}">
<meta property="og:description" content="${preview.description}">
<meta name="twitter:title" content="${preview.title}">
<meta name="twitter:description" content="${preview.description}">
${image === undefined || preview.image === undefined
  ? html`<meta name="twitter:card" content="summary">`
  : html`<meta property="og:image" content="${image}">
<meta property="og:image:width" content="1200">
<meta property="og:image:height" content="627">
<meta property="og:image:alt" content="${preview.image.says}">
<meta property="og:image:type" content="image/png">
<meta name="twitter:card" content="summary_large_image">
<meta name="twitter:image" content="${image}">
<meta name="twitter:image:alt" content="${preview.image.says}">`}
`
}
