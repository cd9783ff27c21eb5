import { hash } from 'node:crypto'
import { isFault } from '#kernel/fault'
import { addProof, type ProofOptions, unsigned, withProofContext } from './add-proof.ts'
import { fault } from './faults.ts'
import { canonicalJson } from './jcs.ts'
import type { Json, JsonObject } from './json.ts'
import type { Signer } from './key.ts'
import { encodeMultibase } from './multibase.ts'
import { canonicalizeRdf, type ContextSource } from './rdf.ts'
import { shapeOf, type Skeleton, skeletonOf } from './slot.ts'
import { compileTemplate, type Template } from './template.ts'

export interface BulkOptions {
  /** An Ed25519 key. */
  readonly signer: Signer
  readonly verificationMethod: string
  readonly contexts: ContextSource
  /** What differs from credential to credential: JSON pointers, `*` for any member. What is missing here costs speed, never correctness. */
  readonly varying: readonly string[]
  /** A number in [0, 1) for each credential: below 1/1000 it is checked by the general road. */
  readonly chance: () => number
}

export interface SignedText {
  /** The whole credential with its proof, as JSON. */
  readonly json: string
  readonly proofValue: string
}

/** A document as its skeleton and the texts in its slots; put together only where it has to be looked at. Half the cost of a document, for who has the texts at hand. */
export interface Filled {
  readonly skeleton: Skeleton
  readonly values: readonly string[]
}

declare const ofBatch: unique symbol
/** Which templates were checked in a batch so far. */
export interface Batch {
  readonly [ofBatch]: true
}

export const newBatch = (): Batch => new Set<Entry>() as unknown as Batch

export interface BulkSigner {
  /**
   * Signs a batch: all of it or nothing.
   *
   * @throws Fault `proof.not_canonical_rdf` when one of the documents cannot be signed (`index` in the finding); `proof.template_differs` when a
   *         check finds the fast road wrong, which is a defect of ours
   */
  readonly sign: (documents: Iterable<JsonObject | Filled>, created: string) => Promise<readonly SignedText[]>
  /**
   * As `sign`, handing each text over as soon as it is there, so that a long batch needs no more memory than a short one. Where it throws, what was handed over before
   * belongs to a refused batch and has to be thrown away.
   *
   * @param batch  what the calls for one batch share, made by `newBatch`, where the batch comes in pieces; each call is a batch of its own without it
   */
  readonly signEach: (documents: Iterable<JsonObject | Filled>, created: string, take: (text: SignedText) => void, batch?: Batch) => Promise<void>
  /** How many went which way since the signer was made. */
  readonly counts: () => { readonly fast: number; readonly general: number; readonly checked: number; readonly templates: number }
}

/** No JSON holds a function. */
function isFilled(item: JsonObject | Filled): item is Filled {
  return typeof (item as Filled).skeleton?.valuesOf === 'function'
}

/** Of how many credentials one is recomputed, besides the first of each template in each batch. Source: issue 3, part 8. */
const checkedOneIn = 1000
const mostShapes = 512
const mostPerShape = 16

interface Entry {
  readonly skeleton: Skeleton
  /** Undefined until a second document has the skeleton; false when no template can be made. */
  template: Template | false | undefined
  config: Config | undefined
}

/** The proof itself, but for its value, which is the same for all credentials signed at one moment. */
interface Config {
  readonly created: string
  /** SHA-256 of its canonical form, a character for each byte. */
  readonly hash: string
  /** Its JSON, up to the value. */
  readonly text: string
}

/**
 * Signs many credentials alike, with eddsa-rdfc-2022: the same bytes as `addProof` would give, at about the speed of the signature itself.
 *
 * A template is compiled when two documents have the same skeleton. Documents that fit no template, have texts that cannot be spliced, or carry a proof already, go the
 * general road. The first credential of each template in each batch, and one in a thousand by chance, are canonicalised by jsonld.js and rdf-canonize as well and their
 * JSON is read back; a difference refuses the batch.
 *
 * Measured (`bench/issue.ts`): more than half of the raw Ed25519 signing rate, building, hashing, JSON and file writing included.
 */
