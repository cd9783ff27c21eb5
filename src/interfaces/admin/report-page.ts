/**
 * The report of an experiment. Page one answers in words, with its interval in the same sentence; the pages behind it hold the tables, the
 * one chart, the diagnostics, the method and what is assumed. Nothing is shown without its diagnostics, and what is sealed or not yet ripe
 * is shown as such.
 */
import {
  deskPage, figuresOf, html, isolated, link, linkButton, mark, moment, nothing, sayAmount, sayDifference, sayLuck, sayP, sayPoints, sayPointsRange, sayRange, table, tag, thousand,
  whiskers, wreath, arm, button, postForm, type CheckResult, type DeskChrome, type Html,
} from '#interfaces/look'
import { gainsSheet, gainsTables, type GainsView } from './gains-sheet.ts'
import { outcomeDid, outcomeLabel, subgroupLabel } from './outcome.ts'

/** One figure of the analysis, as `estimate.estimate` holds it. Effects and baselines on yes-or-no outcomes are shares: 0.0101 is one point. */
export interface EstimateRow {
  readonly estimand: 'itt' | 'itt_adjusted' | 'first_stage' | 'late' | (string & {})
  readonly outcome: string
  readonly subgroup: string
  readonly role: 'confirmatory' | 'exploratory' | 'diagnostic'
  readonly estimator: string
  readonly estimate: number | null
  readonly stdError: number | null
  readonly pValue: number | null
  /** After the correction for all confirmatory outcomes of its family. */
  readonly pAdjusted?: number | null
  readonly confLow: number | null
  readonly confHigh: number | null
  readonly n: number
  /** Mean of the control arm. */
  readonly baseline: number | null
  /** Why there is no figure, where there is none. */
  readonly reason: string | null
}

export type Diagnostic = { readonly result: CheckResult; readonly note?: string } & (
  | { readonly name: 'sample_ratio'; readonly treatment: number; readonly control: number; readonly planned: number; readonly pValue: number | null }
  | { readonly name: 'balance'; readonly covariates: number; readonly pValue: number | null; readonly worst?: { readonly name: string; readonly difference: number } }
  | { readonly name: 'coverage'; readonly treatment: number; readonly control: number; readonly difference: number; readonly low: number; readonly high: number; readonly pValue: number | null }
  | { readonly name: 'first_stage'; readonly estimate: number; readonly stdError: number; readonly f: number }
  | { readonly name: 'anderson_rubin'; readonly outcome: string; readonly set: 'interval' | 'unbounded' | 'two_rays' | 'empty'; readonly low?: number; readonly high?: number }
  | { readonly name: 'placebo' | (string & {}); readonly sentence: string }
)

export interface Interaction {
  readonly outcome: string
  /** Lowest less highest third, as a difference of shares. */
  readonly difference: { readonly estimate: number; readonly stdError: number; readonly low: number; readonly high: number; readonly pValue: number }
  /** All thirds equal. */
  readonly joint?: { readonly statistic: number; readonly df: number; readonly pValue: number }
}

export interface ReportView {
  readonly experiment: { readonly name: string; readonly question: string; readonly address: string }
  /** The outcome that page one is about; its ITT estimate is among the estimates. */
  readonly primary: string
  readonly arms: { readonly treatment: number; readonly control: number }
  readonly enrolled: { readonly from: Date; readonly to: Date }
  /** When outcomes were looked at, in words: "1 to 12 months after the draw". */
  readonly window: string
  readonly estimates: readonly EstimateRow[]
  readonly interaction?: Interaction
  /** Who gains; absent where the plan does not ask. */
  readonly gains?: GainsView
  readonly diagnostics: readonly Diagnostic[]
  /** Outcomes that are not shown, why, and when they open. */
  readonly withheld: readonly { readonly outcome: string; readonly reason: string; readonly opensAt?: Date }[]
  /** Data have come since: the figures stand, but are no longer of all that is known. */
  readonly stale?: { readonly since: Date; readonly refreshAddress?: string }
  /** One sentence each. */
  readonly method: readonly string[]
  readonly assumptions: readonly string[]
  readonly deviations: readonly string[]
  readonly planDigest: string
  readonly panelDigest: string
  readonly rows: number
  readonly codeVersion: string
  readonly seed: string
  readonly at: Date
  readonly policyAddress?: string
  readonly csvAddress?: string
  readonly listAddress: string
}

