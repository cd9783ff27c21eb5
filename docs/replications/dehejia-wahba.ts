import { differenceInMeans, lmRobust } from '#kernel/causal'
import { show, type Study } from './study.ts'

export const study: Study = {
  title: 'The Dehejia-Wahba subsample of the same demonstration (1999)',
  question: 'The men whose earnings in 1974 are known, 185 treated and 260 not: what did the programme add to their earnings in 1978?',
  papers: ['Dehejia, R., Wahba, S. (1999). Causal effects in nonexperimental studies: reevaluating the evaluation of training programs. JASA 94(448).'],
  file: 'nsw_mixtape.csv',
  origin: 'Rdatasets, causaldata/nsw_mixtape.',
  claims: [
    {
      what: 'Effect on earnings in 1978',
      unit: 'dollars',
      published: { estimate: '1,794', std_error: '633', place: 'Dehejia, Wahba (1999), the experimental benchmark', source: 'from memory' },
      ours: (data) => lmRobust(data, { outcome: 're78', terms: ['treat'], seType: 'classical' }).estimates[1]!,
    },
    {
      what: 'The same with the variance of each arm its own (Neyman, Welch)',
      unit: 'dollars',
      published: { estimate: '1,794', std_error: '633', place: 'as above, printed with the pooled error', source: 'from memory' },
      ours: (data) => differenceInMeans(data, { outcome: 're78', treatment: 'treat' }),
      errorDiffers: 'the printed error takes one variance for both arms; the treated men’s earnings vary more, and Neyman’s error, which Laurel shows, says so',
    },
  ],
  notes: ['The subsample was chosen by earnings before the draw, and its balance is no longer that of the draw: the joint test of all covariates has p = 0.023. The command says so before it gives a figure.'],
  command: { words: '--outcome re78 --treatment treat --estimators lm_robust --se classical', claim: 0, estimator: 'lm_robust', term: 'treat' },
}

if (import.meta.main) await show(study)
