/**
 * What the QR code in a picture says, for visitors whose browser does not look itself (static/scan.js does). Only PNG: a screenshot is one, and it unpacks without a codec for photos.
 */
import { openApart, type Apart } from '#platform/apart'

/** A screen of 4K takes 1 s of processor time, the start of the thread included, and 110 MB, most of it outside the heap. */
const limits = { seconds: 3, megabytes: 64, threads: 1 }
let apart: Apart | undefined

/** The text of the code; undefined where there is no code, or it was not made out in time. */
export async function readPicture(png: Uint8Array): Promise<string | undefined> {
  apart ??= openApart(new URL('./picture-thread.ts', import.meta.url), limits)
  const text = await apart.run(png, {})
  return typeof text === 'string' ? text : undefined
}

/** Kinds of picture that can carry no credential and are not unpacked here: by their first bytes. */
export function isPhoto(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 12)).toString('latin1')
  return /^\xff\xd8\xff|^GIF8|^RIFF[\s\S]{4}WEBP|^[\s\S]{4}ftyp(?:heic|heix|mif1|msf1|avif)/.test(head)
}
