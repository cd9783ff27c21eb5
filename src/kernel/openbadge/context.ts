/**
 * The JSON-LD contexts that exist for us: vendored bytes, pinned by hash. No context is ever loaded from anywhere else.
 *
 * A published context may be changed in place (context-3.0.3.json was, three times; the v2 base context was before it became a Recommendation), so one
 * address has several revisions. Each revision is pinned; the first is the one whose bytes lie in `contexts/` and which is used for processing. Only
 * terms were added between the revisions of context-3.0.3.json, so documents that do not use them canonicalise alike under all of them.
 */
import bitstringStatusListV1 from './contexts/bitstring-status-list-v1.json' with { type: 'json' }
import citizenshipV4rc1 from './contexts/citizenship-v4rc1.json' with { type: 'json' }
import credentialsExamplesV1 from './contexts/credentials-examples-v1.json' with { type: 'json' }
import credentialsExamplesV2 from './contexts/credentials-examples-v2.json' with { type: 'json' }
import credentialsUndefinedTermsV2 from './contexts/credentials-undefined-terms-v2.json' with { type: 'json' }
import credentialsV1 from './contexts/credentials-v1.json' with { type: 'json' }
import credentialsV2 from './contexts/credentials-v2.json' with { type: 'json' }
import dataIntegrityV1 from './contexts/data-integrity-v1.json' with { type: 'json' }
import dataIntegrityV2 from './contexts/data-integrity-v2.json' with { type: 'json' }
import ed25519Signature2020V1 from './contexts/ed25519-2020-v1.json' with { type: 'json' }
import jwkV1 from './contexts/jwk-v1.json' with { type: 'json' }
import multikeyV1 from './contexts/multikey-v1.json' with { type: 'json' }
import openBadges300 from './contexts/ob-3.0.0.json' with { type: 'json' }
import openBadges301 from './contexts/ob-3.0.1.json' with { type: 'json' }
import openBadges302 from './contexts/ob-3.0.2.json' with { type: 'json' }
import openBadges303 from './contexts/ob-3.0.3.json' with { type: 'json' }
import openBadgesExtensions from './contexts/ob-extensions.json' with { type: 'json' }
import statusList2021V1 from './contexts/status-list-2021-v1.json' with { type: 'json' }
import { deepFreeze, type JsonObject } from './json.ts'

export const credentialsV2Url = 'https://www.w3.org/ns/credentials/v2'
export const credentialsV1Url = 'https://www.w3.org/2018/credentials/v1'
export const openBadgesUrl = 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'

export interface ContextRevision {
  /** Hexadecimal SHA-256 of the published bytes. */
  readonly sha256: string
  /** Base64 SHA-384 of the same bytes, as a `digestSRI` writes it; absent where only the SHA-256 was published. */
  readonly sha384?: string
  /** When these bytes were published, where there are several. */
  readonly since?: string
}

type Row = readonly [url: string, file: string, document: JsonObject, revisions: readonly [ContextRevision, ...ContextRevision[]]]

