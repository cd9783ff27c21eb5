import { apiKeysOf, apiScopes, createApiKey, revokeApiKey } from '#journey/party'
import { appendAudit } from '#platform/audit'
import { audited } from './audited.ts'
import { asJson, type Command } from './command.ts'
import { fault } from './faults.ts'
import { issuerFor, issuerOption, withInstallation } from './settings.ts'

export const apiKeyCreate: Command = {
  positionals: 'NAME',
  options: { scopes: { type: 'string', value: 'LIST', help: `what it may do (default completions:write; of ${apiScopes.join(', ')})` }, ...issuerOption, ...asJson },
  examples: ['./laurel api-key create "Course platform"', './laurel api-key create Dashboard --scopes credentials:read,estimates:read'],
  async run(call, context) {
    const name = call.positionals.join(' ').trim()
    if (name === '') throw fault.missing_name({ command: 'api-key create', what: 'the program that the key is for' })
    const scopes = (call.text('scopes') ?? 'completions:write').split(',').map((scope) => scope.trim())
    return await withInstallation(call, context, async ({ world }) => {
      const issuer = await issuerFor(world, call.text('issuer'))
      const { key, secret } = await world.db.transaction(async (tx) => {
        const made = await createApiKey(tx, { issuerId: issuer.id, name, scopes })
        await appendAudit(tx, audited('api_key.create', issuer.id, made.key.id))
        return made
      })
      if (call.flag('json')) context.out(JSON.stringify({ ...key, secret }))
      else {
        context.out(secret)
        context.say(`The key “${key.name}” of ${issuer.name} may ${key.scopes.join(', ')}. It is shown this once; only its fingerprint is kept.`)
      }
      return 0
    })
  },
}

export const apiKeyList: Command = {
  positionals: '',
  options: { ...issuerOption, ...asJson },
  examples: [],
  async run(call, context) {
    return await withInstallation(call, context, async ({ world }) => {
      const issuer = await issuerFor(world, call.text('issuer'))
      const keys = await world.db.read((tx) => apiKeysOf(tx, issuer.id))
      if (call.flag('json')) context.out(JSON.stringify(keys))
      else if (keys.length === 0) context.out('No key yet; ./laurel api-key create NAME makes one.')
      else for (const key of keys) context.out(`${key.id}  ${key.name}  (${key.scopes.join(', ')})  since ${key.createdAt.toISOString().slice(0, 10)}${key.revokedAt ? `, revoked ${key.revokedAt.toISOString().slice(0, 10)}` : ''}`)
      return 0
    })
  },
}

export const apiKeyRevoke: Command = {
  positionals: 'ID',
  options: { ...issuerOption, ...asJson },
  examples: [],
  async run(call, context) {
    const [id] = call.positionals
    if (id === undefined) throw fault.missing_name({ command: 'api-key revoke', what: 'the id of a key (./laurel api-key list)' })
    return await withInstallation(call, context, async ({ world }) => {
      const issuer = await issuerFor(world, call.text('issuer'))
      const key = await world.db.transaction(async (tx) => {
        const found = (await apiKeysOf(tx, issuer.id)).find((one) => one.id === id)
        if (!found) throw fault.no_api_key({ id })
        await revokeApiKey(tx, found.id)
        if (!found.revokedAt) await appendAudit(tx, audited('api_key.revoke', issuer.id, found.id))
        return found
      })
      context.out(call.flag('json') ? JSON.stringify({ revoked: key.id }) : `The key “${key.name}” is revoked.`)
      return 0
    })
  },
}
