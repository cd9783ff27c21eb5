/** What a reader has to know before any figure, gravest first. */
import { figuresOf, sayP } from '#interfaces/look'
import type { Design } from './examine.ts'
import type { Order } from './order.ts'
import type { Arms } from './sample.ts'
import type { Finding } from './steps.ts'
import type { ClusterLike } from './table.ts'

export interface Warning {
  /** bad: the figures may be wrong. warn: they may be read wrongly. plain: something was left out or done. */
  readonly tone: 'bad' | 'warn' | 'plain'
  readonly sentence: string
}

const figures = figuresOf('en')
const share = (part: number, of: number): string => figures.percent(part / of)
const shown = (names: readonly string[]): string => (names.length > 6 ? `${names.slice(0, 6).join(', ')} and ${names.length - 6} more` : figures.list(names))

/** p below this: the arms do not have the planned sizes. Usual for this check, since it is made of every study. */
export const ratioLevel = 0.001
export const balanceLevel = 0.05
/** Stock and Yogo's rule of thumb for one instrument. */
const weakF = 10

/** What was read, as far as warnings speak of it. */
export interface Read {
  readonly order: Order
  readonly arms: Arms
  /** Rows of the table. */
  readonly rows: number
  /** Rows without a value in the treatment. */
  readonly noArm: number
  readonly clusterLike: readonly ClusterLike[]
  /** Columns in which commas were read as decimal points. */
  readonly commas: readonly string[]
}

