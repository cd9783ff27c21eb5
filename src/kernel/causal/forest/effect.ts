import { Arms } from '../arms.ts'
import { column, type Columns, type Label } from '../columns.ts'
import { fault } from '../faults.ts'
import { growForest, type Forest } from './forest.ts'
import type { WarnedGround } from './ground.ts'
import type { Growing } from './growth.ts'
import { littleBagsVariance } from './little-bags.ts'
import { completeColumn } from './options.ts'
import { ratios } from './regression-forest.ts'

/** What is taken off a variable before effects are sought: a number, a column, or (absent) what a regression forest says of each row out of bag. */
export type Centre = number | string | undefined

/** A variable and its centre, row by row. */
export interface Centred {
  readonly values: Float64Array
  readonly hat: Float64Array
  readonly rest: Float64Array
}

/** Options of the forests that only centre: trees come alone, leaves are grf's own. */
const forCentring = (growing: Growing, numTrees: number): Growing => ({ ...growing, numTrees, minNodeSize: 5, honesty: true, honestyFraction: 0.5, ciGroupSize: 1 })

/** Takes the centre off a variable, growing a forest for it where none is given. */
export async function centred(ground: WarnedGround, data: Columns, what: { readonly name: string; readonly values: Float64Array; readonly centre: Centre; readonly forest: string }, growing: Growing, numTrees: number): Promise<Centred> {
  const { values, centre } = what
  const n = values.length
  const hat = await (async () => {
    if (typeof centre === 'number') {
      if (!Number.isFinite(centre)) throw new TypeError(`${centre} is no centre for "${what.name}".`)
      return new Float64Array(n).fill(centre)
    }
    if (centre !== undefined) return completeColumn(data, centre, n)
    const middle = values.reduce((total, v) => total + v, 0) / n
    const forest = await growForest(ground, what.forest, { kind: 'response', y: values.map((v) => v - middle) }, forCentring(growing, numTrees))
    return ratios(forest.means, forest.width).map((v) => v + middle)
  })()
  return { values, hat, rest: values.map((v, i) => v - hat[i]!) }
}

/** A treatment or instrument: arms by their labels, or numbers of any size. @throws Fault 'causal.one_arm', 'causal.constant_column' where it does not vary */
export function readTreatment(data: Columns, name: string, arms: readonly [Label, Label] | undefined, n: number): Float64Array {
  const labelled = arms !== undefined || typeof column(data, name)[0] === 'string'
  const values = labelled ? Float64Array.from(new Arms(name, arms).of(data)) : completeColumn(data, name, n)
  if (values.length !== n) throw new TypeError(`Column "${name}" has another number of rows than the covariates, ${n}.`)
  const first = values[0]!
  if (values.every((v) => v === first)) {
    if (first === 0 || first === 1) throw fault.one_arm({ treatment: name, arm: String((arms ?? [0, 1])[1 - first]!) })
    throw fault.constant_column({ column: name })
  }
  return values
}

/** Propensities outside [0.05, 0.95] are too near the ends for the few on the other side to stand for all. */
const near = 0.05

/** Where an arm is rare given the covariates: the share of such rows, as a sentence; and a fault where there is nobody to compare with at all. */
export function requireOverlap(what: string, { values, hat }: Centred, warnings: string[]): { readonly outside: number } {
  if (!values.every((v) => v === 0 || v === 1)) return { outside: 0 }
  const n = values.length
  const without = hat.findIndex((e) => !(e > 0 && e < 1))
  if (without >= 0) throw fault.no_overlap({ row: without + 1, propensity: hat[without]! })
  const outside = hat.reduce((count, e) => count + (e < near || e > 1 - near ? 1 : 0), 0) / n
  if (outside > 0) warnings.push(`${(100 * outside).toFixed(1)}% of the rows have a chance of "${what}" below 5% or above 95% given their covariates, so few others can be compared with them. An overlap-weighted average leans on the rest.`)
  return { outside }
}

/** Measured on the designs of docs/explanation/forest.md with effects of three times the noise: with 50 trees each the average is off by 0.15 of its error at 800 rows, 0.5 at 4,000, 1.4 at 16,000; with 500 by 0.2 there. */
const [fewTrees, manyRows] = [250, 2000]

/** The errors of short forests for outcome and treatment come from the same neighbours, so that their product does not average out. */
export function warnOfShortForests(n: number, trees: number, warnings: string[]): void {
  if (trees < fewTrees && n >= manyRows) warnings.push(`The forests for outcome and treatment have ${trees} trees each, so few that the average of a large effect leans towards zero. Grow ${4 * fewTrees} trees or more, or give the propensity.`)
}

export interface Effects {
  readonly predictions: Float64Array
  readonly variances: Float64Array | undefined
}

/**
 * Effects from mean moments, and their variances.
 *
 *   τ = (m_zy g − m_z m_y) / (m_zw g − m_z m_w)      g the mean weight, 1 without weights; z = w without an instrument
 *   ρ_t = (g ψ¹_t − m_z ψ²_t) / (m_zw g − m_z m_w),  ψ¹ = zy − τ zw − μ z,  ψ² = y − τ w − μ g,  μ = (m_y − τ m_w) / g
 *
 * @throws Fault 'causal.effect_not_identified'
 */
export function effects({ width, means, bags }: Pick<Forest, 'width' | 'means' | 'bags'>, instrument: boolean, treatment: string): Effects {
  const n = means.length / width
  const own = instrument ? 5 : 4
  const weighted = width > own
  const predictions = new Float64Array(n)
  const variances = bags === undefined ? undefined : new Float64Array(n)
  for (let i = 0; i < n; i++) {
    const at = i * width
    const y = means[at]!
    const w = means[at + 1]!
    const z = instrument ? means[at + 2]! : w
    const zy = means[at + own - 2]!
    const zw = means[at + own - 1]!
    const g = weighted ? means[at + own]! : 1
    const moved = zw * g - z * w
    const tau = (zy * g - z * y) / moved
    if (!Number.isFinite(tau)) throw fault.effect_not_identified({ row: i + 1, treatment })
    predictions[i] = tau
    if (bags === undefined || variances === undefined) continue
    const mu = (y - tau * w) / g
    const level = (z * mu) / moved
    const slope = instrument ? [-z, z * tau, -g * mu, g, -g * tau] : [-w, w * tau - g * mu, g, -g * tau]
    const each = slope.map((a) => a / moved)
    variances[i] = littleBagsVariance(bags, i, weighted ? [...each, level] : each, weighted ? 0 : level)
  }
  return { predictions, variances }
}

/** Trees of a centring forest: a quarter of the forest's, at least 50, as in grf. */
export const centringTrees = (numTrees: number): number => Math.max(50, Math.floor(numTrees / 4))