type Found = EstimateRow & { readonly estimate: number; readonly confLow: number; readonly confHigh: number }

const figures = figuresOf('en')
const shown = (row: EstimateRow | undefined): row is Found => row !== undefined && row.estimate !== null && row.confLow !== null && row.confHigh !== null
const range = (row: Found): { readonly estimate: number; readonly low: number; readonly high: number } => ({ estimate: row.estimate, low: row.confLow, high: row.confHigh })
const isItt = (row: EstimateRow): boolean => row.estimand === 'itt' || row.estimand === 'itt_adjusted'

/** The effect of the draw on an outcome: the figure that the plan confirms by, where there is one; else the adjusted one. */
const effectOn = (view: ReportView, outcome: string, subgroup = 'all'): EstimateRow | undefined => {
  const rows = view.estimates.filter((row) => isItt(row) && row.outcome === outcome && row.subgroup === subgroup)
  return rows.find((row) => row.role === 'confirmatory') ?? rows.find((row) => row.estimand === 'itt_adjusted') ?? rows[0]
}

export function reportPage(view: ReportView, chrome: DeskChrome): Html {
  return deskPage(
    {
      title: 'Report',
      crumbs: [{ address: view.listAddress, text: 'Reports' }, { address: view.experiment.address, text: view.experiment.name }],
      state: view.stale === undefined ? tag('Of all data so far', 'good') : tag(html`Stale since ${figures.date(view.stale.since)}`, 'warn'),
      actions: html`${view.stale?.refreshAddress === undefined ? nothing : postForm(view.stale.refreshAddress, chrome, button('Estimate again', { kind: 'compact' }))} ${linkButton(view.csvAddress, 'Estimates as CSV', 'compact')} ${linkButton(view.policyAddress, 'The policy from it', 'compact')}`,
      main: html`<article class="sheet report" aria-labelledby="headline">
${letterhead(chrome.issuer, view, 'page one')}
${view.stale === undefined ? nothing : html`<div class="note warn"><p><b>Stale.</b> Outcomes have come in since ${moment(view.stale.since, figures.date(view.stale.since))}. The figures below are of ${moment(view.at, figures.date(view.at))} and do not count them.</p></div>`}
${warnings(view)}
<p class="eyebrow">${view.experiment.question}</p>
${headline(view)}
${pictures(view)}
${columns(view)}
${withheld(view)}
${colophon(view)}
</article>
${view.gains === undefined ? nothing : html`<article class="sheet report" aria-label="Who gains">
${letterhead(chrome.issuer, view, 'who gains')}
${gainsSheet(view.gains)}
${colophon(view)}
</article>
`}<article class="sheet report" aria-label="Tables for researchers">
${letterhead(chrome.issuer, view, 'for researchers')}
${confirmatory(view)}
${adjusted(view)}
${bySubgroup(view)}
${view.gains === undefined ? nothing : gainsTables(view.gains)}
${instrument(view)}
${exploratory(view)}
<h2>Diagnostics</h2>
${diagnostics(view.diagnostics)}
<h2>Method</h2>
${listed(view.method, 'The plan names no method.')}
<h2>What is assumed</h2>
${listed(view.assumptions, 'Nothing beyond the draw.')}
<h2>Deviations from the plan</h2>
${listed(view.deviations, 'None.')}
${colophon(view)}
</article>`,
    },
    chrome,
  )
}

