/**
 * Finds the credential in what a person hands over: text, a baked PNG or SVG, or a PDF with an attachment. Nothing is verified here.
 */
import { unbakePdf } from './pdf.ts'
import { unbakePng } from './png.ts'
import { unbakeSvg } from './svg.ts'
import type { Unbaked } from './unbaked.ts'

/** The same bound as for JSON, 1 MB (issue 3, part 6). */
const mostBytes = 1_048_576

const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

/** Tells the kind of a document by its first bytes and takes the credential's text out of it. */
export function unbake(input: Uint8Array | string): Unbaked {
  const bytes = typeof input === 'string' ? new TextEncoder().encode(input) : input
  if (bytes.byteLength > mostBytes) return { ok: false, code: 'too_large' }
  if (pngSignature.every((byte, at) => bytes[at] === byte)) return unbakePng(bytes)
  // A PDF reader looks for the header within the first 1,024 bytes (PDF 1.7, annex H.3.4.1); a file that hides it further down is none.
  if (bytes.byteLength >= 5 && Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(1024, bytes.byteLength)).includes('%PDF-')) return unbakePdf(bytes)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim()
  } catch {
    return { ok: false, code: 'not_utf8' }
  }
  if (text === '') return { ok: false, code: 'empty' }
  if (text.startsWith('<')) return unbakeSvg(text)
  if (text.startsWith('{') || text.startsWith('[') || text.startsWith('"')) return { ok: true, carrier: 'json', text }
  return compact(text)
}

/** A token, an address, or nothing that we know. */
function compact(text: string): Unbaked {
  if (/^https?:\/\/\S+$/i.test(text)) return { ok: false, code: 'address_given' }
  if (/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*$/.test(text)) return { ok: true, carrier: 'jwt', text }
  if (/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*~/.test(text)) return { ok: true, carrier: 'sd-jwt', text }
  // Five parts are an encrypted token (RFC 7516 §9); it is refused before anything in it is read.
  if (/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]*){4}$/.test(text)) return { ok: false, code: 'jwe' }
  return { ok: false, code: 'unknown_kind' }
}
