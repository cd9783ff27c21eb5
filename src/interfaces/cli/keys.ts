import { writeFileSync } from 'node:fs'
import { compromiseKey, issuerDidDocument, keysOf, rotateKey, type SigningKey } from '#journey/credential'
import { decodeMultikey, didKey, jwkOf } from '#kernel/proof'
import { appendAudit } from '#platform/audit'
import { audited } from './audited.ts'
import { asJson, type Command } from './command.ts'
import { fault } from './faults.ts'
import { momentFrom } from './moment.ts'
import { issuerFor, issuerOption, withInstallation } from './settings.ts'
import { writing } from './writing.ts'

const day = (date: Date): string => date.toISOString().slice(0, 10)
const stateOf = (key: SigningKey): string => (key.compromisedAt ? `compromised since ${day(key.compromisedAt)}` : key.retiredAt ? `retired ${day(key.retiredAt)}` : 'in use')

export const keysList: Command = {
  positionals: '',
  options: { ...issuerOption, ...asJson },
  examples: [],
  async run(call, context) {
    return await withInstallation(call, context, async ({ world }) => {
      const issuer = await issuerFor(world, call.text('issuer'))
      const keys = await world.db.read((tx) => keysOf(tx, issuer.id))
      if (call.flag('json')) context.out(JSON.stringify(keys))
      else for (const key of keys) context.out(`${key.publicMultibase}  since ${day(key.createdAt)}, ${stateOf(key)}`)
      return 0
    })
  },
}

export const keysRotate: Command = {
  positionals: '',
  options: { ...issuerOption, ...asJson },
  examples: [],
  async run(call, context) {
    return await withInstallation(call, context, async ({ world }) => {
      const issuer = await issuerFor(world, call.text('issuer'))
      const key = await world.db.transaction(async (tx) => {
        const made = await rotateKey(tx, world.secrets, issuer.id)
        await appendAudit(tx, audited('signing_key.rotate', issuer.id, made.id))
        return made
      })
      context.out(call.flag('json') ? JSON.stringify(key) : `${issuer.name} signs with ${key.publicMultibase} from now on.`)
      return 0
    })
  },
}

export const keysCompromise: Command = {
  positionals: 'PUBLIC-KEY',
  options: { since: { type: 'string', value: 'DATE', help: 'since when, like 2026-11-05 or 2026-11-05T08:00:00Z (default now)' }, ...issuerOption, ...asJson },
  examples: ['./laurel keys compromise z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH --since 2026-11-05'],
  async run(call, context) {
    const [publicMultibase] = call.positionals
    if (publicMultibase === undefined) throw fault.missing_name({ command: 'keys compromise', what: 'the public key (./laurel keys list)' })
    const since = momentFrom(call, 'since') ?? context.now()
    return await withInstallation(call, context, async ({ world }) => {
      const issuer = await issuerFor(world, call.text('issuer'))
      const { key, inUse } = await world.db.transaction(async (tx) => {
        const done = await compromiseKey(tx, world.secrets, { issuerId: issuer.id, publicMultibase, since })
        await appendAudit(tx, audited('signing_key.compromise', issuer.id, done.key.id))
        return done
      })
      if (call.flag('json')) context.out(JSON.stringify({ compromised: key, inUse }))
      else {
        context.out(`${key.publicMultibase} counts as compromised since ${day(since)}. Nothing that it signed is proved from now on.`)
        context.out(`${issuer.name} signs with ${inUse.publicMultibase}.`)
      }
      return 0
    })
  },
}

export const keysExport: Command = {
  positionals: '',
  options: { out: { type: 'string', value: 'FILE', help: 'writes them there instead of printing them' }, ...issuerOption },
  examples: ['./laurel keys export-public --out did.json'],
  async run(call, context) {
    return await withInstallation(call, context, async ({ world }) => {
      const issuer = await issuerFor(world, call.text('issuer'))
      const { document, keys } = await world.db.read(async (tx) => ({ document: await issuerDidDocument(tx, world.config, issuer), keys: await keysOf(tx, issuer.id) }))
      const text = JSON.stringify(document ?? { issuer: issuer.name, keys: keys.map(publicKey) }, null, 2)
      const out = call.text('out')
      if (out === undefined) context.out(text)
      else writing(out, () => writeFileSync(out, `${text}\n`))
      return 0
    })
  },
}

function publicKey({ publicMultibase, createdAt, retiredAt, compromisedAt }: SigningKey) {
  const key = decodeMultikey(publicMultibase)
  return { id: didKey(key), publicKeyMultibase: publicMultibase, publicKeyJwk: jwkOf(key), createdAt, ...(retiredAt === undefined ? {} : { retiredAt }), ...(compromisedAt === undefined ? {} : { compromisedAt }) }
}
