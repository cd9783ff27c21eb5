import { hash } from 'node:crypto'

/** SHA-256, 32 bytes. Text is taken as UTF-8. */
export function sha256(data: string | Uint8Array): Buffer {
  return hash('sha256', data, 'buffer')
}
