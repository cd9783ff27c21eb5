/** What we use of packages that bring no types: two in the code, and the usual library in the tests. */
declare module 'jsonld' {
  export interface RemoteDocument {
    contextUrl?: string
    documentUrl: string
    document: unknown
    tag?: string
  }
  export interface Options {
    base: null
    safe: boolean
    rdfDirection: 'i18n-datatype'
    produceGeneralizedRdf: false
    documentLoader: (url: string) => Promise<RemoteDocument>
  }
  export interface Term {
    termType: 'NamedNode' | 'BlankNode' | 'Literal' | 'DefaultGraph'
    value: string
    datatype?: { termType: 'NamedNode'; value: string }
    language?: string
  }
  export interface Quad {
    subject: Term
    predicate: Term
    object: Term
    graph: Term
  }
  interface Processor {
    (): Processor
    expand(input: unknown, options: Options): Promise<unknown[]>
    toRDF(input: unknown, options: Options & { skipExpansion?: boolean }): Promise<Quad[]>
  }
  const jsonld: Processor
  export default jsonld
}

declare module 'rdf-canonize' {
  import type { Quad } from 'jsonld'
  export interface Options {
    algorithm: 'RDFC-1.0'
    messageDigestAlgorithm?: 'sha256' | 'sha384'
    maxDeepIterations: number
    canonicalIdMap?: Map<string, string>
  }
  export function canonize(dataset: readonly Quad[], options: Options): Promise<string>
  export const NQuads: { parse(text: string): Quad[]; serialize(quads: readonly Quad[]): string }
}

declare module '@digitalbazaar/vc' {
  export function issue(options: object): Promise<unknown>
  export function verifyCredential(options: object): Promise<{ verified: boolean; error?: { errors?: unknown[] } }>
}

declare module '@digitalbazaar/data-integrity' {
  export class DataIntegrityProof {
    constructor(options: object)
  }
}

declare module '@digitalbazaar/eddsa-rdfc-2022-cryptosuite' {
  export const cryptosuite: object
}

declare module '@digitalbazaar/ed25519-multikey' {
  export function from(key: object): Promise<{ signer(): object }>
}
