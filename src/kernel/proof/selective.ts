/**
 * ecdsa-sd-2023: a credential whose holder decides which parts to show.
 *
 * The issuer signs the statements that must always be shown together, and each other statement by itself, with a key made for this one proof. Blank nodes get labels that an
 * HMAC key hides, so that what is withheld cannot be guessed from the order of labels. The holder derives a proof for the statements that are shown.
 *
 * Source: Data Integrity ECDSA Cryptosuites 1.0 §3.4 and §3.5. Pinned by `standards/vc-di-ecdsa-sd-2023`.
 */
import { createHmac } from 'node:crypto'
import { isFault } from '#kernel/fault'
import { unsigned, withProofContext } from './add-proof.ts'
import { canonicalizeShort, labelsOf, linesOf } from './canonical.ts'
import { type Cbor, decodeCbor, encodeCbor } from './cbor.ts'
import { proofsOf } from './data-integrity.ts'
import { sha256 } from './digest.ts'
import { expandShort, type Naming } from './expand.ts'
import { fault } from './faults.ts'
import { isObject, type JsonObject, without } from './json.ts'
import { isSignature, type PublicKey, type Signer } from './key.ts'
import type { KeyPair } from './key-pair.ts'
import { decodeMultibase, encodeMultibase } from './multibase.ts'
import { decodeMultikey, encodeMultikey } from './multikey.ts'
import { select } from './pointer.ts'
import { beyond, canonicalLabels, canonicalLimits, type ContextSource } from './rdf.ts'
import { refuse, type Refusal } from './refusal.ts'

export const selectiveSuite = 'ecdsa-sd-2023'

/** §3.5.2 and §3.5.7: three bytes tell a base proof from a derived one. */
const baseHeader = Buffer.from([0xd9, 0x5d, 0x00])
const derivedHeader = Buffer.from([0xd9, 0x5d, 0x01])

export interface SelectiveOptions {
  readonly verificationMethod: string
  readonly created?: string
  /** JSON pointers to what must always be shown. */
  readonly mandatoryPointers: readonly string[]
  /** 32 secret bytes for this proof alone. */
  readonly hmacKey: Uint8Array
  /** A P-256 key pair for this proof alone; its secret half is to be forgotten. */
  readonly proofKey: KeyPair
}

interface BaseProof {
  readonly baseSignature: Uint8Array
  readonly proofKey: Uint8Array
  readonly hmacKey: Uint8Array
  readonly signatures: readonly Uint8Array[]
  readonly mandatoryPointers: readonly string[]
}

interface DerivedProof {
  readonly baseSignature: Uint8Array
  readonly proofKey: Uint8Array
  readonly signatures: readonly Uint8Array[]
  readonly labels: ReadonlyMap<number, Uint8Array>
  readonly mandatory: readonly number[]
}

/** A document as statements with hidden labels, and the way from a selection to the numbers of its statements. */
interface Statements {
  readonly lines: readonly string[]
  readonly hiddenLabel: (blank: number) => string
  /** The lines of a selection with the labels of the whole, and with numbers in their stead; undefined when a pointer points at nothing. */
  readonly selected: (pointers: readonly string[]) => { readonly document: JsonObject; readonly indexes: ReadonlySet<number>; readonly numbered: string } | undefined
}

/**
 * The document with a base proof, for its holder.
 *
 * Blank nodes are tied to the objects of the document, which the short road can do: documents that need the general road (contexts written inline, lists) are refused.
 *
 * @param signer  the issuer's P-256 key
 * @throws Fault `proof.not_canonical_rdf`, `proof.cannot_select`; TypeError for a key of another type
 */
export async function addSelectiveProof(document: JsonObject, signer: Signer, options: SelectiveOptions, contexts: ContextSource): Promise<JsonObject> {
  const { verificationMethod, created, mandatoryPointers, hmacKey, proofKey } = options
  if (signer.publicKey.type !== 'P-256' || proofKey.publicKey.type !== 'P-256') throw new TypeError(`${selectiveSuite} needs P-256 keys`)
  if (hmacKey.length !== 32) throw new TypeError('the HMAC key has 32 bytes')
  const whole = withProofContext(without(document, 'proof'))
  const config: JsonObject = { type: 'DataIntegrityProof', cryptosuite: selectiveSuite, ...(created === undefined ? {} : { created }), verificationMethod, proofPurpose: 'assertionMethod' }
  const statements = await statementsOf(whole, hmacKey, contexts)
  const mandatory = statements.selected(mandatoryPointers)
  if (mandatory === undefined) throw fault.cannot_select({ reason: 'a mandatory pointer points at nothing' })
  const { shown, others } = divided(statements.lines, mandatory.indexes)
  const key = multikeyBytes(proofKey.publicKey)
  const signed = Buffer.concat([await configHash(config, whole, contexts), key, sha256(shown.join(''))])
  const baseSignature = await signer.sign(signed)
  const value: Cbor = [baseSignature, key, Uint8Array.from(hmacKey), others.map((line) => proofKey.sign(Buffer.from(line))), mandatoryPointers]
  return { ...whole, proof: { ...config, proofValue: encodeMultibase(Buffer.concat([baseHeader, encodeCbor(value)]), 'base64url') } }
}

