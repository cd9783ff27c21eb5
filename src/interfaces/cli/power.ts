/** `laurel power`: what a study can see, before it starts. */
import { writeFile } from 'node:fs/promises'
import { asJson, type Call, type Command } from './command.ts'
import { fault } from './faults.ts'
import { planFrom, questions } from './power-plan.ts'
import { powerInTerminal } from './power-plot.ts'
import { powerSvg } from './power-svg.ts'

export const power: Command = {
  positionals: '',
  options: {
    share: { type: 'string', value: '0.17', help: 'share with the outcome without treatment (a yes-or-no outcome)' },
    sd: { type: 'string', value: '1', help: 'standard deviation of the outcome (any other outcome)' },
    effect: { type: 'string', value: '0.01', help: 'the effect that one hopes for, in the units of the outcome: 0.01 is one point of a share' },
    n: { type: 'string', value: '10000', help: 'people in both arms together' },
    power: { type: 'string', value: '0.8', help: 'chance of seeing the effect (default: 0.8)' },
    alpha: { type: 'string', value: '0.05', help: 'two-sided level (default: 0.05)' },
    treated: { type: 'string', value: '0.5', help: 'share of the people who are treated (default: 0.5)' },
    r2: { type: 'string', value: '0.2', help: 'share of the spread that covariates and blocks explain (default: 0)' },
    'cluster-size': { type: 'string', value: '25', help: 'mean size of the clusters that are drawn whole' },
    icc: { type: 'string', value: '0.05', help: 'correlation inside clusters; with --cluster-size' },
    'size-cv': { type: 'string', value: '0.4', help: 'how much sizes of clusters vary: standard deviation over mean (default: 0)' },
    blocks: { type: 'string', value: '8', help: 'number of blocks inside which arms are drawn' },
    'take-up': { type: 'string', value: '0.3', help: 'difference between the arms in who takes up; the effect is then that of taking up' },
    svg: { type: 'string', value: 'FILE', help: 'writes the curve of power against people as a picture' },
    ...asJson,
  },
  examples: ['./laurel power --share 0.173 --effect 0.01', './laurel power --share 0.127 --effect 0.012 --n 2000', './laurel power --sd 1 --effect 0.2 --cluster-size 25 --icc 0.05 --svg power.svg'],
  async run(call, context) {
    const plan = planFrom((name, wanted, within) => numberOf(call, name, wanted, within))
    const answer = questions(plan)
    const picture = call.text('svg')
    if (picture !== undefined) {
      await writeFile(picture, powerSvg(plan, answer)).catch((error: unknown) => {
        throw fault.unwritable_file({ file: picture, reason: error instanceof Error && 'code' in error ? String(error.code) : String(error) }, { cause: error })
      })
      context.say(`Picture: ${picture}`)
    }
    if (call.flag('json')) context.out(JSON.stringify({ plan, ...answer }, null, 1))
    else for (const line of powerInTerminal(plan, answer)) context.out(line)
    return 0
  },
}

function numberOf(call: Call, option: string, wanted: string, within: (value: number) => boolean): number | undefined {
  const given = call.text(option)
  if (given === undefined) return undefined
  const value = given.trim() === '' ? Number.NaN : Number(given)
  if (!Number.isFinite(value) || !within(value)) throw fault.bad_number({ option, given, wanted })
  return value
}
