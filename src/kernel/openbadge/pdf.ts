/**
 * A credential attached to a PDF: the one embedded file that is a credential. Enough of PDF is read to find embedded file streams and inflate them
 * within bounds; nothing is rendered, no script and no font is looked at.
 */
import { inflateSync } from 'node:zlib'
import { isCompact, type Unbaked } from './unbaked.ts'

/** What an attachment may expand to, and how many are looked at. */
const mostInflated = 1_048_576
const mostAttachments = 16

/** Takes the attached credential out of a PDF (ISO 32000-1 §7.11.4, embedded file streams). */
export function unbakePdf(bytes: Uint8Array): Unbaked {
  const carrier = 'pdf' as const
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  if (!source.includes('%%EOF')) return { ok: false, carrier, code: 'pdf_broken' }
  if (/\/Encrypt\s+\d+\s+\d+\s+R/.test(source)) return { ok: false, carrier, code: 'pdf_encrypted' }
  const found: string[] = []
  let looked = 0
  for (const match of source.matchAll(/\/Type\s*\/EmbeddedFile\b/g)) {
    if (++looked > mostAttachments) return { ok: false, carrier, code: 'pdf_several_credentials' }
    const read = attachment(source, match.index)
    if (read === 'too_large') return { ok: false, carrier, code: 'pdf_too_large_inside' }
    if (read !== undefined && isCredentialText(read)) found.push(read)
  }
  if (found.length > 1) return { ok: false, carrier, code: 'pdf_several_credentials' }
  const [text] = found
  return text === undefined ? { ok: false, carrier, code: 'pdf_no_credential' } : { ok: true, carrier, text }
}

/** The content of the embedded file whose dictionary has its type at an offset: undefined when it is not text that we can read. */
function attachment(source: string, at: number): string | 'too_large' | undefined {
  const open = source.lastIndexOf(' obj', at)
  const begin = source.indexOf('stream', at)
  // The dictionary of a stream is short; a longer one is not searched with patterns.
  if (open < 0 || begin < 0 || begin - open > 4096) return undefined
  const dictionary = source.slice(open, begin)
  const from = source.startsWith('\r\n', begin + 6) ? begin + 8 : begin + 7
  const stated = /\/Length\s+(\d+)(?!\s+\d+\s+R)/.exec(dictionary)?.[1]
  const end = stated === undefined ? source.indexOf('endstream', from) : from + Number(stated)
  if (end < from || end > source.length) return undefined
  const raw = Buffer.from(source.slice(from, end), 'latin1')
  if (!dictionary.includes('/Filter')) return utf8(raw)
  // One filter, Flate: chains of filters are how a small file becomes a large one.
  if (!/\/Filter\s*(\[\s*)?\/FlateDecode\b/.test(dictionary) || /\/Filter\s*\[[^\]]*\/\w+\s*\/\w+/.test(dictionary)) return undefined
  try {
    return utf8(inflateSync(raw, { maxOutputLength: mostInflated }))
  } catch (error) {
    return (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE' ? 'too_large' : undefined
  }
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim()
  } catch {
    return undefined
  }
}

function isCredentialText(text: string): boolean {
  return isCompact(text) || (text.startsWith('{') && text.includes('"@context"'))
}
