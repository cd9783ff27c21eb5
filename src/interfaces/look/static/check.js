import { contexts, expandShort } from './canonical.js'

// Checks a credential in the reader's own browser: fetches the signed document, the issuer's key and the list of what was revoked, and works the
// signature out itself (eddsa-rdfc-2022) with the kernel's own canonicaliser and the browser's Ed25519. Loaded when somebody asks for it.

const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/** Base58 (draft-msporny-base58-03) behind its multibase letter. @param {unknown} text */
const bytesOf = (text) => {
  if (typeof text !== 'string' || !/^z[1-9A-HJ-NP-Za-km-z]{1,120}$/.test(text)) return new Uint8Array()
  let number = 0n
  for (const digit of text.slice(1)) number = number * 58n + BigInt(alphabet.indexOf(digit))
  const zeros = /^1*/.exec(text.slice(1))?.[0].length ?? 0
  const bytes = []
  for (; number > 0n; number >>= 8n) bytes.unshift(Number(number & 255n))
  return Uint8Array.from([...Array(zeros).fill(0), ...bytes])
}

const hashOf = async (/** @type {string} */ text) => new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
const listOf = (/** @type {any} */ value) => (value === undefined ? [] : Array.isArray(value) ? value : [value])
const contextAt = (/** @type {string} */ url) => contexts[url]

/**
 * RDFC-1.0 for datasets whose blank nodes are told apart by their first-degree hashes (§4.4, §4.6), as ours are; undefined for others.
 * @param {any} document
 */
async function canonical(document) {
  // Half a character would be hashed as U+FFFD, and so be equal to another text.
  let whole = true
  JSON.stringify(document, (_, value) => {
    if (typeof value === 'string' && !value.isWellFormed()) whole = false
    return value
  })
  if (!whole) return undefined
  const dataset = expandShort(document, contextAt)
  if (dataset === undefined) return undefined
  const { quads, blanks } = dataset
  const write = (/** @type {any} */ quad, /** @type {(blank: number) => string} */ name) =>
    `${[quad.subject, quad.predicate, quad.object, quad.graph].filter((one) => one !== undefined).map((one) => (typeof one === 'number' ? name(one) : one)).join(' ')} .\n`
  const lines = (/** @type {any[]} */ list, /** @type {(blank: number) => string} */ name) => list.map((quad) => write(quad, name)).sort().join('')
  const hashes = []
  for (let blank = 0; blank < blanks; blank++) {
    const about = quads.filter((quad) => [quad.subject, quad.object, quad.graph].includes(blank))
    hashes.push([...(await hashOf(lines(about, (other) => (other === blank ? '_:a' : '_:z'))))].map((byte) => byte.toString(16).padStart(2, '0')).join(''))
  }
  const ranks = hashes.toSorted()
  return new Set(hashes).size < blanks ? undefined : lines(quads, (blank) => `_:c14n${ranks.indexOf(hashes[blank])}`)
}

/** @typedef {(address: string) => Promise<any>} Fetched */

/** The key of a verification method, as bytes: the identity itself (did:key), or out of the issuer's document (did:web). @param {string} method @param {Fetched} fetched */
async function keyOf(method, fetched) {
  const [did = '', fragment] = method.split('#')
  if (did.startsWith('did:key:')) return fragment === did.slice('did:key:'.length) ? bytesOf(fragment) : undefined
  if (!did.startsWith('did:web:')) return undefined
  const [host = '', ...path] = did.slice('did:web:'.length).split(':').map(decodeURIComponent)
  const document = await fetched(`https://${host}/${path.length === 0 ? '.well-known' : path.join('/')}/did.json`)
  const found = document.id === did && listOf(document.assertionMethod).includes(method) ? listOf(document.verificationMethod).find((one) => one.id === method) : undefined
  return found?.controller === did && found.type === 'Multikey' && found.revoked === undefined ? bytesOf(found.publicKeyMultibase) : undefined
}

