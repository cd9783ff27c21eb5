/** The result as text for a terminal: the answer, what has to be known first, a table. */
import { figuresOf, sayP } from '#interfaces/look'
import type { Analysis } from './analysis.ts'
import { sayGains } from './heterogeneity/say-gains.ts'
import { asText, decimalsFor, sayAnswer } from './say-answer.ts'
import type { Finding, Row } from './steps.ts'

const figures = figuresOf('en')

export function inTerminal(analysis: Analysis, width = 100): readonly string[] {
  const { arms, design, order } = analysis
  const lines: string[] = []
  const say = (text = '', indent = '') => void lines.push(...wrapped(text, width, indent))
  say(`${analysis.data.file}: ${figures.number(analysis.data.rows)} rows; ${order.treatment} = ${arms.treated} in ${figures.number(design.rows[1])}, ${arms.control} in ${figures.number(design.rows[0])}`)
  const grave = analysis.warnings.filter((one) => one.tone !== 'plain')
  if (grave.length > 0) say()
  for (const one of grave) say(`! ${one.sentence}`, '  ')
  say()
  for (const answer of analysis.answers) say(asText(sayAnswer(analysis, answer)))
  if (analysis.answers.length > 0) say()
  const { gains } = analysis
  if (gains !== undefined) {
    for (const sentence of sayGains(analysis, gains)) say(sentence)
    say()
  }
  lines.push(...tableOf(shownRows(analysis)))
  const plain = analysis.warnings.filter((one) => one.tone === 'plain')
  say()
  for (const one of [...analysis.reasons, ...plain.map((warning) => warning.sentence)]) say(`· ${one}`, '  ')
  return lines
}

/** What people look at: effects, take-up, groups and tests; not the constants and slopes, which --json has. */
export function shownRows(analysis: Analysis): readonly Row[] {
  const { sampleRatio, balance } = analysis.design
  return [...(sampleRatio === null ? [] : [sampleRatio as Row]), ...(balance?.joint.slice(0, 1) ?? []).map((row) => row as Row), ...analysis.findings.filter((one: Finding) => one.role !== 'other').map((one) => one.row)]
}

const kindOf = ({ estimator, options }: Row): string => {
  const { se_type, design, trim, statistic, method, test, tertile, contrast, role, group } = options
  return [estimator, ...[role, tertile === undefined ? undefined : `third ${String(tertile)}`, group === undefined ? undefined : `fifth ${String(group)}`, contrast, design, se_type, trim, statistic, method, test].filter((one) => one !== undefined).map(String)].join(', ')
}

function tableOf(rows: readonly Row[]): readonly string[] {
  const cells = rows.map((row) => {
    const decimals = decimalsFor(row.std_error ?? (row.conf_low === null || row.conf_high === null ? Math.abs(row.estimate) : (row.conf_high - row.conf_low) / 4))
    const number = (value: number | null): string => (value === null ? '' : figures.number(value, decimals))
    const shape = row.estimator === 'anderson_rubin' && row.options.shape !== 'interval' ? String(row.options.shape) : ''
    const interval = row.conf_low === null || row.conf_high === null ? shape : shape === '' ? `${number(row.conf_low)} to ${number(row.conf_high)}` : `outside ${number(row.conf_low)} to ${number(row.conf_high)}`
    return [row.formula === '' ? 'sizes of the arms' : short(row.formula), kindOf(row), row.term, number(row.estimate), number(row.std_error), interval, row.p_value === null ? '' : sayP(row.p_value), figures.number(row.n)]
  })
  const head = ['model', 'how', 'term', 'estimate', 'error', '95% interval', 'p', 'n']
  const widths = head.map((title, at) => Math.max(title.length, ...cells.map((row) => row[at]!.length)))
  return [head, ...cells].map((row) => row.map((cell, at) => (at < 3 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join('  ').trimEnd())
}

/** A long list of covariates is counted. */
export function short(formula: string): string {
  const terms = formula.split(' | ').map((side) => {
    const parts = side.split(' + ')
    return parts.length > 3 ? `${parts[0]!} + ${parts.length - 1} covariates` : side
  })
  return terms.join(' | ')
}

function wrapped(text: string, width: number, indent: string): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = `${indent}${word}`
    } else line = line === '' && lines.length === 0 ? word : line === '' ? `${indent}${word}` : `${line} ${word}`
  }
  return [...lines, line]
}
