/**
 * The report as one file of HTML that needs nothing else: the styles are inside, there is no script, and its policy forbids any request. Page one
 * is for whoever asked; the pages behind it are for whoever checks.
 */
import {
  arm, assets, figuresOf, html, markup, note, nothing, sayAmount, sayLuck, sayP, thousand, whiskers, wreath, type Html,
} from '#interfaces/look'
import type { Analysis, Answer } from './analysis.ts'
import { gainsTables } from './heterogeneity/gains-tables.ts'
import { gainsPage } from './heterogeneity/report-gains.ts'
import { assumptionsOf, methodsOf } from './method.ts'
import { balanceTable, boundsTables, effectTables, familyTable, groupTables, nameOf, rangeOf, takeUpTables, takeUpUnit, unitOf, type Unit } from './report-tables.ts'
import { software } from './results.ts'
import { asText, decimalsFor, groupsOf, isClear, sayAnswer } from './say-answer.ts'

const figures = figuresOf('en')
const styles = new TextDecoder().decode(assets.find((one) => one.name === 'desk.css')!.body)
/** What a file by itself needs beside the desk's styles: air around the sheets, and a plain page under them. */
const own = '.alone { padding: var(--s-5) max(var(--s-3), env(safe-area-inset-left)); } .alone > .report { margin-inline: auto; } .report .eyebrow { text-transform: none; letter-spacing: 0; font-size: var(--t-14); } .forest tbody th { min-inline-size: 9rem; } .listed { margin-block-end: var(--s-6); } .report figure { break-inside: avoid; } @media print { .alone { padding: 0; } .report h3 { break-after: avoid; } .report table + .fine, .report .plain + .fine, .report table + .note { break-before: avoid; } .report .listed { margin-block-end: 3mm; font-size: 9.5pt; } .report .listed li { margin-block: .8mm; break-inside: avoid; } .report .fine, .report .note { break-inside: avoid; } .codeline { break-inside: avoid; break-after: avoid; } .report .listed li + li { margin-block-start: 0; } .report .colophon { margin-block-start: 6mm; } }'

export interface ReportSettings {
  readonly made: Date
  /** The command, as it would be typed again. */
  readonly words: string
}

export function reportOf(analysis: Analysis, { made, words }: ReportSettings): string {
  const { order, answers, data } = analysis
  const title = `What ${order.treatment} did to ${figures.list(order.outcomes)}`
  const summary = answers[0] === undefined ? title : asText(sayAnswer(analysis, answers[0]))
  return String(html`<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${title}</title>
<meta name="description" content="${summary}">
<meta name="generator" content="Laurel ${software.laurel}">
<meta name="theme-color" content="#faf7f0" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#10140f" media="(prefers-color-scheme: dark)">
<link rel="icon" href="data:,">
<style>${markup(styles)}
${markup(own)}</style>
</head>
<body>
<main class="alone">
<article class="sheet report" aria-labelledby="answer">
${letterhead(data.file, 'Report of an experiment')}
${pageOne(analysis)}
${colophon(analysis, made)}
</article>
${analysis.gains === undefined ? nothing : html`<article class="sheet report" aria-labelledby="gains">
${letterhead(data.file, 'Who gains')}
${gainsPage(analysis, analysis.gains)}
${colophon(analysis, made)}
</article>`}
<article class="sheet report" aria-labelledby="figures">
${letterhead(data.file, 'For researchers')}
${furtherPages(analysis, words)}
${colophon(analysis, made)}
</article>
</main>
</body>
</html>
`)
}

const letterhead = (file: string, page: string): Html => html`<header class="letterhead"><span>${wreath(28)} <span>${file === '-' ? 'Standard input' : (file.split(/\/|\?table=/).at(-1) ?? file)}</span></span><span class="fine">${page}</span></header>`

const colophon = ({ data }: Analysis, made: Date): Html =>
  html`<footer class="colophon"><span class="by">${wreath(20)} Made with Laurel ${software.laurel}</span><span>${figures.date(made)}</span>${data.sha256 === null ? nothing : html`<span>Data <span class="mono">${data.sha256.slice(0, 6)}…${data.sha256.slice(-4)}</span></span>`}</footer>`

function pageOne(analysis: Analysis): Html {
  const { order, answers, warnings } = analysis
  const [first, ...others] = answers
  const grave = warnings.filter((one) => one.tone !== 'plain')
  return html`${grave.map((one) => note(html`<b>${one.tone === 'bad' ? 'Read this first.' : 'Note.'}</b> ${one.sentence}`, one.tone))}
<p class="eyebrow">What did ${order.treatment} do to ${figures.list(order.outcomes)}?</p>
${first === undefined ? html`<h1 class="headline" id="answer">No effect was asked for: the checks of the draw are below.</h1>` : headline(analysis, first)}
${others.length === 0 ? nothing : html`<ul class="listed">${others.map((one) => html`<li>${asText(sayAnswer(analysis, one))}</li>`)}</ul>`}
${first === undefined ? nothing : pictures(analysis, first)}
<div class="columns">
<section><h2>What was done</h2><p>${whatWasDone(analysis)}</p></section>
<section><h2>How sure this is</h2><p>${howSure(analysis)}</p></section>
<section>${lastColumn(analysis)}</section>
</div>
<h2>What this does not say</h2>
<p>It holds for the ${figures.number(analysis.sample.rows)} rows in this file and for the time in which they were followed; whether others would gain as much, it cannot tell. That the arms were drawn at random is taken from whoever made the file. ${whoGained(analysis)}</p>`
}

