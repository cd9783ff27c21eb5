import { keysOf, rotateKey } from '#journey/credential'
import { asJson, type Command } from './command.ts'
import { issuerFor, issuerOption, withInstallation } from './settings.ts'

export const keysList: Command = {
  name: 'keys list',
  summary: 'Lists the signing keys of an issuer.',
  positionals: '',
  options: { ...issuerOption, ...asJson },
  examples: [],
  async run(call, context) {
    return await withInstallation(call, context, async ({ world }) => {
      const issuer = await issuerFor(world, call.text('issuer'))
      const keys = await world.db.read((tx) => keysOf(tx, issuer.id))
      if (call.flag('json')) context.out(JSON.stringify(keys))
      else for (const key of keys) context.out(`${key.publicMultibase}  since ${key.createdAt.toISOString().slice(0, 10)}${key.compromisedAt ? `, compromised ${key.compromisedAt.toISOString().slice(0, 10)}` : key.retiredAt ? `, retired ${key.retiredAt.toISOString().slice(0, 10)}` : ', in use'}`)
      return 0
    })
  },
}

export const keysRotate: Command = {
  name: 'keys rotate',
  summary: 'Puts a new signing key to use; what the old one signed stays verifiable.',
  positionals: '',
  options: { ...issuerOption, ...asJson },
  examples: [],
  async run(call, context) {
    return await withInstallation(call, context, async ({ world }) => {
      const issuer = await issuerFor(world, call.text('issuer'))
      const key = await world.db.transaction((tx) => rotateKey(tx, world.secrets, issuer.id))
      context.out(call.flag('json') ? JSON.stringify(key) : `${issuer.name} signs with ${key.publicMultibase} from now on.`)
      return 0
    })
  },
}
