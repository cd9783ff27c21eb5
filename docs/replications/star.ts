import { lmRobust } from '#kernel/causal'
import { complete, is, numbersOf, show, termOf, type Data, type Study } from './study.ts'

function kindergarten(data: Data) {
  const score = numbersOf(data, 'readk').map((read, row) => read + numbersOf(data, 'mathk')[row]!)
  return complete({ score, small: is(data, 'stark', 'small'), aide: is(data, 'stark', 'regular+aide'), school: data['schoolidk']! }, ['score', 'small', 'aide', 'school'])
}

const fit = (data: Data) => lmRobust(kindergarten(data), { outcome: 'score', terms: ['small', 'aide'], seType: 'HC1' })

export const study: Study = {
  title: 'Class size in Tennessee (Project STAR), kindergarten',
  question: 'Children and teachers of 79 schools were drawn into a small class, a regular one, or a regular one with an aide. What did they score at the end of kindergarten?',
  papers: ['Stock, J., Watson, M. Introduction to Econometrics, table 13.1.', 'Krueger, A. (1999). Experimental estimates of education production functions. Quarterly Journal of Economics 114(2).'],
  file: 'star_k.csv',
  origin: 'Rdatasets, AER/STAR: rows with a kindergarten class.',
  claims: [
    { what: 'Small class against regular', unit: 'points, reading and mathematics together', published: { estimate: '13.90', std_error: '2.45', place: 'Stock, Watson, table 13.1', source: 'from memory' }, ours: (data) => termOf(fit(data), 'small') },
    { what: 'Regular class with an aide against regular', unit: 'points', published: { estimate: '0.31', std_error: '2.27', place: 'table 13.1', source: 'from memory' }, ours: (data) => termOf(fit(data), 'aide') },
    { what: 'Regular class', unit: 'points', published: { estimate: '918.04', std_error: '1.63', place: 'table 13.1', source: 'from memory' }, ours: (data) => termOf(fit(data), '(Intercept)') },
  ],
  notes: [
    'Children were drawn inside their schools, so the comparison that fits the draw is the one within schools. The command insists on it: with `--blocks schoolidk` it finds that the shares differ between schools and does not show the figure above as the answer. With schools absorbed the effect of a small class is about two points larger.',
  ],
}

if (import.meta.main) await show(study)
