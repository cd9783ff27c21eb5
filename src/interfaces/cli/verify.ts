import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { verifyElsewhere, verifyStranger } from '#journey/credential'
import type { Report } from '#kernel/verify'
import { asJson, type Command } from './command.ts'
import { fault } from './faults.ts'
import { readWhole } from './read-file.ts'
import { configOf } from './settings.ts'

/** What may be known when the addresses in the credential are asked. */
const asks = new Set(['proof.key_unreachable', 'status.unreachable', 'status.list_key_unreachable', 'refresh.not_asked', 'issuer.unconfirmed'])
const marks = { passed: '✓', failed: '✗', not_checked: '?' } as const

export const verify: Command = {
  positionals: 'FILE|ADDRESS|-',
  options: { online: { type: 'boolean', help: 'asks the addresses in it too: its issuer’s keys, its status lists, its refresh service' }, ...asJson },
  examples: ['./laurel verify credentials/AbC.json', 'cat badge.png | ./laurel verify - --json', './laurel verify https://credentials.example.org/c/AbC.json --online'],
  async run(call, context) {
    const [file] = call.positionals
    if (file === undefined) throw fault.missing_file({ command: 'verify', what: 'the file of a credential, or its address' })
    const bytes = /^https?:\/\//i.test(file) ? file : await readWhole(file, context)
    const online = call.flag('online')
    const config = configOf(call, context)
    // Where there is an installation its issuers are known; anywhere else the document has to speak for itself.
    const here = config.databaseUrl !== undefined || existsSync(join(config.dataFolder, 'postgres', 'PG_VERSION'))
    const report = here ? await inInstallation(call, context, bytes, online) : await verifyElsewhere({ fetch: context.fetch, now: context.now().getTime(), registries: config.registries }, bytes, { online })
    const { verdict, checks, headline, explanation, reason } = report
    if (call.flag('json')) context.out(JSON.stringify({ verdict, headline, explanation, reason, checks: checks.map(({ name, result, code, detail }) => ({ name, result, code, detail })), facts: report.facts ?? null, notes: report.notes }))
    else for (const line of inWords(report)) context.out(line)
    if (!online && checks.some((one) => one.result === 'not_checked' && asks.has(one.code))) context.say('Nothing outside was asked; --online asks the issuer’s own addresses.')
    return verdict === 'not_proved' ? 1 : 0
  },
}

async function inInstallation(call: Parameters<Command['run']>[0], context: Parameters<Command['run']>[1], bytes: Uint8Array | string, online: boolean): Promise<Report> {
  const installation = await context.open(configOf(call, context))
  try {
    return await verifyStranger(installation.world, bytes, { online })
  } finally {
    await installation.close()
  }
}

function inWords(report: Report): readonly string[] {
  const width = Math.max(...report.checks.map((one) => one.name.length))
  return [report.headline, report.explanation, '', ...report.checks.map((one) => `  ${marks[one.result]} ${one.name.padEnd(width)}  ${one.detail}`), ...report.notes.map((note) => `  · ${note}`)]
}