const rows: readonly Row[] = [
  [credentialsV2Url, 'credentials-v2.json', credentialsV2, [
    { sha256: '59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734', sha384: 'l/HrjlBCNWyAX91hr6LFV2Y3heB5Tcr6IeE4/Tje8YyzYBM8IhqjHWiWpr8+ZbYU', since: '2025-05-15' },
    { sha256: '24a18c90e9856d526111f29376e302d970b2bd10182e33959995b0207d7043b9', sha384: 'NSOcNpmdIVUxIJGvGUoe22FjTWrXiaXlsZ8q6912LdnR3KraQO2n75Ica4wK4Qeg', since: '2024-07-20' },
  ]],
  [credentialsV1Url, 'credentials-v1.json', credentialsV1, [
    { sha256: 'ab4ddd9a531758807a79a5b450510d61ae8d147eab966cc9a200c07095b0cdcc', sha384: 'gsOz6rhjdUu/0rnxfY1tufYRafMBy/CwXh/EvrX1xR3U0uiIwnT0nD+7JAj2H67R' },
  ]],
  [openBadgesUrl, 'ob-3.0.3.json', openBadges303, [
    { sha256: '3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84', sha384: 'xY1z7c0sF+cBmF+RjMjGhEhfLFOZ/73crLPeV0TwkAAPJE5fhyksNTKYrM+w2JTj', since: '2026-06-29' },
    { sha256: '01d87cc8b5357af557bfb09428f603c4691c49ef8a6089945a70bda1b96b1db2', sha384: '0L00fWEdButUisnkrTsz5Xb4GaJ+gw2HtYi+FHXaaNU303lmSoOT6bClkaGBxM0X', since: '2025-11-06' },
    { sha256: 'ef2fa9c7846dce233cc166b43639027278be4ee44f00bb1d45c75de2dd0cd761', sha384: 'yFn2wAoeABPuecHlzHVmtt+mwolxxGzhqzIhzfuitsbYbmMOVn0DwMeAvC+a1Rek', since: '2024-03-04' },
    { sha256: 'c3ce8c088478065f19e1c926b8b0eff5ebfde3b68d071c7c0dcc63d31a859c1d', sha384: 'JR/y39C+06gZnFEcJS5LcDytwotxCUyVrnsIbfp5qR+NGYu2U3+zfxh6lfWh94W/', since: '2023-10-26' },
  ]],
  ['https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json', 'ob-3.0.2.json', openBadges302, [
    { sha256: 'bba433989e1e700ca60838a3c22378e7d8381aeb0c9590f9ddf84d1714f10296', sha384: 'pEezHo9uhm2MbfQfZhkogjVxvQnNbNBUesL79d/KGZ9bFK4osq8rh8dNPsHT5tMt' },
    // The same text with a final newline, as the specification's repository has it.
    { sha256: '00666ad080ba407687ed1846b7f5e7495f5019042b202a727de47c48a1755c53' },
  ]],
  ['https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json', 'ob-3.0.1.json', openBadges301, [
    { sha256: 'cfc147db5fd5e3575b06bd471fe04784e92de69296f64a351b8dff0ec3372e9c', sha384: 'rLjNRjXFWIXsyJ8zol3RdQd0IosjMuHkaxj0K87wQ67OSMsBRBbNCHxXYqwJE0ST' },
    // The same JSON with other spacing, as the specification's repository has it.
    { sha256: 'd582f3564282fb3b709136d28412e78e70b678b4dbc2f0221f67d84932748355' },
  ]],
  ['https://purl.imsglobal.org/spec/ob/v3p0/context.json', 'ob-3.0.0.json', openBadges300, [
    { sha256: 'b077fa134d909d92c1dcd1c153f2af1b244aeb415967fdc1467d7fc5dd48ac10', sha384: 'zHcVdFeEExngWrDZZX/hRBUKYmwfD9icDmOfWNRo7bVRNZfZ8URZMQyG7GuXW3TM' },
  ]],
  ['https://purl.imsglobal.org/spec/ob/v3p0/extensions.json', 'ob-extensions.json', openBadgesExtensions, [
    { sha256: '146f85aa16effd7ca1da8056eb443f53ce1eca8a34186cb062832c0a97d889c3', sha384: 'z1mktLGQrnmIFKtryRHALv3ikcOGrtG7Eb1aVy0esmab/YcBnplDiNtQSgmsJE1e' },
  ]],
  ['https://w3id.org/security/data-integrity/v2', 'data-integrity-v2.json', dataIntegrityV2, [
    { sha256: '67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4', sha384: 'DuLXYmcX+LB81Em1JdXitx/icgn8meUwieAWndKUTXk/7qRSb8YLucyhzZZRI5H2' },
  ]],
  ['https://w3id.org/security/data-integrity/v1', 'data-integrity-v1.json', dataIntegrityV1, [
    { sha256: 'b5d829bd09aa7c42abc6efa0c8ed7635313b5487f37ccfce3ecd149ca9418554', sha384: 'H3tRFUwstZa4BNPu3qu3Z4x+pNNvUgFJamgdvYaNXcDLkKiDn1FCzNyR/bksWtzy' },
  ]],
  ['https://w3id.org/security/multikey/v1', 'multikey-v1.json', multikeyV1, [
    { sha256: 'ba2c182de2d92f7e47184bcca8fcf0beaee6d3986c527bf664c195bbc7c58597', sha384: 'D6UWQdEvuMcBsuapSSVW8l0yu0r4SpbxGAjwpiO5ckNN0YqPHxhlvGjY7gRsTlo+' },
  ]],
  ['https://w3id.org/security/jwk/v1', 'jwk-v1.json', jwkV1, [
    { sha256: '0f14b62f6071aafe00df265770ea0c7508e118247d79b7d861a406d2aa00bece', sha384: 'di3FXOefNh47vrfTyw3bPkS44ohSYfgoMYOVnRqqM5BK9qgAUFntlkFQDqt9jdrl' },
  ]],
  ['https://w3id.org/security/suites/ed25519-2020/v1', 'ed25519-2020-v1.json', ed25519Signature2020V1, [
    { sha256: 'b9e1ab971fd8bf2c7553e0c4a9438e0b9450afde1ea1ca5b2492368b9f549588', sha384: 'CYsY9HK4Qs+nUgNk1AYqo8l4lsF6alrnLmv7UJZB5k7tlhVrNfd3EoPf06U8zXnR' },
  ]],
  ['https://www.w3.org/ns/credentials/status/v1', 'bitstring-status-list-v1.json', bitstringStatusListV1, [
    { sha256: 'fda5add353231e6a6884a46b12e6c75464281900cb348284d9c360f62381d9f7', sha384: 'rA74E4M+vWZrYXCmHFrazG19L1oEDRbCko6EFNT6B/ZNcDEwIeAr9Pl73RI+2ahO' },
  ]],
  ['https://w3id.org/vc/status-list/2021/v1', 'status-list-2021-v1.json', statusList2021V1, [
    { sha256: '6dd06a52bedb771e059c1083ba8ba7848dce22f6b4a8cfa0b98ba3fc188870e4', sha384: 'Oc9AfsrrWHpZ4uNnOEIZ0U5S1Zl2JM5hu8mvSn5OP2IF5dEAtMTm/R4ZvDcEbFGU' },
  ]],
]

