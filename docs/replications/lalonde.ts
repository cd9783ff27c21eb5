import { differenceInMeans, lmRobust } from '#kernel/causal'
import { numbersOf, show, type Data, type Study } from './study.ts'

const terms = ['trt', 'age', 'age²', 'educ', 'nodeg', 'black', 'hisp']
const withSquare = (data: Data) => ({ ...data, 'age²': numbersOf(data, 'age').map((age) => age * age) })

export const study: Study = {
  title: 'The National Supported Work demonstration (LaLonde 1986)',
  question: 'Men out of work were drawn into a year of guided work, or not. What did they earn three years later, in 1978?',
  papers: ['LaLonde, R. (1986). Evaluating the econometric evaluations of training programs with experimental data. American Economic Review 76(4).'],
  file: 'nswdemo.csv',
  origin: 'Rdatasets, DAAG/nswdemo: the 722 men of the experiment, without the comparison groups drawn from surveys.',
  claims: [
    {
      what: 'Effect on earnings in 1978',
      unit: 'dollars',
      published: { estimate: '886', std_error: '472', place: 'LaLonde (1986), table 5, the experimental benchmark for men', source: 'from memory' },
      ours: (data) => lmRobust(data, { outcome: 're78', terms: ['trt'], seType: 'classical' }).estimates[1]!,
    },
    {
      what: 'The same, adjusted for age, its square, schooling, having dropped out, and race',
      unit: 'dollars',
      published: { estimate: '798', std_error: '472', place: 'LaLonde (1986), table 5, adjusted', source: 'from memory' },
      ours: (data) => lmRobust(withSquare(data), { outcome: 're78', terms, seType: 'classical' }).estimates[1]!,
    },
    {
      what: 'The first, with the variance of each arm its own (Neyman, Welch)',
      unit: 'dollars',
      published: { estimate: '886', std_error: '472', place: 'as above', source: 'from memory' },
      ours: (data) => differenceInMeans(data, { outcome: 're78', treatment: 'trt' }),
      errorDiffers: 'the printed error takes one variance for both arms; Neyman’s, which Laurel shows, does not',
    },
  ],
  notes: ['The draw alone answers the question: the paper’s point is that methods without a draw, applied to the same men and a survey, missed this figure by thousands of dollars.'],
  command: { words: '--outcome re78 --treatment trt --estimators difference_in_means', claim: 2, estimator: 'difference_in_means', term: 'trt' },
}

if (import.meta.main) await show(study)
