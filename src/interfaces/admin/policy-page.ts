/** A policy record: whom to nudge from now on, in a sentence, what that is worth beside the alternatives, what it does to groups, and what stays random. */
import {
  block, button, deskPage, empty, facts, field, figuresOf, html, link, linkButton, moment, note, nothing, pick, postForm, ruleTree, sayAmount, sayP, sayPoints, sayPointsRange, sayRange, table, tag, whiskers, type DeskChrome, type Html, type RuleNode,
} from '#interfaces/look'
import type { Drawing, Findings, Harm, RivalName, Terms, Worth } from '#journey/policy'
import { outcomeDid, outcomeLabel } from './outcome.ts'

export interface PolicyView {
  readonly sentence: string
  readonly state: 'proposed' | 'published' | 'superseded'
  readonly kind: 'tree' | 'everyone' | 'no_one' | 'none'
  readonly outcome: string
  /** The rule less what it is compared with. */
  readonly gain?: { readonly against: string; readonly estimate: number; readonly low: number; readonly high: number }
  /** Why no rule that asks who the learner is. */
  readonly instead?: string
  readonly findings?: Findings
  readonly terms: Terms
  /** Other terms have been chosen, and are being learned on. */
  readonly learning: boolean
  /** p below which a group counts as harmed. */
  readonly harmLevel: number
  readonly experiment: { readonly name: string; readonly address: string }
  readonly reportAddress: string
  readonly proposedAt: Date
  readonly publishedAt?: Date
  readonly publishAddress?: string
  readonly termsAddress?: string
  /** The next experiment by this rule. */
  readonly next?: { readonly startAddress: string } | { readonly running: { readonly name: string; readonly address: string } }
  readonly jsonAddress: string
  readonly listAddress: string
}

const figures = figuresOf('en')
const states = { proposed: ['Proposed', 'warn'], published: ['In force', 'good'], superseded: ['Superseded', 'plain'] } as const
const fine = (text: Html | string): Html => html`<p class="fine">${text}</p>`

