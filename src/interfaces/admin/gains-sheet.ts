/** The part of a report about who gains: one sheet for whoever decides, and the tables behind it for researchers. Of groups only; nobody's own prediction is shown. */
import { curve, figuresOf, html, note, nothing, sayP, sayPoints, sayPointsRange, table, type Html } from '#interfaces/look'
import type { Figure, Gains, Parts, ScoreQuality } from '#journey/estimate'
import { outcomeLabel } from './outcome.ts'

export interface GainsView {
  /** Absent while it is being worked out. */
  readonly gains?: Gains
  readonly employability?: ScoreQuality
}

const figures = figuresOf('en')
const fine = (text: Html | string): Html => html`<p class="fine">${text}</p>`
const thirdNames = ['Lowest third', 'Middle third', 'Highest third'] as const

const said = (one: Figure): string => `${sayPoints(one.estimate)} points${one.low === null || one.high === null ? '' : ` (95% interval ${sayPointsRange({ low: one.low, high: one.high })})`}`
const short = (one: Figure | undefined): string => (one === undefined ? '' : `${sayPoints(one.estimate)}${one.low === null || one.high === null ? '' : ` (${sayPointsRange({ low: one.low, high: one.high })})`}`)
const pWords = (p: number | null): string => (p === null ? 'not computed' : `p ${p < 0.001 ? '' : '= '}${sayP(p)}`)

/** No model beats the plain share: then the score is noise. */
const saysNothing = (quality: ScoreQuality): boolean => (quality.judged[0]?.logLoss ?? Number.POSITIVE_INFINITY) >= quality.withoutModel

export function gainsSheet({ gains, employability }: GainsView): Html {
  if (gains === undefined) return html`<h2>Who gains</h2><p>It is being worked out: a forest is grown on these learners. Look again in a minute.</p>`
  const { rate, byScore, byEffect, outcome } = gains
  const name = outcomeLabel(outcome).toLowerCase()
  if (gains.reason !== null) return html`<p class="eyebrow">Who gains?</p><p class="headline">Too early to say who gains more than others. ${gains.reason}</p>`
  const side = rate === null || rate.autoc.low === null || rate.autoc.high === null ? 'none' : rate.autoc.low > 0 ? 'more' : rate.autoc.high < 0 ? 'wrong' : 'unclear'
  return html`<p class="eyebrow">Who gains? ${outcomeLabel(outcome)}</p>
<p class="headline">${side === 'more' ? html`<b>Some gain more</b> than others, and what was known before the draw tells who.` : html`These data <b>do not show</b> that some gain more than others.`}</p>
<p>${rate === null
    ? 'Whether some gain more could not be tested on these learners.'
    : html`One test decides. A forest put learners in an order by what it had learned of others; wherever one stops, those it put first gained ${figures.number(Math.abs(rate.autoc.estimate) * 100, 2)} points ${rate.autoc.estimate < 0 ? 'less' : 'more'} than all did, on average (difference ${short(rate.autoc)}; ${pWords(rate.autoc.pValue)}).${side === 'wrong' ? ' Its order is wrong, and nobody should be chosen by it.' : ''}`}${reachSentence(gains, name)}</p>
${rate === null ? nothing : targeting(rate.curve, name)}
${byScore === null && byEffect === null ? nothing : besideOneAnother(gains)}
${byScore === null || employability === undefined || !saysNothing(employability) ? nothing : note('The column on the left says nothing here: what was known before the draw does not tell who finds work, so these are thirds of chance. On noise the test of their difference finds one too often: in 13 of 100 draws in place of 5, measured.', 'warn')}
${note(html`<b>Nobody is ranked by this.</b> Each learner was seen once, with the nudge or without; a prediction for one of them is mostly noise. What can be used are averages over many, with their intervals. That one third’s interval leaves out zero and another’s does not is no evidence that they differ; the line “lowest less highest” is. What those who gain have in common need not be the reason.`, 'warn')}`
}

