/** One estimator on one outcome each: which rows and columns it is given, and which of its rows say what. */
import {
  andersonRubinPasses, boostedTrees, crossFittedScore, cupedPasses, differenceInMeansPasses, firstStagePasses, gate, ivRobustFromSums, ivRobustPasses, leeBounds, lmLinFromSums, lmLinPasses, lmRobustFromSums, lmRobustPasses, multipleTesting, randomizationInference,
  ridgeLinear, ridgeLogistic, type Cells, type Estimate, type SeType,
} from '#kernel/causal'
import { generator } from '#kernel/numeric'
import { isFault } from '#kernel/fault'
import type { Design } from './examine.ts'
import type { Rows } from './sample.ts'
import type { Column } from './table.ts'

/** A row with the few fields more that some estimators have. */
export type Row = Estimate & Readonly<Record<string, unknown>>

export type Role = 'effect' | 'other' | 'observed' | 'first stage' | 'effect of take-up' | 'bounds' | 'test' | 'family' | 'group' | 'interaction' | 'balance' | 'sample ratio' | 'heterogeneity'

export interface Finding {
  readonly role: Role
  readonly outcome: string
  readonly row: Row
}

export interface Setting {
  readonly sample: Rows
  readonly design: Design
  /** Covariates as they are named in the file. */
  readonly covariates: readonly string[]
  readonly blocks: string | undefined
  /** Where regressions take the rows for dependent. */
  readonly cluster: string | undefined
  /** Where the clusters were drawn whole. */
  readonly drawnCluster: string | undefined
  readonly weights: string | undefined
}

export type Step = (setting: Setting, outcome: string) => Promise<readonly Finding[]>

const named = <K extends string>(key: K, value: string | undefined): { readonly [name in K]?: string } => (value === undefined ? {} : ({ [key]: value } as { readonly [name in K]: string }))
const grouped = ({ cells }: Rows): { readonly cells?: Cells } => (cells === undefined ? {} : { cells })
const present = (...names: readonly (string | undefined)[]): readonly string[] => names.filter((name) => name !== undefined)

/** The kernel was given the arms as 0 and 1; the row says which arm it is about. */
function asNamed(sample: Rows, row: Estimate): Row {
  const { treatment } = sample.order
  return (row.term === treatment && sample.arms.term !== treatment ? { ...row, term: sample.arms.term } : { ...row }) as Row
}

const effects = (sample: Rows, outcome: string, rows: readonly Estimate[], role: Role = 'effect'): readonly Finding[] =>
  rows.map((row) => ({ role: row.term === sample.order.treatment ? role : 'other', outcome, row: asNamed(sample, row) }))

/** One after another, since each may ask a database. */
async function each<A, B>(items: readonly A[], make: (item: A) => Promise<readonly B[]>): Promise<readonly B[]> {
  const out: B[] = []
  for (const item of items) out.push(...(await make(item)))
  return out
}

/** Kinds of error that a regression is asked for; where blocks hold several clusters CR2 does not exist with absorbed blocks. */
function errorsOf({ sample, design, cluster, blocks }: Setting, absorbed: boolean): readonly (SeType | undefined)[] {
  if (sample.order.seTypes.length > 0) return sample.order.seTypes
  return [cluster !== undefined && absorbed && blocks !== undefined && (design.clusters?.count ?? 0) > design.blocks.length ? 'stata' : undefined]
}

export const difference: Step = async ({ sample, blocks, drawnCluster, weights }, outcome) => {
  const { treatment } = sample.order
  const passes = differenceInMeansPasses({ outcome, treatment, ...named('blocks', blocks), ...named('clusters', drawnCluster), ...named('weights', weights), ...grouped(sample), thinBlocks: 'drop' })
  return effects(sample, outcome, [await sample.run(passes, { outcome, numbers: present(weights), labels: present(blocks, drawnCluster) })])
}

/** Least squares on the treatment and these covariates, blocks absorbed. */
export const regression =
  (covariates: readonly string[], role: Role = 'effect'): Step =>
  async (setting, outcome) => {
    const { sample, blocks, cluster, weights } = setting
    const terms = [sample.order.treatment, ...sample.namesOf(covariates)]
    return each(errorsOf(setting, true), async (seType) => {
      const passes = lmRobustPasses({ outcome, terms, ...grouped(sample), ...(seType === undefined ? {} : { seType }), ...named('clusters', cluster), ...named('fixedEffects', blocks), ...named('weights', weights) })
      const model = { outcome, numbers: present(weights, ...covariates), labels: present(blocks, cluster) }
      const { estimates } = seType === 'classical' && sample.sums !== undefined && blocks === undefined ? lmRobustFromSums((await sample.sums(model)).all, { outcome, terms, seType }) : await sample.run(passes, model)
      return effects(sample, outcome, role === 'first stage' ? estimates.map((row) => ({ ...row, options: { ...row.options, role: 'first stage' } })) : estimates, role)
    })
  }

