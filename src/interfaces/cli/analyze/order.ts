/** What is asked: the options of the command, checked as far as they can be before the file is opened. */
import type { SeType } from '#kernel/causal'
import type { Call } from '../command.ts'
import { fault } from './faults.ts'
import { columnsOfForest, forestOrderFrom, type ForestOrder } from './heterogeneity/forest-order.ts'
import { nearestName } from './nearest-name.ts'

export const estimatorNames = ['difference_in_means', 'lm_robust', 'lm_lin', 'cuped', 'iv_robust', 'anderson_rubin', 'lee_bounds', 'randomization_inference', 'multiple_testing', 'gate_tertile', 'srm_chi_square', 'balance'] as const
export type EstimatorName = (typeof estimatorNames)[number]

const rowErrors = ['classical', 'HC0', 'HC1', 'HC2', 'HC3'] as const
const clusterErrors = ['CR0', 'stata', 'CR2'] as const
const families = ['holm', 'bh', 'romano-wolf'] as const
export type FamilyRule = (typeof families)[number]

export interface Order {
  readonly outcomes: readonly string[]
  readonly treatment: string
  /** Control, treated. */
  readonly arms: readonly [string, string] | undefined
  readonly takeUp: string | undefined
  readonly covariates: readonly string[]
  readonly blocks: string | undefined
  readonly cluster: string | undefined
  readonly weights: string | undefined
  readonly baseline: string | undefined
  /** `auto`, or a column. */
  readonly score: string | undefined
  /** None: what the design allows is chosen. */
  readonly estimators: readonly EstimatorName[]
  readonly seTypes: readonly SeType[]
  readonly family: FamilyRule
  readonly planned: readonly number[] | undefined
  readonly seed: string
  /** Who gains: undefined where it is not asked. */
  readonly forest: ForestOrder | undefined
}

const listOf = (text: string | undefined): readonly string[] => [...new Set((text ?? '').split(',').map((one) => one.trim()).filter((one) => one !== ''))]

function choice<const T extends string>(option: string, given: string, all: readonly T[]): T {
  const found = all.find((one) => one.toLowerCase() === given.toLowerCase())
  if (found === undefined) throw fault.unknown_choice({ option, given, near: nearestName(given, all), all: all.join(', ') })
  return found
}

export function orderFrom(call: Call): Order {
  const outcomes = listOf(call.text('outcome'))
  if (outcomes.length === 0) throw fault.needs_option({ option: 'outcome', why: 'to say which column (or columns, y1,y2) the treatment may have changed' })
  const treatment = call.text('treatment')?.trim() ?? ''
  if (treatment === '') throw fault.needs_option({ option: 'treatment', why: 'to say which column holds the arm that was drawn' })
  const cluster = call.text('cluster')
  const order: Order = {
    outcomes,
    treatment,
    arms: armsOf(call.text('arms')),
    takeUp: call.text('take-up'),
    covariates: listOf(call.text('covariates')),
    blocks: call.text('blocks'),
    cluster,
    weights: call.text('weights'),
    baseline: call.text('baseline'),
    score: call.text('subgroup-score'),
    estimators: listOf(call.text('estimators')).map((given) => choice('estimators', given, estimatorNames)),
    seTypes: listOf(call.text('se')).map((given) => choice('se', given, cluster === undefined ? rowErrors : clusterErrors)),
    family: choice('family', call.text('family') ?? 'holm', families),
    planned: plannedOf(call.text('planned')),
    seed: call.text('seed') ?? '1',
    forest: forestOrderFrom(call, listOf(call.text('covariates'))),
  }
  refuseDoubles(order)
  for (const [name, needs, why] of [
    ['iv_robust', 'take-up', 'for iv_robust: the column that says who took the treatment up'],
    ['anderson_rubin', 'take-up', 'for anderson_rubin: the column that says who took the treatment up'],
    ['cuped', 'baseline', 'for cuped: a column measured before the draw'],
    ['gate_tertile', 'subgroup-score', 'for gate_tertile: auto, or the column of the score'],
    ['lm_lin', 'covariates', 'for lm_lin: columns measured before the draw'],
    ['balance', 'covariates', 'for balance: columns measured before the draw'],
    ['srm_chi_square', 'planned', 'for srm_chi_square: the planned sizes of the arms, as 1:1'],
  ] as const) {
    if (order.estimators.includes(name) && call.text(needs) === undefined && !(name === 'lm_lin' && order.blocks !== undefined)) throw fault.needs_option({ option: needs, why })
  }
  if (order.score === 'auto' && order.covariates.length === 0) throw fault.score_needs_covariates()
  return order
}

function armsOf(given: string | undefined): readonly [string, string] | undefined {
  if (given === undefined) return undefined
  const [control, treated, ...more] = given.split(',').map((one) => one.trim())
  if (control === undefined || treated === undefined || control === '' || treated === '') throw fault.arms_refused({ reason: `is “${given}”, which does not name two values` })
  if (more.length > 0) throw fault.arms_refused({ reason: `names ${more.length + 2} values; two arms are compared at a time` })
  if (control === treated) throw fault.arms_refused({ reason: `names “${control}” twice` })
  return [control, treated]
}

function plannedOf(given: string | undefined): readonly number[] | undefined {
  if (given === undefined) return undefined
  const weights = given.split(':').map(Number)
  if (weights.length < 2 || weights.some((one) => !(one > 0 && Number.isFinite(one)))) throw fault.planned_refused({ given, arms: 2 })
  return weights
}

/** A column has one part to play: an outcome that is its own covariate explains itself. */
function refuseDoubles(order: Order): void {
  const parts: (readonly [string, string | undefined])[] = [
    ['treatment', order.treatment],
    ...order.outcomes.map((name) => ['outcome', name] as const),
    ['take-up', order.takeUp],
    ['weights', order.weights],
    ['cluster', order.cluster],
    ['blocks', order.blocks],
    ['baseline', order.baseline],
    ...order.covariates.map((name) => ['covariates', name] as const),
    ['priority', order.forest?.priority],
    ...(order.forest?.protected ?? []).map((name) => ['protected', name] as const),
  ]
  const seen = new Map<string, string>()
  for (const [part, column] of parts) {
    if (column === undefined) continue
    const before = seen.get(column)
    // A baseline may be a covariate too; matched units may be drawn and analysed by the same column.
    const together = [before, part].sort().join('+')
    // Who comes first and who is protected was known before the draw, as covariates are; what came after it cannot be.
    const known = ['priority', 'protected'].includes(part) && !['treatment', 'outcome', 'take-up'].includes(before ?? '')
    if (before !== undefined && !known && !['baseline+covariates', 'blocks+cluster'].includes(together)) throw fault.same_column({ column, one: before, other: part })
    seen.set(column, part)
  }
}

/** The columns that the order needs. */
export function columnsOf(order: Order): readonly string[] {
  const { takeUp, blocks, cluster, weights, baseline, score } = order
  const named = [order.treatment, ...order.outcomes, ...order.covariates, takeUp, blocks, cluster, weights, baseline, score === 'auto' ? undefined : score, ...columnsOfForest(order.forest)]
  return [...new Set(named.filter((name) => name !== undefined))]
}
