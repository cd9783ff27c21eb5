/** What makes a letter safe to hand over: no field can end its own line, and there is one recipient. */
import type { Letter } from './mailer.ts'

/** Characters that end a line or a string somewhere between here and a mailbox: C0 and C1 controls, and Unicode's line and paragraph separators. */
// oxlint-disable-next-line no-control-regex
const lineEnders = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/

/** A name on one line, for a subject or a sender: what would end it is a space. */
export const onOneLine = (text: string): string => text.split(lineEnders).join(' ')

/** One addr-spec without quoting, comments or lists (RFC 5322, 3.4.1; RFC 6531 for letters beyond ASCII); 254 octets are all that a path can carry (RFC 5321, 4.5.3.1.3). */
const oneAddress = /^[^\s@<>()[\]\\",;:\u0000-\u001f\u007f-\u009f]{1,64}@[^\s@<>()[\]\\",;:\u0000-\u001f\u007f-\u009f]+$/u

/** Why a letter cannot be sent as it is, or nothing. */
export function unfitBecause(letter: Letter): string | undefined {
  if (!/^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/.test(letter.messageId)) return 'its id is not letters, digits and hyphens'
  if (!oneAddress.test(letter.to) || Buffer.byteLength(letter.to) > 254) return 'the recipient is not one mail address'
  if (lineEnders.test(letter.subject)) return 'a line ends inside its subject'
  if (letter.fromName !== undefined && lineEnders.test(letter.fromName)) return "a line ends inside the sender's name"
  if (letter.text.includes('\0') || letter.html.includes('\0')) return 'its text has a NUL character'
  if (letter.unsubscribeAddress !== undefined && !isPlainAddress(letter.unsubscribeAddress)) return 'the address for unsubscribing is not one web address'
  return undefined
}

/** RFC 8058 section 3.1 asks for https; http is let through for a server on this machine, which nobody else can mail from anyway. */
const isPlainAddress = (address: string) => /^https?:\/\/[\x21\x23-\x3b\x3d\x3f-\x7e]+$/.test(address) && URL.canParse(address)

/**
 * The headers that letters of the same kind to many people carry: a way out that a mail program can offer as a button (RFC 2369, 3.2;
 * RFC 8058, 3.1), and a word to other machines not to answer (RFC 3834, 5).
 */
export function headersOf(letter: Letter): Readonly<Record<string, string>> {
  return Object.freeze({
    ...(letter.unsubscribeAddress === undefined ? {} : { 'List-Unsubscribe': `<${letter.unsubscribeAddress}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }),
    'Auto-Submitted': 'auto-generated',
  })
}