const letterhead = (issuer: string, view: ReportView, page: string): Html =>
  html`<div class="letterhead"><span>${wreath(28)} ${isolated(issuer)}</span><span class="fine">${view.experiment.name}, ${page}</span></div>`

const colophon = (view: ReportView): Html => html`<footer class="colophon"><span>${moment(view.at, figures.instant(view.at))}</span><span>Code ${view.codeVersion}, seed ${view.seed}</span><span>Plan <span class="mono">${short(view.planDigest)}</span></span><span>Panel <span class="mono">${short(view.panelDigest)}</span>, ${figures.number(view.rows)} rows</span></footer>`

const short = (digest: string): string => (digest.length > 16 ? `${digest.slice(0, 6)}…${digest.slice(-4)}` : digest)

/** What a failed diagnostic forbids to read: coverage the effects on work, a weak first stage those of sharing (beside them), all others everything. */
function warnings(view: ReportView): Html {
  const failed = view.diagnostics.filter((one) => one.result === 'failed' && one.name !== 'first_stage')
  if (failed.length === 0) return nothing
  const what = failed.every((one) => one.name === 'coverage') ? 'effects on work' : 'figures as effects'
  return html`<div class="note bad"><p><b>Do not read the ${what} yet.</b> ${failed.length === 1 ? 'A diagnostic' : `${failed.length} diagnostics`} failed: ${figures.list(failed.map((one) => diagnosticName(one.name).toLowerCase()))}. See the diagnostics below.</p></div>`
}

/* ---- Page one ---- */

function headline(view: ReportView): Html {
  const row = effectOn(view, view.primary)
  if (!shown(row)) {
    const why = view.withheld.find((one) => one.outcome === view.primary)
    return html`<p class="headline" id="headline">Too early to say. ${why?.reason ?? row?.reason ?? 'There is no estimate of this outcome yet.'}</p>`
  }
  const effect = range(row)
  const crosses = effect.low <= 0 && effect.high >= 0
  return html`<p class="headline" id="headline">Of every 1,000 learners in the nudged arm, <b>${sayAmount(effect)}</b> ${outcomeDid(view.primary)}; 95% interval ${sayRange(effect)}.${crosses ? ' Whether the nudges made a difference, these data cannot tell.' : ''}</p>`
}

function pictures(view: ReportView): Html {
  const row = effectOn(view, view.primary)
  if (!shown(row)) return nothing
  const effect = range(row)
  const thousands = row.baseline === null ? undefined : { anyway: row.baseline * 1000, more: effect.estimate * 1000, reach: (effect.estimate < 0 ? effect.low : effect.high) * 1000 }
  const gain = effect.estimate >= 0
  return html`<div class="figures">
${thousands === undefined
  ? nothing
  : html`<figure>${thousand({ ...thousands, says: `Of 1,000 dots, ${figures.number(thousands.anyway)} are learners in whose arm nothing was sent and who ${outcomeDid(view.primary)}; ${sayAmount(effect)} with nudges` })}<figcaption><span class="key">${arm('control', `${figures.number(thousands.anyway)} of 1,000 without nudges`)} ${gain ? arm('treatment', `${sayAmount(effect)} with them`) : html`<span class="arm ring">${sayAmount(effect)} with them</span>`} ${gain && effect.high > effect.estimate ? html`<span class="arm ring">up to ${figures.number(effect.high * 1000)} more, at the upper end</span>` : nothing}</span></figcaption></figure>`}
<figure>${whiskers([{ label: `${outcomeLabel(view.primary)}, per 1,000`, interval: { estimate: effect.estimate * 1000, low: effect.low * 1000, high: effect.high * 1000 } }], { says: `${outcomeLabel(view.primary)}: ${sayDifference(effect)}`, decimals: 0, figures })}<figcaption>More learners per 1,000 than in the control arm. Dot: best estimate. Line: 95% interval. Full line across: no difference.</figcaption></figure>
</div>`
}