/** Lin's regression; `covariates` may hold the blocks as a factor. */
export const interacted =
  (covariates: readonly string[]): Step =>
  async (setting, outcome) => {
    const { sample, cluster, weights } = setting
    return each(errorsOf(setting, false), async (seType) => {
      const names = sample.namesOf(covariates)
      const passes = lmLinPasses({ outcome, ...grouped(sample), treatment: sample.order.treatment, covariates: names, ...(seType === undefined ? {} : { seType }), ...named('clusters', cluster), ...named('weights', weights) })
      const model = { outcome, numbers: present(weights, ...covariates), labels: present(cluster) }
      const { estimates } = seType === 'classical' && sample.sums !== undefined ? lmLinFromSums((await sample.sums(model)).byArm.map((sums, arm) => [arm, sums] as const), { outcome, treatment: sample.order.treatment, covariates: names, seType }) : await sample.run(passes, model)
      return effects(sample, outcome, estimates)
    })
  }

export const withBaseline: Step = async ({ sample }, outcome) => {
  const { treatment, baseline } = sample.order
  return effects(sample, outcome, [await sample.run(cupedPasses({ outcome, treatment, baseline: baseline! }), { outcome, numbers: [baseline!] })])
}

/** The effect of taking up, by two-stage least squares, with the first stage's F beside it. */
export const instrumented =
  (covariates: readonly string[]): Step =>
  async (setting, outcome) => {
    const { sample, blocks, cluster, weights } = setting
    const { takeUp, treatment } = sample.order
    const { cells } = sample
    const model = { outcome, numbers: present(takeUp, weights, ...covariates), labels: present(blocks, cluster) }
    const asTakeUp = (rows: readonly Estimate[], f: number) => rows.map((row): Finding => (row.term === takeUp ? { role: 'effect of take-up', outcome, row: { ...row, first_stage_F: f } } : { role: 'other', outcome, row: { ...row } }))
    return each(errorsOf(setting, true), async (seType) => {
      const spec = { instruments: [treatment], covariates: sample.namesOf(covariates), ...(seType === undefined ? {} : { seType }), ...named('clusters', cluster), ...named('fixedEffects', blocks), ...named('weights', weights) }
      if (seType === 'classical' && sample.sums !== undefined && blocks === undefined) {
        const { all } = await sample.sums(model)
        const { estimates } = ivRobustFromSums(all, { outcome, endogenous: [takeUp!], instruments: [treatment], covariates: spec.covariates, seType })
        // With one instrument F is the square of its t.
        const stage = lmRobustFromSums(all, { outcome: takeUp!, terms: [treatment, ...spec.covariates], seType }).estimates[1]!
        return asTakeUp(estimates, stage.statistic! ** 2)
      }
      const { estimates } = await sample.run(ivRobustPasses({ ...spec, ...grouped(sample), outcome, endogenous: [takeUp!] }), model)
      // Groups agree in the take-up, which is the outcome of this stage.
      const stage = await sample.run(firstStagePasses({ ...spec, ...(cells === undefined ? {} : { cells: { count: cells.count, variance: cells.same } }), endogenous: takeUp! }), model)
      return asTakeUp(estimates, stage.f)
    })
  }

export const andersonRubinSet =
  (covariates: readonly string[]): Step =>
  async (setting, outcome) => {
    const { sample, blocks, cluster, weights } = setting
    const { takeUp, treatment } = sample.order
    return each(errorsOf(setting, true), async (seType) => {
      const passes = andersonRubinPasses({ outcome, ...grouped(sample), endogenous: takeUp!, instruments: [treatment], covariates: sample.namesOf(covariates), ...(seType === undefined ? {} : { seType }), ...named('clusters', cluster), ...named('fixedEffects', blocks), ...named('weights', weights) })
      return [{ role: 'effect of take-up', outcome, row: { ...(await sample.run(passes, { outcome, numbers: present(takeUp, weights, ...covariates), labels: present(blocks, cluster) })) } }]
    })
  }

/** Whether the outcome was seen as often in one arm as in the other. */
export const observed: Step = async ({ sample, blocks, drawnCluster }, outcome) => {
  const name = `observed(${outcome})`
  const seen = seenIn(sample.column(outcome))
  const passes = differenceInMeansPasses({ outcome: name, treatment: sample.order.treatment, ...named('blocks', blocks), ...named('clusters', drawnCluster), thinBlocks: 'drop' })
  return effects(sample, outcome, [await sample.run(passes, { labels: present(blocks, drawnCluster), made: { [name]: seen } })], 'observed')
}

