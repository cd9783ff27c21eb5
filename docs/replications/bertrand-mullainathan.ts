import { differenceInMeans, lmRobust } from '#kernel/causal'
import { is, meanWhere, numbersOf, show, type Data, type Study } from './study.ts'

const called = (data: Data) => numbersOf(data, 'received_callback')
const withBlack = (data: Data) => ({ received_callback: called(data), black: is(data, 'race', 'black'), job_ad_id: numbersOf(data, 'job_ad_id') })

export const study: Study = {
  title: 'Names on résumés (Bertrand, Mullainathan 2004)',
  question: 'Made-up résumés were sent to real advertisements, with names drawn so that some sound white and some black. Who is called back?',
  papers: ['Bertrand, M., Mullainathan, S. (2004). Are Emily and Greg more employable than Lakisha and Jamal? American Economic Review 94(4).'],
  file: 'resume.csv',
  origin: 'Rdatasets, openintro/resume: 4,870 résumés for 1,323 advertisements.',
  claims: [
    {
      what: 'Called back, names that sound white',
      unit: 'percent',
      published: { estimate: '9.65', place: 'Bertrand, Mullainathan (2004), table 1', source: 'from memory' },
      ours: (data) => percent(meanWhere(data, called(data), 'race', 'white')),
    },
    {
      what: 'Called back, names that sound black',
      unit: 'percent',
      published: { estimate: '6.45', place: 'table 1', source: 'from memory' },
      ours: (data) => percent(meanWhere(data, called(data), 'race', 'black')),
    },
    {
      what: 'How many times as often white-sounding names are called',
      unit: 'ratio',
      published: { estimate: '1.50', place: 'abstract: “50 percent more callbacks”', source: 'read' },
      ours: (data) => ({ estimate: meanWhere(data, called(data), 'race', 'white').estimate / meanWhere(data, called(data), 'race', 'black').estimate }),
    },
    {
      what: 'The gap, every résumé an observation of its own',
      unit: 'percentage points',
      published: { estimate: '-3.20', place: 'table 1, “a difference of 3.20 percentage points”', source: 'from memory' },
      ours: (data) => percent(differenceInMeans(withBlack(data), { outcome: 'received_callback', treatment: 'black' })),
    },
    {
      what: 'The gap, compared within each advertisement, errors clustered by it',
      unit: 'percentage points',
      published: { estimate: '-3.20', place: 'table 1', source: 'from memory' },
      ours: (data) => percent(lmRobust(withBlack(data), { outcome: 'received_callback', terms: ['black'], fixedEffects: 'job_ad_id', clusters: 'job_ad_id', seType: 'stata' }).estimates[0]!),
    },
  ],
  notes: ['Two white and two black names went to most advertisements, so the share is the same in each, and comparing within them changes no estimate: only the error.'],
  command: { words: '--outcome received_callback --treatment race --arms white,black --estimators difference_in_means', claim: 3, estimator: 'difference_in_means', term: 'raceblack' },
}

function percent<T extends { readonly estimate: number; readonly std_error?: number | null; readonly n?: number }>(one: T) {
  return { estimate: 100 * one.estimate, ...(typeof one.std_error !== 'number' ? {} : { std_error: 100 * one.std_error }), ...(one.n === undefined ? {} : { n: one.n }) }
}

if (import.meta.main) await show(study)
