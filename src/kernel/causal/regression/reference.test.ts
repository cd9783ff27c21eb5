import assert from 'node:assert/strict'
import { test } from 'node:test'
import { andersonRubin, cuped, differenceInMeans, factorColumns, firstStageF, ivRobust, lmLin, lmRobust, type Columns, type Estimate, type SeType } from '#kernel/causal'
import { complete, experiments, referenceRows, referenceTable, withoutReference, type Experiment, type ReferenceRow, type Table } from '#test/reference'

// R's estimatr solves with a Cholesky factor of X'X, so its own digits end near 1e-12 on these data; p-values add the error of its pt.
const estimates = 1e-9
const tails = 1e-7

/** Columns over which the R script took complete cases before it fitted anything. */
const samples: Record<Experiment, string> = {
  carvalho2016: 'outcome_num_correct_ans treatment age male working household_income education liquidity_constrained financial_hardship current_income',
  esti: 'y w gender_female ethnicgrp_white ethnicgrp_black partners1 postlaunch msm age imd_decile',
  hillstrom: 'visit conversion spend email segment recency history mens womens newbie web rural urban',
  jtpa: 'earnings over10k assignment training site male hsorged black hispanic married wkless13 afdc age2225 age2629 age3035 age3644 age4554 f2sms class_tr ojt_jsa prevearn',
  nsw_mixtape: 're78 emp treat age educ black hisp marr nodegree re74 re75',
  nswdemo: 're78 emp trt age educ black hisp marr nodeg re75',
  resume: 'received_callback black male years_experience honors computer_skills college_degree job_ad_id',
  social_insure: 'takeup_survey default pre_takeup_rate male age agpop ricearea_2010 literacy intensive risk_averse disaster_prob address village',
  star_k: 'score small girl free black schoolidk',
  thornton_hiv: 'got any tinc distvct age hiv2004 villnum',
  welfare_gss: 'y w year age educ polviews partyid',
}

/** `x` in the rows of Abadie, Angrist and Imbens. */
const trainees = 'hsorged + black + hispanic + married + wkless13 + class_tr + ojt_jsa + age2225 + age2629 + age3035 + age3644 + age4554 + f2sms'

const tables = new Map<Experiment, Table>()

function sampleOf(experiment: Experiment, row: ReferenceRow): Columns {
  const table = tables.get(experiment) ?? referenceTable(experiment)
  tables.set(experiment, table)
  const label = (column: string) => (i: number) => table[column]![i]
  if (experiment === 'star_k') {
    const stark = label('stark')
    return row.formula.includes('aide') ? complete(table, ['score', 'small', 'aide', 'schoolidk']) : complete(table, samples.star_k.split(' '), (i) => stark(i) !== 'regular+aide')
  }
  const { subset } = row.options
  const where =
    subset === undefined
      ? undefined
      : ({
          'male==0': (i: number) => label('male')(i) === 0,
          'male==1': (i: number) => label('male')(i) === 1,
          'mens e-mail against none': (i: number) => label('segment')(i) !== 'Womens E-Mail',
          'womens e-mail against none': (i: number) => label('segment')(i) !== 'Mens E-Mail',
        } as Record<string, (i: number) => boolean>)[subset as string]
  assert.ok(subset === undefined || where !== undefined, `subset ${String(subset)}`)
  return complete(table, samples[experiment].split(' '), where)
}

/** The two sides of a formula after the outcome, factors spelled out as columns. */
function readFormula(formula: string, data: Columns): { readonly outcome: string; readonly sides: readonly (readonly string[])[]; readonly data: Columns } {
  const [outcome, right] = formula.split(' ~ ') as [string, string]
  let wide = data
  const sides = right.split(' | ').map((side) =>
    side.replace(/\bx\b/, trainees).split(' + ').flatMap((term) => {
      const factor = /^factor\((\w+)\)$/.exec(term)?.[1]
      if (factor === undefined) return [term]
      const { columns } = factorColumns(data, factor)
      wide = { ...wide, ...columns }
      return Object.keys(columns)
    }),
  )
  return { outcome, sides, data: wide }
}

