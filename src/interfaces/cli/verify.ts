import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { verifyHere } from '#journey/credential'
import { verifyCredential, type Report } from '#kernel/verify'
import { asJson, type Command } from './command.ts'
import { fault } from './faults.ts'
import { readWhole } from './read-file.ts'
import { configOf } from './settings.ts'

const marks = { passed: '✓', failed: '✗', not_checked: '?' } as const

export const verify: Command = {
  name: 'verify',
  summary: 'Checks a credential (JSON, JWT, PNG, SVG, PDF) and says what was checked.',
  positionals: 'FILE|-',
  options: asJson,
  examples: ['./laurel verify credentials/AbC.json', 'cat badge.png | ./laurel verify - --json'],
  async run(call, context) {
    const [file] = call.positionals
    if (file === undefined) throw fault.missing_file({ command: 'verify', what: 'the file of a credential' })
    const bytes = await readWhole(file, context)
    const config = configOf(call, context)
    // Where there is an installation its issuers are known; anywhere else the document has to speak for itself.
    const here = config.databaseUrl !== undefined || existsSync(join(config.dataFolder, 'postgres', 'PG_VERSION'))
    const report = here ? await inInstallation(call, context, bytes) : await verifyCredential(bytes, { now: context.now().getTime() })
    const { verdict, checks, headline, explanation, reason } = report
    if (call.flag('json')) context.out(JSON.stringify({ verdict, headline, explanation, reason, checks: checks.map(({ name, result, code, detail }) => ({ name, result, code, detail })), facts: report.facts ?? null, notes: report.notes }))
    else for (const line of inWords(report)) context.out(line)
    return verdict === 'not_proved' ? 1 : 0
  },
}

async function inInstallation(call: Parameters<Command['run']>[0], context: Parameters<Command['run']>[1], bytes: Uint8Array): Promise<Report> {
  const installation = await context.open(configOf(call, context))
  try {
    return await verifyHere(installation.world, bytes)
  } finally {
    await installation.close()
  }
}

function inWords(report: Report): readonly string[] {
  const width = Math.max(...report.checks.map((one) => one.name.length))
  return [report.headline, report.explanation, '', ...report.checks.map((one) => `  ${marks[one.result]} ${one.name.padEnd(width)}  ${one.detail}`), ...report.notes.map((note) => `  · ${note}`)]
}