function reachSentence({ reach, average, learners, judged }: Gains, name: string): string {
  if (reach === null || average === null) return ''
  const needed = reach.learners === null ? '' : reach.learners <= judged ? ' One as large as the effect on all is within reach.' : ` To see one as large as the effect on all (${sayPoints(average.estimate)} points) takes about ${roundUp(reach.learners)} learners on whom it can be judged.`
  return ` With ${figures.number(learners)} learners (${figures.number(judged)} of them judged), a difference in ${name} between the highest and the lowest third is seen 4 times in 5 where it is ${figures.number(reach.smallest * 100, 1)} points or more.${needed}`
}

/** Two digits: nobody plans a study to the last learner. */
function roundUp(learners: number): string {
  const power = 10 ** Math.max(0, Math.floor(Math.log10(learners)) - 1)
  return figures.number(Math.ceil(learners / power) * power)
}

function targeting(points: NonNullable<Gains['rate']>['curve'], name: string): Html {
  const shown = points.filter((one) => one.low !== null && one.high !== null)
  if (shown.length < 2) return nothing
  return html`<figure>${curve([{ points: [...shown.map((one) => ({ at: one.share, estimate: one.estimate * 100, low: one.low! * 100, high: one.high! * 100 })), { at: 1, estimate: 0 }], look: 't' }], {
    says: `Targeting curve: ${shown.map((one) => `first ${figures.percent(one.share, 0)} ${said(one)}`).join('; ')}`, unit: 'points', zero: 'as all', from: 'the first few', to: 'everybody', figures,
  })}<figcaption>How much more those gain in ${name} whom the forest would nudge first than all do. Band: 95% interval of each point alone. A line at zero: the order says nothing.</figcaption></figure>`
}

interface Beside {
  readonly name: string
  readonly score: string
  readonly effect: string
}

function besideOneAnother({ byScore, byEffect, outcome }: Gains): Html {
  const [score, effect] = [byScore?.thirds, byEffect?.thirds]
  const of = (parts: Parts | undefined, k: number): string => short(parts?.parts[k])
  const rows: readonly Beside[] = [
    ...thirdNames.map((name, k) => ({ name, score: of(score, k), effect: of(effect, k) })),
    { name: 'Lowest less highest', score: short(score?.ends), effect: short(effect?.ends) },
    { name: 'All three alike', score: score === undefined ? '' : pWords(score.alike), effect: effect === undefined ? '' : pWords(effect.alike) },
  ]
  return html`<h2>Thirds, formed in two ways</h2>
${table<Beside>(
    `Effect on ${outcomeLabel(outcome)} by thirds, points`,
    [
      { head: 'Third', kind: 'name', cell: (row) => row.name },
      ...(score === undefined ? [] : [{ head: 'By baseline employability (95%)', kind: 'number' as const, cell: (row: Beside) => row.score }]),
      ...(effect === undefined ? [] : [{ head: 'By predicted effect (95%)', kind: 'number' as const, cell: (row: Beside) => row.effect }]),
    ],
    rows,
  )}
${fine('Effects of the nudge in points. On the left learners are parted by the chance of work that was predicted for them without the nudge; on the right by the effect that a forest predicted for them from learners it had seen before.')}`
}

/** For researchers: which model of employability was taken, whether its figures mean what they say, and tenths. */
export function gainsTables({ gains, employability }: GainsView): Html {
  return html`${employability === undefined ? nothing : scoreTables(employability)}${gains === undefined || gains.reason !== null ? nothing : forestTables(gains)}`
}

