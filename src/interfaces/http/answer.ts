/** What a handler gives back. The door turns it into a response and adds the headers that every response has. */
import type { Html } from '#interfaces/look'
import { sameOriginPath } from './same-origin.ts'

/** How long it may be kept, and by whom: `public` by caches on the way, `private` by the reader's own browser. Without one nothing is kept. */
export interface Keep {
  readonly by: 'public' | 'private'
  readonly seconds: number
  /** The address changes when the body does. */
  readonly immutable?: true
}

export interface Ready {
  /** What the page is about, for noting who saw it. */
  readonly subject: string
  /** When the page will say something else, whatever happens. */
  readonly until?: Date
}

export interface Answer {
  readonly status: number
  readonly mediaType: string | undefined
  readonly body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly keep: Keep | undefined
  /** Every stranger is shown the same: it may be answered from memory (ready.ts). */
  readonly ready: Ready | undefined
  /** Set-Cookie lines. */
  readonly cookies: readonly string[]
}

export interface AnswerOptions {
  readonly status?: number
  readonly keep?: Keep
  readonly ready?: Ready
  readonly headers?: Readonly<Record<string, string>>
  readonly cookies?: readonly string[]
}

const answer = (mediaType: string | undefined, body: Answer['body'], options: AnswerOptions, status: number): Answer =>
  Object.freeze({ status: options.status ?? status, mediaType, body, headers: Object.freeze({ ...options.headers }), keep: options.keep, ready: options.ready, cookies: Object.freeze([...(options.cookies ?? [])]) })

export const page = (html: Html, options: AnswerOptions = {}): Answer => answer('text/html; charset=utf-8', html.toString(), options, 200)

/** `mediaType` for JSON under another name (application/vc, application/did). */
export const json = (value: unknown, options: AnswerOptions & { readonly mediaType?: string } = {}): Answer => answer(options.mediaType ?? 'application/json; charset=utf-8', JSON.stringify(value), options, 200)

/** To another page of this site; after a POST the browser gets it (303). @throws TypeError for anything else, see `sameOriginPath` */
export function redirect(path: string, options: Omit<AnswerOptions, 'keep' | 'ready'> = {}): Answer {
  const location = sameOriginPath(path)
  if (location === undefined) throw new TypeError(`Not a path of this site: ${JSON.stringify(path)}`)
  return answer(undefined, undefined, { ...options, headers: { ...options.headers, location } }, 303)
}

/** To another site, of those that the route names in `leadsTo`; the door refuses all others. */
export function leave(address: string, options: Omit<AnswerOptions, 'keep' | 'ready'> = {}): Answer {
  return answer(undefined, undefined, { ...options, headers: { ...options.headers, location: address } }, 303)
}

/**
 * A page that leads on by itself to where no list can name, since people bring it with them: their own server, their mail program. What it
 * leads to stands on the page as a link too. A browser holds no list against this, so the address must be made by our own code from parts
 * that were checked. @throws TypeError for anything but https and mailto
 */
export function goOn(html: Html, address: string): Answer {
  const url = URL.parse(address)
  if (!url || !['https:', 'mailto:'].includes(url.protocol) || /[\u0000-\u0020"<>;,\\\u007f-\uffff]/u.test(address)) throw new TypeError(`A page cannot lead on to ${JSON.stringify(address)}`)
  return page(html, { headers: { refresh: `0; url=${address}` } })
}

export interface FileOptions extends AnswerOptions {
  /** Downloaded under this name; without it shown in place. */
  readonly name?: string
}

/** Bytes or text of any type. */
export function file(body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>, mediaType: string, options: FileOptions = {}): Answer {
  const disposition = options.name === undefined ? {} : { 'content-disposition': attachment(options.name) }
  return answer(mediaType, body, { ...options, headers: { ...options.headers, ...disposition } }, 200)
}

/** A body that is made while it is sent. */
export const streamed = (chunks: AsyncIterable<Uint8Array | string>, mediaType: string, options: FileOptions = {}): Answer => {
  const source = chunks[Symbol.asyncIterator]()
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await source.next()
      if (next.done === true) controller.close()
      else controller.enqueue(typeof next.value === 'string' ? new TextEncoder().encode(next.value) : next.value)
    },
    async cancel() {
      await source.return?.()
    },
  })
  return file(stream, mediaType, options)
}

/** Done, and there is nothing to say. */
export const nothing = (options: Omit<AnswerOptions, 'keep' | 'ready'> = {}): Answer => answer(undefined, undefined, options, 204)

/** RFC 6266: a plain name for everybody, and the real one in UTF-8 (RFC 8187) for those who read it. */
function attachment(name: string): string {
  const plain = name.normalize('NFKD').replace(/[^A-Za-z0-9._-]+/g, '_').replace(/^[._]+/, '') || 'file'
  const full = encodeURIComponent(name.toWellFormed()).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
  return `attachment; filename="${plain}"; filename*=UTF-8''${full}`
}
