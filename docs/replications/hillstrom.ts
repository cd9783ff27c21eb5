import { differenceInMeans } from '#kernel/causal'
import { meanWhere, numbersOf, show, type Data, type Study } from './study.ts'

const share = (data: Data, arm: string) => {
  const { estimate, n } = meanWhere(data, numbersOf(data, 'visit'), 'segment', arm)
  return { estimate: 100 * estimate, n: n! }
}

function gain(data: Data, arm: string) {
  const rows = (data['segment'] as readonly string[]).flatMap((one, row) => (one === arm || one === 'No E-Mail' ? [row] : []))
  const visit = Float64Array.from(rows, (row) => numbersOf(data, 'visit')[row]!)
  const mailed = Float64Array.from(rows, (row) => (data['segment']![row] === arm ? 1 : 0))
  const { estimate, std_error, n } = differenceInMeans({ visit, mailed }, { outcome: 'visit', treatment: 'mailed' })
  return { estimate: 100 * estimate, std_error: 100 * std_error!, n }
}

export const study: Study = {
  title: 'Two e-mails of a shop (Hillstrom 2008)',
  question: '64,000 customers of a shop were drawn into three equal parts: an e-mail about men’s goods, one about women’s, or none. Who came to the site within two weeks?',
  papers: ['Hillstrom, K. (2008). The MineThatData e-mail analytics and data mining challenge.'],
  file: 'hillstrom.csv',
  origin: 'github.com/carlosquintanillaa/Datasets; the author offers the file for use by anybody.',
  claims: [
    { what: 'Came to the site, no e-mail', unit: 'percent', published: { estimate: '10.6', place: 'summaries of the challenge', source: 'from memory' }, ours: (data) => share(data, 'No E-Mail') },
    { what: 'Came to the site, e-mail about men’s goods', unit: 'percent', published: { estimate: '18.3', place: 'summaries of the challenge', source: 'from memory' }, ours: (data) => share(data, 'Mens E-Mail') },
    { what: 'Came to the site, e-mail about women’s goods', unit: 'percent', published: { estimate: '15.1', place: 'summaries of the challenge', source: 'from memory' }, ours: (data) => share(data, 'Womens E-Mail') },
    { what: 'Gained by the e-mail about men’s goods', unit: 'percentage points', published: { estimate: '7.7', place: 'the difference of the above', source: 'from memory' }, ours: (data) => gain(data, 'Mens E-Mail') },
    { what: 'Gained by the e-mail about women’s goods', unit: 'percentage points', published: { estimate: '4.5', place: 'the difference of the above', source: 'from memory' }, ours: (data) => gain(data, 'Womens E-Mail') },
  ],
  notes: ['A nudge by e-mail, drawn: the nearest of these experiments to what Laurel runs. The three parts are as large as planned (p = 0.90).'],
  command: { words: '--outcome visit --treatment segment --arms "No E-Mail,Mens E-Mail" --planned 1:1:1 --estimators difference_in_means', claim: 3, estimator: 'difference_in_means', term: 'segmentMens E-Mail' },
}

if (import.meta.main) await show(study)
