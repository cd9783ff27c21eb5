import { besideGrf, fiveForests } from './beside-grf.ts'
import { complete, show, type Study } from './study.ts'

const covariates = ['age', 'educ', 'polviews', 'partyid']
const forests = fiveForests({
  outcome: 'y',
  treatment: 'w',
  covariates,
  projection: ['age', 'educ'],
  priority: 'polviews',
  rows: (data) => {
    const whole = complete(data, ['y', 'w', ...covariates])
    // Every fifth row, 6,000 of them.
    return Object.fromEntries(Object.entries(whole).map(([name, values]) => [name, (values as Float64Array).filter((_, i) => i % 5 === 0 && i < 30_000)]))
  },
})
const figure = besideGrf(forests, 'reference/welfare_gss.grf.json')

export const study: Study = {
  title: 'A causal forest of the welfare question (Green, Kern 2012), beside grf',
  question: 'In the General Social Survey some were asked, by lot, whether too much is spent on “welfare”, others on “assistance to the poor”. Fewer say yes to the second. For whom does the wording matter most?',
  papers: ['Green, D., Kern, H. (2012). Modeling heterogeneous treatment effects in survey experiments with Bayesian additive regression trees. Public Opinion Quarterly 76(3).', 'Athey, S., Tibshirani, J., Wager, S. (2019). Generalized random forests. Annals of Statistics 47(2).'],
  file: 'welfare_gss.csv',
  origin: 'Copy of the General Social Survey 1986-2010 in experimentdatar; every fifth of the complete rows, 6,000 of them, as the figures of grf were made.',
  slow: true,
  claims: [
    figure('average', 'ate', 'Average effect on all', 'share who say too much', '-0.33338', '0.01081'),
    figure('average', 'att', 'Average effect on the treated', 'share who say too much', '-0.33092', '0.01080'),
    figure('average', 'ato', 'Average effect, weighted by overlap', 'share who say too much', '-0.33359', '0.01047'),
    figure('other', 'cal_mean', 'Calibration test, mean prediction', '1 where right', '1.0027', '0.0314'),
    figure('other', 'cal_diff', 'Calibration test, differential prediction', '1 where right', '0.7321', '0.1414'),
    figure('other', 'blp1', 'Best linear projection on age', 'share who say too much per unit', '0.00036', '0.00064'),
    figure('other', 'blp2', 'Best linear projection on years of schooling', 'share who say too much per unit', '-0.00071', '0.00342'),
    figure('area', 'autoc_low', 'AUTOC by political views, most liberal first', 'share who say too much', '0.04648', '0.00996'),
    figure('area', 'qini_low', 'Qini by political views, most liberal first', 'share who say too much', '0.01312', '0.00299'),
    figure('area', 'autoc_high', 'AUTOC by political views, most conservative first', 'share who say too much', '-0.03221', '0.01076'),
  ],
  notes: ['The effect is large for everybody and differs: the second line of the calibration test is far above zero. Those on the liberal side change their answer less.'],
}

if (import.meta.main) await show(study)
