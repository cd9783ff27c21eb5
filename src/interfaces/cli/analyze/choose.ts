/** Which estimators the design allows, and why, in sentences; the first step of an outcome gives its answer. */
import { fault } from './faults.ts'
import type { EstimatorName } from './order.ts'
import { andersonRubinSet, bounds, byScore, difference, family, instrumented, interacted, observed, permutation, regression, withBaseline, type Setting, type Step } from './steps.ts'

export interface Chosen {
  readonly estimator: EstimatorName
  readonly step: Step
  /** Once for each outcome, or once for all. */
  readonly each: boolean
  /** Its effect is the answer. */
  readonly answer?: boolean
}

export interface Choice {
  readonly steps: readonly Chosen[]
  readonly reasons: readonly string[]
}

/** A regression wants at least this many units (rows, or clusters) for each coefficient. */
const unitsPerCoefficient = 5
/** Blocks are taken as covariates where each has so many units in each arm; else they are absorbed. */
const unitsPerBlockArm = 5
/** With fewer units than this the t interval is checked by the draw itself. */
const fewUnits = 2_000

export function choose(setting: Setting, blocksAsFactor: string | undefined): Choice {
  return setting.sample.order.estimators.length > 0 ? asOrdered(setting, blocksAsFactor) : byDesign(setting, blocksAsFactor)
}

/** Exactly what was named. */
function asOrdered({ sample, covariates, design }: Setting, blocksAsFactor: string | undefined): Choice {
  const withBlocks = [...(blocksAsFactor === undefined ? [] : [blocksAsFactor]), ...covariates]
  const steps = sample.order.estimators.flatMap((estimator): readonly Chosen[] => {
    const one = (step: Step, each = true): Chosen => ({ estimator, step, each })
    const both = (make: (names: readonly string[]) => Step): readonly Chosen[] => (covariates.length === 0 ? [one(make([]))] : [one(make([])), one(make(covariates))])
    switch (estimator) {
      case 'difference_in_means':
        return [one(difference)]
      case 'lm_robust':
        return both((names) => regression(names))
      case 'lm_lin':
        return [one(interacted(withBlocks))]
      case 'cuped':
        return [one(withBaseline)]
      case 'iv_robust':
        return [...both(instrumented), ...both((names) => (setting, _) => regression(names, 'first stage')(setting, setting.sample.order.takeUp!)).map((step) => ({ ...step, each: false }))]
      case 'anderson_rubin':
        return both(andersonRubinSet)
      case 'lee_bounds':
        return [one(observed), one(bounds)]
      case 'randomization_inference':
        return [one(permutation(design.pairs || design.sharesDiffer ? [design.pairs ? 'difference' : 'studentized'] : ['studentized', 'difference']))]
      case 'multiple_testing':
        return [one(family, false)]
      case 'gate_tertile':
        return [one(byScore)]
      case 'srm_chi_square':
      case 'balance':
        return []
      default:
        throw fault.unknown_choice({ option: 'estimators', given: estimator satisfies never, near: '', all: '' })
    }
  })
  const answering: readonly EstimatorName[] = ['lm_lin', 'cuped', 'difference_in_means', 'lm_robust']
  const answer = answering.find((name) => steps.some((step) => step.estimator === name))
  return { steps: steps.map((step) => (step.estimator === answer ? { ...step, answer: true } : step)), reasons: ['The estimators are those that were named with --estimators.'] }
}

