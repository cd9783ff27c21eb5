import { createExperiment, defaultArms, drawCounts, experimentsOf, startExperiment, stopExperiment } from '#journey/experiment'
import { workflows } from '#journey/nudge'
import { asJson, type Command } from './command.ts'
import { experimentFor } from './estimate.ts'
import { fault } from './faults.ts'
import { issuerFor, issuerOption, withInstallation } from './settings.ts'

export const experiments: Command = {
  name: 'experiment list',
  summary: 'Lists the experiments with their arms.',
  positionals: '',
  options: { ...issuerOption, ...asJson },
  examples: [],
  async run(call, context) {
    return await withInstallation(call, context, async ({ world }) => {
      const issuer = await issuerFor(world, call.text('issuer'))
      const found = await world.db.read(async (tx) => await Promise.all((await experimentsOf(tx, issuer.id)).map(async (experiment) => ({ experiment, counts: await drawCounts(tx, experiment.id) }))))
      if (call.flag('json')) context.out(JSON.stringify(found.map(({ experiment, counts }) => ({ ...experiment, counts }))))
      else if (found.length === 0) context.out('No experiment yet; ./laurel experiment start begins one.')
      for (const { experiment, counts } of call.flag('json') ? [] : found) {
        const drawn = (arm: string) => counts.filter((one) => one.arm === arm).reduce((sum, one) => sum + one.count, 0)
        context.out(`${experiment.id}  ${experiment.state.padEnd(7)}  ${experiment.name}  (${experiment.arms.map((arm) => `${arm.name} ${drawn(arm.name)}`).join(', ')})`)
      }
      return 0
    })
  },
}

export const experimentStart: Command = {
  name: 'experiment start',
  summary: 'Drafts an experiment on a nudge and starts it; its plan is frozen from then on.',
  positionals: '',
  options: {
    name: { type: 'string', value: 'NAME', help: 'what it is called (default: Share prompt)' },
    workflow: { type: 'string', value: 'NAME', help: `what the nudged arm walks: ${Object.keys(workflows).join(', ')} (default share.in_app)` },
    ...issuerOption,
    ...asJson,
  },
  examples: ['./laurel experiment start --name "Reminder by e-mail" --workflow share.e_mail'],
  async run(call, context) {
    const workflow = call.text('workflow') ?? 'share.in_app'
    if (!Object.hasOwn(workflows, workflow)) throw fault.wrong_option({ reason: `“${workflow}” is not a workflow; there are ${Object.keys(workflows).join(', ')}.`, command: 'experiment start' })
    return await withInstallation(call, context, async ({ world }) => {
      const issuer = await issuerFor(world, call.text('issuer'))
      const started = await world.db.transaction(async (tx) => {
        const draft = await createExperiment(tx, { issuerId: issuer.id, name: call.text('name') ?? 'Share prompt', question: 'Does the nudge bring more sharing and more new jobs?', arms: defaultArms(workflow) })
        return await startExperiment(tx, draft.id)
      })
      context.out(call.flag('json') ? JSON.stringify(started) : `“${started.name}” runs. Every learner who completes something from now on is drawn, half and half. Plan ${started.planDigest?.slice(0, 12)}.`)
      return 0
    })
  },
}

export const experimentStop: Command = {
  name: 'experiment stop',
  summary: 'Stops drawing learners; outcomes still mature.',
  positionals: '',
  options: { experiment: { type: 'string', value: 'ID', help: 'which experiment (default: the newest)' }, ...issuerOption, ...asJson },
  examples: [],
  async run(call, context) {
    return await withInstallation(call, context, async ({ world }) => {
      const experiment = await experimentFor(world, call.text('experiment'), call.text('issuer'))
      const stopped = await world.db.transaction((tx) => stopExperiment(tx, experiment.id))
      context.out(call.flag('json') ? JSON.stringify(stopped) : `“${stopped.name}” has stopped; no more learners are drawn.`)
      return 0
    })
  },
}
