/** What a request may carry, and the reading of it: never more than was declared, never for longer than is fair. */
import type { z } from 'zod'
import { fault } from './faults.ts'
import { multipartParts } from './multipart.ts'
import { checkPlain, findingsOf } from './plain.ts'

/** 1 MB unless a route says otherwise; a form is read into memory, a file is streamed. */
export const ordinaryLimit = 1_000_000
/** The slowest fair sender: 30 s for what is small, and 50 kB/s for what is large (research/reliability.md 7: request 30 s). */
const fairMs = (limit: number) => Math.max(30_000, limit / 50)

export interface Body<Out> {
  readonly kind: 'json' | 'form' | 'upload'
  readonly schema: z.ZodType
  readonly limit: number
  /** Of the file of an upload. */
  readonly mediaTypes: readonly string[]
  /** Never set: carries the type. */
  readonly gives?: Out
}

export const jsonBody = <S extends z.ZodType>(schema: S, options: { readonly limit?: number } = {}): Body<z.output<S>> => ({ kind: 'json', schema, limit: options.limit ?? ordinaryLimit, mediaTypes: [] })

/** Fields of a form (urlencoded or multipart, without a file). A field that stands several times is an array. */
export const formBody = <S extends z.ZodObject>(schema: S): Body<z.output<S>> => ({ kind: 'form', schema, limit: ordinaryLimit, mediaTypes: [] })

export interface UploadedFile {
  readonly name: string | undefined
  readonly mediaType: string
  /** Can be read once. Fails when more than the route's limit comes. */
  readonly bytes: AsyncIterable<Uint8Array>
  readAll(): Promise<Uint8Array>
}

export interface Upload<Fields> {
  readonly fields: Fields
  /** Undefined when a form came without one. */
  readonly file: UploadedFile | undefined
}

/** One file: the body itself, of one of these types, or the last part of a form with fields before it. */
export const uploadBody = <S extends z.ZodObject>(fields: S, options: { readonly mediaTypes: readonly string[]; readonly limit?: number }): Body<Upload<z.output<S>>> => ({
  kind: 'upload',
  schema: fields,
  limit: options.limit ?? ordinaryLimit,
  mediaTypes: options.mediaTypes,
})

type Fields = Readonly<Record<string, string | readonly string[]>>

/** A body whose form fields have been read (the form's token is among them) and whose content is still to be judged. */
export interface ReadBody {
  /** The token that the form carried. */
  readonly csrf: string | undefined
  /** The content by the route's schema. @throws Fault `http.wrong_input` */
  parse(): unknown
}

