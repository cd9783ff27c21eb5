import { hash } from 'node:crypto'
import { fault } from './faults.ts'
import { growthbookHash } from './growthbook.ts'

/**
 * What a number is drawn for. Each purpose has its own number: where one number served both the gate and the arm, those whom the gate let in
 * were unevenly spread over the arms (Unleash, October 2023, mended in eight of its clients).
 */
export const purposes = ['enrolment', 'arm', 'holdout', 'wave', 'cluster'] as const
export type Purpose = (typeof purposes)[number]

/** How a number is made. A row that was drawn keeps its version for ever, so that it can be made again. */
export const bucketVersions = ['v1', 'growthbook-v1', 'growthbook-v2'] as const
export type BucketVersion = (typeof bucketVersions)[number]

export interface BucketInput {
  /** The experiment's own secret or public random text; never shared between experiments. */
  readonly salt: string
  readonly purpose: Purpose
  /** Stable opaque id of the person (not of the credential), or of the cluster. */
  readonly unit: string
  readonly version?: BucketVersion
}

/**
 * The number in [0, 1) that belongs to a unit for one purpose of one experiment. A pure function of its arguments.
 *
 *   v1             first 52 bits of SHA-256("v1\0" salt "\0" purpose "\0" unit) / 2⁵²
 *   growthbook-v2  FNV-1a twice, in steps of 1/10,000, for a provider who moves a running experiment; the seed is the salt for the
 *   growthbook-v1  purpose 'arm' and salt ":" purpose for the others, so that purposes stay apart there too
 *
 * 2⁵² steps: no rounding to hundredths or thousandths, and every value is exact in a double and in its decimal text.
 *
 * @throws Fault 'draw.id_not_opaque' when salt or unit is empty, longer than 256, not visible ASCII, or (unit) holds an "@". Programs that
 *   hash UTF-16 and programs that hash UTF-8 agree on ASCII only: for "josé" GrowthBook's two families give 0.7084 and 0.7940.
 * Pinned by fixtures/draw (made by a second implementation, in Python).
 */
export function bucket({ salt, purpose, unit, version = 'v1' }: BucketInput): number {
  checkId('salt', salt)
  checkId('unit', unit)
  if (!purposes.includes(purpose)) throw new TypeError(`"${purpose}" is not a purpose of a draw.`)
  switch (version) {
    case 'v1':
      return bits52([salt, purpose, unit])
    case 'growthbook-v1':
    case 'growthbook-v2':
      return growthbookHash(purpose === 'arm' ? salt : `${salt}:${purpose}`, unit, version === 'growthbook-v1' ? 1 : 2)!
    default:
      throw new TypeError(`"${String(version satisfies never)}" is not a version of the draw.`)
  }
}

/** The first 52 bits of SHA-256 over "v1" and the parts, joined by NUL, as a fraction. NUL cannot occur in a part, so no two lists collide. */
export function bits52(parts: readonly string[]): number {
  return Number.parseInt(hash('sha256', `v1\0${parts.join('\0')}`, 'hex').slice(0, 13), 16) / 4503599627370496
}

/** Refuses what cannot be hashed alike everywhere or is not opaque. */
export function checkId(what: 'salt' | 'unit' | 'stratum' | 'cluster', id: string): void {
  if (typeof id !== 'string') throw new TypeError(`The ${what} of a draw must be a text.`)
  if (id.length === 0) throw fault.id_not_opaque({ what, reason: 'it is empty' })
  if (id.length > 256) throw fault.id_not_opaque({ what, reason: `it has ${id.length} characters` })
  for (let i = 0; i < id.length; i++) {
    const code = id.charCodeAt(i)
    if (code < 0x21 || code > 0x7e) throw fault.id_not_opaque({ what, reason: 'it has a character that is a space, a control or outside ASCII' })
    if (code === 0x40 && what === 'unit') throw fault.id_not_opaque({ what, reason: 'it looks like an e-mail address' })
  }
}