export function warningsOf({ order, arms, rows: all, noArm, clusterLike, commas }: Read, design: Design): readonly Warning[] {
  const out: Warning[] = []
  const say = (tone: Warning['tone'], sentence: string) => void out.push({ tone, sentence })

  const ratio = design.sampleRatio
  if (ratio !== null && ratio.p_value! < ratioLevel) {
    const counts = ratio.options.counts as readonly number[]
    say('bad', `The arms do not have the planned sizes: ${counts.map((n) => figures.number(n)).join(' to ')} where ${order.planned!.join(':')} was planned (p ${sayP(ratio.p_value!).startsWith('<') ? '' : '= '}${sayP(ratio.p_value!)}). Something chose who came into the data; find out what before believing any figure below.`)
  }
  else if (ratio !== null && ratio.p_value! < 0.05) say('warn', `The sizes of the arms stray from the planned ${order.planned!.join(':')} more than 19 in 20 right draws would (p = ${sayP(ratio.p_value!)}); look whether rows were left out after the draw.`)
  const balance = design.balance
  if (balance !== null && balance.p !== null && balance.p < balanceLevel) {
    const worst = balance.differences.toSorted((a, b) => Math.abs(b.estimate) - Math.abs(a.estimate)).slice(0, 3)
    say(balance.p < 0.001 ? 'bad' : 'warn', `The covariates tell the arms apart more than a right draw would most times (p ${sayP(balance.p).startsWith('<') ? '' : '= '}${sayP(balance.p)}; largest: ${worst.map((row) => `${row.term} ${figures.signed(row.estimate)} standard deviations`).join(', ')}). ${balance.p < 0.01 ? 'A right draw hardly ever does that' : 'That happens to 1 right draw in 20'}; look whether rows were left out after the draw.`)
  }
  if (balance !== null && balance.why !== null) say('warn', `Balance could not be tested: ${balance.why}`)
  for (const found of clusterLike.slice(0, 3)) {
    say('warn', `Every one of the ${figures.number(found.values)} values of ${found.column} has rows of one arm only. If arms were drawn by ${found.column} and not row by row, the errors below are too small: add --cluster ${found.column}.`)
  }
  if (design.sharesDiffer) {
    const shares = design.blocks.map((block) => block.rows[1] / (block.rows[0] + block.rows[1]))
    say('warn', `The share treated differs by ${order.blocks} (${figures.percent(Math.min(...shares))} to ${figures.percent(Math.max(...shares))}), so the difference over all rows is not the effect and is not shown; every figure compares inside ${order.blocks}.`)
  }
  const clusters = design.clusters
  if (clusters !== null && clusters.split > 0 && order.blocks !== order.cluster) say('warn', `${figures.number(clusters.split)} of ${figures.number(clusters.count)} values of ${order.cluster} have rows in both arms, so they were not drawn as a whole.${order.blocks === undefined ? ' If arms were drawn inside them, name them with --blocks.' : ''}`)
  if (clusters !== null && clusters.split === 0 && Math.min(...clusters.perArm) < 10) say('warn', `One arm has ${Math.min(...clusters.perArm)} clusters. With so few, intervals are rough, whatever the number of rows.`)
  if (design.thin.length > 0) {
    const rows = design.thin.reduce((sum, block) => sum + block.rows[0] + block.rows[1], 0)
    say('plain', `${figures.number(design.thin.length)} ${design.thin.length === 1 ? 'value' : 'values'} of ${order.blocks} (${figures.number(rows)} rows) ${design.thin.length === 1 ? 'has' : 'have'} fewer than two units in an arm and ${design.thin.length === 1 ? 'is' : 'are'} left out of the blocked difference in means.`)
  }
  const other = all - design.rows[0] - design.rows[1] - noArm
  if (noArm > 0) say('plain', `${figures.number(noArm)} of ${figures.number(all)} rows have no value in ${order.treatment} and are left out.`)
  if (other > 0) say('plain', `${figures.number(other)} rows of other arms (${shown(arms.all.map((one) => one.value).filter((value) => value !== arms.control && value !== arms.treated))}) are left out.`)
  for (const { column, rows } of design.missing) {
    const total = rows[0] + rows[1]
    say('plain', `${column} is missing in ${figures.number(total)} rows (${share(rows[0], design.rows[0])} of control, ${share(rows[1], design.rows[1])} of treated); models that need it leave these rows out.`)
  }
  if (design.constant.length > 0) say('plain', `${shown(design.constant)} ${design.constant.length === 1 ? 'is the same in every row and is' : 'are the same in every row and are'} not used.`)
  if (balance !== null && balance.rare.length > 0) say('plain', `${shown(balance.rare)} ${balance.rare.length === 1 ? 'is' : 'are'} had by too few rows for the test of balance and ${balance.rare.length === 1 ? 'is' : 'are'} not in it.`)
  if (commas.length > 0) say('plain', `Commas in ${shown(commas)} were read as decimal points.`)
  return out
}

/** What the estimates themselves call for. */
export function warningsAfter(findings: readonly Finding[], alone: readonly { readonly estimator: string; readonly outcome: string; readonly sentence: string }[]): readonly Warning[] {
  const out: Warning[] = []
  for (const { row, outcome } of findings.filter((one) => one.role === 'observed')) {
    if (row.p_value! < 0.05) out.push({ tone: 'warn', sentence: `${outcome} was seen in ${figures.number(Math.abs(row.estimate) * 100, 1)} points ${row.estimate > 0 ? 'more' : 'less'} of the treated arm than of the control arm (p ${sayP(row.p_value!).startsWith('<') ? '' : '= '}${sayP(row.p_value!)}), so a difference may only be one in who was seen. Lee's bounds say how much.` })
  }
  const weak = findings.find(({ role, row }) => role === 'effect of take-up' && row.estimator === 'iv_robust' && typeof row['first_stage_F'] === 'number' && row['first_stage_F'] < weakF)
  if (weak !== undefined) out.push({ tone: 'warn', sentence: `The draw moved ${weak.row.term} little (F = ${figures.number(weak.row['first_stage_F'] as number, 1)}); read the Anderson-Rubin set, not the interval of 2SLS.` })
  for (const one of alone) out.push({ tone: 'plain', sentence: `${one.estimator} of ${one.outcome} could not be computed: ${one.sentence}` })
  return out
}