/** What is known of differences between people, by the test of them and not by effects beside one another. */
function whoGained({ findings, answers, order, gains }: Analysis): string {
  const answer = answers[0]
  const row = findings.find((one) => one.role === 'interaction' && one.outcome === answer?.outcome)?.row
  if (answer === undefined || row === undefined || row.conf_low === null) return `The averages hide who gained more and who less${gains === undefined ? '' : '; the next page looks for them'}.`
  const unit = rounded(unitOf(answer, row))
  const low = order.score === 'auto' ? `the third for whom the least ${answer.outcome} was to be expected` : `the third lowest in ${order.score}`
  return `The effect on ${low} was ${figures.signed(row.estimate * unit.scale, unit.decimals)}${unit.name === '' ? '' : ` ${unit.name}`} against that on the others (95% interval ${rangeOf(row, unit)})${isClear(row) ? '.' : ', so whether they gained more or less is not known.'}`
}

function headline(analysis: Analysis, answer: Answer): Html {
  const { before, amount, after } = sayAnswer(analysis, answer)
  // "assignment = 1" stays on one line.
  const whole = (text: string): string => text.replaceAll(' = ', '\u00a0=\u00a0')
  return html`<h1 class="headline" id="answer">${whole(before)}<b>${amount}</b>${whole(after)}</h1>`
}

/** Each effect on the first outcome, the answer at the top; for shares, people as dots beside it. */
function pictures(analysis: Analysis, answer: Answer): Html {
  const covariates = analysis.sample.namesOf(analysis.design.covariates).length
  const fine = unitOf(answer)
  const unit = rounded(fine)
  const rows = [answer.row, ...analysis.findings.filter((one) => one.role === 'effect' && one.outcome === answer.outcome && one.row !== answer.row && one.row.std_error !== null).map((one) => one.row)].slice(0, 4)
  const drawn = rows.filter((row) => row.conf_low !== null && row.conf_high !== null)
  if (drawn.length === 0) return nothing
  const chart = html`<figure>${whiskers(
    drawn.map((row) => ({ label: nameOf(row, covariates), interval: { estimate: row.estimate * unit.scale, low: row.conf_low! * unit.scale, high: row.conf_high! * unit.scale } })),
    { says: drawn.map((row) => `${nameOf(row, covariates)}: ${figures.signed(row.estimate * unit.scale, unit.decimals)}, 95% interval ${rangeOf(row, unit)}`).join('; '), decimals: unit.decimals, figures },
  )}<figcaption>${answer.outcome}${unit.name === '' ? '' : `, in ${unit.name}`}: ${groupsOf(analysis).treated} less ${groupsOf(analysis).control}. Dot: best estimate. Line: 95% interval. Dark mark: no difference.</figcaption></figure>`
  if (!answer.share) return chart
  const { row, controlMean } = answer
  const [low, high] = [row.conf_low!, row.conf_high!]
  const dots = thousand({
    anyway: controlMean * 1000,
    more: row.estimate * 1000,
    reach: (row.estimate < 0 ? low : high) * 1000,
    says: `Of 1,000 dots, ${figures.number(controlMean * 1000)} had ${answer.outcome} in the control arm; ${sayAmount({ estimate: row.estimate, low, high })} in the treated arm`,
  })
  const gain = row.estimate > 0
  return html`<div class="figures"><figure>${dots}<figcaption><span class="key">${arm('control', `${figures.number(controlMean * 1000)} of 1,000 in the control arm`)} ${gain ? arm('treatment', `${sayAmount({ estimate: row.estimate, low, high })} with treatment`) : html`<span class="arm ring">${sayAmount({ estimate: row.estimate, low, high })} with treatment</span>`}${gain ? html` <span class="arm ring">up to ${figures.number(high * 1000)} more, at the upper end</span>` : nothing}</span></figcaption></figure>${chart}</div>`
}

function whatWasDone({ order, design, arms, sample, data }: Analysis): string {
  const parts = [
    `${figures.number(design.rows[1])} rows had ${order.treatment} = ${arms.treated} and ${figures.number(design.rows[0])} had ${order.treatment} = ${arms.control}${sample.rows === data.rows ? '' : ` (${figures.number(data.rows)} rows in the file)`}.`,
    design.clusters?.split === 0 ? `${figures.number(design.clusters.count)} values of ${order.cluster} were drawn whole.` : '',
    order.blocks === undefined ? '' : `Arms were drawn inside ${figures.number(design.blocks.length)} values of ${order.blocks}.`,
    design.covariates.length === 0 ? '' : `${figures.number(sample.namesOf(design.covariates).length)} measurements from before the draw were taken into account.`,
  ]
  return parts.filter((part) => part !== '').join(' ')
}

