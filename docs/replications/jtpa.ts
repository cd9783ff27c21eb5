import { differenceInMeans, ivRobust } from '#kernel/causal'
import { complete, numbersOf, show, termOf, type Data, type Study } from './study.ts'

const covariates = ['hsorged', 'black', 'hispanic', 'married', 'wkless13', 'class_tr', 'ojt_jsa', 'age2225', 'age2629', 'age3035', 'age3644', 'age4554', 'f2sms']

const people = (data: Data, male: 0 | 1, names: readonly string[] = []) => complete(data, ['earnings', 'training', 'assignment', ...names], (row) => numbersOf(data, 'male')[row] === male)

const twoStage = (data: Data, male: 0 | 1, more: readonly string[] = []) =>
  termOf(ivRobust(people(data, male, [...covariates, ...more]), { outcome: 'earnings', endogenous: ['training'], instruments: ['assignment'], covariates: [...covariates, ...more], seType: 'HC2' }), 'training')

const trainees = (data: Data, male: 0 | 1) => differenceInMeans(people(data, male), { outcome: 'earnings', treatment: 'training' })

export const study: Study = {
  title: 'Job training under the JTPA (Abadie, Angrist, Imbens 2002)',
  question: 'Two of three applicants were offered training, by lot; 64 of 100 who were offered it took it. What did training add to the earnings of those who took it because they were offered it?',
  papers: ['Abadie, A., Angrist, J., Imbens, G. (2002). Instrumental variables estimates of the effect of subsidized training on the quantiles of trainee earnings. Econometrica 70(1).'],
  file: 'jtpa.csv',
  origin: 'The file that accompanies a course by F. DiTraglia (fditraglia.github.io): 5,102 men and 6,102 women.',
  claims: [
    {
      what: 'Training, two-stage least squares, men',
      unit: 'dollars over 30 months',
      published: { estimate: '1,593', std_error: '895', place: 'Abadie, Angrist, Imbens (2002), table III', source: 'from memory' },
      ours: (data) => twoStage(data, 1),
    },
    {
      what: 'Training, two-stage least squares, women',
      unit: 'dollars over 30 months',
      published: { estimate: '1,780', std_error: '532', place: 'table III', source: 'from memory' },
      ours: (data) => twoStage(data, 0, ['afdc']),
    },
    {
      what: 'Trained against not trained, not by lot, men',
      unit: 'dollars over 30 months',
      published: { estimate: '3,970', place: 'table II, the raw difference', source: 'from memory' },
      ours: (data) => trainees(data, 1),
    },
    {
      what: 'Trained against not trained, not by lot, women',
      unit: 'dollars over 30 months',
      published: { estimate: '2,133', place: 'table II', source: 'from memory' },
      ours: (data) => trainees(data, 0),
    },
  ],
  notes: ['The raw difference is more than twice the effect among men: those who take training up would have earned more without it, too. The draw removes that; the instrument carries it over to training.'],
}

if (import.meta.main) await show(study)
