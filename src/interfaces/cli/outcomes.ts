import { importOutcomesFile, outcomeSources } from '#journey/outcome'
import { asJson, type Command } from './command.ts'
import { fault } from './faults.ts'
import { reopenable } from './read-file.ts'
import { issuerFor, issuerOption, withInstallation } from './settings.ts'

export const outcomes: Command = {
  positionals: 'FILE|-',
  options: { source: { type: 'string', value: 'KIND', help: `where it comes from: ${outcomeSources.join(', ')} (default hr_file)` }, ...issuerOption, ...asJson },
  examples: ['./laurel outcomes jobs.csv', './laurel outcomes alumni.csv --source survey'],
  async run(call, context) {
    const [file] = call.positionals
    if (file === undefined) throw fault.missing_file({ command: 'outcomes', what: 'the CSV file (learner_id,observed_at,title,employer,started_on,ended_on; an empty title says that somebody looked and saw no position)' })
    const source = outcomeSources.find((one) => one === (call.text('source') ?? 'hr_file'))
    if (!source) throw fault.wrong_option({ reason: `“${call.text('source')}” is not a source; there are ${outcomeSources.join(', ')}.`, command: 'outcomes' })
    const open = await reopenable(file, context)
    return await withInstallation(call, context, async ({ world }) => {
      const issuer = await issuerFor(world, call.text('issuer'))
      const done = await importOutcomesFile(world, { issuerId: issuer.id, source, bytes: open() })
      if (call.flag('json')) context.out(JSON.stringify(done))
      else if (done.repeated) context.out('This file was imported before; nothing was changed.')
      else {
        context.out(`${done.observations} looks at learners and ${done.spells} positions recorded.`)
        if (done.unknownLearners > 0) context.out(`${done.unknownLearners} rows are about learners whom ${issuer.name} does not have; they were left out.`)
        if (done.withoutConsent > 0) context.out(`${done.withoutConsent} rows are about learners who did not agree to outcome data; they were not kept.`)
      }
      return 0
    })
  },
}
