/**
 * Names for things, from chance that is passed in.
 *
 * `uuid` is a UUID version 7 (RFC 9562, 5.7): ordered by time, for rows. `token` is unguessable, for addresses that a stranger may see:
 * 128 bits in 22 characters of base64url (RFC 4648, 5), so that trying addresses finds nothing. None begins with a
 * hyphen: it names files too, and a command would take it for an option.
 */
import { createHash, randomBytes, randomFillSync } from 'node:crypto'

export interface Ids {
  uuid(at: Date): string
  token(): string
  /** Raw chance, for salts and keys. */
  bytes(count: number): Uint8Array
}

export const randomIds: Ids = idsFrom(pooledChance())

/**
 * Chance of the system, taken in blocks: asking for each name by itself takes longer than making the name. What is given out is wiped from the block, since
 * keys come from it too.
 */
function pooledChance(): (count: number) => Uint8Array {
  const block = new Uint8Array(8_192)
  let used = block.length
  return (count) => {
    if (count > 1_024) return randomBytes(count)
    if (used + count > block.length) {
      randomFillSync(block)
      used = 0
    }
    const out = block.slice(used, used + count)
    block.fill(0, used, used + count)
    used += count
    return out
  }
}

/** The same names for the same seed, for simulations and tests only: whoever knows the seed knows every address. */
export function seededIds(seed: string): Ids {
  let counter = 0
  let pool = new Uint8Array(0)
  let used = 0
  return idsFrom((count) => {
    const out = new Uint8Array(count)
    for (let at = 0; at < count; ) {
      if (used === pool.length) {
        pool = createHash('sha512').update(`${seed}\0${counter++}`).digest()
        used = 0
      }
      const take = Math.min(count - at, pool.length - used)
      out.set(pool.subarray(used, used + take), at)
      used += take
      at += take
    }
    return out
  })
}

function idsFrom(chance: (count: number) => Uint8Array): Ids {
  return Object.freeze({
    bytes: chance,
    token() {
      let token: string
      do token = Buffer.from(chance(16)).toString('base64url')
      while (token.startsWith('-'))
      return token
    },
    uuid(at: Date) {
      const b = new Uint8Array(16)
      b.set(chance(10), 6)
      let ms = at.getTime()
      for (let i = 5; i >= 0; i--) {
        b[i] = ms % 256
        ms = Math.floor(ms / 256)
      }
      b[6] = 0x70 | (b[6]! & 0x0f)
      b[8] = 0x80 | (b[8]! & 0x3f)
      const h = Buffer.from(b.buffer).toString('hex')
      return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`
    },
  })
}
