/**
 * A root secret under a passphrase: scrypt (RFC 7914) makes a key of it, AES-256-GCM seals with that key. One line of text: name, salt, nonce, ciphertext and tag.
 *
 * N = 2^17, r = 8, p = 1 as OWASP's Password Storage Cheat Sheet has it: 128 MB and about half a second for each guess, and for each start.
 */
import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto'
import { fault } from './faults.ts'

const name = 'laurel-sealed-1'
const cost = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 2 ** 20 }

export const isSealed = (text: string): boolean => text.startsWith(`${name}:`)

export function sealWith(passphrase: string, plain: string): string {
  const salt = randomBytes(16)
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', keyOf(passphrase, salt), nonce).setAAD(Buffer.from(name))
  const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return [name, ...[salt, nonce, sealed].map((part) => part.toString('base64url'))].join(':')
}

/** @throws Fault `secret.wrong_passphrase`: the passphrase is another one, or the file was altered; the two cannot be told apart */
export function openWith(passphrase: string, text: string, file: string): string {
  const [salt, nonce, sealed] = text.split(':').slice(1).map((part) => Buffer.from(part, 'base64url'))
  try {
    if (!salt || !nonce || !sealed) throw new TypeError('a part is missing')
    const decipher = createDecipheriv('aes-256-gcm', keyOf(passphrase, salt), nonce, { authTagLength: 16 }).setAAD(Buffer.from(name)).setAuthTag(sealed.subarray(-16))
    return Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]).toString('utf8')
  } catch (error) {
    throw fault.wrong_passphrase({ file }, { cause: error })
  }
}

const keyOf = (passphrase: string, salt: Uint8Array): Buffer => scryptSync(passphrase.normalize('NFKC'), salt, 32, cost)
