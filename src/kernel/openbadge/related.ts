/**
 * Integrity of related resources (VC Data Model 2.0 §5.3): each has an id, listed once, and a digest. Digests of resources that we hold are compared.
 */
import { contextRevisions } from './context.ts'
import { finding, type LintFinding } from './finding.ts'
import { isUrl } from './instant.ts'
import { isObject, listOf, under, type Json, type JsonObject } from './json.ts'

export function checkRelatedResources(held: Json | undefined, pointer: string): LintFinding[] {
  if (held === undefined) return []
  const resources = listOf(held)
  if (resources.length === 0) return [finding('part_not_object', pointer, { name: 'relatedResource' })]
  const seen = new Set<string>()
  return resources.flatMap((resource, at) => {
    const here = Array.isArray(held) ? under(pointer, at) : pointer
    if (!isObject(resource)) return [finding('part_not_object', here, { name: 'relatedResource' })]
    const id = resource['id']
    if (typeof id !== 'string' || !isUrl(id)) return [finding('part_id_missing', here, { name: 'relatedResource' })]
    if (seen.has(id)) return [finding('resource_twice', here, { name: id })]
    seen.add(id)
    return checkDigests(resource, id, here)
  })
}

function checkDigests(resource: JsonObject, id: string, pointer: string): LintFinding[] {
  const digests = [...listOf(resource['digestSRI']).flatMap(sriDigests), ...listOf(resource['digestMultibase']).map(multibaseDigest)]
  if (digests.length === 0) return [finding('resource_no_digest', pointer)]
  if (digests.includes(undefined)) return [finding('resource_digest_unknown', pointer)]
  const revisions = contextRevisions(id)
  // A resource that we do not hold cannot be compared here; verification says that it was not checked.
  if (revisions === undefined) return []
  const wrong = digests.some((digest) => digest !== undefined && comparable(digest) && !revisions.some((revision) => revision.sha256 === digest || revision.sha384 === digest))
  return wrong ? [finding('resource_digest_wrong', pointer, { name: id })] : []
}

/** SHA-256 digests are hexadecimal and SHA-384 digests Base64 in our table; SHA-512 of contexts is not kept. */
function comparable(digest: string): boolean {
  return !digest.startsWith('sha512:')
}

/** Subresource Integrity §3.5: one or more of `sha256-…`, `sha384-…`, `sha512-…`, separated by spaces. */
function sriDigests(value: Json): (string | undefined)[] {
  if (typeof value !== 'string') return [undefined]
  return value.trim().split(/\s+/).map((part) => {
    const [, algorithm, base64] = /^(sha256|sha384|sha512)-([A-Za-z0-9+/]+={0,2})$/.exec(part) ?? []
    if (algorithm === undefined || base64 === undefined) return undefined
    const bytes = Buffer.from(base64, 'base64')
    if (bytes.length !== Number(algorithm.slice(3)) / 8) return undefined
    return algorithm === 'sha256' ? bytes.toString('hex') : algorithm === 'sha384' ? bytes.toString('base64') : `sha512:${base64}`
  })
}

/**
 * A multihash (sha2-256 0x12, sha2-384 0x20, sha2-512 0x13) in base64url or base58btc multibase (Controlled Identifiers 1.0 §2.4, §2.5). A bare digest
 * of 32 or 48 bytes is read too: that is what the W3C suite sends.
 */
function multibaseDigest(value: Json): string | undefined {
  if (typeof value !== 'string') return undefined
  const bytes = value.startsWith('u') && /^u[A-Za-z0-9_-]+$/.test(value) ? Buffer.from(value.slice(1), 'base64url') : value.startsWith('z') ? base58(value.slice(1)) : undefined
  if (bytes?.length === 32) return bytes.toString('hex')
  if (bytes?.length === 48) return bytes.toString('base64')
  if (bytes === undefined || bytes.length < 2 || bytes.length - 2 !== bytes[1]) return undefined
  const digest = bytes.subarray(2)
  if (bytes[0] === 0x12 && digest.length === 32) return digest.toString('hex')
  if (bytes[0] === 0x20 && digest.length === 48) return digest.toString('base64')
  return bytes[0] === 0x13 && digest.length === 64 ? `sha512:${digest.toString('base64')}` : undefined
}

const base58Alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

function base58(text: string): Buffer | undefined {
  if (text.length > 128) return undefined
  let number = 0n
  for (const letter of text) {
    const digit = base58Alphabet.indexOf(letter)
    if (digit < 0) return undefined
    number = number * 58n + BigInt(digit)
  }
  const hex = number.toString(16)
  const zeros = /^1*/.exec(text)?.[0].length ?? 0
  return Buffer.concat([Buffer.alloc(zeros), Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')])
}