function howSure(analysis: Analysis): string {
  const { answers, design, order } = analysis
  const [first] = answers
  const out: string[] = []
  if (first !== undefined && first.row.p_value !== null) {
    const p = first.row.p_value
    out.push(`${isClear(first.row) ? (p < 0.01 ? 'Quite.' : 'Fairly, not fully.') : 'Not at all sure that there is an effect, nor that there is none.'} A difference this large would arise by luck ${sayLuck(p)} if ${order.treatment} did nothing (p ${sayP(p).startsWith('<') ? '' : '= '}${sayP(p)}, two-sided).`)
    if (first.adjustedP !== null) out.push(`Adjusted for ${answers.length} outcomes, p ${sayP(first.adjustedP).startsWith('<') ? '' : '= '}${sayP(first.adjustedP)}.`)
  }
  if (design.sampleRatio !== null && design.sampleRatio.p_value! >= 0.05) out.push('The arms have the planned sizes.')
  const p = design.balance?.p ?? null
  if (p !== null && p >= 0.05) out.push('Nothing measured before the draw tells the arms apart, as it should be.')
  return out.join(' ')
}

/** For people: one digit less than for researchers. */
const rounded = (unit: Unit): Unit => ({ ...unit, decimals: Math.max(0, unit.decimals - 1) })

function lastColumn(analysis: Analysis): Html {
  const { order, findings, answers } = analysis
  const stage = findings.find((one) => one.role === 'first stage')?.row
  const late = findings.find((one) => one.role === 'effect of take-up' && one.outcome === order.outcomes[0])?.row
  if (order.takeUp !== undefined && stage !== undefined && late !== undefined) {
    const answer = answers[0]
    const unit = unitOf(answer, late)
    const set = findings.find((one) => one.row.estimator === 'anderson_rubin' && one.outcome === order.outcomes[0])?.row ?? late
    const moved = rounded(takeUpUnit(analysis, stage))
    const changed = rounded({ ...unit, decimals: decimalsFor((late.std_error ?? 1) * unit.scale) })
    const inUnit = (one: Unit): string => (one.name === '' ? '' : ` ${one.name}`)
    return html`<h2>Those who took it up</h2><p>${order.treatment} moved ${order.takeUp} by ${figures.signed(stage.estimate * moved.scale, moved.decimals)}${inUnit(moved)} (95% interval ${rangeOf(stage, moved)}). If it works through ${order.takeUp} only, ${order.takeUp} itself changed ${order.outcomes[0]} by ${figures.signed(late.estimate * unit.scale, changed.decimals)}${inUnit(unit)} among those whom it moved (95%: ${rangeOf(set, changed)}).</p>`
  }
  return html`<h2>How to use it</h2><p>Decide by the whole interval, not by whether it leaves out zero: its lower end is as likely as its upper end. If the lower end would still be worth the cost, go on; if the upper end would not, stop; else keep drawing arms and look again.</p>`
}

function furtherPages(analysis: Analysis, words: string): Html {
  const plain = analysis.warnings.filter((one) => one.tone === 'plain')
  const list = (items: readonly string[]): Html => html`<ul class="listed">${items.map((item) => html`<li>${item}</li>`)}</ul>`
  const ratio = analysis.design.sampleRatio
  return html`<h2 id="figures">Effects of ${analysis.order.treatment}</h2>
${effectTables(analysis)}
${familyTable(analysis)}
${takeUpTables(analysis)}
${boundsTables(analysis)}
${groupTables(analysis)}
${analysis.gains === undefined ? nothing : gainsTables(analysis, analysis.gains)}
${balanceTable(analysis)}
${ratio === null ? nothing : html`<h2>Sizes of the arms</h2><p>${(ratio.options.counts as readonly number[]).map((count, i) => `${String((ratio.options.arms as readonly string[])[i])}: ${figures.number(count)}`).join(', ')}; planned ${analysis.order.planned!.join(':')}. χ² = ${figures.number(ratio.estimate, 2)}, p ${sayP(ratio.p_value!).startsWith('<') ? '' : '= '}${sayP(ratio.p_value!)}.</p>`}
<h2>Why these estimators</h2>
${list(analysis.reasons)}
<h2>What is assumed</h2>
${list(assumptionsOf(analysis))}
${plain.length === 0 ? nothing : html`<h2>Rows and columns left out</h2>${list(plain.map((one) => one.sentence))}`}
<h2>Method</h2>
${list(methodsOf(analysis))}
<h2>To have this again</h2>
<p class="codeline mono">${words}</p>
<p class="fine">${analysis.data.file === '-' ? 'Standard input' : analysis.data.file}, ${figures.number(analysis.data.rows)} rows${analysis.data.sha256 === null ? ', as they were in the database then' : html`, SHA-256 <span class="mono">${analysis.data.sha256}</span>`}. Laurel ${software.laurel}, Node ${software.node}, seed ${analysis.order.seed}. The same file and the same words give the same figures; --json gives them in full.</p>`
}
