import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { json } from './answer.ts'
import { formBody, jsonBody } from './body.ts'
import { openApi } from './open-api.ts'
import { rates } from './rate.ts'
import { keysOnly, route, type Route } from './route.ts'
import { sameOriginPath } from './same-origin.ts'

const handler = async () => json({})
const free = { none: 'A test.' }
const reads = { method: 'GET', path: '/x', summary: 'x', roles: ['anonymous'], rate: free, handler } as const
const changes = { method: 'POST', path: '/x', summary: 'x', roles: ['anonymous'], rate: free, csrf: 'form', audit: 'x', handler } as const

test('a row that contradicts itself is not made', () => {
  const wrong: readonly (readonly [string, () => Route, RegExp])[] = [
    ['a parameter without a schema', () => route({ ...reads, path: '/x/:id' }), /parameters id/],
    ['a schema without a parameter', () => route({ ...reads, params: z.strictObject({ id: z.string() }) }), /schema id/],
    ['an issuer that is not in the path', () => route({ ...reads, issuer: 'path' }), /:issuer/],
    ['a key’s issuer for people', () => route({ ...reads, roles: ['staff'], issuer: 'key' }), /API key/],
    ['keys without a scope', () => route({ ...reads, roles: ['key'] }), /scope/],
    ['a scope without keys', () => route({ ...reads, scope: 'credentials:read' }), /scope/],
    ['a role twice', () => route({ ...reads, roles: ['staff', 'staff'] }), /twice/],
    ['a body that takes anything', () => route({ ...changes, body: jsonBody(z.object({ a: z.string() })) }), /unknown fields/],
    ['a loose body', () => route({ ...changes, body: jsonBody(z.looseObject({})) }), /unknown fields/],
    ['an open object inside', () => route({ ...changes, body: jsonBody(z.strictObject({ a: z.array(z.object({ b: z.string() })) })) }), /unknown fields/],
    ['an open object in a union', () => route({ ...changes, body: jsonBody(z.union([z.string(), z.object({})])) }), /unknown fields/],
    ['an open query', () => route({ ...reads, query: z.object({}) }), /query/],
    ['a limit that is none', () => route({ ...reads, rate: { ...rates.api, burst: 600 } }), /limit/],
    ['a read with an audit row', () => route({ ...reads, audit: 'x' } as unknown as typeof reads), /reads/],
    ['a read with a body', () => route({ ...reads, body: formBody(z.strictObject({})) } as unknown as typeof reads), /reads/],
  ]
  for (const [what, make, says] of wrong) assert.throws(make, (error) => error instanceof TypeError && says.test(error.message), what)
})

test('a record says that any name will do, and is taken', () => {
  assert.ok(route({ ...changes, body: jsonBody(z.strictObject({ covariates: z.record(z.string(), z.unknown()) })) }))
})

test('a row with a form and no fields still reads the form, for its token', () => {
  assert.equal(route(changes).body?.kind, 'form')
  assert.equal(route({ ...changes, csrf: keysOnly, roles: ['key'], scope: 'credentials:read' }).body, undefined)
})

test('the description of the API says what the rows say', () => {
  const rows = [
    route({ ...reads, path: '/page' }),
    route({
      ...changes, path: '/api/v1/things/:id', roles: ['key'], scope: 'completions:write', issuer: 'key', csrf: keysOnly,
      params: z.strictObject({ id: z.uuid() }), query: z.strictObject({ dry: z.enum(['yes', 'no']).optional() }), headers: z.object({ 'idempotency-key': z.string() }),
      body: jsonBody(z.strictObject({ name: z.string(), size: z.int().default(1) })), answers: { 201: { says: 'Added.', schema: z.strictObject({ id: z.uuid() }) } },
    }),
    route({ ...reads, path: '/api/v1/open/:file{.+\\.json}', params: z.strictObject({ file: z.string() }), answers: { 200: { says: 'A file.', mediaType: 'application/json' } } }),
  ]
  const described = openApi(rows, 'https://credentials.example.org', '0.1.0') as { paths: Record<string, Record<string, Record<string, unknown>>> }
  assert.deepEqual(Object.keys(described.paths), ['/api/v1/things/{id}', '/api/v1/open/{file}'])
  const post = described.paths['/api/v1/things/{id}']?.['post'] ?? {}
  assert.deepEqual(post['security'], [{ key: [] }])
  assert.deepEqual((post['parameters'] as { name: string; in: string; required: boolean }[]).map((one) => [one.name, one.in, one.required]), [['id', 'path', true], ['dry', 'query', false], ['idempotency-key', 'header', true]])
  const body = post['requestBody'] as { content: { 'application/json': { schema: { required: string[]; additionalProperties: boolean } } } }
  assert.deepEqual([body.content['application/json'].schema.required, body.content['application/json'].schema.additionalProperties], [['name'], false])
  assert.deepEqual(Object.keys(post['responses'] as object), ['201', '400', '401', '403', '404', '409', '413', '415', '422', '429', '500', '503'])
  assert.equal(post['operationId'], 'postApiV1ThingsId')
  assert.deepEqual(described.paths['/api/v1/open/{file}']?.['get']?.['security'], [])
})

test('paths of this site are told from all others', () => {
  for (const good of ['/', '/me', '/a/b?c=d&e=%2F%2Fx#f', '/a//b', '/:80', '/@x', '/%5c']) assert.equal(sameOriginPath(good), good)
  assert.equal(sameOriginPath('/a/../b'), '/b')
  for (const bad of ['//x', '/\\x', '/.//x', '/..//x', '/a/..//x', 'x', '', '/\tx', 'https://x', '/\\']) assert.equal(sameOriginPath(bad), undefined, bad)
})
