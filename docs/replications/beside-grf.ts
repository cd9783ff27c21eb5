/**
 * A causal forest of published data beside the one that R's grf grows with the same options, splits between any two values included. Both are drawn by chance, so
 * ours is averaged over five seeds far apart.
 */
import { averageEffect, bestLinearProjection, calibrationTest, causalForest, effectScores, targetingCurve, type Estimate } from '#kernel/causal'
import { generator } from '#kernel/numeric'
import type { Claim, Data, Figure } from './study.ts'

export interface Forest {
  readonly outcome: string
  readonly treatment: string
  readonly covariates: readonly string[]
  /** Columns on which the effect is projected. */
  readonly projection: readonly string[]
  /** Column by which people would be treated, lowest or highest first. */
  readonly priority: string
  readonly rows: (data: Data) => Record<string, Float64Array | string[]>
}

const seeds = [100_000, 200_000, 300_000, 400_000, 500_000]
type Figures = Readonly<Record<string, Figure>>

/** What five forests of 2,000 trees say, on average; grown once however many figures are asked for. */
export function fiveForests(forest: Forest): (data: Data) => Promise<Figures> {
  let grown: Promise<Figures> | undefined
  return (data) => (grown ??= grow(forest, data))
}

async function grow({ outcome, treatment, covariates, projection, priority, rows }: Forest, all: Data): Promise<Figures> {
  const data = rows(all)
  const each: Record<string, Estimate>[] = []
  for (const seed of seeds) {
    const forest = await causalForest(data, { outcome, treatment, covariates, seed, numThreads: 2, exact: true })
    const score = effectScores(forest)
    const [mean, differential] = calibrationTest(forest)
    const projected = bestLinearProjection(data, forest, { covariates: projection })
    const curve = (sign: 1 | -1) => targetingCurve({ score, first: (data[priority] as Float64Array).map((v) => sign * v) }, { score: 'score', priority: 'first', draws: 500, random: generator(seed, 'halves') })
    const [low, high] = [curve(-1), curve(1)]
    each.push({
      ate: averageEffect(forest), att: averageEffect(forest, { target: 'treated' }), ato: averageEffect(forest, { target: 'overlap' }), cal_mean: mean!, cal_diff: differential!,
      autoc_low: low.autoc, qini_low: low.qini, autoc_high: high.autoc, ...Object.fromEntries(projected.map((row, k) => [`blp${k}`, row])),
    })
  }
  const average = (of: (row: Record<string, Estimate>) => number): number => each.reduce((total, row) => total + of(row), 0) / each.length
  return Object.fromEntries(Object.keys(each[0]!).map((name) => [name, { estimate: average((row) => row[name]!.estimate), std_error: average((row) => row[name]!.std_error!), n: each[0]![name]!.n }]))
}

/** A figure of grf, ours beside it. Average effects lie within 0.20 of their error and errors within 3%; areas within 0.25, their errors within 15% (grf's come from 200 halves); the rest within half an error. */
export function besideGrf(forests: (data: Data) => Promise<Figures>, file: string) {
  const bounds = { average: { errors: 0.2, share: 0.03 }, area: { errors: 0.25, share: 0.15 }, other: { errors: 0.5, share: 0.12 } } as const
  return (kind: keyof typeof bounds, name: string, what: string, unit: string, estimate: string, std_error: string): Claim => ({
    what,
    unit,
    published: { estimate, std_error, place: `grf 2.6.1 with its defaults, mean over seeds 1 to 5: ${file}`, source: 'read' },
    ours: async (data) => (await forests(data))[name]!,
    within: bounds[kind],
  })
}
