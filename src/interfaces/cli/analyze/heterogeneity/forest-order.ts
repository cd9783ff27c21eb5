/** What is asked about who gains, from the options of the command. */
import { availableParallelism } from 'node:os'
import type { Call } from '../../command.ts'
import { fault } from '../faults.ts'
import { nearestName } from '../nearest-name.ts'

export interface ForestOrder {
  readonly trees: number
  readonly threads: number
  /** By the number of rows where absent. */
  readonly minNodeSize: number | undefined
  /** Splits between any two values, found by sorting. */
  readonly exactSplits: boolean
  /** `known`: the share that the design gave; `estimated`: by a forest; a number: that share. */
  readonly propensity: 'known' | 'estimated' | number
  /** Column by which people would be treated, highest first. */
  readonly priority: string | undefined
  readonly policyDepth: number
  /** Of one treatment, in units of the outcome. */
  readonly cost: number
  /** The largest share of people who can be treated; 1 where anybody may. */
  readonly budget: number
  /** Columns of the groups that a rule must not harm. */
  readonly protected: readonly string[]
  readonly predictions: string | undefined
}

const dependent = ['trees', 'threads', 'min-node-size', 'propensity', 'priority', 'policy-depth', 'cost', 'budget', 'protected', 'predictions'] as const

export const forestOptions = {
  heterogeneity: { type: 'string', value: 'forest', help: 'who gains: an honest causal forest on the covariates, tests of whether effects differ, and a rule for whom to treat' },
  trees: { type: 'string', value: '2000', help: 'trees of the forest (default: 2000)' },
  threads: { type: 'string', value: '2', help: 'threads that grow them (default: as many as the machine has); the result is the same with any number' },
  'min-node-size': { type: 'string', value: '5', help: 'a node of so many rows is not split (default: an eightieth of the rows, at least 5; grf takes 5)' },
  'exact-splits': { type: 'boolean', help: 'the best split of each node found by sorting all values instead of by groups first: slower, to compare' },
  propensity: { type: 'string', value: 'known|estimated|0.5', help: 'the chance of treatment: what the design gave (default), estimated from the covariates, or a number' },
  priority: { type: 'string', value: 'COLUMN', help: 'a column from before the draw: do those who have most of it gain most?' },
  'policy-depth': { type: 'string', value: '2', help: 'questions in a row that the rule may ask, 1 to 3 (default: 2)' },
  cost: { type: 'string', value: '0.01', help: 'what one treatment costs, in units of the outcome (default: 0)' },
  budget: { type: 'string', value: '0.3', help: 'the largest share of people who can be treated (default: 1)' },
  protected: { type: 'string', value: 'A,B', help: 'columns of the groups that the rule must not harm' },
  predictions: { type: 'string', value: 'FILE.csv', help: 'writes the effect, its standard error, the propensity and the score of each row, in the order of the file' },
} as const

export function forestOrderFrom(call: Call, covariates: readonly string[]): ForestOrder | undefined {
  const given = call.text('heterogeneity')
  if (given === undefined) {
    const alone = dependent.find((name) => call.text(name) !== undefined) ?? (call.flag('exact-splits') ? 'exact-splits' : undefined)
    if (alone !== undefined) throw fault.needs_option({ option: 'heterogeneity', why: `with --${alone}: write --heterogeneity forest` })
    return undefined
  }
  if (given.toLowerCase() !== 'forest') throw fault.unknown_choice({ option: 'heterogeneity', given, near: nearestName(given, ['forest']), all: 'forest' })
  if (covariates.length === 0) throw fault.needs_option({ option: 'covariates', why: 'for --heterogeneity: columns measured before the draw, by which people may differ' })
  const whole = (option: (typeof dependent)[number], usual: number, least: number, most: number): number => {
    const text = call.text(option)
    const value = text === undefined ? usual : Number(text)
    if (!Number.isSafeInteger(value) || value < least || value > most) throw fault.number_refused({ option, given: text ?? '', takes: `a whole number from ${least} to ${most.toLocaleString('en')}` })
    return value
  }
  const real = (option: (typeof dependent)[number], usual: number, fits: (value: number) => boolean, takes: string): number => {
    const text = call.text(option)
    const value = text === undefined ? usual : Number(text)
    if (text?.trim() === '' || !Number.isFinite(value) || !fits(value)) throw fault.number_refused({ option, given: text ?? '', takes })
    return value
  }
  return {
    trees: whole('trees', 2000, 10, 100_000),
    threads: whole('threads', Math.min(64, availableParallelism()), 1, 64),
    minNodeSize: call.text('min-node-size') === undefined ? undefined : whole('min-node-size', 5, 1, 1_000_000),
    exactSplits: call.flag('exact-splits'),
    propensity: propensityOf(call.text('propensity')),
    priority: call.text('priority'),
    policyDepth: whole('policy-depth', 2, 1, 3),
    cost: real('cost', 0, (value) => value >= 0, 'a number, zero or above, in units of the outcome'),
    budget: real('budget', 1, (value) => value > 0 && value <= 1, 'a share above 0 and up to 1'),
    protected: [...new Set((call.text('protected') ?? '').split(',').map((one) => one.trim()).filter((one) => one !== ''))],
    predictions: call.text('predictions'),
  }
}

function propensityOf(given: string | undefined): ForestOrder['propensity'] {
  if (given === undefined || given === 'known') return 'known'
  if (given === 'estimated') return 'estimated'
  const share = Number(given)
  if (!(share > 0 && share < 1)) throw fault.number_refused({ option: 'propensity', given, takes: 'known, estimated, or a share between 0 and 1' })
  return share
}

/** The columns that it needs beside the covariates. */
export const columnsOfForest = (order: ForestOrder | undefined): readonly string[] => (order === undefined ? [] : [...(order.priority === undefined ? [] : [order.priority]), ...order.protected])
