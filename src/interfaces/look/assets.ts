/**
 * The files that a browser fetches beside a page. An address carries the hash of what it serves, so it can be kept for ever, and a new
 * release changes the address. Compressed forms are made once, when the first reader asks for them: a command that serves nothing does not wait for them.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { codeReader } from './code-reader.ts'
import { themeSheet } from './theme.ts'
import { wreathPaths } from './wreath.ts'

export interface Asset {
  readonly name: string
  /** /assets/laurel.1a2b3c4d5e.css */
  readonly path: string
  readonly contentType: string
  readonly body: Uint8Array
  /** The body compressed, for a reader that accepts it; the names are those of Content-Encoding. */
  readonly encoded: { readonly br: Uint8Array; readonly gzip: Uint8Array }
  /** `Cache-Control: public, max-age=31536000, immutable` is right for it. */
  readonly immutable: true
}

const own = (name: string): string => readFileSync(new URL(`./static/${name}`, import.meta.url), 'utf8')

/** The icon of the browser's tab: dark leaves on light, light on dark. */
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><style>svg{color:#1e5540}.filled{fill:currentColor}.drawn{fill:none;stroke:currentColor}@media(prefers-color-scheme:dark){svg{color:#8fccab}}</style>${wreathPaths}</svg>`

const sources = {
  'laurel.css': own('tokens.css') + own('ground.css') + own('public.css'),
  'desk.css': own('tokens.css') + own('ground.css') + own('desk.css'),
  'view.js': own('view.js'),
  'copy.js': own('copy.js'),
  'scan.js': own('scan.js'),
  'qr.js': codeReader(),
  'passkey.js': own('passkey.js'),
  'check.js': own('canonical.js') + own('check.js').replace(/^import .*\n/, ''),
  'profile.js': own('profile.js'),
  'icon.svg': icon,
} as const

export type AssetName = keyof typeof sources

const contentTypes: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
}

/** Of the forms that are made once for all. */
const hard = 9
/** Of those of which anybody may ask for another: a tenth of the work for a twentieth more bytes. */
const easy = 5

function asset(name: string, source: string, folder = '/assets', effort = hard): Asset {
  const body = Buffer.from(source, 'utf8')
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 10)
  const [stem = '', extension = ''] = name.split('.')
  let br: Uint8Array | undefined
  let gzip: Uint8Array | undefined
  return Object.freeze({
    name,
    path: `${folder}/${stem}.${hash}.${extension}`,
    contentType: contentTypes[extension] ?? 'application/octet-stream',
    body,
    encoded: Object.freeze({
      get br() {
        return (br ??= brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: effort, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT } }))
      },
      get gzip() {
        return (gzip ??= gzipSync(body, { level: effort }))
      },
    }),
    immutable: true as const,
  })
}

export const assets: readonly Asset[] = Object.freeze(Object.entries(sources).map(([name, source]) => asset(name, source)))

const themed = new Map<string, Asset>()
/** Issuers choose few colours; whoever asks for many others makes them again. */
const mostThemed = 64

/** The styles of the public pages in an issuer's colour: one file in place of another, not one more to wait for. @param colour  `#` and six digits of hexadecimal */
export function themedStyles(colour: string): Asset {
  const known = themed.get(colour)
  if (known !== undefined) return known
  if (themed.size >= mostThemed) themed.clear()
  const made = asset(`${colour.slice(1)}.css`, sources['laurel.css'] + themeSheet(colour), '/theme', easy)
  themed.set(colour, made)
  return made
}

const addresses = new Map(assets.map((one) => [one.name, one.path]))

/** Where a file of ours is served. */
export function assetAddress(name: AssetName): string {
  const found = addresses.get(name)
  if (found === undefined) throw new TypeError(`No such file: ${name}`)
  return found
}
