/** The part of the report about who was expected to do well without treatment: the two ways of forming thirds beside one another, and how good the score is. */
import { curve, figuresOf, html, note, nothing, sayP, table, type Html } from '#interfaces/look'
import type { Estimate, GateFit } from '#kernel/causal'
import type { Baseline } from './baseline.ts'
import { pWords, range, sideOf, signed, type Amounts } from './say-gains.ts'

const figures = figuresOf('en')
const fine = (text: string): Html => html`<p class="fine">${text}</p>`
const thirdNames = ['Lowest third', 'Middle third', 'Highest third'] as const

const share = (one: number, unit: Amounts): string => (unit.name === '' ? figures.number(one, unit.decimals + 1) : figures.percent(one))

export function sayBaseline({ byScore }: Baseline, unit: Amounts): string {
  const [low, , high] = byScore.thirds.groups as [Estimate, Estimate, Estimate]
  const { ends } = byScore.thirds
  const told = `the third expected to do worst without treatment gained ${signed(low.estimate, unit)} (95% interval ${range(low, unit)}), the third expected to do best ${signed(high.estimate, unit)} (${range(high, unit)})`
  const side = sideOf(ends)
  if (side === 'unclear') return `Whether those expected to do worst gain more is not settled: ${told}; lowest less highest ${signed(ends.estimate, unit)} (${range(ends, unit)}; ${pWords(ends.p_value!)}).`
  return `Those expected to do ${side === 'above' ? 'worst' : 'best'} without treatment gained most: ${told}; lowest less highest ${signed(ends.estimate, unit)} (${range(ends, unit)}; ${pWords(ends.p_value!)}).`
}

export function baselineBlock(baseline: Baseline | undefined, outcome: string, unit: Amounts): Html {
  if (baseline === undefined) return nothing
  const { byScore, byEffect } = baseline
  return html`<h2>By what was expected without treatment</h2>
<p>${sayBaseline(baseline, unit)}</p>
${table(
    `Effects on ${outcome} by thirds, formed in two ways`,
    [
      { head: 'Group', kind: 'name', cell: (row) => row.name },
      { head: 'Expected without treatment', kind: 'number', cell: (row) => row.control },
      { head: 'Effect by expected outcome (95%)', kind: 'number', cell: (row) => row.score },
      { head: 'Effect by predicted effect (95%)', kind: 'number', cell: (row) => row.effect },
    ],
    rowsOf(byScore.thirds, byEffect?.thirds, unit),
  )}
<div class="figures">${tenths(byScore.tenths, 'lowest expected outcome', 'highest', `The effect on ${outcome} by tenths of the expected outcome. Band: 95% interval of each tenth alone.`, unit)}${tenths(byEffect?.tenths, 'lowest predicted effect', 'highest', 'The same by tenths of the predicted effect, on rows that the prediction had not seen.', unit)}</div>
${note(html`<b>Which of the two to believe.</b> Both columns ask who gains more; the first by what was known of people’s chances, the second by what a forest learned of the effect. All three alike: by expected outcome ${pWords(byScore.thirds.equality.p_value!)}${byEffect === undefined ? '' : `, by predicted effect ${pWords(byEffect.thirds.equality.p_value!)}`}. An interval that leaves out zero in one third and not in another is no evidence that effects differ; the last two lines of the table are.`)}`
}

function rowsOf(score: GateFit, effect: GateFit | undefined, unit: Amounts): readonly { readonly name: string; readonly control: string; readonly score: string; readonly effect: string }[] {
  const said = (row: Estimate | undefined): string => (row === undefined ? '' : `${figures.signed(row.estimate * unit.scale, unit.decimals)} (${range(row, unit)})`)
  return [
    ...thirdNames.map((name, k) => ({ name, control: share(Number(score.groups[k]!.options['group_mean_score']), unit), score: said(score.groups[k]), effect: said(effect?.groups[k]) })),
    { name: 'Lowest less the others', control: '', score: said(score.interaction), effect: said(effect?.interaction) },
    { name: 'Lowest less highest', control: '', score: said(score.ends), effect: said(effect?.ends) },
  ]
}

