/** The first page of the desk: what the nudges did, the journey by arm, and what waits for somebody. */
import {
  arm, block, deskPage, empty, figuresOf, html, link, linkButton, mark, nothing, pair, sayAmount, sayRange, table, type Column, type DeskChrome, type Html,
} from '#interfaces/look'
import { effectCell, outcomeDid, sealedCell } from './outcome.ts'

/** A share or a difference with its 95% interval; shares are between 0 and 1. */
export interface Measured {
  readonly estimate: number
  readonly low: number
  readonly high: number
}

export interface JourneyRow {
  /** Ends the head "Learners who …". */
  readonly stage: string
  readonly note?: string
  readonly all: number
  /** Learners outside the experiment, or who refuse research; left out where they are not followed. */
  readonly outside?: number
  readonly treatment: number
  readonly control: number
  /** Shares of those drawn, with intervals; left out before the draw means anything. */
  readonly shares?: { readonly treatment: Measured; readonly control: Measured }
  /** Treatment less control, as a difference of shares. */
  readonly difference?: Measured
  /** Why no difference is shown: "sealed until 1 July 2027". */
  readonly withheld?: string
  readonly address?: string
}

export interface Todo {
  readonly urgency: 'now' | 'soon' | 'unknown'
  readonly what: string
  readonly why: string
  readonly address: string
  readonly action: string
}

export interface OverviewView {
  /** From when to when the page counts, in words. */
  readonly period?: string
  readonly experiment?: { readonly name: string; readonly address: string; readonly drawn: { readonly treatment: number; readonly control: number } }
  /** The first answer of the page; left out while there is none. */
  readonly answer?: { readonly outcome: string; readonly effect: Measured; readonly anytime: boolean }
  /** What is to come, in a sentence: "Jobs: too early to say; the first result is due on 1 July 2027." */
  readonly outlook?: string
  readonly journey: readonly JourneyRow[]
  readonly todo: readonly Todo[]
  readonly importAddress?: string
}

const figures = figuresOf('en')

export function overviewPage(view: OverviewView, chrome: DeskChrome): Html {
  return deskPage(
    {
      title: 'Overview',
      ...(view.period === undefined ? {} : { lead: view.period }),
      main: html`${view.answer === undefined ? nothing : answer(view.answer, view)}
${view.journey.length === 0 ? block('journey', 'The journey', empty('Learners will stand here as soon as a course reports who completed it.', linkButton(view.importAddress, 'Import completions', 'primary'))) : journey(view)}
${todo(view.todo)}`,
    },
    chrome,
  )
}

const answer = (view: NonNullable<OverviewView['answer']>, all: OverviewView): Html =>
  block(
    'answer',
    'What the nudges did',
    html`<p class="answer">Of every 1,000 learners in the nudged arm, <b>${sayAmount(view.effect)}</b> ${outcomeDid(view.outcome)}; 95% interval ${sayRange(view.effect)}.</p>
<p class="fine">Difference in confirmed shares between the arms, everybody drawn counted.${view.anytime ? ' The interval holds at every look.' : ''} ${all.outlook ?? nothing} ${all.experiment === undefined ? nothing : link(all.experiment.address, 'The experiment')}</p>`,
  )

function journey(view: OverviewView): Html {
  const name: Column<JourneyRow> = { head: 'Learners who …', kind: 'name', cell: (row) => html`${row.address === undefined ? row.stage : link(row.address, row.stage)}${row.note === undefined ? nothing : html`<br><span class="fine">${row.note}</span>`}` }
  const all: Column<JourneyRow> = { head: 'All', kind: 'number', cell: (row) => figures.number(row.all) }
  const { experiment } = view
  if (experiment === undefined)
    return block('journey', 'The journey', html`${table('Learners who reached each stage', [name, all], view.journey, { className: 'journey' })}
<p class="fine">Clicked, confirmed and seen are measured apart: some are seen who never told us.</p>`)
  const byArm: readonly Column<JourneyRow>[] = [
    { head: 'Treatment', kind: 'number', cell: (row) => figures.number(row.treatment) },
    { head: 'Control', kind: 'number', cell: (row) => figures.number(row.control) },
    { head: 'Outside', kind: 'number', cell: (row) => (row.outside === undefined ? html`<span class="fine">not followed</span>` : figures.number(row.outside)) },
    {
      head: 'Of those drawn, 0 to 100%',
      kind: 'drawing',
      cell: (row) => (row.shares === undefined ? nothing : pair(row.shares.treatment, row.shares.control, `Treatment ${figures.percent(row.shares.treatment.estimate)}, control ${figures.percent(row.shares.control.estimate)} of those drawn`)),
    },
    { head: 'Difference, points', kind: 'number', cell: (row) => (row.difference === undefined ? sealedCell(row.withheld) : effectCell(row.difference)) },
  ]
  return block(
    'journey',
    'The journey',
    html`${table('Learners who reached each stage, by arm', [name, all, ...byArm], view.journey, { className: 'journey' })}
<p class="fine">Across, each row adds up to All; outside are learners who were not drawn, or refuse research. Clicked, confirmed and seen are measured apart: some are seen who never told us. Whiskers are 95% intervals, many narrower than their mark; the ranges of differences hold at every look.</p>`,
    { aside: html`${arm('treatment', `Treatment ${figures.number(experiment.drawn.treatment)} drawn`)} &nbsp; ${arm('control', `Control ${figures.number(experiment.drawn.control)} drawn`)}` },
  )
}

const urgencies = { now: ['failed', 'alert', 'Now'], soon: ['unsure', 'alert', 'Soon'], unknown: ['unsure', 'unsure', 'Unknown'] } as const

const todo = (list: readonly Todo[]): Html =>
  block(
    'todo',
    'Needs you',
    list.length === 0
      ? empty('Nothing. Keys that end, messages whose fate is unknown and rows that were refused will be listed here.')
      : html`<ul class="todo">${list.slice(0, 7).map((one) => {
          const [tone, icon, says] = urgencies[one.urgency]
          return html`<li><span class="${tone}">${mark(icon, 20, says)}</span><p><b>${one.what}</b><br><span class="quiet">${one.why}</span></p>${linkButton(one.address, one.action, 'compact')}</li>
`
        })}</ul>`,
    list.length === 0 ? {} : { aside: String(list.length) },
  )