function columns(view: ReportView): Html {
  const row = effectOn(view, view.primary)
  const sharing = effectOn(view, 'shared')
  const total = view.arms.treatment + view.arms.control
  return html`<div class="columns">
<section><h2>What was done</h2><p>${figures.number(total)} learners completed a course ${monthsBetween(view.enrolled.from, view.enrolled.to)}. A draw decided who was nudged to share their credential (${figures.number(view.arms.treatment)}) and who was not (${figures.number(view.arms.control)}). Outcomes were looked at ${view.window}. The plan was fixed before the first draw.</p></section>
<section><h2>How sure it is</h2><p>${row === undefined || row.pValue === null ? 'There is no figure to be sure of yet.' : row.pValue >= 1 / 3 ? `A difference this large would often arise by luck alone if the nudges did nothing (p = ${sayP(row.pValue)}, two-sided).` : `A difference this large would arise by luck ${sayLuck(row.pValue)} if the nudges did nothing (p ${row.pValue < 0.001 ? '' : '= '}${sayP(row.pValue)}, two-sided).`} ${shown(sharing) && view.primary !== 'shared' ? `On sharing itself: ${sayDifference(range(sharing))}.` : ''} ${view.interaction === undefined ? '' : view.interaction.difference.pValue >= 0.05 ? 'Whether some groups gain more than others, these data cannot tell.' : 'The groups differ; see the table by baseline employability.'}</p></section>
<section><h2>What it does not say</h2><p>${view.assumptions[0] ?? 'It holds for the learners who were drawn, and says nothing about others.'} ${view.assumptions.length > 1 ? 'What else is assumed stands behind the tables.' : ''}</p></section>
</div>`
}

function monthsBetween(from: Date, to: Date): string {
  const [first, last] = [figures.month(from), figures.month(to)]
  return first === last ? `in ${first}` : `between ${first} and ${last}`
}

const withheld = (view: ReportView): Html =>
  view.withheld.length === 0
    ? nothing
    : html`<h2>Not shown yet</h2><ul class="checks">${view.withheld.map(
        (one) => html`<li><span class="unsure">${mark('sealed', 20, 'sealed')}</span><b>${outcomeLabel(one.outcome)}${one.opensAt === undefined ? nothing : html`, until ${moment(one.opensAt, figures.date(one.opensAt))}`}</b> <span class="why">${one.reason}</span></li>`,
      )}</ul>`

/* ---- For researchers ---- */

const points = (row: EstimateRow): Html =>
  row.estimate === null ? html`<span class="fine reason">${row.reason ?? 'none'}</span>` : html`${sayPoints(row.estimate)}${row.stdError === null ? nothing : html` <span class="fine">(${figures.number(row.stdError * 100, 2)})</span>`}`
const interval = (row: EstimateRow): string => (row.confLow === null || row.confHigh === null ? '' : sayPointsRange({ low: row.confLow, high: row.confHigh }))
const baseline = (row: EstimateRow): string => (row.baseline === null ? '' : figures.percent(row.baseline))

const estimatorNames: Readonly<Record<string, string>> = { difference_in_means: 'difference in means', lm_lin: 'Lin (2013), HC2', iv_robust: '2SLS, HC2' }

const effectTable = (caption: string, rows: readonly EstimateRow[], adjusted: boolean): Html =>
  table<EstimateRow>(
    caption,
    [
      { head: 'Outcome', kind: 'name', cell: (row) => html`${outcomeLabel(row.outcome)}${row.subgroup === 'all' ? nothing : html`<br><span class="fine">${subgroupLabel(row.subgroup)}</span>`}` },
      { head: 'Learners', kind: 'number', cell: (row) => figures.number(row.n) },
      { head: 'Control', kind: 'number', cell: baseline },
      { head: 'Effect, points (SE)', kind: 'number', cell: points },
      { head: '95% interval', kind: 'number', cell: interval },
      { head: adjusted ? 'p (Holm)' : 'p', kind: 'number', cell: (row) => { const p = adjusted ? (row.pAdjusted ?? row.pValue) : row.pValue; return p === null ? '' : sayP(p) } },
      { head: 'Estimator', cell: (row) => html`<span class="fine">${estimatorNames[row.estimator] ?? row.estimator.replaceAll('_', ' ')}</span>` },
    ],
    rows,
  )

