import { ivRobust } from '#kernel/causal'
import { complete, show, termOf, type Data, type Study } from './study.ts'

const covariates = ['male', 'age', 'agpop', 'ricearea_2010', 'literacy', 'intensive', 'risk_averse', 'disaster_prob']
const farmers = (data: Data) => complete(data, ['takeup_survey', 'pre_takeup_rate', 'default', 'address', 'village', ...covariates])

export const study: Study = {
  title: 'Friends and insurance (Cai, de Janvry, Sadoulet 2015), as in The Effect',
  question: 'In villages of China farmers were offered weather insurance twice. In some, by lot, insurance was the default of the first round. Does a farmer of the second round buy because others bought before?',
  papers: ['Cai, J., de Janvry, A., Sadoulet, E. (2015). Social networks and the decision to insure. American Economic Journal: Applied 7(2).', 'Huntington-Klein, N. The Effect, chapter 19.'],
  file: 'social_insure.csv',
  origin: 'Rdatasets, causaldata/social_insure: 1,410 farmers of the second round.',
  claims: [
    {
      what: 'Share of others that bought before, two-stage least squares with a constant for each village, clustered by natural village',
      unit: 'share of farmers per share of others',
      published: { estimate: '0.791', std_error: '0.273', place: 'Huntington-Klein, The Effect, chapter 19', source: 'from memory' },
      ours: (data) => termOf(ivRobust(farmers(data), { outcome: 'takeup_survey', endogenous: ['pre_takeup_rate'], instruments: ['default'], covariates, fixedEffects: 'village', clusters: 'address', seType: 'stata' }), 'pre_takeup_rate'),
    },
  ],
  notes: ['The default was drawn for whole natural villages (166 of them), so that is what errors are clustered by.'],
  command: {
    words: `--outcome takeup_survey --treatment default --take-up pre_takeup_rate --covariates ${covariates.join(',')} --blocks village --cluster address --se stata --estimators iv_robust`,
    claim: 0,
    estimator: 'iv_robust',
    term: 'pre_takeup_rate',
  },
}

if (import.meta.main) await show(study)
