import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PanelRow } from './store.ts'
import { isProtected, traitsOf } from './traits.ts'

const row = (at: number, covariates: PanelRow['covariates'] = {}, more: Partial<PanelRow> = {}): PanelRow => ({
  learnerId: String(at), arm: 'nudge', probability: 0.5, stratum: `Data / Science / ${at % 2 === 0 ? 'oecd' : 'other'} / degree`, wave: '2026-01', drawnAt: new Date(0), country: at % 2 === 0 ? 'DE' : 'IN', education: 'Bachelor degree', domain: 'Data / Science', covariates,
  promptsShown: 0, promptsGhost: 0, clicked: false, shared: false, seen: false, viewed: false, observed: true, newJob: false, newJobInScope: false, researchRefused: false, ...more,
})
const rows = (count: number, covariates: (at: number) => PanelRow['covariates'], more: (at: number) => Partial<PanelRow> = () => ({})) => Array.from({ length: count }, (_, at) => row(at, covariates(at), more(at)))

test('numbers stay, texts become a column a level, what is the same for everybody is left out, and the wave is no trait', () => {
  const traits = traitsOf(rows(120, (at) => ({ skill: at % 7, kind: ['a', 'b', 'c'][at % 3]!, same: 1 }), (at) => ({ wave: `2026-0${1 + (at % 5)}` })))
  assert.deepEqual(Object.keys(traits.columns).toSorted(), ['country=IN', 'kind=a', 'kind=b', 'kind=c', 'skill'])
  assert.deepEqual(traits.levels['kind=b'], { trait: 'kind', level: 'b' })
  assert.deepEqual(traits.others, { 'country=IN': 'DE' })
  assert.deepEqual([...traits.columns['skill']!.subarray(0, 8)], [0, 1, 2, 3, 4, 5, 6, 0])
})

test('a rule may ask what is known of everybody and is no ground of discrimination; the others are looked at for harm', () => {
  const traits = traitsOf(rows(120, (at) => ({ skill: at % 7, ...(at % 3 === 0 ? {} : { hours: at % 4 }), gender: ['f', 'm', 'x'][at % 3]!, ageInYears: 20 + (at % 30) })))
  assert.deepEqual(traits.askable, ['skill'])
  assert.deepEqual(Object.keys(traits.groups).toSorted(), ['ageInYears', 'country group', 'degree', 'field', 'gender'])
  assert.deepEqual([...new Set(traits.groups['country group'])].toSorted(), ['oecd', 'other'], 'a field with a slash in it does not shift the parts of a stratum')
  assert.deepEqual([...new Set(traits.groups['ageInYears'])].toSorted(), ['above 34', 'at most 34'])
  // A gap is the mean, and a column that says so.
  const known = Array.from({ length: 120 }, (_, at) => at).filter((at) => at % 3 !== 0).map((at) => at % 4)
  assert.equal(traits.columns['hours']![0], known.reduce((sum, value) => sum + value, 0) / known.length)
  assert.deepEqual([...traits.columns['hours missing']!.subarray(0, 4)], [1, 0, 0, 1])
})

test('rare levels are one with the others, and their group is called so', () => {
  const traits = traitsOf(rows(400, (at) => ({ kind: at % 100 === 0 ? 'rare' : ['a', 'b', 'c'][at % 3]!, religion: at % 100 === 0 ? 'rare' : ['p', 'q'][at % 2]! })))
  assert.ok(!('kind=rare' in traits.columns) && 'kind=a' in traits.columns)
  assert.deepEqual([...new Set(traits.groups['religion'])].toSorted(), ['others', 'p', 'q'])
})

test('names that stand for a ground of discrimination are known however they are written, and others are not taken for one', () => {
  for (const name of ['gender', 'Sex', 'home_country', 'birthDate', 'ethnic-group', 'Age', 'age_band', 'countryOfBirth']) assert.ok(isProtected(name), name)
  for (const name of ['experience_years', 'message_count', 'engagement', 'past_tech_job', 'skill', 'percentage', 'courses']) assert.ok(!isProtected(name), name)
})
