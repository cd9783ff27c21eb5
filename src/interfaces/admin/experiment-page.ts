/** One experiment: its state and plan, who was drawn, whether the arms are still comparable, what was sent, and how ripe the outcomes are. */
import {
  arm, band, besidePlan, block, button, deskPage, empty, facts, field, figuresOf, html, linkButton, mark, moment, note, nothing, postForm, sayAmount, sayP, sayPoints, sayPointsRange, sayRange,
  table, tag, type DeskChrome, type Html,
} from '#interfaces/look'
import { channelLabel, effectCell, outcomeDid, outcomeLabel, sealedCell, stepLabel } from './outcome.ts'
import type { Measured } from './overview-page.ts'

export interface ExperimentArmView {
  readonly name: string
  readonly role: 'treatment' | 'control'
  readonly weight: number
  readonly workflow: string
  readonly drawn: number
}

/** One place where learners are counted by arm, with the test that nobody went missing on one side. */
export interface GateView {
  readonly gate: 'completion' | 'draw' | 'message' | 'render' | 'outcome'
  readonly treatment: number
  readonly control: number
  /** Share of the treatment arm among those here, with its interval, and the share that was planned. */
  readonly share: Measured
  readonly planned: number
  /** Sequential: valid at every look. Null while there are too few. */
  readonly pValue: number | null
  readonly verdict: 'balanced' | 'alarm' | 'too_few'
}

export interface ExposureRow {
  readonly step: string
  readonly channel: string
  /** Treatment: shown or sent. Control: the ghost of it, written and not shown. */
  readonly exposed: { readonly treatment: number; readonly control: number }
  readonly share?: { readonly treatment: Measured; readonly control: Measured }
  readonly clicked: number
  readonly declined: number
  readonly skipped: number
  readonly failed: number
  readonly unknown: number
}

export interface WaveRow {
  /** A calendar month, as the draw wrote it: "2026-07". */
  readonly wave: string
  readonly treatment: number
  readonly control: number
  readonly difference?: Measured
  readonly withheld?: string
  /** Which windows the whole wave has reached: "1 month", "4 months". */
  readonly ripe: readonly string[]
}

export interface ExperimentView {
  readonly name: string
  readonly question: string
  readonly state: 'draft' | 'running' | 'stopped'
  readonly startedAt?: Date
  readonly stoppedAt?: Date
  /** Day of the experiment, for one that runs. */
  readonly day?: number
  readonly arms: readonly ExperimentArmView[]
  readonly gates: readonly GateView[]
  readonly exposure: readonly ExposureRow[]
  readonly waves: readonly WaveRow[]
  /** An early outcome that the plan allows to be watched, with an interval that holds at every look. */
  readonly watched?: {
    readonly outcome: string
    readonly treatment: { readonly reached: number; readonly drawn: number }
    readonly control: { readonly reached: number; readonly drawn: number }
    readonly effect: Measured
    readonly series?: readonly { readonly at: Date; readonly estimate: number; readonly low: number; readonly high: number }[]
  }
  /** Outcomes whose effects may not be looked at yet, and until when. */
  readonly sealed: readonly { readonly outcome: string; readonly until?: Date; readonly reason: string }[]
  readonly plan: {
    readonly digest?: string
    readonly items: readonly { readonly name: string; readonly value: string }[]
    readonly address?: string
  }
  readonly startAddress?: string
  readonly stopAddress?: string
  /** Takes a POST that runs the frozen plan on what is known now; left out where there is nothing new to run it on. */
  readonly estimateAddress?: string
  readonly reportAddress?: string
  readonly exportAddress?: string
  readonly listAddress: string
}

const figures = figuresOf('en')

const gateNames: Readonly<Record<GateView['gate'], string>> = {
  completion: 'Completion recorded',
  draw: 'Drawn',
  message: 'Message due',
  render: 'Page opened',
  outcome: 'Outcome linked',
}

function stateTag(view: ExperimentView): Html {
  switch (view.state) {
    case 'draft': return tag('Draft', 'warn')
    case 'running': return tag(view.day === undefined ? 'Running' : `Running, day ${figures.number(view.day)}`, 'good')
    case 'stopped': return tag(view.stoppedAt === undefined ? 'Stopped' : `Stopped on ${figures.date(view.stoppedAt)}`)
  }
}