function confirmatory(view: ReportView): Html {
  const rows = view.estimates.filter((row) => row.role === 'confirmatory' && isItt(row) && row.subgroup === 'all')
  if (rows.length === 0) return nothing
  const adjusted = rows.some((row) => typeof row.pAdjusted === 'number')
  return html`<h2>Confirmatory outcomes, intention to treat</h2>
${effectTable('Confirmatory outcomes, intention to treat', rows, adjusted)}
<p class="fine">Everybody drawn is counted, reached or not. Standard errors in parentheses, intervals at 95%.${adjusted ? ' p-values after Holm over the confirmatory outcomes of a family.' : ''}</p>`
}

/** The outcomes of the plan's family once more, adjusted: the same question, so it is no exploration. */
const again = (view: ReportView): readonly EstimateRow[] => {
  const family = new Set(view.estimates.filter((row) => row.role === 'confirmatory').map((row) => row.outcome))
  return view.estimates.filter((row) => row.estimand === 'itt_adjusted' && row.role === 'exploratory' && row.subgroup === 'all' && family.has(row.outcome))
}

function adjusted(view: ReportView): Html {
  const rows = again(view)
  if (rows.length === 0) return nothing
  return html`<h2>The same, adjusted for what was known before the draw</h2>
${effectTable('The same, adjusted for what was known before the draw', rows, false)}
<p class="fine">A check on the table above, not a second chance: where the two differ by much, ask why.</p>`
}

const order = ['low', 'middle', 'high']
const rank = (row: EstimateRow): number => order.findIndex((part) => row.subgroup.endsWith(part))

function bySubgroup(view: ReportView): Html {
  const outcome = view.interaction?.outcome ?? view.primary
  const parts = view.estimates.filter((row) => isItt(row) && row.outcome === outcome && row.subgroup !== 'all').toSorted((a, b) => rank(a) - rank(b))
  const whole = effectOn(view, outcome)
  if (parts.length === 0 || whole === undefined) return nothing
  const whisker = (row: EstimateRow, all: boolean): Parameters<typeof whiskers>[0][number] => ({
    label: subgroupLabel(row.subgroup),
    interval: shown(row) ? { estimate: row.estimate * 100, low: row.confLow * 100, high: row.confHigh * 100 } : null,
    ...(row.reason === null ? {} : { instead: row.reason }),
    ...(all ? { whole: true } : {}),
  })
  const says = [...parts, whole].filter(shown).map((row) => `${subgroupLabel(row.subgroup)} ${sayPoints(row.estimate)} points, ${sayPointsRange({ low: row.confLow, high: row.confHigh })}`).join('; ')
  return html`<h2>${outcomeLabel(outcome)}, by baseline employability</h2>
${says === '' ? nothing : html`<figure>${whiskers([...parts.map((row) => whisker(row, false)), whisker(whole, true)], { says, figures })}<figcaption>Effect in points with its 95% interval. Diamond and dotted line: everybody. Full line: no difference.</figcaption></figure>`}
${table<EstimateRow>(
    `${outcomeLabel(outcome)} by baseline employability`,
    [
      { head: 'Group', kind: 'name', cell: (row) => subgroupLabel(row.subgroup) },
      { head: 'Learners', kind: 'number', cell: (row) => figures.number(row.n) },
      { head: 'Control', kind: 'number', cell: baseline },
      { head: 'Effect, points (SE)', kind: 'number', cell: points },
      { head: '95% interval', kind: 'number', cell: interval },
    ],
    parts,
    { total: whole },
  )}
${view.interaction === undefined ? html`<div class="note warn"><p>The test that the groups differ is missing. Without it, no difference between groups may be read from this table.</p></div>` : interaction(view.interaction)}
<p class="fine">Employability is predicted from what was known before the draw, by the best of three models trained on the control arm only, out of fold for everybody; thirds within each fold, ties kept together.</p>`
}

