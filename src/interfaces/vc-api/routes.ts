/**
 * The VC-API (https://w3c-ccg.github.io/vc-api/) as far as the public conformance suites of the W3C need it: issue, derive, verify. It signs whatever
 * anybody sends, with keys that belong to no issuer, so it is there only where LAUREL_VC_API=1 asks for it.
 */
import { z } from 'zod'
import { conformanceContextFor, isObject, type JsonObject } from '#kernel/openbadge'
import { deriveProof } from '#kernel/proof'
import { fault, json, jsonBody, route, type Answer, type Rate, type Route } from '#interfaces/http'
import { issue } from './issue.ts'
import { statusList } from './status.ts'
import { keyOf, suites, type Suite } from './suite.ts'
import { verifyOne, verifyPresented, type Told } from './verify.ts'

/** A run of a suite is a few hundred requests in a second or two, from one address. */
const rate: Rate = { name: 'vc-api', per: 'address', limit: 6_000, seconds: 60, burst: 3_000 }
const forEverybody = { none: 'Nothing is kept, and the keys are nobody’s.' }
const common = { roles: ['anonymous'], rate } as const
const posted = { ...common, method: 'POST', csrf: forEverybody, audit: forEverybody } as const

const params = z.strictObject({ suite: z.string().max(40) })
const document = z.custom<JsonObject>(isObject, 'It has to be an object.')
const pointers = z.array(z.string().max(1_000)).max(100).optional()
const text = z.string().max(1_000).optional()

/** What the request says about how; the suites send members of their own besides, which are passed over. */
const options = <S extends z.ZodRawShape>(shape: S) => z.record(z.string(), z.unknown()).default({}).pipe(z.object(shape))

function suiteNamed(name: string): Suite {
  const suite = suites.get(name)
  if (suite === undefined) throw fault.nothing_here()
  return suite
}

/** VC-API: what is refused is a bad request. */
const answerOf = (told: Told): Answer => json(told, { status: told.verified ? 200 : 400 })

/** The rows, where the settings ask for them. */
export const vcApiRoutes = (config: { readonly vcApi: boolean }): readonly Route[] => (config.vcApi ? rows : [])

const rows: readonly Route[] = [
  route({
    ...common,
    method: 'GET',
    path: '/vc-api/:suite',
    summary: 'Who issues under this securing mechanism, for the settings of a conformance suite.',
    params,
    handler: async ({ input, world }) => json({ issuer: keyOf(world.secrets, suiteNamed(input.params.suite)).issuer }),
  }),
  route({
    ...posted,
    path: '/vc-api/:suite/credentials/issue',
    summary: 'Issues a credential with a test key.',
    params,
    body: jsonBody(z.strictObject({ credential: document, options: options({ mandatoryPointers: pointers }) })),
    async handler({ input, world }) {
      const issued = await issue(world, suiteNamed(input.params.suite), input.body.credential, input.body.options.mandatoryPointers)
      if (issued.ok) return json({ verifiableCredential: issued.credential }, { status: 201 })
      return json({ errors: issued.findings.map(({ code, sentence, pointer }) => ({ code, detail: sentence, pointer })) }, { status: 400 })
    },
  }),
  route({
    ...posted,
    path: '/vc-api/:suite/credentials/derive',
    summary: 'Derives the part of a credential that its holder shows.',
    params,
    body: jsonBody(z.strictObject({ verifiableCredential: document, options: options({ selectivePointers: pointers }) })),
    async handler({ input }) {
      if (suiteNamed(input.params.suite).cryptosuite !== 'ecdsa-sd-2023') throw fault.nothing_here()
      return json({ verifiableCredential: await deriveProof(input.body.verifiableCredential, input.body.options.selectivePointers ?? [], conformanceContextFor) }, { status: 201 })
    },
  }),
  route({
    ...posted,
    path: '/vc-api/:suite/credentials/verify',
    summary: 'Verifies a credential, enveloped or not.',
    params,
    body: jsonBody(z.strictObject({ verifiableCredential: document, options: options({}) })),
    async handler({ input, world }) {
      suiteNamed(input.params.suite)
      return answerOf(await verifyOne(world, input.body.verifiableCredential))
    },
  }),
  route({
    ...posted,
    path: '/vc-api/:suite/presentations/verify',
    summary: 'Verifies a presentation, enveloped or not, and the credentials in it.',
    params,
    body: jsonBody(z.strictObject({ verifiablePresentation: document, options: options({ challenge: text, domain: text }) })),
    async handler({ input, world }) {
      suiteNamed(input.params.suite)
      const { challenge, domain } = input.body.options
      return answerOf(await verifyPresented(world, input.body.verifiablePresentation, { ...(challenge === undefined ? {} : { challenge }), ...(domain === undefined ? {} : { domain }) }))
    },
  }),
  route({
    ...common,
    method: 'GET',
    path: '/vc-api/:suite/status',
    summary: 'The status list of what this suite issues.',
    params,
    async handler({ input, world }) {
      const suite = suiteNamed(input.params.suite)
      if (suite.status !== true) throw fault.nothing_here()
      // Under this type, since the client that the suites use reads no other as JSON.
      return json(await statusList(world, suite), { keep: { by: 'public', seconds: 60 } })
    },
  }),
]