export function experimentPage(view: ExperimentView, chrome: DeskChrome): Html {
  return deskPage(
    {
      title: view.name,
      crumbs: [{ address: view.listAddress, text: 'Experiments' }],
      state: stateTag(view),
      lead: view.question,
      actions: html`${view.startAddress === undefined ? nothing : postForm(view.startAddress, chrome, button('Freeze the plan and start', { kind: 'primary' }))}
${view.estimateAddress === undefined ? nothing : postForm(view.estimateAddress, chrome, button('Estimate now', { kind: 'compact' }))} ${linkButton(view.reportAddress, 'Report', 'compact')} ${linkButton(view.exportAddress, 'Export CSV', 'compact')}`,
      main: html`${view.watched === undefined ? nothing : watched(view.watched)}
${arms(view)}
${view.gates.length === 0 ? nothing : gates(view.gates)}
${view.exposure.length === 0 ? nothing : exposure(view.exposure)}
${view.waves.length === 0 ? nothing : waves(view.waves)}
${view.sealed.length === 0 ? nothing : sealed(view.sealed)}
${plan(view)}
${view.stopAddress === undefined ? nothing : stop(view.stopAddress, chrome)}`,
    },
    chrome,
  )
}

function watched(view: NonNullable<ExperimentView['watched']>): Html {
  const share = (one: { readonly reached: number; readonly drawn: number }): string => figures.percent(one.drawn === 0 ? 0 : one.reached / one.drawn)
  const of = (one: { readonly reached: number; readonly drawn: number }): string => `${figures.number(one.reached)} of ${figures.number(one.drawn)}`
  return block(
    'watched',
    `${outcomeLabel(view.outcome)}, so far`,
    html`<p class="answer">Of every 1,000 learners in the nudged arm, <b>${sayAmount(view.effect)}</b> ${outcomeDid(view.outcome)}; 95% interval ${sayRange(view.effect)}.</p>
<p class="fine">${share(view.treatment)} with nudges, ${share(view.control)} without: ${sayPoints(view.effect.estimate)} points, ${sayPointsRange(view.effect)}. The interval holds at every look; everybody drawn is counted, nudged or not.</p>
${view.series === undefined || view.series.length < 2
  ? nothing
  : html`<figure>${band(
      view.series.map((one) => ({ at: one.at, estimate: one.estimate * 100, low: one.low * 100, high: one.high * 100 })),
      { says: `Difference over time with an interval that holds at every look; now ${sayPoints(view.effect.estimate)} points, ${sayPointsRange(view.effect)}`, unit: 'points', figures },
    )}<figcaption>The 95% interval holds at every look, so looking every day is no fault.</figcaption></figure>`}`,
    { aside: html`${arm('treatment', of(view.treatment))} &nbsp; ${arm('control', of(view.control))}` },
  )
}

function arms(view: ExperimentView): Html {
  const weights = view.arms.reduce((sum, one) => sum + one.weight, 0)
  return block(
    'arms',
    'The arms',
    html`${table<ExperimentArmView>(
      'Arms, their planned shares and how many were drawn',
      [
        { head: 'Arm', kind: 'name', cell: (row) => arm(row.role, row.name) },
        { head: 'Walks', cell: (row) => html`${row.workflow}${row.role === 'control' ? html`, as a ghost: nothing is sent` : nothing}` },
        { head: 'Planned', kind: 'number', cell: (row) => figures.percent(weights === 0 ? 0 : row.weight / weights, 0) },
        { head: 'Drawn', kind: 'number', cell: (row) => figures.number(row.drawn) },
      ],
      view.arms,
    )}
${view.arms.every((one) => one.drawn === 0) ? html`<p class="fine">Nobody has been drawn yet. Learners are drawn when a completion is recorded, before anything is shown to them.</p>` : nothing}`,
    view.startedAt === undefined ? {} : { aside: html`since ${moment(view.startedAt, figures.instant(view.startedAt))}` },
  )
}

const gateVerdict = (row: GateView): Html =>
  row.verdict === 'balanced'
    ? html`<span class="passed ok">${mark('passed', 18)} balanced</span>`
    : row.verdict === 'alarm'
      ? html`<span class="failed ok">${mark('failed', 18)} alarm</span>`
      : html`<span class="unsure ok">${mark('unsure', 18)} too few</span>`

const isEmpty = (row: GateView): boolean => row.treatment + row.control === 0

const gates = (list: readonly GateView[]): Html => {
  const planned = list[0]?.planned ?? 0.5
  const reach = Math.max(0.04, ...list.flatMap((one) => [Math.abs(one.share.low - planned), Math.abs(one.share.high - planned)]).map((one) => Math.min(one, 0.25)))
  return block(
    'gates',
    'Are the arms still comparable?',
    html`${table<GateView>(
      'Sample ratio at each gate',
      [
        { head: 'Gate', kind: 'name', cell: (row) => gateNames[row.gate] },
        { head: 'Treatment', kind: 'number', cell: (row) => figures.number(row.treatment) },
        { head: 'Control', kind: 'number', cell: (row) => figures.number(row.control) },
        { head: 'In treatment', kind: 'number', cell: (row) => (isEmpty(row) ? '' : figures.percent(row.share.estimate, 2)) },
        { head: `${figures.percent(planned - reach, 0)} to ${figures.percent(planned + reach, 0)}`, kind: 'drawing', cell: (row) => isEmpty(row) ? nothing : besidePlan(row.share, row.planned, reach, `${figures.percent(row.share.low, 1)} to ${figures.percent(row.share.high, 1)} in treatment, planned ${figures.percent(row.planned, 0)}`) },
        { head: 'Sequential p', kind: 'number', cell: (row) => (row.pValue === null ? '' : sayP(row.pValue)) },
        { head: 'Verdict', cell: gateVerdict },
      ],
      list,
    )}
<p class="fine">Whiskers: 95% interval of the share. Full line: the planned share. An alarm at p &lt; 0.001 names the gate where learners went missing on one side; effects are not to be read until it is explained.</p>`,
    { aside: `planned ${figures.percent(planned, 0)} in treatment` },
  )
}