function scoreTables(quality: ScoreQuality): Html {
  return html`<h2>The score of baseline employability</h2>
${table<ScoreQuality['judged'][number]>(
    'Models of the score, best first',
    [
      { head: 'Model', kind: 'name', cell: (row) => html`${row.model}${row.model === quality.model ? html` <span class="tag good">taken</span>` : nothing}` },
      { head: 'Log-loss', kind: 'number', cell: (row) => (row.logLoss === null ? 'none' : figures.number(row.logLoss, 4)) },
      { head: 'AUC', kind: 'number', cell: (row) => (row.auc === null ? '' : figures.number(row.auc, 3)) },
    ],
    quality.judged,
  )}
${fine(`Fitted on control learners of the other folds, out of fold for everybody; judged on ${figures.number(quality.control)} control learners whose work was seen. Without any model the log-loss is ${figures.number(quality.withoutModel, 4)}.${saysNothing(quality) ? ' No model beats that: what was known before the draw does not tell who finds work, and thirds of the score are thirds of nothing.' : ''}`)}
${quality.judged.map(({ model, reason }) => (reason === null ? nothing : fine(`The ${model} could not be fitted: ${reason}`)))}
${calibration(quality)}`
}

function calibration({ calibration: points }: ScoreQuality): Html {
  const high = Math.max(...points.map((one) => one.score))
  if (points.length < 2 || !(high > 0)) return nothing
  return html`<figure>${curve(
    [
      { points: points.map((one) => ({ at: one.score / high, estimate: one.outcome * 100, low: one.low * 100, high: one.high * 100 })), look: 't' },
      { points: [{ at: 0, estimate: 0 }, { at: 1, estimate: high * 100 }], look: 'c' },
    ],
    { says: `Calibration: ${points.map((one) => `expected ${figures.percent(one.score, 0)}, found ${figures.percent(one.outcome, 0)}`).join('; ')}`, unit: '%', zero: '0', signed: false, from: 'expected 0%', to: `expected ${figures.percent(high, 0)}`, figures },
  )}<figcaption>Calibration: the share of control learners who found work, by tenths of the score, beside what the score expected of them. Dashed: as expected. Band: 95% intervals.</figcaption></figure>`
}

interface Tenth {
  readonly name: string
  readonly score: string
  readonly effect: string
}

function forestTables({ byScore, byEffect, rate, average, outcome, learners, judged, trees, seed, remarks }: Gains): Html {
  const [score, effect] = [byScore?.tenths ?? undefined, byEffect?.tenths ?? undefined]
  const tenths: readonly Tenth[] = [
    ...Array.from({ length: 10 }, (_, k) => ({ name: `${k + 1}`, score: short(score?.parts[k]), effect: short(effect?.parts[k]) })),
    { name: 'All alike', score: score === undefined ? '' : pWords(score.alike), effect: effect === undefined ? '' : pWords(effect.alike) },
  ]
  return html`<h2>Who gains: the figures behind it</h2>
${score === undefined && effect === undefined
    ? nothing
    : table<Tenth>(
        `Effect on ${outcomeLabel(outcome)} by tenths, points`,
        [
          { head: 'Tenth, lowest first', kind: 'name', cell: (row) => row.name },
          ...(score === undefined ? [] : [{ head: 'By baseline employability (95%)', kind: 'number' as const, cell: (row: Tenth) => row.score }]),
          ...(effect === undefined ? [] : [{ head: 'By predicted effect (95%)', kind: 'number' as const, cell: (row: Tenth) => row.effect }]),
        ],
        tenths,
      )}
${fine(html`${average === null ? nothing : html`Effect on all by doubly robust scores: ${said(average)}. `}${rate === null ? nothing : html`AUTOC ${said(rate.autoc)}, ${pWords(rate.autoc.pValue)}; Qini ${said(rate.qini)}, ${pWords(rate.qini.pValue)}; errors by half-samples. `}An honest causal forest of ${figures.number(trees)} trees on ${figures.number(learners)} learners, the chance of the nudge as it was drawn; whoever is ranked (${figures.number(judged)} learners) is ranked by forests grown on earlier folds. Seed ${seed}.`)}
${remarks.length === 0 ? nothing : fine(remarks.join(' '))}`
}
