/**
 * Credentials judged by an implementation that is not ours: the @digitalbazaar packages, with contexts and DID documents that are here and
 * nothing from the network. Whether a credential was revoked is not asked.
 */
import { contextFor } from '#kernel/openbadge'

interface Library {
  verifyCredential(options: object): Promise<{ readonly verified: boolean; readonly error?: { readonly message?: string; readonly errors?: readonly { readonly message?: string }[] } }>
}
type Suite = new (options: object) => object

// They bring no types.
const load = async <T>(name: string): Promise<T> => (await import(name)) as T
const { verifyCredential } = await load<Library>('@digitalbazaar/vc')
const { DataIntegrityProof } = await load<{ DataIntegrityProof: Suite }>('@digitalbazaar/data-integrity')
const { cryptosuite } = await load<{ cryptosuite: object }>('@digitalbazaar/eddsa-rdfc-2022-cryptosuite')

export interface DidDocument {
  readonly id: string
  readonly verificationMethod: readonly { readonly id: string }[]
}

const multikey = 'https://w3id.org/security/multikey/v1'
const did = 'https://www.w3.org/ns/did/v1'
/** All that the library asks of the context of DID documents (DID 1.0, section 4.3) is where the keys for assertions stand. */
const didContext = { '@context': { id: '@id', assertionMethod: { '@id': 'https://w3id.org/security#assertionMethod', '@type': '@id', '@container': '@set' } } }

/** did:key (v0.9, section 3.1): the identifier is the key, and the document follows from it. */
function keyDocument(id: string): object | undefined {
  const [controller = '', fragment] = id.split('#')
  if (!controller.startsWith('did:key:z6Mk')) return undefined
  const publicKeyMultibase = controller.slice('did:key:'.length)
  const method = { id: `${controller}#${publicKeyMultibase}`, type: 'Multikey', controller, publicKeyMultibase }
  if (fragment === undefined) return { '@context': [did, multikey], id: controller, verificationMethod: [method], assertionMethod: [method.id] }
  return fragment === publicKeyMultibase ? { '@context': multikey, ...method } : undefined
}

/** Why the library refuses a credential; nothing where it accepts it. */
export async function refusal(credential: object, dids: readonly DidDocument[] = []): Promise<string | undefined> {
  const here = new Map<string, object>([[did, didContext]])
  for (const one of dids) {
    here.set(one.id, one)
    for (const method of one.verificationMethod) here.set(method.id, { '@context': multikey, ...method })
  }
  const documentLoader = async (url: string) => {
    const document = here.get(url) ?? keyDocument(url) ?? contextFor(url)
    if (document === undefined) throw new Error(`${url} is not here`)
    return { contextUrl: null, documentUrl: url, document: structuredClone(document) }
  }
  const result = await verifyCredential({ credential: structuredClone(credential), suite: new DataIntegrityProof({ cryptosuite }), documentLoader, checkStatus: async () => ({ verified: true }) })
  if (result.verified) return undefined
  return result.error?.errors?.map((one) => one.message ?? '').join('; ') ?? result.error?.message ?? 'refused without a reason'
}
