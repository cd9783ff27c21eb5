/** The description of the API (OpenAPI 3.1.0), made from the same rows that serve it: what is not in one is not in the other. */
import { z } from 'zod'
import { json } from './answer.ts'
import type { Body } from './body.ts'
import { rates } from './rate.ts'
import { route, type DescribedAnswer, type Route } from './route.ts'

type Json = Readonly<Record<string, unknown>>

/** The path with each parameter, and the pattern that it may have, as something else. */
export const plainPath = (one: Pick<Route, 'path'>, of: (name: string) => string): string =>
  one.path.split('/').map((step) => { const name = /^:([A-Za-z]\w*)(?:\{.*\})?$/.exec(step)?.[1]; return name === undefined ? step : of(name) }).join('/')

/** Rows of which the description speaks. */
export const isApi = (one: Route): boolean => one.path.startsWith('/api/')

export function openApi(routes: readonly Route[], publicUrl: string, version: string): Json {
  const paths: Record<string, Record<string, Json>> = {}
  for (const one of routes.filter(isApi)) {
    const path = plainPath(one, (name) => `{${name}}`)
    paths[path] = { ...paths[path], [one.method.toLowerCase()]: operation(one) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Laurel', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: publicUrl }],
    paths,
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'An API key of one issuer, within its scopes.' } },
      schemas: { Problem: schemaOf(problemSchema, 'output') },
    },
  }
}

/** RFC 9457, with the code of docs/reference/errors.md and the single things that are wrong. */
const problemSchema = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  instance: z.string(),
  code: z.string(),
  findings: z
    .array(z.strictObject({ code: z.string(), sentence: z.string(), row: z.int().optional(), column: z.string().optional(), value: z.string().optional(), pointer: z.string().optional() }))
    .optional(),
})

/** What any operation may answer beside its own: the faults of the door. */
const faultStatuses: Readonly<Record<number, string>> = {
  400: 'It could not be read.',
  401: 'No key, or one that is not known.',
  403: 'The key may not do this.',
  404: 'There is no such thing, or it is another issuer’s.',
  409: 'It does not fit what is there already.',
  413: 'It is too large.',
  415: 'It is of another kind than is taken.',
  422: 'It was read, and something in it is wrong; `findings` says what.',
  429: 'Too often; `Retry-After` says how long to wait.',
  500: 'Something broke.',
  503: 'Not ready; try again.',
}

function operation(one: Route): Json {
  const open = one.roles.includes('anonymous')
  const parameters = [...parametersOf(one.params, 'path'), ...parametersOf(one.query, 'query'), ...(one.headers ? parametersOf(one.headers, 'header') : [])]
  const own = Object.entries(one.answers).map(([status, answer]) => [status, described(answer)] as const)
  const faults = Object.entries(faultStatuses)
    .filter(([status]) => !(open && (status === '401' || status === '403')) && !(status in one.answers))
    .map(([status, description]) => [status, { description, content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } }] as const)
  return {
    operationId: `${one.method.toLowerCase()}${plainPath(one, (name) => name).replace(/[^A-Za-z0-9]+(.)?/g, (_, letter: string | undefined) => (letter ?? '').toUpperCase())}`,
    summary: one.summary,
    ...(one.scope === undefined ? {} : { description: `Needs an API key with the scope \`${one.scope}\`.` }),
    security: open ? [] : [{ key: [] }],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(one.body === undefined ? {} : { requestBody: { required: true, content: contentOf(one.body) } }),
    responses: Object.fromEntries([...own, ...faults]),
  }
}

function parametersOf(schema: z.ZodObject, place: 'path' | 'query' | 'header'): readonly Json[] {
  return Object.entries(schema.shape).map(([name, field]) => ({ name, in: place, required: place === 'path' || !(field as z.ZodType).safeParse(undefined).success, schema: schemaOf(field as z.ZodType, 'input') }))
}

function contentOf(body: Body<unknown>): Json {
  if (body.kind === 'json') return { 'application/json': { schema: schemaOf(body.schema, 'input') } }
  if (body.kind === 'form') return { 'application/x-www-form-urlencoded': { schema: schemaOf(body.schema, 'input') } }
  return Object.fromEntries(body.mediaTypes.map((mediaType) => [mediaType, { schema: { type: 'string', contentMediaType: mediaType } }]))
}

function described(answer: DescribedAnswer): Json {
  if (answer.schema) return { description: answer.says, content: { [answer.mediaType ?? 'application/json']: { schema: schemaOf(answer.schema, 'output') } } }
  return answer.mediaType === undefined ? { description: answer.says } : { description: answer.says, content: { [answer.mediaType]: {} } }
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Record<string, unknown>
  return rest
}

/** The row that serves the description of all others. */
export function openApiRoute(routes: readonly Route[], publicUrl: string, version: string): Route {
  const own: Route = route({
    method: 'GET',
    path: '/api/v1/openapi.json',
    summary: 'This description.',
    roles: ['anonymous'],
    rate: rates.pages,
    crossOrigin: true,
    answers: { 200: { says: 'OpenAPI 3.1.0.', schema: z.record(z.string(), z.unknown()) } },
    handler: async () => json(description, { keep: { by: 'public', seconds: 300 } }),
  })
  const description = openApi([...routes, own], publicUrl, version)
  return own
}
