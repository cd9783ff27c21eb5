/** The answers in the terminal, with the curve of power against people drawn in letters. */
import { powerAt, sayEffect, type Answers, type Plan } from './power-plan.ts'

const people = (n: number): string => Math.round(n).toLocaleString('en-GB')
const columns = 60
const rows = 11

/** The effect whose curve is drawn: the one hoped for, or the one that can be seen. */
export const drawnEffect = (plan: Plan, answers: Answers): number | null => plan.effect ?? answers.detectable

/** People from nearly none to where power is all but certain, and further if the study is larger than that. */
export function curve(plan: Plan, answers: Answers, points: number): readonly { readonly n: number; readonly power: number }[] {
  const effect = drawnEffect(plan, answers)
  if (effect === null) return []
  const middle = answers.needed ?? plan.n!
  const least = (plan.clusters?.size ?? 1) * ((plan.blocks ?? 1) + 2.5)
  const most = Math.max(2.2 * middle, 1.1 * (plan.n ?? 0), 2 * least)
  return Array.from({ length: points }, (_, i) => {
    const n = Math.max(least, (most * (i + 1)) / points)
    return { n, power: powerAt(plan, n, effect) }
  })
}

export function powerInTerminal(plan: Plan, answers: Answers): readonly string[] {
  const lines: string[] = []
  const percent = `${Math.round(plan.power * 100)}%`
  for (const warning of answers.warnings) lines.push(`! ${warning}`)
  if (answers.warnings.length > 0) lines.push('')
  if (answers.needed !== null) {
    const clusters = plan.clusters === undefined ? '' : ` in ${people(Math.ceil(answers.needed / plan.clusters.size))} clusters`
    lines.push(`To see an effect of ${sayEffect(plan, plan.effect!)} with ${percent} power: ${people(answers.needed)} people${clusters}, ${people(answers.needed * plan.treated)} of them treated.`)
  }
  if (answers.detectable !== null) lines.push(`With ${people(plan.n!)} people, the smallest effect seen with ${percent} power: ${sayEffect(plan, answers.detectable)}.`)
  if (answers.power !== null) lines.push(`With ${people(plan.n!)} people, the chance of seeing ${sayEffect(plan, plan.effect!)}: ${(100 * answers.power).toFixed(0)}%.`)
  const points = curve(plan, answers, columns)
  if (points.length === 0) return lines
  const grid = Array.from({ length: rows }, () => Array<string>(columns).fill(' '))
  const at = (power: number): number => Math.round((1 - power) * (rows - 1))
  for (let x = 0; x < columns; x++) grid[at(plan.power)]![x] = '·'
  for (const [x, point] of points.entries()) grid[at(point.power)]![x] = '●'
  lines.push('', `Power against people, for an effect of ${sayEffect(plan, drawnEffect(plan, answers)!)}`)
  for (const [y, row] of grid.entries()) lines.push(`${y % 2 === 0 ? `${String(100 - y * 10).padStart(4)}%` : '     '} │${row.join('').trimEnd()}`)
  lines.push(`      └${'─'.repeat(columns)}`)
  const last = people(points.at(-1)!.n)
  const half = people(points[columns / 2 - 1]!.n)
  lines.push(`       0${half.padStart(columns / 2 - 1 + Math.ceil(half.length / 2))}${last.padStart(columns / 2 - Math.ceil(half.length / 2))}`)
  return lines
}