/**
 * The part of a document that its holder shows, with a derived proof.
 *
 * @param pointers  JSON pointers to what is shown besides what must be
 * @throws Fault `proof.cannot_select` when the document has no base proof, a pointer points at nothing, or nothing would be shown; `proof.not_canonical_rdf`
 */
export async function deriveProof(document: JsonObject, pointers: readonly string[], contexts: ContextSource): Promise<JsonObject> {
  const proof = proofsOf(document).find((one) => isObject(one) && one['cryptosuite'] === selectiveSuite) as JsonObject | undefined
  const base = proof === undefined ? undefined : readBase(proof['proofValue'])
  if (proof === undefined || base === undefined) throw fault.cannot_select({ reason: 'it has no base proof' })
  const bare = without(document, 'proof')
  const statements = await statementsOf(bare, base.hmacKey, contexts)
  const mandatory = statements.selected(base.mandatoryPointers)
  const chosen = statements.selected(pointers)
  const combined = statements.selected([...base.mandatoryPointers, ...pointers])
  if (mandatory === undefined || chosen === undefined || combined === undefined) throw fault.cannot_select({ reason: 'a pointer points at nothing' })
  if (base.mandatoryPointers.length + pointers.length === 0) throw fault.cannot_select({ reason: 'nothing would be shown' })
  const shownIndexes = [...combined.indexes].toSorted((a, b) => a - b)
  const mandatoryPlaces = shownIndexes.flatMap((index, place) => (mandatory.indexes.has(index) ? [place] : []))
  const optional = statements.lines.map((_, index) => index).filter((index) => !mandatory.indexes.has(index))
  if (optional.length !== base.signatures.length) throw fault.cannot_select({ reason: 'the base proof is not of this document' })
  const signatures = base.signatures.filter((_, i) => combined.indexes.has(optional[i] as number))
  // The verifier knows the labels of the shown document by itself; the proof tells what each is in the whole.
  const labels = await canonicalLabels(combined.numbered)
  if (labels === undefined) throw fault.not_canonical_rdf({ reason: refuse('too_complex').detail })
  const hidden = [...labels].map(([number, label]): [number, Uint8Array] => [Number(label.slice('c14n'.length)), decodeMultibase(statements.hiddenLabel(Number(number.slice(1))), 'base64url')])
  const value: Cbor = [base.baseSignature, base.proofKey, signatures, new Map(hidden), mandatoryPlaces]
  return { ...combined.document, proof: { ...proof, proofValue: encodeMultibase(Buffer.concat([derivedHeader, encodeCbor(value)]), 'base64url') } }
}

/**
 * Verifies a derived proof over the bare document, with the issuer's key. A base proof is refused as such: it is for the holder, and shows everything.
 *
 * @returns undefined when it holds
 */
export async function checkDerived(document: JsonObject, proof: JsonObject, key: PublicKey, contexts: ContextSource): Promise<Refusal | undefined> {
  const derived = readDerived(proof['proofValue'])
  if (!('labels' in derived)) return derived
  let proofKey: PublicKey
  try {
    proofKey = decodeMultikey(encodeMultibase(derived.proofKey, 'base58btc'))
  } catch (error) {
    if (!isFault(error)) throw error
    return refuse('value_malformed', 'the key of the proof')
  }
  if (proofKey.type !== 'P-256') return refuse('value_malformed', 'the key of the proof')
  const canonical = await canonicalizeShort(document, contexts)
  if (!canonical.ok) return canonical
  const lines = relabelled(canonical.nquads, derived.labels)
  if (lines === undefined) return refuse('disclosure_wrong', 'labels')
  const places = new Set(derived.mandatory)
  if (places.size !== derived.mandatory.length || derived.mandatory.some((place) => place >= lines.length)) return refuse('disclosure_wrong', 'mandatory statements')
  const { shown, others } = divided(lines, places)
  if (others.length !== derived.signatures.length) return refuse('disclosure_wrong', 'number of statements')
  const config = await canonicalConfig(without(proof, 'proofValue'), document, contexts)
  if (!config.ok) return config
  if (!isSignature(key, Buffer.concat([sha256(config.nquads), derived.proofKey, sha256(shown.join(''))]), derived.baseSignature)) return refuse('signature_wrong')
  if (!others.every((line, i) => isSignature(proofKey, Buffer.from(line), derived.signatures[i] as Uint8Array))) return refuse('disclosure_wrong', 'signature of a statement')
  return undefined
}

