/** The curve of power against people as a picture that stands by itself, light and dark. */
import { curve, drawnEffect } from './power-plot.ts'
import { powerAt, sayEffect, type Answers, type Plan } from './power-plan.ts'

const width = 720
const height = 400
const field = { left: 64, right: 24, top: 48, bottom: 56 }
const people = (n: number): string => Math.round(n).toLocaleString('en-GB')

export function powerSvg(plan: Plan, answers: Answers): string {
  const points = curve(plan, answers, 120)
  const effect = drawnEffect(plan, answers) ?? 0
  const most = points.at(-1)?.n ?? 1
  const x = (n: number): number => Math.round(10 * (field.left + (n / most) * (width - field.left - field.right))) / 10
  const y = (power: number): number => Math.round(10 * (field.top + (1 - power) * (height - field.top - field.bottom))) / 10
  const step = niceStep(most)
  const ticks = Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step)
  const line = points.map((one, i) => `${i === 0 ? 'M' : 'L'}${x(one.n)} ${y(one.power)}`).join('')
  const marked = plan.n ?? answers.needed
  const mark = marked === null || points.length === 0 ? '' : `<line class="limit" x1="${x(marked)}" x2="${x(marked)}" y1="${y(0)}" y2="${y(powerAt(plan, marked, effect))}"/><circle class="t" cx="${x(marked)}" cy="${y(powerAt(plan, marked, effect))}" r="6"/><text class="said" x="${x(marked) + (x(marked) > width * 0.7 ? -10 : 10)}" y="${y(powerAt(plan, marked, effect)) + 18}"${x(marked) > width * 0.7 ? ' text-anchor="end"' : ''}>${people(marked)} people: ${(100 * powerAt(plan, marked, effect)).toFixed(0)}%</text>`
  const title = `Power against people, for an effect of ${sayEffect(plan, effect)}`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title">
<title id="title">${title}${marked === null || points.length === 0 ? '' : `: ${(100 * powerAt(plan, marked, effect)).toFixed(0)}% with ${people(marked)} people`}</title>
<style>svg{font:13px/1 system-ui,sans-serif;background:#fffefa}text{fill:#5f675c}.head{fill:#1b211a;font:600 16px Georgia,serif}.said{fill:#1b211a;font-weight:600}.grid{stroke:#e4dfd2}.axis{stroke:#1b211a}.limit{stroke:#5f675c;stroke-dasharray:2 3}.t{fill:#1e5540}.curve{fill:none;stroke:#1e5540;stroke-width:2.5;stroke-linejoin:round}@media(prefers-color-scheme:dark){svg{background:#171c16}text{fill:#a9b1a4}.head,.said{fill:#edefe8}.grid{stroke:#333b31}.axis{stroke:#edefe8}.limit{stroke:#a9b1a4}.t{fill:#8fccab}.curve{stroke:#8fccab}}</style>
<text class="head" x="${field.left}" y="26">${title}</text>
${[0, 0.25, 0.5, 0.75, 1].map((power) => `<line class="${power === 0 ? 'axis' : 'grid'}" x1="${field.left}" x2="${width - field.right}" y1="${y(power)}" y2="${y(power)}"/><text x="${field.left - 10}" y="${y(power) + 4}" text-anchor="end">${100 * power}%</text>`).join('\n')}
<line class="limit" x1="${field.left}" x2="${width - field.right}" y1="${y(plan.power)}" y2="${y(plan.power)}"/><text x="${width - field.right}" y="${y(plan.power) - 6}" text-anchor="end">wanted: ${Math.round(100 * plan.power)}%</text>
${ticks.map((n) => `<text x="${x(n)}" y="${height - field.bottom + 22}" text-anchor="middle">${people(n)}</text>`).join('')}
<text x="${(width + field.left - field.right) / 2}" y="${height - 12}" text-anchor="middle">people in both arms together</text>
<path class="curve" d="${line}"/>
${mark}
</svg>
`
}

/** About four ticks, at 1, 2 or 5 times a power of ten. */
function niceStep(most: number): number {
  const raw = most / 4
  const power = 10 ** Math.floor(Math.log10(raw))
  return (raw / power < 1.5 ? 1 : raw / power < 3.5 ? 2 : raw / power < 7.5 ? 5 : 10) * power
}
