/** A policy record: whom to nudge from now on, in a sentence, what that is worth beside the alternatives, and what stays random. */
import {
  block, button, deskPage, empty, facts, figuresOf, html, link, linkButton, moment, note, nothing, postForm, sayAmount, sayP, sayPoints, sayPointsRange, sayRange, table, tag, whiskers, type DeskChrome, type Html,
} from '#interfaces/look'
import { outcomeDid, outcomeLabel } from './outcome.ts'

export interface PolicyView {
  readonly sentence: string
  readonly state: 'proposed' | 'published' | 'superseded'
  readonly outcome: string
  /** The share of learners with the outcome if the rule is followed, with its interval; as shares. Null while it cannot be valued. */
  readonly value: { readonly estimate: number; readonly low: number; readonly high: number } | null
  readonly valueReason?: string
  /** Other rules, valued on the same data: "Nudge nobody", "Nudge the lowest third". */
  readonly alternatives: readonly { readonly sentence: string; readonly value: { readonly estimate: number; readonly low: number; readonly high: number } }[]
  /** The rule less what it is compared with. */
  readonly gain?: { readonly against: string; readonly estimate: number; readonly low: number; readonly high: number; readonly pValue?: number }
  /** How much stays random, so that the next estimate is possible. */
  readonly randomShare?: number
  readonly reasons: readonly string[]
  readonly experiment: { readonly name: string; readonly address: string }
  readonly reportAddress: string
  readonly proposedAt: Date
  readonly publishedAt?: Date
  readonly publishAddress?: string
  readonly listAddress: string
}

const figures = figuresOf('en')
const states = { proposed: ['Proposed', 'warn'], published: ['In force', 'good'], superseded: ['Superseded', 'plain'] } as const

export function policyPage(view: PolicyView, chrome: DeskChrome): Html {
  const [state, tone] = states[view.state]
  return deskPage(
    {
      title: 'Policy',
      crumbs: [{ address: view.listAddress, text: 'Policies' }],
      state: tag(state, tone),
      actions: html`${view.publishAddress === undefined ? nothing : postForm(view.publishAddress, chrome, button('Put it in force', { kind: 'primary' }))} ${linkButton(view.reportAddress, 'The report behind it', 'compact')}`,
      main: html`${block(
        'rule',
        'The rule',
        html`<p class="answer">${view.sentence}</p>
${view.value === null
  ? html`${view.gain === undefined ? nothing : html`<p class="quiet after">Of every 1,000 learners, <b>${sayAmount(view.gain)}</b> ${outcomeDid(view.outcome)} ${sayAmount(view.gain).endsWith('as many') ? 'as' : 'than'} with ${view.gain.against}; 95% interval ${sayRange(view.gain)}.</p>`}<p class="fine">${view.valueReason ?? 'It could not be valued.'}</p>`
  : html`<p class="quiet after">Where it is followed, about ${figures.number(view.value.estimate * 1000)} of every 1,000 learners ${outcomeDid(view.outcome)}; 95% interval ${figures.number(view.value.low * 1000)} to ${figures.number(view.value.high * 1000)}.${view.gain === undefined ? nothing : html` That is ${sayPoints(view.gain.estimate)} points against “${view.gain.against}” (95% interval ${sayPointsRange(view.gain)}${view.gain.pValue === undefined ? nothing : `; p ${view.gain.pValue < 0.001 ? '' : '= '}${sayP(view.gain.pValue)}`}).`}</p>`}
${view.gain !== undefined && view.gain.low <= 0 && view.gain.high >= 0 ? note(`These data cannot tell whether it does better than ${view.gain.against}.`, 'warn') : nothing}`,
      )}
${view.value === null || view.alternatives.length === 0 ? nothing : values(view, view.value)}
${block(
        'why',
        'Why this one',
        view.reasons.length === 0 ? html`<p>No reason was recorded.</p>` : html`<ul class="listed">${view.reasons.map((one) => html`<li>${one}</li>`)}</ul>`,
      )}
${block(
        'record',
        'The record',
        facts(
          [
            { label: 'From the experiment', value: link(view.experiment.address, view.experiment.name) },
            { label: 'Outcome', value: outcomeLabel(view.outcome) },
            ...(view.randomShare === undefined ? [] : [{ label: 'Stays random', value: `${figures.percent(view.randomShare, 0)} of learners, so that the next estimate is possible` }]),
            { label: 'Proposed', value: moment(view.proposedAt, figures.instant(view.proposedAt, chrome.timeZone)) },
            { label: 'In force', value: view.publishedAt === undefined ? 'Not yet' : moment(view.publishedAt, figures.instant(view.publishedAt, chrome.timeZone)) },
          ],
          'three',
        ),
      )}`,
    },
    chrome,
  )
}

function values(view: PolicyView, value: NonNullable<PolicyView['value']>): Html {
  const rows = [{ sentence: view.sentence, value, whole: true }, ...view.alternatives.map((one) => ({ ...one, whole: false }))]
  const scaled = (one: { readonly estimate: number; readonly low: number; readonly high: number }): string => `${figures.number(one.estimate * 1000)} (${figures.number(one.low * 1000)} to ${figures.number(one.high * 1000)})`
  return block(
    'values',
    'Beside the alternatives',
    html`${table(
      'Rules and their values',
      [
        { head: 'Rule', kind: 'name', cell: (row) => row.sentence },
        { head: `${outcomeLabel(view.outcome)}, of 1,000 (95%)`, kind: 'number', cell: (row) => scaled(row.value) },
      ],
      rows,
    )}
${view.gain === undefined ? nothing : html`<figure>${whiskers([{ label: `This rule less “${view.gain.against}”, points`, interval: { estimate: view.gain.estimate * 100, low: view.gain.low * 100, high: view.gain.high * 100 } }], { says: `Gain against ${view.gain.against}: ${sayPoints(view.gain.estimate)} points, ${sayPointsRange(view.gain)}`, figures })}<figcaption>95% interval. Full line: no difference. Valued on data that the rule was not learned from.</figcaption></figure>`}`,
  )
}

export interface PoliciesView {
  readonly policies: readonly { readonly sentence: string; readonly address: string; readonly state: PolicyView['state']; readonly experiment: string; readonly proposedAt: Date }[]
}

export function policiesPage(view: PoliciesView, chrome: DeskChrome): Html {
  return deskPage(
    {
      title: 'Policies',
      lead: 'Whom to nudge, learned from an experiment, valued, and kept on record. The newest one in force sets the next draw.',
      main: html`<section class="sheet block">${
        view.policies.length === 0
          ? empty('A policy will be proposed here when a report has something to say about whom to nudge.')
          : table(
              'Policies, newest first',
              [
                { head: 'Rule', kind: 'name', cell: (row) => link(row.address, row.sentence) },
                { head: 'State', cell: (row) => tag(states[row.state][0], states[row.state][1]) },
                { head: 'From', cell: (row) => row.experiment },
                { head: 'Proposed', cell: (row) => moment(row.proposedAt, figures.date(row.proposedAt)) },
              ],
              view.policies,
            )
      }</section>`,
    },
    chrome,
  )
}