function byDesign(setting: Setting, blocksAsFactor: string | undefined): Choice {
  const { sample, design, covariates, blocks, cluster, drawnCluster, weights } = setting
  const { order } = sample
  const steps: Chosen[] = []
  const reasons: string[] = []
  const units = design.clusters === null || drawnCluster === undefined ? design.rows[0] + design.rows[1] : design.clusters.count
  const unit = drawnCluster === undefined ? 'rows' : 'clusters'

  const differencePossible = (cluster === undefined || drawnCluster !== undefined) && !(blocks !== undefined && weights !== undefined) && (blocks === undefined || design.pairs || design.thin.length < design.blocks.length)
  const plain: Chosen = differencePossible ? { estimator: 'difference_in_means', step: difference, each: true } : { estimator: 'lm_robust', step: regression([]), each: true }
  if (blocks !== undefined && design.pairs) reasons.push(`Each value of ${blocks} holds one unit of each arm, so the difference in means is that of matched pairs.`)
  else if (blocks !== undefined && design.sharesDiffer) reasons.push(`The share treated differs between the values of ${blocks}, so units are compared inside them only and the difference over all rows is not shown: it would mix the effect with what sets these groups apart.`)
  else if (blocks !== undefined) reasons.push(`Units are compared inside each value of ${blocks}, as they were drawn.`)
  if (drawnCluster !== undefined) reasons.push(`Whole values of ${drawnCluster} were drawn (${design.clusters!.count} of them), so the errors are those of clusters (CR2, Satterthwaite).`)
  else if (cluster !== undefined) reasons.push(`Values of ${cluster} have rows in both arms, so they were not drawn whole; the regression still allows rows that share one to hang together (CR2).`)

  const k = 2 * (1 + sample.namesOf(covariates).length + (blocks === undefined ? 0 : design.blocks.length - 1))
  const blocksFit = blocks === undefined || design.blocks.every((block) => block.units.every((count) => count >= unitsPerBlockArm))
  if (covariates.length > 0 && blocksFit && k * unitsPerCoefficient <= units) {
    steps.push({ estimator: 'lm_lin', step: interacted([...(blocksAsFactor === undefined ? [] : [blocksAsFactor]), ...covariates]), each: true, answer: true }, plain)
    reasons.push(`The answer is adjusted for the covariates${blocks === undefined ? '' : ` and ${blocks}`} with slopes of their own in each arm (Lin 2013), which is never less exact in large samples; the ${differencePossible ? 'difference in means' : 'regression without covariates'} stands beside it.`)
  } else if (covariates.length > 0 && (2 + sample.namesOf(covariates).length) * unitsPerCoefficient <= units) {
    steps.push({ estimator: 'lm_robust', step: regression(covariates), each: true, answer: true }, plain)
    reasons.push(blocksFit ? `There are too few ${unit} (${units}) for slopes of their own in each arm (${k} coefficients), so one slope per covariate is used.` : `Some values of ${blocks} have fewer than ${unitsPerBlockArm} ${unit} in an arm, so they are absorbed as constants, and one slope per covariate is used.`)
  } else {
    steps.push({ ...plain, answer: order.baseline === undefined || drawnCluster !== undefined || blocks !== undefined || weights !== undefined })
    if (covariates.length > 0) reasons.push(`There are too few ${unit} (${units}) to adjust for ${sample.namesOf(covariates).length} covariates, so the difference in means is the answer.`)
    else reasons.push(plain.estimator === 'lm_robust' ? 'Without covariates, the answer is the regression on the treatment alone.' : 'Without covariates, the answer is the difference in means with the variance that the draw gives it.')
  }
  if (order.baseline !== undefined) {
    if (drawnCluster === undefined && blocks === undefined && weights === undefined) {
      steps.push({ estimator: 'cuped', step: withBaseline, each: true, answer: !steps.some((step) => step.answer) })
      reasons.push(`${order.baseline} was measured before the draw and takes its share of the spread out of the outcome (CUPED).`)
    } else reasons.push(`CUPED is made for arms that were drawn row by row; name ${order.baseline} among the covariates instead.`)
  }

  if (order.takeUp !== undefined) {
    steps.push({ estimator: 'iv_robust', step: (one, _) => regression(covariates, 'first stage')(one, order.takeUp!), each: false })
    steps.push({ estimator: 'iv_robust', step: instrumented(covariates), each: true }, { estimator: 'anderson_rubin', step: andersonRubinSet(covariates), each: true })
    reasons.push(`The effect of ${order.takeUp} itself is estimated with the draw as instrument (2SLS), with the Anderson-Rubin set, which is right however weakly the draw moves it.`)
  }
  if (sample.cells !== undefined) {
    reasons.push('The database grouped the rows and only the groups were read, so what needs each row (balance, bounds, randomization tests, groups by a score) is left out.')
    return { steps, reasons }
  }
  steps.push({ estimator: 'lee_bounds', step: observed, each: true })
  if (weights !== undefined) {
    reasons.push(`Rows are weighted by ${weights}; tests and groups that take no weights are left out.`)
    return { steps, reasons }
  }
  const wholeDraw = cluster === undefined || drawnCluster !== undefined
  if (wholeDraw && units <= fewUnits && (design.thin.length === 0 || design.pairs)) {
    steps.push({ estimator: 'randomization_inference', step: permutation([design.pairs ? 'difference' : 'studentized']), each: true })
    reasons.push(`With ${units} ${unit}, the p-value is also had from the draw alone, by drawing the arms anew (randomization inference).`)
  }
  if (order.outcomes.length > 1 && wholeDraw && design.thin.length === 0 && !design.pairs) {
    steps.push({ estimator: 'multiple_testing', step: family, each: false })
    reasons.push(`${order.outcomes.length} outcomes are tested, so their p-values are adjusted together (${{ holm: 'Holm', bh: 'Benjamini-Hochberg', 'romano-wolf': 'Romano-Wolf' }[order.family]}).`)
  }
  if (order.score !== undefined) {
    steps.push({ estimator: 'gate_tertile', step: byScore, each: true })
    reasons.push(order.score === 'auto' ? 'Thirds are formed by the outcome that the covariates predict without treatment; each row is predicted by a model that has not seen it.' : `Thirds are formed by ${order.score}.`)
  }
  return { steps, reasons }
}
