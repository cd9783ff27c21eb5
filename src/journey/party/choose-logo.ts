import { createHash } from 'node:crypto'
import type { Tx } from '#platform/db'
import { setIssuerLogo } from './store.ts'

/** A picture that was made here, never the bytes that somebody sent. */
export interface LogoPicture {
  readonly width: number
  readonly height: number
  readonly png: Uint8Array
}

/** Puts a picture beside an issuer's name, or takes it away. Its key is 96 bits of SHA-256 over the picture, so its address is good for ever. */
export async function chooseIssuerLogo(tx: Tx, chosen: { readonly issuerId: string; readonly logo: LogoPicture | undefined }): Promise<void> {
  const { logo } = chosen
  await setIssuerLogo(tx, chosen.issuerId, logo && { ...logo, key: createHash('sha256').update(logo.png).digest('base64url').slice(0, 16) })
}