const interaction = (view: Interaction): Html => {
  const { difference, joint } = view
  return html`<div class="note"><p><b>Do the groups differ?</b> Lowest less highest third: ${sayPoints(difference.estimate)} points (SE ${figures.number(difference.stdError * 100, 2)}; 95% interval ${sayPointsRange(difference)}; p ${difference.pValue < 0.001 ? '' : '= '}${sayP(difference.pValue)}).${joint === undefined ? nothing : html` All equal: χ²(${joint.df}) = ${figures.number(joint.statistic, 2)}, p ${joint.pValue < 0.001 ? '' : '= '}${sayP(joint.pValue)}.`} That one group’s interval leaves out zero and another’s does not is no evidence that they differ.</p></div>`
}

function instrument(view: ReportView): Html {
  const rows = view.estimates.filter((row) => row.estimand === 'late')
  if (rows.length === 0) return nothing
  const robust = view.diagnostics.filter((one) => one.name === 'anderson_rubin')
  const weak = view.diagnostics.find((one) => 'f' in one && one.result === 'failed')
  return html`<h2>Effect of sharing, by instrument (LATE)</h2>
${weak === undefined ? nothing : html`<div class="note warn"><p><b>The nudge moved sharing too little for these figures.</b> ${finding(weak)} Below 10 the estimates and their intervals mislead; the Anderson-Rubin set in the last column does not.</p></div>`}
${table<EstimateRow>(
    'Effect of sharing on those whom the nudge made share',
    [
      { head: 'Outcome', kind: 'name', cell: (row) => outcomeLabel(row.outcome) },
      { head: 'Learners', kind: 'number', cell: (row) => figures.number(row.n) },
      { head: 'Effect, points (SE)', kind: 'number', cell: points },
      { head: '95% interval', kind: 'number', cell: interval },
      { head: 'Anderson-Rubin 95%', kind: 'number', cell: (row) => { const found = robust.find((one) => 'outcome' in one && one.outcome === row.outcome); return found === undefined || !('set' in found) ? '' : robustSet(found) } },
    ],
    rows,
  )}
<p class="fine">Two-stage least squares, the draw as instrument for sharing. It is the effect of sharing only if the nudge acts on the outcome through sharing alone, which no data can show.</p>`
}

type RobustSet = Extract<Diagnostic, { readonly set: string }>
function robustSet(one: RobustSet): string {
  switch (one.set) {
    case 'interval': return one.low === undefined || one.high === undefined ? '' : sayPointsRange({ low: one.low, high: one.high })
    case 'two_rays': return one.low === undefined || one.high === undefined ? 'two rays' : `below ${figures.number(one.low * 100, 2)} or above ${figures.number(one.high * 100, 2)}`
    case 'unbounded': return 'everything: the nudge moved sharing too little'
    case 'empty': return 'nothing: the model does not fit'
  }
}

function exploratory(view: ReportView): Html {
  const elsewhere = again(view)
  const rows = view.estimates.filter((row) => row.role === 'exploratory' && isItt(row) && row.subgroup === 'all' && !elsewhere.includes(row))
  if (rows.length === 0) return nothing
  return html`<h2>Exploratory outcomes</h2>
${effectTable('Exploratory outcomes', rows, false)}
<p class="fine">Not corrected for their number. They suggest questions; they do not answer them.</p>`
}

const diagnosticNames: Readonly<Record<string, string>> = {
  sample_ratio: 'Sample ratio',
  balance: 'Balance before the draw',
  coverage: 'Coverage by arm',
  first_stage: 'Strength of the nudge',
  anderson_rubin: 'Interval that weak nudges do not fool',
  placebo: 'Placebo',
}
const diagnosticName = (name: string): string => diagnosticNames[name] ?? name.replaceAll('_', ' ')