function tenths(fit: GateFit | undefined, from: string, to: string, caption: string, unit: Amounts): Html {
  if (fit === undefined) return nothing
  const last = fit.groups.length - 1
  const points = fit.groups.map((row, k) => ({ at: k / last, estimate: row.estimate * unit.scale, low: row.conf_low! * unit.scale, high: row.conf_high! * unit.scale }))
  return html`<figure>${curve([{ points, look: 't' }], { says: fit.groups.map((row, k) => `tenth ${k + 1}: ${signed(row.estimate, unit)}, ${range(row, unit)}`).join('; '), unit: unit.name.trim(), zero: 'no effect', from, to, figures })}<figcaption>${caption}</figcaption></figure>`
}

/** For researchers: which model was chosen, and whether its figures mean what they say. */
export function baselineTables(baseline: Baseline | undefined, unit: Amounts): Html {
  if (baseline === undefined) return nothing
  const { chosen, calibration, byScore, byEffect } = baseline
  const binary = chosen.measure === 'log-loss'
  return html`<h3>The score of what to expect without treatment</h3>
${table(
    'Models of the score',
    [
      { head: 'Model', kind: 'name', cell: (row) => html`${row.model}${row.model === chosen.model ? html` <span class="tag good">chosen</span>` : nothing}` },
      { head: capital(chosen.measure), kind: 'number', cell: (row) => (row.loss === undefined ? (row.reason ?? '') : figures.number(row.loss, 4)) },
      { head: binary ? 'AUC' : 'R²', kind: 'number', cell: (row) => (row.quality === undefined ? '' : figures.number(row.quality.value, 3)) },
    ],
    chosen.judged,
  )}
${fine(`Fitted on control rows of the other folds, out of fold for everybody; judged on control rows. Without any model: ${figures.number(chosen.withoutModel, 4)}.${chosen.judged[0]!.loss! > chosen.withoutModel ? ' No model beats that, so the score says nothing.' : ''}`)}
${calibration === undefined || calibration.length < 2 ? nothing : calibrationFigure(calibration, binary, unit)}
${fine(`Tenths all alike: by expected outcome p ${sayTest(byScore.tenths)}; by predicted effect p ${sayTest(byEffect?.tenths)}. Errors ${String(byScore.thirds.groups[0]!.options['se_type'])}.`)}`
}

function sayTest(fit: GateFit | undefined): string {
  const p = fit?.equality.p_value ?? null
  return p === null ? 'not computed' : `${sayP(p).startsWith('<') ? '' : '= '}${sayP(p)}`
}
const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`

function calibrationFigure(points: NonNullable<Baseline['calibration']>, binary: boolean, unit: Amounts): Html {
  const low = binary ? 0 : Math.min(...points.map((one) => one.score))
  const high = Math.max(...points.map((one) => one.score))
  if (!(high > low)) return nothing
  const at = (score: number): number => (score - low) / (high - low)
  const said = (value: number): string => (binary ? figures.percent(value, 0) : figures.number(value, unit.decimals))
  const scale = binary ? 100 : 1
  return html`<figure>${curve(
    [
      { points: points.map((one) => ({ at: at(one.score), estimate: one.outcome * scale, low: one.low * scale, high: one.high * scale })), look: 't' },
      { points: [{ at: 0, estimate: low * scale }, { at: 1, estimate: high * scale }], look: 'c' },
    ],
    { says: points.map((one) => `expected ${said(one.score)}, found ${said(one.outcome)}`).join('; '), unit: binary ? '%' : '', zero: '0', signed: false, from: `expected ${said(low)}`, to: `expected ${said(high)}`, figures },
  )}<figcaption>Calibration: what was found among control rows beside what was expected, by tenths of the score. Dashed: as expected. Band: 95% intervals.</figcaption></figure>`
}