/**
 * Verifies a base proof, as its holder does on receipt: the mandatory statements by the issuer's key, each other one by the key of the proof.
 *
 * @returns undefined when it holds
 */
export async function checkBase(document: JsonObject, proof: JsonObject, key: PublicKey, contexts: ContextSource): Promise<Refusal | undefined> {
  const base = readBase(proof['proofValue'])
  if (base === undefined) return refuse('value_malformed')
  try {
    const proofKey = decodeMultikey(encodeMultibase(base.proofKey, 'base58btc'))
    const statements = await statementsOf(document, base.hmacKey, contexts)
    const mandatory = statements.selected(base.mandatoryPointers)
    if (mandatory === undefined || proofKey.type !== 'P-256') return refuse('disclosure_wrong')
    const { shown, others } = divided(statements.lines, mandatory.indexes)
    const signed = Buffer.concat([await configHash(without(proof, 'proofValue'), document, contexts), base.proofKey, sha256(shown.join(''))])
    if (!isSignature(key, signed, base.baseSignature)) return refuse('signature_wrong')
    const all = others.length === base.signatures.length && others.every((line, i) => isSignature(proofKey, Buffer.from(line), base.signatures[i] as Uint8Array))
    return all ? undefined : refuse('disclosure_wrong', 'signature of a statement')
  } catch (error) {
    if (!isFault(error)) throw error
    return refuse('disclosure_wrong', error.message)
  }
}

async function statementsOf(document: JsonObject, hmacKey: Uint8Array, contexts: ContextSource): Promise<Statements> {
  const outside = beyond(document, canonicalLimits)
  if (outside !== undefined) throw unsigned(outside)
  const nodes = new Map<JsonObject, number>()
  const graphs = new Map<JsonObject, number>()
  let count = 0
  const number: Naming = (object, as) => {
    const known = as === 'node' ? nodes : graphs
    const found = known.get(object)
    if (found !== undefined) return found
    known.set(object, count)
    return count++
  }
  const dataset = expandShort(document, contexts, number)
  const labels = dataset && (await labelsOf(dataset))
  if (dataset === undefined || labels === undefined) {
    const general = await canonicalizeShort(document, contexts)
    throw general.ok ? fault.cannot_select({ reason: 'its contexts or lists are of a kind that selection does not handle' }) : unsigned(general)
  }
  const hidden = labels.map((label) => encodeMultibase(createHmac('sha256', hmacKey).update(label).digest(), 'base64url'))
  const hiddenLabel = (blank: number) => hidden[blank] as string
  const lines = linesOf(dataset, (blank) => `_:${hiddenLabel(blank)}`)
  const indexOf = new Map(lines.map((line, index) => [line, index]))
  if (indexOf.size < lines.length) throw fault.cannot_select({ reason: 'it says one thing twice, as a number and as a text' })
  return {
    lines,
    hiddenLabel,
    selected: (pointers) => {
      if (pointers.length === 0) return { document: {}, indexes: new Set(), numbered: '' }
      const selection = select(document, pointers)
      if (selection === undefined) return undefined
      const part = expandShort(selection.document, contexts, (object, as) => number(selection.sourceOf.get(object) as JsonObject, as))
      if (part === undefined) throw fault.cannot_select({ reason: 'the selected parts alone are no valid document' })
      const indexes = linesOf(part, (blank) => `_:${hiddenLabel(blank)}`).map((line) => indexOf.get(line))
      if (indexes.includes(undefined)) throw fault.cannot_select({ reason: 'the selected parts alone say something else than in the whole' })
      return { document: selection.document, indexes: new Set(indexes as number[]), numbered: linesOf(part, (blank) => `_:b${blank}`).join('') }
    },
  }
}

function divided(lines: readonly string[], mandatory: ReadonlySet<number>): { readonly shown: readonly string[]; readonly others: readonly string[] } {
  return { shown: lines.filter((_, index) => mandatory.has(index)), others: lines.filter((_, index) => !mandatory.has(index)) }
}