/** Whether the issuer that a document names has signed it: yes, no, or undefined where this program cannot tell. @param {any} signed @param {Fetched} fetched */
async function isSigned(signed, fetched) {
  const { proof, ...document } = signed
  const [{ proofValue, ...config } = {}, ...more] = listOf(proof)
  if (more.length > 0 || config.type !== 'DataIntegrityProof' || config.cryptosuite !== 'eddsa-rdfc-2022' || config.previousProof !== undefined) return undefined
  const method = String(config.verificationMethod)
  const issuer = typeof document.issuer === 'string' ? document.issuer : document.issuer?.id
  if (config.proofPurpose !== 'assertionMethod' || method.split('#')[0] !== issuer) return false
  const key = await keyOf(method, fetched)
  // Multikey: 0xed 0x01 before the 32 bytes of an Ed25519 key (Controlled Identifiers 1.0 §2.2.2).
  if (key?.length !== 34 || key[0] !== 0xed || key[1] !== 1) return false
  const texts = [await canonical({ '@context': document['@context'], ...config }), await canonical(document)]
  if (texts.includes(undefined)) return undefined
  const [first, second] = await Promise.all(texts.map((one) => hashOf(one ?? '')))
  const imported = await crypto.subtle.importKey('raw', key.slice(2), { name: 'Ed25519' }, false, ['verify'])
  return await crypto.subtle.verify({ name: 'Ed25519' }, imported, bytesOf(proofValue), new Uint8Array([...(first ?? []), ...(second ?? [])]))
}

/** @param {any} document @param {number} now */
const inTime = ({ validFrom, validUntil }, now) => !(Date.parse(validFrom) > now) && (validUntil === undefined || Date.parse(validUntil) > now)

/** What an entry of a status list says: set, clear, or undefined where it could not be learned (Bitstring Status List 1.0 §3.2). @param {any} entry @param {string} issuer @param {Fetched} fetched @param {number} now */
async function isSet(entry, issuer, fetched, now) {
  if (entry.type !== 'BitstringStatusListEntry') return undefined
  const list = await fetched(entry.statusListCredential)
  const { encodedList = '', statusPurpose } = list.credentialSubject ?? {}
  if (list.id !== entry.statusListCredential || list.issuer !== issuer || statusPurpose !== entry.statusPurpose || !inTime(list, now) || !(await isSigned(list, fetched))) return undefined
  const packed = Uint8Array.from(atob(encodedList.slice(1).replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0))
  const bits = new Uint8Array(await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer())
  const at = Number(entry.statusListIndex)
  return Number.isInteger(at) && at >= 0 && at < bits.length * 8 ? ((bits[at >> 3] ?? 0) & (128 >> (at & 7))) !== 0 : undefined
}

/**
 * What this browser finds of a credential; the words for each answer are `own.` and its name.
 * @param {any} document
 * @param {{ fetched: Fetched, now: number, shown?: string[] }} about  `shown`: texts that the page says are signed
 */
export async function check(document, { fetched, now, shown = [] }) {
  const signed = await isSigned(document, fetched)
  if (signed !== true) return signed === undefined ? 'other' : 'broken'
  const texts = new Set()
  JSON.stringify(document, (_, value) => {
    if (typeof value === 'string') texts.add(value.trim().replace(/\s+/g, ' '))
    return value
  })
  if (!shown.every((text) => texts.has(text))) return 'differs'
  const issuer = typeof document.issuer === 'string' ? document.issuer : document.issuer.id
  let open = false
  for (const entry of listOf(document.credentialStatus)) {
    const set = await isSet(entry, issuer, fetched, now).catch(() => undefined)
    if (set === true) return entry.statusPurpose === 'suspension' ? 'suspended' : 'revoked'
    if (set === undefined) open = true
  }
  return !inTime(document, now) ? 'time' : open ? 'unlisted' : 'holds'
}

/** Checks the credential of this page and says what came of it. @param {HTMLElement} place */
export async function checkHere(place) {
  const { file = '', words = '{}' } = place.dataset
  const fetched = async (/** @type {string} */ address) => {
    const answer = await fetch(address, { headers: { accept: 'application/json' } })
    if (!answer.ok) throw new Error(answer.statusText)
    return await answer.json()
  }
  const text = (/** @type {Element} */ one) => (one.textContent ?? '').trim().replace(/\s+/g, ' ')
  /** @type {string} */
  let answer
  try {
    // An older browser says so here, or when the key is given to it.
    answer = typeof crypto.subtle?.importKey !== 'function' ? 'too_old' : await check(await fetched(file), { fetched, now: Date.now(), shown: [...document.querySelectorAll('[data-signed]')].map(text) })
  } catch (error) {
    answer = error instanceof DOMException && error.name === 'NotSupportedError' ? 'too_old' : 'unreachable'
  }
  const status = place.querySelector('[role=status]')
  if (!status) return
  status.className = answer === 'holds' ? 'passed' : ['broken', 'differs', 'revoked', 'suspended'].includes(answer) ? 'failed' : 'unsure'
  status.textContent = JSON.parse(words)[answer] ?? ''
}
