import { z } from 'zod'
import { keysOf } from '#journey/credential'
import { apiKeysOf, apiScopes, createApiKey, revokeApiKey, type ApiScope, type Issuer } from '#journey/party'
import { fault, formBody, page, rates, redirect, route, type Route } from '#interfaces/http'
import type { World } from '#platform/world'
import { deskAddress, deskChrome, mayEnter } from './desk.ts'
import { keysPage, type KeysView } from './keys-page.ts'

const what: Readonly<Record<ApiScope, string>> = {
  'completions:write': 'says that learners completed something',
  'credentials:read': 'reads signed credentials',
  'credentials:revoke': 'revokes, suspends and reinstates credentials',
  'outcomes:write': 'brings in what became of learners',
  'estimates:read': 'reads estimates',
}

async function viewFor(world: World, issuer: Issuer): Promise<KeysView> {
  const { apiKeys, signingKeys } = await world.db.read(async (tx) => ({ apiKeys: await apiKeysOf(tx, issuer.id), signingKeys: await keysOf(tx, issuer.id) }))
  const address = deskAddress(issuer, 'keys')
  return {
    apiKeys: apiKeys.map((one) => ({ name: one.name, scopes: one.scopes, createdAt: one.createdAt, ...(one.revokedAt === undefined ? { revokeAddress: `${address}/${one.id}/revocation` } : { revokedAt: one.revokedAt }) })),
    scopes: apiScopes.map((name) => ({ name, what: what[name] })),
    createAddress: address,
    signingKeys: signingKeys.map((one) => ({ publicMultibase: one.publicMultibase, createdAt: one.createdAt, ...(one.retiredAt === undefined ? {} : { retiredAt: one.retiredAt }), ...(one.compromisedAt === undefined ? {} : { compromisedAt: one.compromisedAt }) })),
  }
}

export const keyRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/admin/:issuer/keys',
    summary: 'Keys of programs, and signing keys.',
    roles: mayEnter.keys,
    issuer: 'path',
    rate: rates.pages,
    params: z.strictObject({}),
    handler: async (asked) => page(keysPage(await viewFor(asked.world, asked.issuer), deskChrome(asked, asked.issuer, 'keys'))),
  }),
  route({
    method: 'POST',
    path: '/admin/:issuer/keys',
    summary: 'Makes a key for a program; it is shown this once.',
    roles: mayEnter.keys,
    issuer: 'path',
    csrf: 'form',
    audit: 'api_key.create',
    rate: rates.pages,
    params: z.strictObject({}),
    body: formBody(z.strictObject({ name: z.string().min(1).max(100), scope: z.union([z.enum(apiScopes), z.array(z.enum(apiScopes))]).optional() })),
    async handler(asked) {
      const { issuer, input, change, world } = asked
      const scopes = [input.body.scope ?? []].flat()
      if (scopes.length === 0) return page(keysPage({ ...(await viewFor(world, issuer)), fault: 'A key that may do nothing is of no use: tick at least one thing below.' }, deskChrome(asked, issuer, 'keys')), { status: 422 })
      const made = await change((tx) => createApiKey(tx, { issuerId: issuer.id, name: input.body.name, scopes }), (done) => ({ subject: done.key.id, issuerId: issuer.id, after: done.key.scopes }))
      return page(keysPage({ ...(await viewFor(world, issuer)), made: { name: made.key.name, key: made.secret } }, deskChrome(asked, issuer, 'keys')), { status: 201 })
    },
  }),
  route({
    method: 'POST',
    path: '/admin/:issuer/keys/:key/revocation',
    summary: 'Revokes a key; it is refused from the next request on.',
    roles: mayEnter.keys,
    issuer: 'path',
    csrf: 'form',
    audit: 'api_key.revoke',
    rate: rates.pages,
    params: z.strictObject({ key: z.uuid() }),
    body: formBody(z.strictObject({})),
    async handler({ issuer, input, change }) {
      await change(
        async (tx) => {
          if (!(await apiKeysOf(tx, issuer.id)).some((one) => one.id === input.params.key)) throw fault.nothing_here()
          await revokeApiKey(tx, input.params.key)
        },
        () => ({ subject: input.params.key, issuerId: issuer.id }),
      )
      return redirect(deskAddress(issuer, 'keys'))
    },
  }),
]
