/** The thread in which pictures of strangers are unpacked and looked through for a QR code. Started by `read-picture.ts`; not for importing. */
import { decodeQR } from 'qr/decode.js'
import { serveApart } from '#platform/apart'
import { unpackPng } from './unpack-png.ts'

serveApart(async (given) => {
  const pixels = unpackPng(given as Uint8Array) // by the other half of this pair
  if (!pixels) return undefined
  try {
    return decodeQR(pixels, { effort: 64, timeLimit: 500 })
  } catch {
    return undefined
  }
})
