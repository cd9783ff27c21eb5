import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { breakLines, fitLines } from './break-lines.ts'
import { orderLine } from './order-line.ts'

const drawn = (text: string, direction: 'ltr' | 'rtl') => orderLine(text, direction, { weight: 400 }).map((piece) => piece.text)

test('pieces stand from left to right as they are read: Latin inside Arabic, brackets mirrored, numbers in their own direction', () => {
  assert.deepEqual(drawn('Ana Silva', 'ltr'), ['Ana Silva'])
  assert.deepEqual(drawn('تحليل (Data 101) قرارات', 'rtl'), ['قرارات', ' (', 'Data 101', ')', 'تحليل '])
  const line = drawn('84 من 100', 'rtl')
  assert.deepEqual([line.at(0), line.at(-1)], ['100', '84'])
})

test('no letter is lost or added by ordering a line, whatever is mixed in it', () => {
  const seed = 20260814
  const letters = fc.constantFrom(...'abc ABC (1,2) “é” نص عربي: هذا हिन्दी क्ष 中文，字 Жук-', ' ')
  const sorted = (text: string): string => [...text.replace(/[()[\]{}<>«»“”‘’]/g, '|')].sort().join('')
  fc.assert(
    fc.property(fc.array(letters, { maxLength: 40 }), fc.constantFrom('ltr' as const, 'rtl' as const), (characters, direction) => {
      const text = characters.join('').normalize('NFC')
      assert.equal(sorted(drawn(text, direction).join('')), sorted(text))
    }),
    { seed, numRuns: 2_000 },
  )
})

const byCount = (line: string): number => [...line].length

test('lines break between words, and in Chinese between the words of the language; punctuation does not begin a line', () => {
  assert.deepEqual(breakLines('one two three', 7, byCount, 'en').lines, ['one two', 'three'])
  const { lines, fits } = breakLines('把原始业务数据变成建议：收集并清理数据，检验它说明了什么。', 10, byCount, 'zh')
  assert.ok(fits && lines.length >= 3, lines.join('|'))
  for (const line of lines) assert.doesNotMatch(line, /^[：，。]/)
  assert.deepEqual(breakLines('Donaudampfschifffahrtsgesellschaft', 10, byCount, 'de'), { lines: ['Donaudampfschifffahrtsgesellschaft'], fits: false })
})

test('a text is set as large as fits, and takes more lines rather than be cut', () => {
  const how = { width: 100, sizes: [10, 5, 2], lines: 2, language: 'en', widthAt: (line: string, size: number) => byCount(line) * size }
  assert.equal(fitLines('short', how).size, 10)
  assert.equal(fitLines('twenty letters or so, in words', how).size, 5)
  const long = fitLines('word '.repeat(60), how)
  assert.equal(long.size, 2)
  assert.equal(long.lines.join(' ').split(' ').length, 60)
})
