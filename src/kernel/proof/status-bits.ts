import { constants, gunzipSync, gzipSync } from 'node:zlib'
import { fault } from './faults.ts'
import { decodeMultibase, encodeMultibase } from './multibase.ts'
import { isFault } from '#kernel/fault'

/** The least number of entries of a list, so that an index hides among many. Source: Bitstring Status List v1.0 §3.1 and §6.1 (16 KB). */
export const leastStatusEntries = 131_072

/** The most that we unpack: 2²⁶ entries, 8 MB. A gzip of 8 KB can stand for that, so the unpacking itself is bounded. */
export const mostStatusEntries = 67_108_864

/**
 * A new list with no bit set.
 *
 * @param length  entries, 131,072 to 67,108,864, a multiple of 8
 * @throws Fault `proof.bad_status_list`
 */
export function newStatusBits(length: number = leastStatusEntries): Uint8Array {
  if (!Number.isInteger(length) || length < leastStatusEntries || length > mostStatusEntries || length % 8 !== 0) {
    throw fault.bad_status_list({ reason: `it needs ${leastStatusEntries} to ${mostStatusEntries} entries, in whole bytes` })
  }
  return new Uint8Array(length / 8)
}

/**
 * The bit of an entry. Entry 0 is the highest bit of the first byte.
 *
 * @throws Fault `proof.status_index_outside` for an index that is not in the list
 * Source: Bitstring Status List v1.0 §3.3 ("the first index, with a value of zero, is located at the left-most bit").
 */
export function statusBit(bits: Uint8Array, index: number): boolean {
  return ((bits[place(bits, index)] as number) & (0x80 >> (index & 7))) !== 0
}

/** Sets or clears the bit of an entry, in place, and no other. @throws as `statusBit` */
export function setStatusBit(bits: Uint8Array, index: number, value: boolean): void {
  const at = place(bits, index)
  const mask = 0x80 >> (index & 7)
  bits[at] = value ? (bits[at] as number) | mask : (bits[at] as number) & ~mask
}

/**
 * The `encodedList` of a list: gzip, then multibase base64url. The same bits give the same text.
 *
 * Source: Bitstring Status List v1.0 §3.3 (bitstring generation algorithm).
 */
export function encodeStatusList(bits: Uint8Array): string {
  newStatusBits(bits.length * 8)
  const packed = gzipSync(bits, { level: constants.Z_BEST_COMPRESSION })
  // Byte 9 of the header names the operating system (RFC 1952 §2.3.1); 255 is "unknown" and the same on every machine.
  packed[9] = 255
  return encodeMultibase(packed, 'base64url')
}

/**
 * The bits of an `encodedList`.
 *
 * @param least  fewest entries accepted; 131,072 unless a legacy list is read on purpose
 * @throws Fault `proof.bad_status_list` for another encoding, a stream that is not gzip, fewer entries than `least`, or more than 67,108,864
 * Source: Bitstring Status List v1.0 §3.4 (bitstring expansion algorithm). Some lists in the field leave out the `u`; they are refused.
 */
export function decodeStatusList(encodedList: string, least: number = leastStatusEntries): Uint8Array {
  let packed: Uint8Array
  try {
    packed = decodeMultibase(encodedList, 'base64url')
  } catch (error) {
    if (!isFault(error)) throw error
    throw fault.bad_status_list({ reason: 'its encodedList is not multibase base64url' }, { cause: error })
  }
  let bits: Buffer
  try {
    bits = gunzipSync(packed, { maxOutputLength: mostStatusEntries / 8 })
  } catch (cause) {
    const long = (cause as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE'
    throw fault.bad_status_list({ reason: long ? `it has more than ${mostStatusEntries} entries` : 'its encodedList is not gzip' }, { cause })
  }
  if (bits.length * 8 < least) throw fault.bad_status_list({ reason: `it has ${bits.length * 8} entries and needs ${least}` })
  return new Uint8Array(bits.buffer, bits.byteOffset, bits.byteLength)
}

function place(bits: Uint8Array, index: number): number {
  if (!Number.isInteger(index) || index < 0 || index >= bits.length * 8) throw fault.status_index_outside({ index, length: bits.length * 8 })
  return index >>> 3
}
