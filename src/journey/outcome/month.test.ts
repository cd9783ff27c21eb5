import assert from 'node:assert/strict'
import { test } from 'node:test'
import { firstDay } from './month.ts'

test('a month is read in the languages in which profiles are exported, long or short, and a year alone is its January', () => {
  const read = ['Mar 2021', 'sept. 2019', 'févr. 2022', '2021年3月', '2021년 3월', '2021-03', '2021', 'março de 2020', 'мар. 2021 г.', 'марта 2021', 'März 2021', 'مارس 2021', 'मार्च 2021', 'Agu 2020', 'stycznia 2020', 'Dez. 2020']
  assert.deepEqual(read.map(firstDay), ['2021-03-01', '2019-09-01', '2022-02-01', '2021-03-01', '2021-03-01', '2021-03-01', '2021-01-01', '2020-03-01', '2021-03-01', '2021-03-01', '2021-03-01', '2021-03-01', '2021-03-01', '2020-08-01', '2020-01-01', '2020-12-01'])
})

test('what is no month, and a name that means two months in two languages, is not guessed', () => {
  assert.deepEqual(['Foo 2021', 'Present', '', '13/2020', '2021-13', 'May 1490', 'srp 2021', 'Mar'].map(firstDay), Array(8).fill(undefined))
})