/** 1 where there is a value. */
const seenIn = (column: Column): Float64Array => (column.kind === 'number' ? Float64Array.from(column.values, (value) => (Number.isNaN(value) ? 0 : 1)) : Float64Array.from(column.codes, (code) => (code < 0 ? 0 : 1)))

export const bounds: Step = async ({ sample, drawnCluster }, outcome) => {
  const column = sample.column(outcome)
  const values = column.kind === 'number' ? column.values : new Float64Array(0)
  const name = `observed(${outcome})`
  const data = sample.whole({ labels: present(drawnCluster), made: { [outcome]: values, [name]: seenIn(column) } })
  const { estimates } = leeBounds(data, { outcome, selected: name, treatment: sample.order.treatment, ...named('clusters', drawnCluster) })
  return estimates.map((row) => ({ role: 'bounds', outcome, row: { ...row } }))
}

/** As many draws as a few seconds allow; 10,000 give a p of 0.05 a Monte Carlo error of 0.002. */
const drawsFor = (values: number, most: number): number => Math.min(most, Math.max(200, Math.floor(3e8 / values)))

export const permutation =
  (statistics: readonly ('studentized' | 'difference')[]): Step =>
  async ({ sample, blocks, drawnCluster }, outcome) => {
    const data = sample.whole({ outcome, labels: present(blocks, drawnCluster) })
    const rows = data[outcome]!.length
    return statistics.map((statistic) => {
      const random = generator(sample.order.seed, 'randomization inference', outcome, statistic)
      const { estimate } = randomizationInference(data, { outcome, treatment: sample.order.treatment, ...named('blocks', blocks), ...named('clusters', drawnCluster), statistic, draws: drawsFor(rows, 10_000), random })
      return { role: 'test', outcome, row: asNamed(sample, estimate) }
    })
  }

export const family: Step = async ({ sample, blocks, drawnCluster }) => {
  const { outcomes, treatment, seed } = sample.order
  const data = sample.whole({ numbers: outcomes, labels: present(blocks, drawnCluster) })
  const draws = drawsFor(data[treatment]!.length * outcomes.length, 4_000)
  const { estimates } = multipleTesting(data, { outcomes, treatment, ...named('blocks', blocks), ...named('clusters', drawnCluster), draws, random: generator(seed, 'family') })
  return estimates.map((row, j) => ({ role: 'family', outcome: outcomes[j]!, row: asNamed(sample, row) }))
}

/** Effects by thirds of the predicted outcome without treatment, or of a column; the interaction beside them. */
export const byScore: Step = async ({ sample, blocks, drawnCluster }, outcome) => {
  const { score, treatment, seed } = sample.order
  const auto = score === 'auto'
  const scoreName = auto ? `predicted ${outcome}` : score!
  const covariates = auto ? sample.order.covariates : []
  const base = sample.whole({ outcome, numbers: present(auto ? undefined : score, ...covariates), labels: present(blocks, drawnCluster) })
  let data = base
  let model = scoreName
  if (auto) {
    const binary = (base[outcome] as Float64Array).every((value) => value === 0 || value === 1)
    const rows = base[outcome]!.length
    // Folds by the place of the row, so that no seed is in the result; clusters have to stay together and are drawn.
    const fold = Float64Array.from({ length: rows }, (_, i) => i % 5)
    const spec = { outcome, treatment, ...named('clusters', drawnCluster), covariates: sample.namesOf(covariates), random: generator(seed, 'score', outcome), folds: drawnCluster === undefined ? 'fold·' : 5 }
    const withFold = { ...base, 'fold·': fold }
    let fitted
    try {
      fitted = crossFittedScore(withFold, { ...spec, model: binary ? ridgeLogistic() : ridgeLinear() })
    } catch (error) {
      if (!isFault(error)) throw error // no finite estimate: trees always have one
      fitted = crossFittedScore(withFold, { ...spec, model: boostedTrees({ loss: binary ? 'logistic' : 'squared' }) })
    }
    data = { ...base, [scoreName]: fitted.score }
    model = binary && fitted.model === 'ols' ? 'logit' : fitted.model
  }
  const fit = gate(data, { outcome, treatment, score: scoreName, model, ...named('blocks', blocks), ...named('clusters', drawnCluster) })
  return [
    ...fit.groups.map((row): Finding => ({ role: 'group', outcome, row: asNamed(sample, row) })),
    ...[fit.interaction, fit.ends, fit.equality].map((row): Finding => ({ role: 'interaction', outcome, row: { ...row } })),
  ]
}
