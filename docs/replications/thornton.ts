import { lmRobust } from '#kernel/causal'
import { complete, show, type Data, type Study } from './study.ts'

const usable = (data: Data, ...more: readonly string[]) => complete(data, ['got', 'any', 'villnum', ...more])

export const study: Study = {
  title: 'Paying people to learn their HIV results (Thornton 2008)',
  question: 'In rural Malawi a voucher, worth nothing to three dollars, was drawn for everyone who had been tested. Did it bring people to the centre to learn their result?',
  papers: ['Thornton, R. (2008). The demand for, and impact of, learning HIV status. American Economic Review 98(5).'],
  file: 'thornton_hiv.csv',
  origin: 'Rdatasets, causaldata/thornton_hiv; 2,825 of its 4,820 rows have a draw and an outcome.',
  claims: [
    {
      what: 'Effect of any incentive on learning the result',
      unit: 'share of people',
      published: { estimate: '0.431', std_error: '0.023', place: 'Thornton (2008), table 4, column 1', source: 'read' },
      ours: (data) => lmRobust(usable(data, 'age', 'hiv2004'), { outcome: 'got', terms: ['any', 'age', 'hiv2004'], clusters: 'villnum', seType: 'stata' }).estimates[1]!,
      differs: 'the printed regression also holds sex, district, age squared and distances that were simulated, which this copy of the data does not have, and counts 2,812 people',
    },
    {
      what: 'The same without covariates',
      unit: 'share of people',
      published: { estimate: '0.45', place: 'Thornton (2008): the share rises from a third to more than three quarters', source: 'from memory' },
      ours: (data) => lmRobust(usable(data), { outcome: 'got', terms: ['any'], clusters: 'villnum', seType: 'stata' }).estimates[1]!,
    },
  ],
  notes: ['The voucher was drawn for each person; errors still allow people of one of the 119 villages to hang together, as in the paper.'],
  command: { words: '--outcome got --treatment any --cluster villnum --se stata --estimators lm_robust', claim: 1, estimator: 'lm_robust', term: 'any' },
}

if (import.meta.main) await show(study)
