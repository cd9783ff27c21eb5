/**
 * What only this installation knows: one root secret of 32 bytes, and from it a key per purpose (HKDF-SHA-256, RFC 5869).
 *
 * `seal` is AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce before the ciphertext and the 128-bit tag after it; what a value is
 * for is authenticated with it, so a value sealed for one purpose cannot be opened for another.
 */
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, randomBytes, type KeyObject } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { fault } from './faults.ts'
import { isSealed, openWith, sealWith } from './passphrase.ts'

export interface Secrets {
  seal(purpose: string, plain: Uint8Array): Uint8Array
  open(purpose: string, sealed: Uint8Array): Uint8Array
  /** HMAC-SHA-256 under the purpose's own key (RFC 2104). */
  mac(purpose: string, message: string): Uint8Array
  /** The purpose's own key, as text for a library that wants one. */
  key(purpose: string): string
}

/**
 * The root secret of a data folder: made on the first start (file mode 0600 in a folder of mode 0700), and never again. With a passphrase it stands there sealed
 * (`sealWith`); one that stands open is sealed when a passphrase is first given.
 *
 * @throws Fault `secret.missing`, `secret.exposed`, `secret.unfit`, `secret.locked`, `secret.wrong_passphrase`; then nothing is made and nothing changed
 */
export function secretsIn(folder: string, usedBefore: boolean, passphrase?: string): Secrets {
  const file = join(folder, 'secrets', 'root.key')
  const kept = (root: string) => (passphrase === undefined ? root : sealWith(passphrase, root))
  if (!existsSync(file)) {
    if (usedBefore) throw fault.missing({ file })
    mkdirSync(join(folder, 'secrets'), { recursive: true, mode: 0o700 })
    writeDurably(file, kept(randomBytes(32).toString('hex')))
  }
  if ((statSync(file).mode & 0o077) !== 0) throw fault.exposed({ file })
  const held = readFileSync(file, 'utf8').trim()
  if (isSealed(held)) {
    if (passphrase === undefined) throw fault.locked({ file })
    return secretsFrom(openWith(passphrase, held, file), file)
  }
  const secrets = secretsFrom(held, file)
  if (passphrase !== undefined) {
    writeDurably(`${file}.new`, kept(held))
    renameSync(`${file}.new`, file)
  }
  return secrets
}

function writeDurably(file: string, text: string): void {
  const handle = openSync(file, 'wx', 0o600)
  writeSync(handle, text)
  fsyncSync(handle)
  closeSync(handle)
}

export function secretsFrom(text: string, where: string): Secrets {
  if (!/^[0-9a-f]{64}$/i.test(text) || /^(.)\1*$/.test(text)) throw fault.unfit({ where })
  const root = Buffer.from(text, 'hex')
  const keyFor = (purpose: string) => new Uint8Array(hkdfSync('sha256', root, new Uint8Array(0), `laurel ${purpose}`, 32))
  // Of the few purposes that there are: deriving a key takes three times as long as using it.
  const macKeys = new Map<string, KeyObject>()
  const macKey = (purpose: string): KeyObject => {
    const known = macKeys.get(purpose)
    if (known) return known
    const key = createSecretKey(keyFor(`mac ${purpose}`))
    macKeys.set(purpose, key)
    return key
  }
  return Object.freeze({
    seal(purpose: string, plain: Uint8Array) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', keyFor(`seal ${purpose}`), nonce).setAAD(Buffer.from(purpose))
      return new Uint8Array(Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]))
    },
    open(purpose: string, sealed: Uint8Array) {
      try {
        const decipher = createDecipheriv('aes-256-gcm', keyFor(`seal ${purpose}`), sealed.subarray(0, 12)).setAAD(Buffer.from(purpose)).setAuthTag(sealed.subarray(-16))
        return new Uint8Array(Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]))
      } catch (error) {
        throw fault.not_ours(undefined, { cause: error })
      }
    },
    mac: (purpose: string, message: string) => new Uint8Array(createHmac('sha256', macKey(purpose)).update(message).digest()),
    key: (purpose: string) => Buffer.from(keyFor(`key ${purpose}`)).toString('hex'),
  })
}