export function policyPage(view: PolicyView, chrome: DeskChrome): Html {
  const [state, tone] = states[view.state]
  const sure = view.gain !== undefined && view.gain.low > 0
  return deskPage(
    {
      title: 'Policy',
      crumbs: [{ address: view.listAddress, text: 'Policies' }],
      state: tag(state, tone),
      actions: html`${view.publishAddress === undefined ? nothing : postForm(view.publishAddress, chrome, button('Put it in force', sure ? { kind: 'primary' } : {}))} ${linkButton(view.reportAddress, 'The report behind it', 'compact')} ${linkButton(view.jsonAddress, 'The rule as JSON', 'compact')}`,
      main: html`${view.learning ? note('Whom to nudge is being learned anew on other terms. Look again in a minute.', 'warn') : nothing}${rule(view)}
${view.findings === undefined ? nothing : html`${values(view, view.findings)}${harm(view, view.findings)}`}
${view.next === undefined ? nothing : next(view.next, chrome)}
${view.termsAddress === undefined ? nothing : terms(view, view.termsAddress, chrome)}
${block('why', 'Why this one', html`<ul class="listed">${reasons(view).map((one) => html`<li>${one}</li>`)}</ul>`)}
${block(
        'record',
        'The record',
        facts(
          [
            { label: 'From the experiment', value: link(view.experiment.address, view.experiment.name) },
            { label: 'Outcome', value: outcomeLabel(view.outcome) },
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

function rule(view: PolicyView): Html {
  const { gain, findings, instead } = view
  const found = findings?.tree.kind === 'some' ? findings.tree : undefined
  return block(
    'rule',
    'The rule',
    html`<p class="answer">${view.sentence}</p>
${gain === undefined ? nothing : html`<p class="quiet after">${view.terms.cost === 0
  ? html`Of every 1,000 learners, <b>${sayAmount(gain)}</b> ${outcomeDid(view.outcome)} ${sayAmount(gain).endsWith('as many') ? 'as' : 'than'} with ${gain.against}`
  : html`With what nudges cost counted in, it is worth <b>${sayAmount(gain)}</b> of every 1,000 learners who ${outcomeDid(view.outcome)} ${sayAmount(gain).endsWith('as many') ? 'as' : 'than'} ${gain.against}`}; 95% interval ${sayRange(gain)}.</p>`}
${gain !== undefined && gain.low <= 0 && gain.high >= 0 ? note(`These data cannot tell whether it does better than ${gain.against}. Nothing is lost by going on drawing.`, 'warn') : nothing}
${instead === undefined ? nothing : note(instead, 'warn')}
${found === undefined ? nothing : html`${view.kind === 'tree' ? nothing : fine(html`The best rule that was found, not proposed: <b>${found.sentence}</b>`)}<figure>${ruleTree(drawn(found.drawing, findings!.learners))}<figcaption>The best of all rules of at most ${view.terms.depth === 1 ? 'one question' : 'two questions in a row'}${view.terms.budget < 1 ? ` that nudge at most ${figures.percent(view.terms.budget, 0)}` : ''}, learned from all ${figures.number(findings!.learners)} learners with a known outcome. It could ask about ${figures.list(findings!.couldAsk)}.</figcaption></figure>`}`,
  )
}

function drawn(node: Drawing, total: number): RuleNode {
  if ('treats' in node) return { leaf: node.treats ? 'Nudge' : 'Do not nudge', treats: node.treats, fine: `${figures.number(node.rows)} learners, ${figures.percent(node.rows / total, 0)}` }
  return { low: node.low, high: node.high, ifLow: drawn(node.ifLow, total), ifHigh: drawn(node.ifHigh, total) }
}

const rivalLabels: Readonly<Record<RivalName, string>> = { nobody: 'Nudge nobody', everybody: 'Nudge everybody', random: 'Nudge as many at random', lowest_third: 'Nudge the third least likely to find work' }

/** Where there is no room. */
const rivalShort: Readonly<Record<RivalName, string>> = { nobody: 'nobody', everybody: 'everybody', random: 'random', lowest_third: 'lowest third' }

const perThousand = (one: Worth): string => `${figures.number(one.estimate * 1000)}${one.low === null || one.high === null ? '' : ` (${figures.number(one.low * 1000)} to ${figures.number(one.high * 1000)})`}`
const points = (one: Worth): string => `${sayPoints(one.estimate)}${one.low === null || one.high === null ? '' : ` (${sayPointsRange({ low: one.low, high: one.high })})`}`

interface Valued {
  readonly name: string
  readonly worth: Worth
  readonly less: Worth | undefined
}

function values(view: PolicyView, { worth, rivals, nudged, judged }: Findings): Html {
  const rows: readonly Valued[] = [{ name: `Rules learned in this way (nudge ${figures.percent(nudged, 0)})`, worth, less: undefined }, ...rivals.map((one) => ({ name: rivalLabels[one.name], worth: one.worth, less: one.less }))]
  const shown = rivals.filter(({ less }) => less.low !== null && less.high !== null)
  return block(
    'values',
    'Beside the alternatives',
    html`${table<Valued>(
      'Rules and their values',
      [
        { head: 'Rule', kind: 'name', cell: (row) => row.name },
        { head: `${outcomeLabel(view.outcome)}, of 1,000 (95%)`, kind: 'number', cell: (row) => perThousand(row.worth) },
        { head: 'Learned rule less this one, points (95%)', kind: 'number', cell: (row) => (row.less === undefined ? '' : points(row.less)) },
      ],
      rows,
    )}
${shown.length === 0
  ? nothing
  : html`<figure>${whiskers(shown.map(({ name, less }) => ({ label: `Less ${rivalShort[name]}`, interval: { estimate: less.estimate * 100, low: less.low! * 100, high: less.high! * 100 } })), { says: shown.map(({ name, less }) => `Learned rule less ${rivalLabels[name].toLowerCase()}: ${points(less)} points`).join('; '), figures })}<figcaption>What such a rule brings less what the others do, points. 95% intervals. Full line: no difference.</figcaption></figure>`}
${fine(`The worth is that of rules learned on some learners and judged on ${figures.number(judged)} others, so no rule is judged by the learners that made it${view.terms.cost === 0 ? '' : `; each nudge costs ${figures.number(view.terms.cost * 1000, 1)} of 1,000, which is taken off`}. The rule above, learned from all, should do a little better.`)}`,
  )
}

function harm(view: PolicyView, { harm: ofRule, harmOfEverybody }: Findings): Html {
  const told = view.kind === 'tree' ? ofRule : harmOfEverybody
  if (told.length === 0) return nothing
  const harmed = told.filter((one) => one.pHarm !== null && one.pHarm < view.harmLevel)
  const what = view.kind === 'tree' ? 'such a rule' : 'nudging everybody'
  return block(
    'harm',
    view.kind === 'tree' ? 'What it does to groups' : 'What nudging everybody does to groups',
    html`${harmed.length === 0 ? html`<p>No group was found to fare worse under ${what} than without nudges. That is no proof that none does: the lower end of each interval is the harm that these data leave open.</p>` : note(`${view.kind === 'tree' ? 'Under such a rule' : 'Where everybody is nudged'} fewer ${outcomeDid(view.outcome)} where ${harmed.map((one) => `${one.trait} is ${groupLabel(one)}`).join(', and where ')}.`, 'bad')}
${table<Harm>(
      'Change of the outcome, by group',
      [
        { head: 'Group', kind: 'name', cell: (row) => html`${spaced(row.trait)}: ${groupLabel(row)}` },
        { head: 'Learners', kind: 'number', cell: (row) => figures.number(row.learners) },
        { head: 'Nudged', kind: 'number', cell: (row) => figures.percent(row.nudged, 0) },
        { head: 'Change, points (95%)', kind: 'number', cell: (row) => (row.change === null ? 'none' : points(row.change)) },
        { head: 'p of harm', kind: 'number', cell: (row) => (row.pHarm === null ? '' : sayP(row.pHarm)) },
      ],
      told,
    )}
${fine('Costs left out: they fall on you, not on learners. p of harm: one-sided, by Holm over the groups of a trait. A rule never asks for the country or another ground of discrimination (EU Charter of Fundamental Rights, article 21); what is known of these is looked at here.')}`,
  )
}

const spaced = (name: string): string => name.replaceAll('_', ' ')
/** The parts of a stratum, in words. */
const groups: Readonly<Record<string, string>> = { 'country group: oecd': 'OECD', 'country group: other': 'outside the OECD', 'degree: degree': 'yes', 'degree: no_degree': 'no' }
const groupLabel = ({ trait, group }: Harm): string => groups[`${trait}: ${group}`] ?? spaced(group)

function next(view: NonNullable<PolicyView['next']>, chrome: DeskChrome): Html {
  return block(
    'next',
    'The next experiment by this rule',
    'running' in view
      ? html`<p>${link(view.running.address, view.running.name)} is running. Stop it first: no learner is in two experiments on the same nudges.</p>`
      : postForm(
          view.startAddress,
          chrome,
          html`<p>Most learners get what the rule says. A share of them is drawn at random as before, and only they are compared, so that the next estimate is possible and the rule can be found wrong.</p>
${field('name', 'What it is called', { required: true, maxLength: 200, value: 'By the rule' })}
${pick('random_share', 'Stays random', [10, 20, 30, 50].map((share) => ({ value: String(share), text: `${share}% of learners` })), '30')}
<p class="actions">${button('Put the rule in force and start', { kind: 'primary' })}</p>`,
          { className: 'stack narrow-form' },
        ),
  )
}

const budgets = [100, 75, 50, 30, 20, 10]

function terms({ terms: { cost, budget, depth }, outcome }: PolicyView, address: string, chrome: DeskChrome): Html {
  const share = Math.round(budget * 100)
  return block(
    'terms',
    'On what terms',
    postForm(
      address,
      chrome,
      html`${field('cost', 'What one nudge must bring', { required: true, maxLength: 8, value: figures.number(cost * 1000, Number.isInteger(Math.round(cost * 1e4) / 10) ? 0 : 1).replaceAll(',', ''), hint: `Of every 1,000 learners who are nudged, how many more must have “${outcomeLabel(outcome).toLowerCase()}” for the nudges to be worth their cost. 0: any gain is worth it.` })}
${pick('budget', 'How many can be nudged', (budgets.includes(share) ? budgets : [share, ...budgets]).map((one) => ({ value: String(one), text: one === 100 ? 'Everybody' : `At most ${one}%` })), String(share))}
${pick('depth', 'How many questions a rule may ask in a row', [{ value: '1', text: 'One' }, { value: '2', text: 'Two' }], String(depth))}
<p class="actions">${button('Learn it anew')}</p>`,
      { className: 'stack narrow-form' },
    ),
  )
}

function reasons({ kind, findings, terms: { budget, cost } }: PolicyView): readonly string[] {
  const held = 'Every value comes from learners that the rules were not learned from, with the chances of the draw.'
  if (kind === 'tree') return [`The rule is surely better than ${budget < 1 ? 'nudging nobody and than nudging as many at random' : 'nudging nobody and than nudging everybody'}: both 95% intervals lie above zero.`, 'It was found to harm no group that was looked at.', held]
  return [
    `A rule that asks who the learner is would be proposed only where it is surely better than ${budget < 1 ? 'nudging nobody and than nudging as many at random' : 'nudging nobody and than nudging everybody'}, and harms no group.`,
    ...(kind === 'none' ? [] : [`The gain is the effect of the nudge itself on everybody who was drawn${cost === 0 ? '' : ', less the cost'}; nothing was fitted to find it but its sign.`]),
    ...(findings === undefined ? [] : [held]),
  ]
}

export interface PoliciesView {
  readonly policies: readonly { readonly sentence: string; readonly address: string; readonly state: PolicyView['state']; readonly experiment: string; readonly proposedAt: Date }[]
}

export function policiesPage(view: PoliciesView, chrome: DeskChrome): Html {
  return deskPage(
    {
      title: 'Policies',
      lead: 'Whom to nudge, learned from an experiment, valued, and kept on record. The one in force is what the next experiment can draw by.',
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
