import { adoptRule, createExperiment, defaultArms, drawCounts, experimentsOf, parseRule, rulesOf, runningExperiment, startExperiment, stopExperiment } from '#journey/experiment'
import { workflows } from '#journey/nudge'
import { asJson, type Command } from './command.ts'
import { experimentFor } from './estimate.ts'
import { fault } from './faults.ts'
import { readJson } from './read-file.ts'
import { issuerFor, issuerOption, withInstallation } from './settings.ts'

export const experiments: Command = {
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
  positionals: '',
  options: {
    name: { type: 'string', value: 'NAME', help: 'what it is called (default: Share prompt)' },
    workflow: { type: 'string', value: 'NAME', help: `what the nudged arm walks: ${Object.keys(workflows).join(', ')} (default share.in_app)` },
    rule: { type: 'string', value: 'FILE|adopted', help: 'draws by a rule: the newest that a policy published, or what ./laurel analyze --heterogeneity forest --json wrote' },
    'random-share': { type: 'string', value: '0.3', help: 'with --rule: the share of learners that stays random, so that the next estimate is possible (default: 0.3)' },
    ...issuerOption,
    ...asJson,
  },
  examples: ['./laurel experiment start --name "Reminder by e-mail" --workflow share.e_mail', './laurel experiment start --name "By the rule" --rule analysis.json --random-share 0.3'],
  async run(call, context) {
    const workflow = call.text('workflow') ?? 'share.in_app'
    if (!Object.hasOwn(workflows, workflow)) throw fault.wrong_option({ reason: `“${workflow}” is not a workflow; there are ${Object.keys(workflows).join(', ')}.`, command: 'experiment start' })
    const ruleFile = call.text('rule')
    const randomShare = ruleFile === undefined ? 1 : Number(call.text('random-share') ?? usualRandomShare)
    if (ruleFile === undefined && call.text('random-share') !== undefined) throw fault.wrong_option({ reason: '--random-share goes with --rule; without a rule everybody is drawn at random.', command: 'experiment start' })
    return await withInstallation(call, context, async ({ world }) => {
      const issuer = await issuerFor(world, call.text('issuer'))
      const record = ruleFile === undefined || ruleFile === 'adopted' ? undefined : ruleIn(await readJson(ruleFile, context), ruleFile)
      const started = await world.db.transaction(async (tx) => {
        const rule = ruleFile === undefined ? undefined : record === undefined ? (await rulesOf(tx, issuer.id))[0] : await adoptRule(tx, { issuerId: issuer.id, sentence: record.sentence, rule: record.rule })
        if (ruleFile !== undefined && rule === undefined) throw fault.wrong_option({ reason: 'no policy has published a rule yet.', command: 'experiment start' })
        const draft = await createExperiment(tx, { ...(rule === undefined ? {} : { rule: { id: rule.id, randomShare } }), issuerId: issuer.id, name: call.text('name') ?? 'Share prompt', question: 'Does the nudge bring more sharing and more new jobs?', arms: defaultArms(workflow) })
        return await startExperiment(tx, draft.id)
      })
      context.out(call.flag('json') ? JSON.stringify(started) : `“${started.name}” runs. ${started.ruleId === undefined ? 'Every learner who completes something from now on is drawn, half and half.' : `Of the learners who complete something from now on ${Math.round(100 * started.randomShare)}% are drawn, half and half, and compared; the others get the arm of the rule.`} Plan ${started.planDigest?.slice(0, 12)}.`)
      return 0
    })
  },
}

/** Enough for an estimate within a few years of most providers, and no more than a third who may miss what the rule would have given them. */
const usualRandomShare = 0.3

/** The rule in a file: the whole result of an analysis, or its `policy` alone. */
function ruleIn(value: unknown, file: string): { readonly sentence: string; readonly rule: Readonly<Record<string, unknown>> } {
  const isRecord = (one: unknown): one is Readonly<Record<string, unknown>> => typeof one === 'object' && one !== null && !Array.isArray(one)
  const record = isRecord(value) && isRecord(value['policy']) ? value['policy'] : value
  if (!isRecord(record) || typeof record['sentence'] !== 'string') throw fault.wrong_option({ reason: `${file} holds no rule; ./laurel analyze --heterogeneity forest --json writes one as its "policy".`, command: 'experiment start' })
  parseRule(record, defaultArms('').map((arm) => arm.name))
  return { sentence: record['sentence'], rule: record }
}

export const experimentStop: Command = {
  positionals: '',
  options: { experiment: { type: 'string', value: 'ID', help: 'which experiment (default: the one that runs)' }, ...issuerOption, ...asJson },
  examples: [],
  async run(call, context) {
    return await withInstallation(call, context, async ({ world }) => {
      const issuer = await issuerFor(world, call.text('issuer'))
      const running = call.text('experiment') === undefined ? await world.db.read((tx) => runningExperiment(tx, issuer.id)) : undefined
      const experiment = running ?? (await experimentFor(world, call.text('experiment'), call.text('issuer')))
      const stopped = await world.db.transaction((tx) => stopExperiment(tx, experiment.id))
      context.out(call.flag('json') ? JSON.stringify(stopped) : `“${stopped.name}” has stopped; no more learners are drawn.`)
      return 0
    })
  },
}
