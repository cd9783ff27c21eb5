/**
 * The files that a browser fetches beside a page. An address carries the hash of what it serves, so it can be kept for ever, and a new
 * release changes the address. Compressed forms are made once, when the first reader asks for them: a command that serves nothing does not wait for them.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { codeReader } from './code-reader.ts'
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

function asset(name: string, source: string): Asset {
  const body = Buffer.from(source, 'utf8')
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 10)
  const [stem = '', extension = ''] = name.split('.')
  let br: Uint8Array | undefined
  let gzip: Uint8Array | undefined
  return Object.freeze({
    name,
    path: `/assets/${stem}.${hash}.${extension}`,
    contentType: contentTypes[extension] ?? 'application/octet-stream',
    body,
    encoded: Object.freeze({
      get br() {
        return (br ??= brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT } }))
      },
      get gzip() {
        return (gzip ??= gzipSync(body, { level: 9 }))
      },
    }),
    immutable: true as const,
  })
}

export const assets: readonly Asset[] = Object.freeze(Object.entries(sources).map(([name, source]) => asset(name, source)))

const addresses = new Map(assets.map((one) => [one.name, one.path]))

/** Where a file of ours is served. */
export function assetAddress(name: AssetName): string {
  const found = addresses.get(name)
  if (found === undefined) throw new TypeError(`No such file: ${name}`)
  return found
}
