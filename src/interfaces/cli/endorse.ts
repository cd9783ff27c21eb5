import { writeFileSync } from 'node:fs'
import { issueEndorsement } from '#journey/credential'
import { appendAudit } from '#platform/audit'
import { audited } from './audited.ts'
import type { Command } from './command.ts'
import { fault } from './faults.ts'
import { momentFrom } from './moment.ts'
import { issuerFor, issuerOption, withInstallation } from './settings.ts'
import { writing } from './writing.ts'

export const endorse: Command = {
  positionals: 'ADDRESS',
  options: {
    comment: { type: 'string', value: 'TEXT', help: 'what you say about it (Markdown)' },
    name: { type: 'string', value: 'TEXT', help: 'the title of the endorsement' },
    'valid-until': { type: 'string', value: 'DATE', help: 'when it ends, like 2029-03-31' },
    out: { type: 'string', value: 'FILE', help: 'writes it there instead of printing it' },
    ...issuerOption,
  },
  examples: ['./laurel endorse https://other.example/i/school/a/weaving --comment "We hire who has it." --out endorsement.json'],
  async run(call, context) {
    const [endorsed] = call.positionals
    const comment = call.text('comment')
    if (endorsed === undefined) throw fault.missing_name({ command: 'endorse', what: 'the address of what is endorsed' })
    if (comment === undefined || comment.trim() === '') throw fault.missing_name({ command: 'endorse', what: 'what you say about it with --comment' })
    const validUntil = momentFrom(call, 'valid-until')
    return await withInstallation(call, context, async ({ world }) => {
      const issuer = await issuerFor(world, call.text('issuer'))
      const document = await world.db.transaction(async (tx) => {
        const made = await issueEndorsement(tx, world, issuer, { endorsed, comment, name: call.text('name'), validUntil })
        await appendAudit(tx, audited('endorsement.issue', issuer.id, undefined, made['id']))
        return made
      })
      const out = call.text('out')
      if (out === undefined) context.out(JSON.stringify(document))
      else writing(out, () => writeFileSync(out, `${JSON.stringify(document)}\n`))
      return 0
    })
  },
}