function finding(one: Diagnostic): string {
  if ('sentence' in one) return one.sentence
  const p = (value: number | null): string => (value === null ? 'not tested' : value < 0.001 ? 'p < 0.001' : `p = ${sayP(value)}`)
  if ('planned' in one) return `${figures.number(one.treatment)} to ${figures.number(one.control)}, planned ${figures.percent(one.planned, 0)} in treatment; sequential ${p(one.pValue)}.`
  if ('covariates' in one) return `${one.covariates === 1 ? 'One covariate' : `${figures.number(one.covariates)} covariates`}${one.pValue === null ? '.' : ` together: ${p(one.pValue)}.`}${one.worst === undefined ? '' : ` Largest standardised difference ${figures.signed(one.worst.difference, 3)} (${one.worst.name}).`}`
  if ('f' in one) return `The nudge moved sharing by ${sayPoints(one.estimate)} points (SE ${figures.number(one.stdError * 100, 2)}); F = ${figures.number(one.f, one.f < 100 ? 1 : 0)}.`
  if ('set' in one) return `${outcomeLabel(one.outcome)}: ${robustSet(one)}${one.set === 'interval' ? ' points' : ''}.`
  return `Outcome known for ${figures.percent(one.treatment)} of treatment and ${figures.percent(one.control)} of control; difference ${sayPoints(one.difference)} points, ${sayPointsRange(one)}; ${p(one.pValue)}.`
}

const results = { passed: ['passed', 'passed'], failed: ['failed', 'failed'], not_checked: ['unsure', 'could not be checked'] } as const

const diagnostics = (list: readonly Diagnostic[]): Html =>
  list.length === 0
    ? html`<div class="note bad"><p>This report has no diagnostics. Do not read its figures as effects.</p></div>`
    : html`<ul class="checks">${list.map((one) => {
        const [drawing, says] = results[one.result]
        return html`<li><span class="${drawing}">${mark(drawing, 20, says)}</span><b>${diagnosticName(one.name)}</b> <span class="why">${finding(one)}${one.note === undefined ? nothing : html` ${one.note}`}</span></li>
`
      })}</ul>`

const listed = (list: readonly string[], none: string): Html => (list.length === 0 ? html`<p>${none}</p>` : html`<ul class="listed">${list.map((one) => html`<li>${one}</li>`)}</ul>`)

/* ---- The list of reports ---- */

export interface ReportsView {
  readonly reports: readonly { readonly experiment: string; readonly address: string; readonly at: Date; readonly rows: number; readonly staleSince?: Date }[]
  readonly experimentsAddress?: string
}

export function reportsPage(view: ReportsView, chrome: DeskChrome): Html {
  return deskPage(
    {
      title: 'Reports',
      lead: 'Each is an analysis of one experiment on a frozen set of rows, by a plan that was fixed before the first draw.',
      main:
        view.reports.length === 0
          ? html`<section class="sheet block"><div class="empty"><p>The first report will stand here once an experiment has outcomes to look at.</p>${linkButton(view.experimentsAddress, 'Experiments')}</div></section>`
          : html`<section class="sheet block">${table(
              'Reports, newest first',
              [
                { head: 'Experiment', kind: 'name', cell: (row) => link(row.address, row.experiment) },
                { head: 'Made', cell: (row) => moment(row.at, figures.instant(row.at, chrome.timeZone)) },
                { head: 'Rows', kind: 'number', cell: (row) => figures.number(row.rows) },
                { head: 'State', cell: (row) => (row.staleSince === undefined ? tag('Current', 'good') : tag(html`Stale since ${figures.date(row.staleSince)}`, 'warn')) },
              ],
              view.reports,
            )}</section>`,
    },
    chrome,
  )
}
