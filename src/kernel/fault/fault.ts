/**
 * The one error type. A fault has a code from a closed list, the data that the code is about, and a sentence that a person can act on.
 *
 * Each room declares its own codes once, in its `faults.ts`; the door that shows a fault decides how (exit code, HTTP status, page).
 * A caller's mistake in our own code is a `TypeError`, never a `Fault`. A failed verification is a result, never a `Fault`.
 */

/** What a fault means to the one who asked; doors map these to exit codes and HTTP statuses. */
export const faultKinds = ['refused', 'unauthenticated', 'forbidden', 'not_found', 'conflict', 'too_many', 'unavailable', 'broken'] as const
export type FaultKind = (typeof faultKinds)[number]

/** One thing wrong with an input, at the place where it is wrong. Rows count from 1 and the header is row 1, as a spreadsheet shows them. */
export interface Finding {
  readonly code: string
  readonly sentence: string
  readonly row?: number
  readonly column?: string
  readonly value?: string
  /** RFC 6901 pointer into a JSON document. */
  readonly pointer?: string
}

type FaultData = Readonly<Record<string, string | number | boolean | null | undefined>>

export class Fault extends Error {
  readonly code: string
  readonly kind: FaultKind
  readonly data: FaultData
  readonly findings: readonly Finding[]

  constructor(code: string, kind: FaultKind, sentence: string, data: FaultData = {}, findings: readonly Finding[] = [], cause?: unknown) {
    super(sentence, cause === undefined ? undefined : { cause })
    this.name = 'Fault'
    this.code = code
    this.kind = kind
    this.data = Object.freeze({ ...data })
    this.findings = Object.freeze([...findings])
  }
}

export const isFault = (value: unknown): value is Fault => value instanceof Fault

type Declared = Readonly<Record<string, readonly [kind: FaultKind, sentence: (data: never) => string]>>
type DataOf<T> = T extends readonly [FaultKind, (data: infer D) => string] ? D : never
type Raise<D> = unknown extends D
  ? (data?: FaultData, extra?: { findings?: readonly Finding[]; cause?: unknown }) => Fault
  : (data: D, extra?: { findings?: readonly Finding[]; cause?: unknown }) => Fault

/**
 * Declares a room's faults: a name, its kind, and the sentence made from its data.
 *
 *     export const fault = faults('credential', {
 *       already_revoked: ['conflict', (d: { credential: string }) => `Credential ${d.credential} has been revoked already.`],
 *     })
 *     throw fault.already_revoked({ credential })        // code "credential.already_revoked"
 */
export function faults<const T extends Declared>(room: string, declared: T): { readonly [K in keyof T]: Raise<DataOf<T[K]>> } & { readonly codes: readonly string[] } {
  const made: Record<string, unknown> = { codes: Object.freeze(Object.keys(declared).map((name) => `${room}.${name}`)) }
  for (const [name, [kind, sentence]] of Object.entries(declared)) {
    made[name] = (data: FaultData = {}, extra: { findings?: readonly Finding[]; cause?: unknown } = {}) =>
      new Fault(`${room}.${name}`, kind, (sentence as (data: FaultData) => string)(data), data, extra.findings ?? [], extra.cause)
  }
  return Object.freeze(made) as { readonly [K in keyof T]: Raise<DataOf<T[K]>> } & { readonly codes: readonly string[] }
}