const exposure = (list: readonly ExposureRow[]): Html =>
  block(
    'exposure',
    'Messages, and their ghosts',
    html`${table<ExposureRow>(
      'Messages by step, with the ghosts of the control arm',
      [
        { head: 'Step', kind: 'name', cell: (row) => html`${stepLabel(row.step)}<br><span class="fine">${channelLabel(row.channel)}</span>` },
        { head: 'Reached', kind: 'number', cell: (row) => figures.number(row.exposed.treatment) },
        { head: 'Ghosts', kind: 'number', cell: (row) => figures.number(row.exposed.control) },
        { head: 'Clicked', kind: 'number', cell: (row) => figures.number(row.clicked) },
        { head: 'Said no', kind: 'number', cell: (row) => figures.number(row.declined) },
        { head: 'Skipped', kind: 'number', cell: (row) => figures.number(row.skipped) },
        { head: 'Failed', kind: 'number', cell: (row) => figures.number(row.failed) },
        { head: 'Fate unknown', kind: 'number', cell: (row) => figures.number(row.unknown) },
      ],
      list,
    )}
<p class="fine">Control learners walk the same steps: what they would have been shown is written down and not shown, so the two arms can be compared. A message whose fate is unknown is not sent again.</p>`,
  )

const waves = (list: readonly WaveRow[]): Html =>
  block(
    'waves',
    'Enrolment by wave',
    html`${table<WaveRow>(
      'Learners drawn by month',
      [
        { head: 'Wave', kind: 'name', cell: (row) => (/^\d{4}-\d\d$/u.test(row.wave) ? figures.month(row.wave) : row.wave) },
        { head: 'Treatment', kind: 'number', cell: (row) => figures.number(row.treatment) },
        { head: 'Control', kind: 'number', cell: (row) => figures.number(row.control) },
        { head: 'Shared, points', kind: 'number', cell: (row) => (row.difference === undefined ? sealedCell(row.withheld) : effectCell(row.difference)) },
        { head: 'Everybody has reached', cell: (row) => (row.ripe.length === 0 ? html`<span class="fine">no window yet</span>` : figures.list(row.ripe)) },
      ],
      list,
    )}
<p class="fine">Differences in confirmed shares, treatment less control, each month by itself with a 95% interval for one look.</p>`,
  )

const sealed = (list: ExperimentView['sealed']): Html =>
  block(
    'sealed',
    'Not to be looked at yet',
    html`<ul class="checks">${list.map(
      (one) => html`<li><span class="unsure">${mark('sealed', 20, 'sealed')}</span><b>${outcomeLabel(one.outcome)}${one.until === undefined ? nothing : html` until ${moment(one.until, figures.date(one.until))}`}</b> <span class="why">${one.reason}</span></li>`,
    )}</ul>`,
  )

const plan = (view: ExperimentView): Html =>
  block(
    'plan',
    view.state === 'draft' ? 'The plan' : 'The plan, frozen',
    html`${view.plan.items.length === 0 ? empty('The plan says which outcomes are looked at, when, and how. It is written before the first draw.') : facts(view.plan.items.map((one) => ({ label: one.name, value: one.value })), 'three')}
${view.state === 'draft' ? note('Starting freezes the plan. Outcomes, estimands and weights cannot be changed afterwards.', 'warn') : nothing}
<p class="fine">${view.plan.digest === undefined ? nothing : html`SHA-256 <span class="mono">${view.plan.digest}</span>`} ${view.plan.address === undefined ? nothing : linkButton(view.plan.address, 'The whole plan', 'compact')}</p>`,
    view.startedAt === undefined ? {} : { aside: moment(view.startedAt, figures.instant(view.startedAt)) },
  )

const stop = (address: string, chrome: DeskChrome): Html =>
  block(
    'stop',
    'Stop it',
    html`<p class="quiet">No learner is drawn any more; those who were stay in their arms, and outcomes are still counted. A stopped experiment cannot be started again.</p>
<details class="after"><summary>Stop this experiment</summary>${postForm(address, chrome, html`${field('reason', 'Why', { required: true, maxLength: 500 })}<p class="actions after">${button('Stop it for good', { kind: 'grave' })}</p>`, { className: 'narrow-form after' })}</details>`,
  )