/** Contexts that only the public conformance suites need. Two of them map every unknown term. */
const conformanceRows: readonly Row[] = [
  ['https://www.w3.org/ns/credentials/examples/v2', 'credentials-examples-v2.json', credentialsExamplesV2, [
    { sha256: '57393fbc69d6efb9b9b5dc9cb6b9880b0944360abfe2eaf459c9e58cf2279d7c', sha384: 'zNNbQTWCSUSi0bbz7dbua+RcENv7C6FvlmYJ1Y+I727HsPOHdzwELMYO9Mz68M26' },
  ]],
  ['https://www.w3.org/2018/credentials/examples/v1', 'credentials-examples-v1.json', credentialsExamplesV1, [
    { sha256: '2070ae4e75bc3b4c2cfe2b8b6e86ec45119672bbb5da283f0399ea96c60a0104', sha384: 'KAEVVL+ub5UqO9KKkhQFtmwaTQWecNIM2yQkyl+KURpXaWDVanBnC+NiYzIlEi8o' },
  ]],
  ['https://www.w3.org/ns/credentials/undefined-terms/v2', 'credentials-undefined-terms-v2.json', credentialsUndefinedTermsV2, [
    { sha256: '82dab514ba44eb18f5d1b0f638c5e140c6a556fbfb5089601bdc0fa5eb8b2581', sha384: 'sqZszdunC6Z62Zwv9S5gVY3wBjzqUcTKiG4l2epzz6u4eLr5LcKtK9omwxORhQ1o' },
  ]],
  ['https://w3id.org/citizenship/v4rc1', 'citizenship-v4rc1.json', citizenshipV4rc1, [
    { sha256: '5038c7383afd7ab2158f1b997913a8f60978a0abcf96e0b0d08e29f146d2db1e', sha384: 'aU0RkDrVW+6FUdXP+zJJIRDyMWTs8prYKKZCYJY0g8ye3pXrtzm/1Uz3cuWyohEz' },
  ]],
]

const production = new Map(rows.map(([url, , document]) => [url, deepFreeze(document)]))
const conformance = new Map([...rows, ...conformanceRows].map(([url, , document]) => [url, deepFreeze(document)]))
const published = new Map([...rows, ...conformanceRows].map(([url, , , revisions]) => [url, deepFreeze(revisions)]))

/** Where contexts come from: whole documents, `{"@context": …}`, by address, and nothing for an address that is not known. `#kernel/proof` takes the same. */
export type ContextSource = (url: string) => JsonObject | undefined

/** The vendored context at an address, frozen, or undefined: an unknown context is refused, never fetched. */
export function contextFor(url: string): JsonObject | undefined {
  return production.get(url)
}

/**
 * As `contextFor`, with the contexts of the W3C test suites as well, of which some give every unknown term a meaning. For conformance surfaces and
 * tests only.
 */
export function conformanceContextFor(url: string): JsonObject | undefined {
  return conformance.get(url)
}

/** The accepted revisions of a published context, the vendored one first; undefined for an address that is not known. */
export function contextRevisions(url: string): readonly [ContextRevision, ...ContextRevision[]] | undefined {
  return published.get(url)
}

/** Whether a context gives every unknown term a meaning, which switches off the detection of undefined terms. */
export function isCatchAll(document: JsonObject): boolean {
  const inner = document['@context']
  return typeof inner === 'object' && inner !== null && '@vocab' in inner
}

/** Which file in `contexts/` holds which address; the test reads the bytes by it. */
export const contextFiles: ReadonlyMap<string, string> = new Map([...rows, ...conformanceRows].map(([url, file]) => [url, file]))

/** The addresses that `contextFor` knows. */
export const contextUrls: readonly string[] = Object.freeze(rows.map(([url]) => url))
