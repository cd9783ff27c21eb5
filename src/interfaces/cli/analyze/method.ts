/** How each figure was made and what has to be believed for it, in a sentence or two; docs/method.md has the formulas. */
import type { Analysis } from './analysis.ts'
import type { Row } from './steps.ts'

const methods: Readonly<Record<string, string>> = {
  difference_in_means: 'Difference in means: mean outcome of the treated arm less that of the control arm, with the variance that the draw gives it (Neyman; blocks weighted by size; CR2 for clusters). Imbens and Rubin 2015, chapters 6, 9, 10.',
  lm_robust: 'Regression: least squares of the outcome on the treatment and the covariates, with errors that allow the spread to differ between rows (HC2) or rows to hang together (CR2). White 1980; MacKinnon and White 1985; Bell and McCaffrey 2002.',
  lm_lin: 'Adjusted difference: least squares with slopes of their own in each arm, covariates taken from their mean, so that the coefficient of the treatment is the average effect. Lin 2013.',
  cuped: 'CUPED: the difference in means after the part of the outcome that its baseline predicts is taken off. Deng, Xu, Kohavi and Walker 2013.',
  iv_robust: 'Two-stage least squares with the draw as instrument: the effect of taking up among those whom the draw moved (LATE). Imbens and Angrist 1994.',
  anderson_rubin: 'Anderson-Rubin set: the effects of taking up that the data do not reject; right however weakly the draw moves take-up, so it may be wide or unbounded. Anderson and Rubin 1949.',
  lee_bounds: 'Lee’s bounds: the lowest and the highest effect among those who would be seen in either arm, when one arm was seen more often. Lee 2009; interval of Imbens and Manski 2004.',
  randomization_inference: 'Randomization inference: how often arms drawn anew, in the same way, would differ as much, if the treatment changed nobody. Fisher 1935; Wu and Ding 2021.',
  multiple_testing: 'Family of outcomes: p-values adjusted for being one of several. Holm 1979; Benjamini and Hochberg 1995; Romano and Wolf 2005.',
  gate_tertile: 'Effects by thirds of a score. A predicted score is fitted on control rows of other folds, so no row is predicted by itself. Whether effects differ is said by the interaction, not by two p-values side by side. Abadie, Chingos and West 2018.',
  'causal_forest.ate': 'Causal forest: effects given the covariates by trees that choose splits on some rows and estimate on others, each row predicted by trees that have not seen it; averages from doubly robust scores. Athey, Tibshirani and Wager 2019; Athey and Wager 2019.',
  calibration_test: 'Test of calibration: whether predicted differences go with real ones. Chernozhukov, Demirer, Duflo and Fernández-Val 2025.',
  'rate.autoc': 'Targeting curve and its areas: what those gain who come first in a priority, beyond all. The forest’s own priority is made on earlier folds, so that it has not seen the rows that are judged. Yadlowsky, Fleming, Shah, Brunskill and Wager 2025; Wager 2024.',
  policy_value: 'Rule: the best of all trees of a few questions on doubly robust scores, found by trying all; its value by rules of earlier folds on later ones. Athey and Wager 2021; Zhou, Athey and Wager 2023; Wager 2024.',
  cost_curve: 'Cost curve: gain by budget when the treatment goes first to those for whom most is predicted. Sverdrup, Wu, Athey and Wager 2025.',
  balance_joint: 'Balance: one test of whether all covariates together tell the arms apart (Wald, robust covariance), and standardized differences: (treated mean − control mean) / √((s²₁ + s²₀)/2). Imbens and Rubin 2015, chapter 14.',
  srm_chi_square: 'Sizes of the arms: χ² of the counts against the plan.',
}

export function methodsOf(analysis: Analysis): readonly string[] {
  const rows: readonly Row[] = analysis.findings.map((one) => one.row)
  const used = new Set(rows.map((row) => row.estimator))
  if (analysis.design.balance !== null && analysis.design.balance.joint.length > 0) used.add('balance_joint')
  if (analysis.design.sampleRatio !== null) used.add('srm_chi_square')
  return Object.entries(methods).flatMap(([name, sentence]) => (used.has(name) ? [sentence] : []))
}

export function assumptionsOf({ order, design, findings }: Analysis): readonly string[] {
  const drawn = design.clusters?.split === 0 ? `whole values of ${order.cluster}` : 'rows'
  return [
    `The arms of ${order.treatment} were drawn at random, ${drawn} at a time${order.blocks === undefined ? '' : `, inside the values of ${order.blocks}`}. The file cannot prove this; balance and the sizes of the arms can only speak against it.`,
    'What one unit was drawn for does not change the outcome of another.',
    ...(order.covariates.length === 0 ? [] : ['The covariates were measured before the draw, or could not be changed by it.']),
    ...(order.takeUp === undefined ? [] : [`${order.treatment} changes the outcome through ${order.takeUp} only, and moves nobody away from it (for the effect of ${order.takeUp}; the effect of ${order.treatment} does not need this).`]),
    ...(findings.some((one) => one.role === 'bounds') ? ['Treatment moves who is seen in one direction only (for Lee’s bounds).'] : []),
    'Each model uses the rows that have all its values; that is right when what is missing has nothing to do with the arm.',
  ]
}
