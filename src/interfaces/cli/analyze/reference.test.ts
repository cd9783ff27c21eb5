/** The command against R: same file, same words, the rows of ../shared/data/reference. */
import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { after, suite, test } from 'node:test'
import { runAnalyze } from './run-analyze.test-tool.ts'
import { referenceRows, withoutReference, type Experiment, type ReferenceRow } from '#test/reference'

interface Case {
  readonly experiment: Experiment
  readonly words: readonly string[]
  /** Names here, and in R's scripts where those were derived. */
  readonly renamed?: Readonly<Record<string, string>>
  /** Rows of R that this command has to give: fewest that may be matched. */
  readonly least: number
}

const file = (name: string): string => fileURLToPath(new URL(`../../../../../shared/data/${name}.csv`, import.meta.url))
const jtpa = 'male,hsorged,black,hispanic,married,wkless13,afdc,age2225,age2629,age3035,age3644,age4554,f2sms,class_tr,ojt_jsa,prevearn'
const all = 'difference_in_means,lm_robust,lm_lin'

const cases: readonly Case[] = [
  { experiment: 'jtpa', words: ['--outcome', 'earnings', '--treatment', 'assignment', '--take-up', 'training', '--covariates', jtpa, '--planned', '1:2', '--subgroup-score', 'auto', '--se', 'classical,HC0,HC1,HC2,HC3', '--estimators', `${all},iv_robust,anderson_rubin,gate_tertile`], least: 85 },
  { experiment: 'jtpa', words: ['--outcome', 'earnings', '--treatment', 'assignment', '--blocks', 'site', '--se', 'classical,HC1,HC2', '--estimators', 'difference_in_means,lm_robust'], least: 4 },
  { experiment: 'nswdemo', words: ['--outcome', 're78', '--treatment', 'trt', '--covariates', 'age,educ,black,hisp,marr,nodeg,re75', '--baseline', 're75', '--se', 'classical,HC0,HC1,HC2,HC3', '--estimators', `${all},cuped`], least: 35 },
  { experiment: 'nsw_mixtape', words: ['--outcome', 're78', '--treatment', 'treat', '--covariates', 'age,educ,black,hisp,marr,nodegree,re74,re75', '--baseline', 're75', '--subgroup-score', 'auto', '--estimators', `${all},cuped,gate_tertile`], least: 28 },
  { experiment: 'carvalho2016', words: ['--outcome', 'outcome.num.correct.ans', '--treatment', 'treatment', '--estimators', 'difference_in_means,lm_robust', '--se', 'classical,HC0,HC1,HC2,HC3'], least: 8 },
  { experiment: 'esti', words: ['--outcome', 'y', '--treatment', 'w', '--estimators', 'difference_in_means,lm_robust,randomization_inference', '--se', 'classical,HC0,HC1,HC2,HC3'], least: 10 },
  { experiment: 'resume', words: ['--outcome', 'received_callback', '--treatment', 'race', '--arms', 'white,black', '--cluster', 'job_ad_id', '--se', 'CR0,stata,CR2', '--estimators', 'lm_robust'], renamed: { raceblack: 'black', 'received_callback ~ race': 'received_callback ~ black' }, least: 6 },
  { experiment: 'welfare_gss', words: ['--outcome', 'y', '--treatment', 'w', '--covariates', 'age,educ,polviews,partyid', '--estimators', 'lm_robust,lm_lin', '--se', 'HC1,HC2,HC3'], least: 12 },
  { experiment: 'social_insure', words: ['--outcome', 'takeup_survey', '--treatment', 'default', '--take-up', 'pre_takeup_rate', '--covariates', 'male,age,agpop,ricearea_2010,literacy,intensive,risk_averse,disaster_prob', '--cluster', 'address', '--se', 'CR0,stata,CR2', '--estimators', `${all},iv_robust,anderson_rubin`], least: 15 },
  { experiment: 'hillstrom', words: ['--outcome', 'visit,conversion,spend', '--treatment', 'segment', '--arms', 'No E-Mail,Womens E-Mail', '--planned', '1:1:1', '--estimators', 'lm_robust'], renamed: { 'segmentWomens E-Mail': 'email', 'visit ~ segment': 'visit ~ email', 'conversion ~ segment': 'conversion ~ email', 'spend ~ segment': 'spend ~ email' }, least: 4 },
]

const near = (ours: number | null, theirs: number | null | undefined, tolerance: number): boolean =>
  ours === null || theirs === null || theirs === undefined ? ours === null && (theirs ?? null) === null : ours === theirs || Math.abs(ours - theirs) <= tolerance * Math.max(Math.abs(theirs), 1e-9)

suite('laurel analyze --json gives the rows that R gives', { skip: withoutReference }, () => {
  let compared = 0
  for (const { experiment, words, renamed = {}, least } of cases) {
    test(`${experiment} ${words.slice(0, 4).join(' ')} ${words.at(-1)}`, async () => {
      const { code, out, said } = await runAnalyze([file(experiment), ...words, '--json'])
      assert.equal(code, 0, said)
      const { results } = JSON.parse(out) as { results: ReferenceRow[] }
      const name = (text: string): string => (renamed[text] ?? text).replaceAll('.', '_')
      // Which rows are the same: how it was done, on what, of what, with how many rows. R's scripts add notes and subsets; the values decide.
      const sameDesign = (a: ReferenceRow, b: ReferenceRow): boolean =>
        a.estimator === b.estimator && name(a.formula) === b.formula && name(a.term) === b.term && a.n === b.n && ['se_type', 'design', 'test', 'critical', 'fixed_effects', 'clusters', 'tertile', 'contrast', 'role', 'covariates', 'statistic'].every((key) => (a.options[key] ?? null) === (b.options[key] ?? null))
      const theirs = referenceRows(experiment)
      let matched = 0
      const failures: string[] = []
      for (const ours of results) {
        const same = theirs.filter((row) => sameDesign(ours, row) && !(row.estimator === 'randomization_inference' && row.options['method'] !== ours.options['method']))
        if (same.length === 0) continue
        const [row] = same
        const equal = (one: ReferenceRow): boolean =>
          near(ours.estimate, one.estimate, 1e-9) && near(ours.std_error, one.std_error, 1e-9) && near(ours.p_value, one.p_value, 1e-7) && near(ours.conf_low, one.conf_low, 1e-7) && near(ours.conf_high, one.conf_high, 1e-7)
        if (same.some(equal)) matched += 1
        else failures.push(`${ours.estimator} ${JSON.stringify(ours.options)} ${ours.formula} ${ours.term}: ${ours.estimate} (${ours.std_error}) p ${ours.p_value} against ${row!.estimate} (${row!.std_error}) p ${row!.p_value}`)
      }
      compared += matched
      assert.deepEqual(failures, [])
      assert.ok(matched >= least, `${matched} rows of ${results.length} were compared, at least ${least} were to be`)
    })
  }
  after(() => {
    console.log(`${compared} rows compared with R`)
    assert.ok(compared > 0)
  })
})
