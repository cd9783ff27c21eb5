/** The faces that cards and certificates are set in: each a file beside this one, unpacked when it is first needed. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { coverageOf, covers } from './coverage.ts'
import { unpackWoff, type Sfnt } from './unpack.ts'

export type Weight = 400 | 600

export interface Face {
  readonly name: string
  readonly family: string
  readonly weight: Weight
  readonly italic: boolean
  /** The font as an sfnt file. */
  bytes(): Uint8Array
  has(codePoint: number): boolean
}

/** In the order in which they are tried for a character. */
const table: readonly (readonly [file: string, family: string, weights: readonly Weight[]])[] = [
  ['noto-serif-latin', 'Noto Serif', [400, 600]],
  ['noto-serif-latin-ext', 'Noto Serif Latin Extended', [400, 600]],
  ['noto-serif-vietnamese', 'Noto Serif Vietnamese', [400, 600]],
  ['noto-serif-cyrillic', 'Noto Serif Cyrillic', [400, 600]],
  ['noto-serif-cyrillic-ext', 'Noto Serif Cyrillic Extended', [400, 600]],
  ['noto-serif-greek', 'Noto Serif Greek', [400, 600]],
  ['noto-serif-devanagari-devanagari', 'Noto Serif Devanagari', [400, 600]],
  ['noto-naskh-arabic-arabic', 'Noto Naskh Arabic', [400, 600]],
  ['noto-serif-sc-chinese-simplified', 'Noto Serif SC', [400]],
]

function face(file: string, family: string, weight: Weight, italic: boolean): Face {
  const name = `${file}-${weight}-${italic ? 'italic' : 'normal'}`
  let opened: { readonly sfnt: Sfnt; readonly pairs: Uint32Array } | undefined
  const open = () => {
    if (opened) return opened
    const sfnt = unpackWoff(readFileSync(join(import.meta.dirname, 'files', `${name}.woff`)))
    const cmap = sfnt.table('cmap')
    if (!cmap) throw new TypeError(`${name} has no character map`)
    return (opened = { sfnt, pairs: coverageOf(cmap) })
  }
  return Object.freeze({ name, family, weight, italic, bytes: () => open().sfnt.bytes, has: (codePoint: number) => covers(open().pairs, codePoint) })
}

/** Every face; the italic is for Latin words of our own, never for names. */
export const faces: readonly Face[] = Object.freeze([
  ...table.flatMap(([file, family, weights]) => weights.map((weight) => face(file, family, weight, false))),
  face('noto-serif-latin', 'Noto Serif', 400, true),
])