export function bulkSigner(options: BulkOptions): BulkSigner {
  const { signer, contexts, varying, chance, verificationMethod } = options
  if (signer.publicKey.type !== 'Ed25519') throw new TypeError('eddsa-rdfc-2022 needs an Ed25519 key')
  const shapes = new Map<number, Entry[]>()
  const filledShapes = new WeakMap<Skeleton, Entry>()
  let last: Entry | undefined
  const tally = { fast: 0, general: 0, checked: 0, templates: 0 }

  const stated = (created: string) => ({ cryptosuite: 'eddsa-rdfc-2022', created, verificationMethod }) satisfies ProofOptions

  async function general(document: JsonObject, created: string): Promise<SignedText> {
    tally.general++
    const signed = await addProof(document, signer, { ...stated(created), asList: true }, contexts)
    return { json: JSON.stringify(signed), proofValue: ((signed['proof'] as readonly JsonObject[]).at(-1) as JsonObject)['proofValue'] as string }
  }

  /** The entry whose template fits the document, with the texts in its slots; compiles one when this is the second document of its kind. */
  async function fitting(document: JsonObject): Promise<{ entry: Entry & { template: Template }; values: readonly string[] } | undefined> {
    if (last?.template) {
      const values = last.skeleton.valuesOf(document)
      if (values !== undefined) return { entry: last as Entry & { template: Template }, values }
    }
    const shape = shapeOf(document)
    let entries = shapes.get(shape)
    if (entries === undefined) {
      if (shapes.size >= mostShapes) shapes.delete(shapes.keys().next().value as number)
      shapes.set(shape, (entries = []))
    }
    for (const entry of entries) {
      const values = entry.skeleton.valuesOf(document)
      if (values === undefined) continue
      entry.template ??= await compiled(entry.skeleton.document)
      if (entry.template === false) return undefined
      last = entry
      return { entry: entry as Entry & { template: Template }, values }
    }
    if (entries.length >= mostPerShape) entries.shift()
    entries.push({ skeleton: skeletonOf(document, varying), template: undefined, config: undefined })
    return undefined
  }

  async function compiled(document: JsonObject): Promise<Template | false> {
    try {
      const template = await compileTemplate(document, varying, contexts)
      tally.templates++
      return template
    } catch (error) {
      if (isFault(error)) return false
      throw error
    }
  }

  /** The proof of a batch. Batches may be signed at the same time, so the answer is what counts, not what is kept. */
  async function configOf(entry: Entry, created: string): Promise<Config> {
    if (entry.config?.created === created) return entry.config
    const proof = { type: 'DataIntegrityProof', ...stated(created), proofPurpose: 'assertionMethod' }
    const canonical = await canonicalizeRdf({ ...proof, '@context': entry.skeleton.document['@context'] as Json }, contexts)
    if (!canonical.ok) throw unsigned(canonical)
    entry.config = { created, hash: hash('sha256', canonical.nquads, 'binary'), text: `,"proof":[${JSON.stringify(proof).slice(0, -1)},"proofValue":"` }
    return entry.config
  }

  function written(entry: Entry, config: Config, values: readonly string[], signature: Uint8Array): SignedText {
    const proofValue = encodeMultibase(signature, 'base58btc')
    tally.fast++
    return { json: `${entry.skeleton.jsonOf(values)}${config.text}${proofValue}"}]}`, proofValue }
  }

  /** What is signed. The hashes come as texts, because bytes of their own would cost Node more than the hashing of them. */
  function hashed(config: Config, canonical: string): Uint8Array {
    const both = Buffer.allocUnsafe(64)
    both.write(config.hash, 0, 'latin1')
    both.write(hash('sha256', canonical, 'binary'), 32, 'latin1')
    return both
  }

  /** Signs at once what fits the template used last and needs no check, so that the usual credential waits for no promise. */
  function atOnce(document: JsonObject | Filled, created: string, checked: ReadonlySet<Entry>): SignedText | Promise<SignedText> | undefined {
    const entry = isFilled(document) && last?.skeleton !== document.skeleton ? filledShapes.get(document.skeleton) : last
    if (!entry?.template || entry.config?.created !== created || !checked.has(entry)) return undefined
    const values = isFilled(document) ? document.values : entry.skeleton.valuesOf(document)
    const canonical = values && entry.template.render(values)
    if (values === undefined || canonical === undefined) return undefined
    const { config } = entry
    const signature = signer.sign(hashed(config, canonical))
    return signature instanceof Uint8Array ? written(entry, config, values, signature) : signature.then((bytes) => written(entry, config, values, bytes))
  }

  async function filledEntry(filled: Filled): Promise<Awaited<ReturnType<typeof fitting>>> {
    const entry: Entry = filledShapes.get(filled.skeleton) ?? { skeleton: filled.skeleton, template: undefined, config: undefined }
    filledShapes.set(filled.skeleton, entry)
    entry.template ??= await compiled(entry.skeleton.document)
    if (entry.template === false) return undefined
    last = entry
    return { entry: entry as Entry & { template: Template }, values: filled.values }
  }

  async function withCare(given: JsonObject | Filled, created: string, index: number, check: boolean, checked: Set<Entry>): Promise<SignedText> {
    const document = isFilled(given) ? given.skeleton.fill(given.values) : given
    if ('proof' in document || withProofContext(document) !== document) return general(document, created)
    const fit = isFilled(given) ? await filledEntry(given) : await fitting(document)
    const canonical = fit?.entry.template.render(fit.values)
    if (fit === undefined || canonical === undefined) return general(document, created)
    const { entry, values } = fit
    const config = await configOf(entry, created)
    const text = written(entry, config, values, await signer.sign(hashed(config, canonical)))
    if (check || !checked.has(entry)) {
      checked.add(entry)
      tally.checked++
      const byGeneralRoad = await canonicalizeRdf(document, contexts)
      const proof = { type: 'DataIntegrityProof', ...stated(created), proofPurpose: 'assertionMethod', proofValue: text.proofValue }
      if (!byGeneralRoad.ok || byGeneralRoad.nquads !== canonical || canonicalJson(JSON.parse(text.json) as JsonObject) !== canonicalJson({ ...document, proof: [proof] })) {
        throw fault.template_differs({ index })
      }
    }
    return text
  }

  async function signEach(documents: Iterable<JsonObject | Filled>, created: string, take: (text: SignedText) => void, batch: Batch = newBatch()): Promise<void> {
    const checked = batch as unknown as Set<Entry>
    let index = 0
    for (const document of documents) {
      try {
        const check = chance() * checkedOneIn < 1
        const text = check ? undefined : atOnce(document, created, checked)
        take(text === undefined ? await withCare(document, created, index, check, checked) : text instanceof Promise ? await text : text)
      } catch (error) {
        if (!isFault(error) || error.code !== 'proof.not_canonical_rdf') throw error
        const finding = { code: error.code, sentence: error.message, pointer: `/${index}` }
        throw fault.not_canonical_rdf({ reason: `document ${index}: ${String(error.data['reason'])}` }, { cause: error, findings: [finding] })
      }
      index++
    }
  }

  return Object.freeze({
    signEach,
    sign: async (documents: Iterable<JsonObject | Filled>, created: string) => {
      const signed: SignedText[] = []
      await signEach(documents, created, (text) => void signed.push(text))
      return signed
    },
    counts: () => ({ ...tally }),
  })
}