/** Reads a body as a route declared it. @throws Fault `http.too_large`, `http.other_kind`, `http.unreadable`, `http.too_slow` */
export async function readBody(request: Request, body: Body<unknown>): Promise<ReadBody> {
  const given = (request.headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase()
  const bytes = limited(request, body.limit)
  if (body.kind === 'json') {
    if (given !== 'application/json' && !/^application\/[a-z0-9.+-]+\+json$/.test(given)) throw fault.other_kind({ given: named(given), taken: 'application/json' })
    const value = jsonOf(await all(bytes))
    return { csrf: undefined, parse: () => parseBy(body.schema, value, 'body') }
  }
  if (given === 'application/x-www-form-urlencoded') {
    const text = textOf(await all(bytes))
    const { csrf, fields } = withoutToken(fieldsOf(new URLSearchParams(text)))
    return { csrf, parse: () => formOf(body, fields, undefined) }
  }
  if (given === 'multipart/form-data') return await readMultipart(request, body, bytes)
  if (body.kind === 'upload' && body.mediaTypes.includes(given)) return { csrf: undefined, parse: () => formOf(body, {}, uploaded(undefined, given, bytes)) }
  throw fault.other_kind({ given: named(given), taken: ['a form', ...body.mediaTypes].join(' or ') })
}

const named = (mediaType: string) => (mediaType === '' ? 'A body without a Content-Type' : mediaType.slice(0, 100))

async function readMultipart(request: Request, body: Body<unknown>, bytes: AsyncIterable<Uint8Array>): Promise<ReadBody> {
  const pairs: [string, string][] = []
  let file: UploadedFile | undefined
  for await (const part of multipartParts(bytes, request.headers.get('content-type') ?? '')) {
    if (part.fileName === undefined) {
      pairs.push([part.name, textOf(await all(part.bytes))])
      continue
    }
    const mediaType = part.mediaType ?? 'application/octet-stream'
    if (part.fileName === '') {
      // A file field that was left empty.
      if ((await all(part.bytes)).length > 0) throw fault.unreadable({ what: 'a file without a name' })
      continue
    }
    if (body.kind !== 'upload') throw fault.other_kind({ given: 'A file', taken: 'fields only' })
    if (!body.mediaTypes.includes(mediaType)) throw fault.other_kind({ given: named(mediaType), taken: body.mediaTypes.join(' or ') })
    file = uploaded(part.fileName, mediaType, part.bytes)
    break
  }
  const { csrf, fields } = withoutToken(fieldsOf(pairs))
  return { csrf, parse: () => formOf(body, fields, file) }
}

const formOf = (body: Body<unknown>, fields: Fields, file: UploadedFile | undefined): unknown => {
  const parsed = parseBy(body.schema, fields, 'body')
  return body.kind === 'upload' ? Object.freeze({ fields: parsed, file }) : parsed
}

function uploaded(name: string | undefined, mediaType: string, bytes: AsyncIterable<Uint8Array>): UploadedFile {
  return Object.freeze({ name, mediaType, bytes, readAll: () => all(bytes) })
}

export function fieldsOf(pairs: Iterable<readonly [string, string]>): Fields {
  const fields = new Map<string, string | string[]>()
  for (const [name, value] of pairs) {
    const there = fields.get(name)
    fields.set(name, there === undefined ? value : Array.isArray(there) ? [...there, value] : [there, value])
  }
  return Object.fromEntries(fields) // an own property for every name, `__proto__` too
}

function withoutToken(fields: Fields): { csrf: string | undefined; fields: Fields } {
  const { csrf, ...rest } = fields
  return { csrf: typeof csrf === 'string' ? csrf : undefined, fields: rest }
}

/** A value by a schema, after what no schema looks for: text that cannot be stored, nesting that is an attack. @throws Fault `http.wrong_input` */
export function parseBy(schema: z.ZodType, value: unknown, where: 'body' | 'query' | 'path' | 'header'): unknown {
  const unfit = checkPlain(value, where)
  if (unfit.length > 0) throw fault.wrong_input({ count: unfit.length }, { findings: unfit })
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const findings = findingsOf(parsed.error, value, where)
  throw fault.wrong_input({ count: findings.length }, { findings })
}

function jsonOf(bytes: Uint8Array): unknown {
  const text = textOf(bytes)
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw fault.unreadable({ what: 'it is not JSON' }, { cause: error })
  }
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw fault.unreadable({ what: 'it is not UTF-8' }, { cause: error })
  }
}

async function* limited(request: Request, limit: number): AsyncGenerator<Uint8Array> {
  const declared = request.headers.get('content-length')
  if (declared !== null && Number(declared) > limit) throw fault.too_large({ bytes: limit })
  if (!request.body) return
  const reader = request.body.getReader() as ReadableStreamDefaultReader<Uint8Array>
  const seconds = fairMs(limit) / 1000
  let late = false
  const timer = setTimeout(() => {
    late = true
    reader.cancel().catch(() => {})
  }, seconds * 1000).unref()
  let size = 0
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      size += next.value.length
      if (size > limit) throw fault.too_large({ bytes: limit })
      yield next.value
    }
    if (late) throw fault.too_slow({ seconds })
  } finally {
    clearTimeout(timer)
    await reader.cancel().catch(() => {})
  }
}

async function all(bytes: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  return chunks.length === 1 ? chunks[0]! : new Uint8Array(Buffer.concat(chunks))
}