/** Canonical lines with the labels that the proof tells, sorted again; undefined unless each label is told once and none is told twice. */
function relabelled(nquads: string, labels: ReadonlyMap<number, Uint8Array>): readonly string[] | undefined {
  const texts = new Map([...labels].map(([label, bytes]) => [`_:c14n${label}`, `_:${encodeMultibase(bytes, 'base64url')}`]))
  if (new Set(texts.values()).size !== texts.size) return undefined
  const used = new Set<string>()
  let missing = false
  const replace = (label: string): string => {
    used.add(label)
    const text = texts.get(label)
    if (text === undefined) missing = true
    return text ?? label
  }
  const lines = nquads.split('\n').slice(0, -1).map((line) => {
    // Subject, predicate and graph have no spaces; the object may, and is a blank node only when it begins as one.
    const match = /^(\S+) (\S+) (.*?)( (?:_:c14n\d+|<[^\s<>]*>))? \.$/s.exec(line) as RegExpExecArray
    const [, subject, predicate, object, graph] = match as unknown as [string, string, string, string, string | undefined]
    const first = subject.startsWith('_:') ? replace(subject) : subject
    const last = object.startsWith('_:') ? replace(object) : object
    return `${first} ${predicate} ${last}${graph === undefined ? '' : graph.startsWith(' _:') ? ` ${replace(graph.slice(1))}` : graph} .\n`
  })
  return missing || used.size !== texts.size ? undefined : lines.sort()
}

function canonicalConfig(config: JsonObject, document: JsonObject, contexts: ContextSource): ReturnType<typeof canonicalizeShort> {
  const context = document['@context']
  return canonicalizeShort(context === undefined ? config : { ...config, '@context': context }, contexts)
}

async function configHash(config: JsonObject, document: JsonObject, contexts: ContextSource): Promise<Buffer> {
  const canonical = await canonicalConfig(config, document, contexts)
  if (!canonical.ok) throw unsigned(canonical)
  return sha256(canonical.nquads)
}

function multikeyBytes(key: PublicKey): Uint8Array {
  return decodeMultibase(encodeMultikey(key), 'base58btc')
}

/** The parts of a proof value behind its header, or undefined. */
function readValue(value: unknown, header: Uint8Array): readonly Cbor[] | undefined {
  if (typeof value !== 'string') return undefined
  try {
    const bytes = decodeMultibase(value, 'base64url')
    if (Buffer.compare(bytes.subarray(0, 3), header) !== 0) return undefined
    const parts = decodeCbor(bytes.subarray(3))
    return Array.isArray(parts) && parts.length === 5 ? (parts as readonly Cbor[]) : undefined
  } catch (error) {
    if (isFault(error)) return undefined
    throw error
  }
}

const isBytes = (value: Cbor | undefined, length: number): value is Uint8Array => value instanceof Uint8Array && value.length === length
const areSignatures = (value: Cbor | undefined): value is readonly Uint8Array[] => Array.isArray(value) && value.every((one) => isBytes(one as Cbor, 64))

function readBase(value: unknown): BaseProof | undefined {
  const [baseSignature, proofKey, hmacKey, signatures, mandatoryPointers] = readValue(value, baseHeader) ?? []
  if (!isBytes(baseSignature, 64) || !isBytes(proofKey, 35) || !isBytes(hmacKey, 32) || !areSignatures(signatures)) return undefined
  if (!Array.isArray(mandatoryPointers) || !mandatoryPointers.every((pointer) => typeof pointer === 'string')) return undefined
  return { baseSignature, proofKey, hmacKey, signatures, mandatoryPointers: mandatoryPointers as readonly string[] }
}

function readDerived(value: unknown): DerivedProof | Refusal {
  if (typeof value !== 'string' || value === '') return refuse('value_missing')
  const [baseSignature, proofKey, signatures, labels, mandatory] = readValue(value, derivedHeader) ?? []
  if (!isBytes(baseSignature, 64) || !isBytes(proofKey, 35) || !areSignatures(signatures) || !(labels instanceof Map)) return refuse(readBase(value) === undefined ? 'value_malformed' : 'base_proof')
  const map = labels as ReadonlyMap<number, Uint8Array>
  if (![...map.values()].every((label) => label.length === 32) || !Array.isArray(mandatory) || !mandatory.every((place) => typeof place === 'number')) return refuse('value_malformed')
  return { baseSignature, proofKey, signatures, labels: map, mandatory: mandatory as readonly number[] }
}