function compute(experiment: Experiment, row: ReferenceRow): readonly (Estimate & { readonly first_stage_F?: number })[] {
  const { outcome, sides, data } = readFormula(row.formula, sampleOf(experiment, row))
  const [left, right] = [sides[0]!, sides[1] ?? []]
  const { options } = row
  const error = {
    ...(options.se_type === undefined ? {} : { seType: options.se_type as SeType }),
    ...(typeof options.clusters === 'string' ? { clusters: options.clusters } : {}),
    ...(typeof options.fixed_effects === 'string' ? { fixedEffects: options.fixed_effects } : {}),
  }
  switch (row.estimator) {
    case 'difference_in_means':
      return [
        differenceInMeans(data, {
          outcome,
          treatment: left[0]!,
          ...(typeof options.blocks === 'string' ? { blocks: options.blocks, thinBlocks: 'drop' } : {}),
          ...(typeof options.clusters === 'string' ? { clusters: options.clusters } : {}),
        }),
      ]
    case 'lm_robust':
      return lmRobust(data, { outcome, terms: left, ...error }).estimates
    case 'lm_lin':
      return lmLin(data, { outcome, treatment: left[0]!, covariates: (options.covariates as string).slice(1).split(' + '), ...error }).estimates
    case 'cuped':
      return [cuped(data, { outcome, treatment: left[0]!, baseline: options.covariate as string })]
    case 'iv_robust': {
      const spec = { endogenous: left.slice(0, 1), instruments: right.slice(0, 1), covariates: left.slice(1), ...error }
      const { estimates: rows } = ivRobust(data, { outcome, ...spec })
      if (row['first_stage_F'] === undefined) return rows
      const { f } = firstStageF(data, { ...spec, endogenous: spec.endogenous[0]! })
      return rows.map((one) => ({ ...one, first_stage_F: f }))
    }
    case 'anderson_rubin': {
      const clusters = options.cluster === true ? { clusters: 'address' } : {}
      return [andersonRubin(data, { outcome, endogenous: left[0]!, instruments: right.slice(0, 1), covariates: right.slice(1), ...error, ...clusters, critical: options.critical as 'F' | 'chi2' })]
    }
    default:
      throw new TypeError(row.estimator)
  }
}

/** How each figure of a row is compared; figures that R's row does not have, or has as null, must be null here too where we have them. */
const tolerances: Readonly<Record<string, number>> = {
  estimate: estimates, std_error: estimates, statistic: estimates, df: estimates, n: 0, p_value: tails, conf_low: tails, conf_high: tails,
  pi_y: estimates, pi_d: estimates, V_yy: estimates, V_yd: estimates, V_dd: estimates, first_stage_F: estimates, variance_ratio_to_unadjusted: estimates,
}

test('every row of the regression family in the reference files is what R makes of the same data', { skip: withoutReference }, (t) => {
  let all = 0
  for (const experiment of experiments) {
    const rows = referenceRows(experiment, 'difference_in_means', 'lm_robust', 'lm_lin', 'iv_robust', 'anderson_rubin', 'cuped')
    const fits = new Map<string, ReturnType<typeof compute>>()
    let compared = 0
    let worst = 0
    for (const row of rows) {
      const key = JSON.stringify([row.estimator, row.options, row.formula])
      const ours = fits.get(key) ?? compute(experiment, row)
      fits.set(key, ours)
      const one = ours.find((candidate) => candidate.term === row.term)
      const what = `${experiment}: ${row.estimator} ${row.formula} ${JSON.stringify(row.options)} ${row.term}`
      assert.ok(one, `${what}: no such term`)
      for (const [figure, tolerance] of Object.entries(tolerances)) {
        const want = row[figure as keyof ReferenceRow]
        const got: unknown = (one as unknown as Record<string, unknown>)[figure]
        if (want === undefined) continue
        if (want === null) assert.equal(got, null, `${what}: ${figure}`)
        else {
          assert.equal(typeof got, 'number', `${what}: ${figure}`)
          const off = Math.abs((got as number) - (want as number)) / (want === 0 ? 1 : Math.abs(want as number))
          assert.ok(off <= tolerance, `${what}: ${figure} is ${String(got)}, in R ${String(want)} (relative ${off})`)
          if (tolerance === estimates) worst = Math.max(worst, off)
        }
      }
      for (const [name, want] of Object.entries(row.options)) {
        if (['note', 'role', 'subset', 'rule'].includes(name)) continue
        const got: unknown = one.options[name]
        if (typeof want === 'number') assert.ok(Math.abs((got as number) - want) <= estimates * Math.abs(want), `${what}: option ${name} is ${String(got)}`)
        else assert.deepEqual(got, want, `${what}: option ${name}`)
      }
      if (!row.formula.includes('factor') && !/\bx\b/.test(row.formula)) assert.equal(one.formula, row.formula)
      compared += 1
    }
    assert.ok(compared > 0, `${experiment}: no row was compared`)
    all += compared
    t.diagnostic(`${experiment}: ${compared} rows compared, worst relative difference of estimates, errors and statistics ${worst.toExponential(1)}`)
  }
  t.diagnostic(`${all} rows compared in ${experiments.length} files, no exceptions`)
})
