/** Revoking, suspending and reinstating from the command line: named credentials, or a list of them in a file. */
import { changeStatusOf, type StatusChange } from '#journey/credential'
import { appendAudit } from '#platform/audit'
import { audited } from './audited.ts'
import { asJson, type Call, type CliContext, type Command } from './command.ts'
import { fault } from './faults.ts'
import { readWhole } from './read-file.ts'
import { issuerFor, issuerOption, withInstallation } from './settings.ts'

const done: Readonly<Record<StatusChange, string>> = { revoke: 'revoked', suspend: 'suspended', reinstate: 'in force again' }

function statusCommand(change: StatusChange, example: string): Command {
  return {
    positionals: 'CREDENTIAL ...',
    options: {
      reason: { type: 'string', value: 'TEXT', help: 'why; it is shown on the credential’s page' },
      file: { type: 'string', value: 'FILE|-', help: 'more credentials, one a line' },
      ...issuerOption,
      ...asJson,
    },
    examples: [example, `./laurel ${change} --file ids.txt --reason "The exam is marked again."`],
    async run(call, context) {
      const publicIds = await namedIn(call, context, change)
      const reason = call.text('reason')
      if (reason === undefined) throw fault.missing_name({ command: change, what: 'the reason with --reason' })
      return await withInstallation(call, context, async ({ world }) => {
        const issuer = await issuerFor(world, call.text('issuer'))
        const changed = await world.db.transaction(async (tx) => {
          const credentials = await changeStatusOf(tx, issuer.id, { change, publicIds, reason, byWhom: 'command line' })
          await appendAudit(tx, audited(`credential.${change}`, issuer.id, credentials.length === 1 ? credentials[0]?.id : undefined, credentials.map((one) => one.id)))
          return credentials.length
        })
        if (call.flag('json')) context.out(JSON.stringify({ change, changed }))
        else context.out(changed === 1 ? `Credential ${publicIds[0]} is ${done[change]}.` : `${changed} credentials are ${done[change]}.`)
        return 0
      })
    },
  }
}

export const revoke = statusCommand('revoke', './laurel revoke AbCdEfGhIjKlMnOpQrStUv --reason "Issued to the wrong person."')
export const suspend = statusCommand('suspend', './laurel suspend AbCdEfGhIjKlMnOpQrStUv --reason "An appeal is being heard."')
export const reinstate = statusCommand('reinstate', './laurel reinstate AbCdEfGhIjKlMnOpQrStUv --reason "The appeal was granted."')

/** Ids, or addresses that end with one, with or without .json. */
async function namedIn(call: Call, context: CliContext, command: string): Promise<readonly string[]> {
  const file = call.text('file')
  const lines = file === undefined ? [] : new TextDecoder().decode(await readWhole(file, context)).split(/\r?\n/)
  const named = [...call.positionals, ...lines].map((one) => one.trim()).filter((one) => one !== '')
  if (named.length === 0) throw fault.missing_name({ command, what: 'the credentials, by id or address, or a file of them with --file' })
  return named.map((one) => {
    const [, id] = /^(?:https?:\/\/\S+\/c\/)?([A-Za-z0-9_-]{22})(?:\.json)?$/.exec(one) ?? []
    if (id === undefined) throw fault.not_an_id({ given: one })
    return id
  })
}
