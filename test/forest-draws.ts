import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { averageEffect, causalForest, codeColumns, regressionForest, type Coding } from '#kernel/causal'
import { generator } from '#kernel/numeric'
import { designs, drawDesign, type Design } from './designs.ts'

/**
 * Draws of the designs on which the forest has been judged, by scripts/generate-forest.ts, kept one a line. quality.test.ts judges some of them anew, so that the
 * file cannot tell of a forest that is no more.
 */
export const drawsFile = join(import.meta.dirname, '../bench/results/forest-draws.csv')

/** Trees of each forest. */
const judgedTrees = 200
/** Numbers of columns that each design is drawn with. */
export const widths: readonly number[] = [6, 20]

/** What one forest made of one draw. */
export interface Judged {
  /** Mean squared error of the effects of single rows. */
  readonly mse: number
  /** Share of the rows whose 95% interval holds their effect. */
  readonly pointwise: number
}

export interface Draw {
  readonly design: Design
  readonly p: number
  readonly n: number
  readonly draw: number
  /** By splits found between groups of values, and by sorting. */
  readonly refined: Judged
  readonly exact: Judged
}

/** Two-sided 95% of the normal distribution. */
const quantile = 1.959964

/** The forest of one draw; the same draw has the same numbers whatever the forest is told. */
export async function judge(design: Design, p: number, n: number, draw: number, how: Coding = {}): Promise<Judged> {
  const { covariates, data } = drawDesign(design, n, p, generator(1, 'forest quality', design.name, p, n, draw))
  const forest = await causalForest(data, { outcome: 'y', treatment: 'w', covariates, numTrees: judgedTrees, seed: draw, coded: codeColumns(data, covariates, how) })
  let squares = 0
  let inside = 0
  for (let i = 0; i < n; i++) {
    const off = forest.predictions[i]! - data['tau']![i]!
    squares += off * off
    if (Math.abs(off) <= quantile * Math.sqrt(forest.variances![i]!)) inside++
  }
  return { mse: squares / n, pointwise: inside / n }
}

const header = 'rows,design,columns,draw,mse,pointwise,exact_mse,exact_pointwise'

export const drawKey = ({ design, p, n, draw }: Place): string => `${n}/${design.name}/${p}/${draw}`

const words = ({ mse, pointwise }: Judged): readonly number[] => [Number(mse.toPrecision(6)), Number(pointwise.toPrecision(4))]
/** Names of designs have commas and no quotes. */
export const drawLine = ({ design, p, n, draw, refined, exact }: Draw): string => `${[n, `"${design.name}"`, p, draw, ...words(refined), ...words(exact)].join(',')}\n`

export function readDraws(): readonly Draw[] {
  return linesOf(drawsFile).map(({ place, values }) => {
    const [mse, pointwise, exactMse, exactPointwise] = values as unknown as readonly [number, number, number, number]
    return { ...place, refined: { mse, pointwise }, exact: { mse: exactMse, pointwise: exactPointwise } }
  })
}

/** All of them, in the order of the tables. */
export const drawsText = (draws: readonly Draw[]): string => `${header}\n${inOrder(draws).map(drawLine).join('')}`

type Place = Pick<Draw, 'design' | 'p' | 'n' | 'draw'>

const inOrder = <T extends Place>(draws: readonly T[]): readonly T[] => {
  const place = ({ design }: T): number => designs.indexOf(design)
  return draws.toSorted((a, b) => a.n - b.n || place(a) - place(b) || a.p - b.p || a.draw - b.draw)
}

/**
 * The average effect of one draw, with the forests for outcome and treatment that a causal forest of 2,000 trees has: 500 trees each. With the 50 of a forest of 200
 * they are noisy in the same rows, and of 16,000 rows the average of a large effect is off by more than one of its errors.
 */
export interface AverageDraw extends Place {
  readonly estimate: number
  readonly stdError: number
}

export const averagesFile = join(import.meta.dirname, '../bench/results/forest-averages.csv')
const centringTrees = 500

export async function judgeAverage(design: Design, p: number, n: number, draw: number): Promise<AverageDraw> {
  const { covariates, data } = drawDesign(design, n, p, generator(1, 'forest quality', design.name, p, n, draw))
  const centring = { covariates, numTrees: centringTrees, ciGroupSize: 1 }
  const y = await regressionForest(data, { ...centring, outcome: 'y', seed: `${draw} outcome` })
  const w = await regressionForest(data, { ...centring, outcome: 'w', seed: `${draw} treatment` })
  const forest = await causalForest({ ...data, yHat: y.predictions, wHat: w.predictions }, { outcome: 'y', treatment: 'w', covariates, numTrees: judgedTrees, yHat: 'yHat', wHat: 'wHat', seed: draw })
  const { estimate, std_error } = averageEffect(forest)
  return { design, p, n, draw, estimate, stdError: std_error! }
}

/** Whether the 95% interval holds the design's average. */
export const isCovered = ({ design, estimate, stdError }: AverageDraw): boolean => Math.abs(estimate - design.average) <= quantile * stdError

const averagesHeader = 'rows,design,columns,draw,estimate,std_error'
export const averageLine = ({ design, p, n, draw, estimate, stdError }: AverageDraw): string => `${n},"${design.name}",${p},${draw},${Number(estimate.toPrecision(6))},${Number(stdError.toPrecision(6))}\n`
export const averagesText = (draws: readonly AverageDraw[]): string => `${averagesHeader}\n${inOrder(draws).map(averageLine).join('')}`

export function readAverages(): readonly AverageDraw[] {
  return linesOf(averagesFile).map(({ place, values: [estimate, stdError] }) => ({ ...place, estimate: estimate!, stdError: stdError! }))
}

/** A half-written last line is left out. */
function linesOf(file: string): readonly { readonly place: Place; readonly values: readonly number[] }[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n').slice(1, -1)
  return lines.map((line) => {
    const [, n, name, rest] = /^(\d+),"([^"]+)",(.+)$/.exec(line)!
    const [p, draw, ...values] = rest!.split(',').map(Number) as [number, number, ...number[]]
    return { place: { design: designs.find((one) => one.name === name)!, p, n: Number(n), draw }, values }
  })
}
