import { reclassify } from '#journey/view'
import { appendAudit } from '#platform/audit'
import { asJson, type Command } from './command.ts'
import { momentFrom } from './moment.ts'
import { withInstallation } from './settings.ts'

export const viewsReclassify: Command = {
  positionals: '',
  options: { since: { type: 'string', value: 'DATE', help: 'from that day (UTC) on; otherwise from the first day of which every raw hit is kept' }, ...asJson },
  examples: ['./laurel views reclassify --since 2026-11-01'],
  async run(call, context) {
    const since = momentFrom(call, 'since') ?? new Date(0)
    return await withInstallation(call, context, async ({ world }) => {
      const done = await world.db.transaction(async (tx) => {
        const counted = await reclassify(tx, since)
        await appendAudit(tx, { actor: { kind: 'system', id: undefined }, action: 'views.reclassify', issuerId: undefined, subject: undefined, before: undefined, after: undefined, requestId: undefined })
        return counted
      })
      if (call.flag('json')) context.out(JSON.stringify(done))
      else context.out(`${done.hits} hits on ${done.days} days looked at again: ${done.changed} are of another class now.`)
      return 0
    })
  },
}
