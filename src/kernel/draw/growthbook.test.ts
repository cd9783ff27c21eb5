import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { isFault } from '#kernel/fault'
import { growthbookChoose, growthbookEqualWeights, growthbookHash, growthbookInNamespace, type GrowthbookRange, growthbookRanges } from './index.ts'

// GrowthBook's own vectors, spec version 0.8.0; source, commit and licence in the README of that folder.
const folder = new URL('../../../../shared/fixtures/standards/growthbook-hash/', import.meta.url)
const skip = existsSync(folder) ? false : 'the folder ../shared/fixtures/standards/growthbook-hash is not here'
const rows = <T>(name: string): T[] => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as T[]
const near = (a: number, b: number): boolean => Math.abs(a - b) < 1e-9

test('GrowthBook vectors: all 15 of hash', { skip }, () => {
  const cases = rows<[string, string, number, number | null]>('hash.json')
  assert.equal(cases.length, 15)
  for (const [seed, value, version, expected] of cases) assert.equal(growthbookHash(seed, value, version), expected, `${seed} ${value} ${version}`)
})

test('GrowthBook vectors: all 13 of chooseVariation', { skip }, () => {
  const cases = rows<[string, number, GrowthbookRange[], number]>('chooseVariation.json')
  assert.equal(cases.length, 13)
  for (const [name, number, ranges, expected] of cases) assert.equal(growthbookChoose(number, ranges), expected, name)
})

test('GrowthBook vectors: all 13 of getBucketRange', { skip }, () => {
  const cases = rows<[string, [number, number, number[] | null], GrowthbookRange[]]>('getBucketRange.json')
  assert.equal(cases.length, 13)
  for (const [name, [n, coverage, weights], expected] of cases) {
    const ours = growthbookRanges(n, coverage, weights ?? undefined)
    assert.equal(ours.length, expected.length, name)
    for (const [i, [from, to]] of ours.entries()) assert.ok(near(from, expected[i]![0]) && near(to, expected[i]![1]), name)
  }
})

test('GrowthBook vectors: all 16 of inNamespace', { skip }, () => {
  const cases = rows<[string, string, [string, number, number], boolean]>('inNamespace.json')
  assert.equal(cases.length, 16)
  for (const [name, unit, namespace, expected] of cases) assert.equal(growthbookInNamespace(unit, namespace), expected, name)
})

test('GrowthBook vectors: all 6 of getEqualWeights, which are rounded to 8 digits', { skip }, () => {
  const cases = rows<[number, number[]]>('getEqualWeights.json')
  assert.equal(cases.length, 6)
  for (const [n, expected] of cases) assert.deepEqual(growthbookEqualWeights(n).map((w) => Number(w.toFixed(8))), expected)
})

test('text outside ASCII is refused, because GrowthBook\'s clients disagree on it', () => {
  assert.throws(() => growthbookHash('seed', 'josé', 2), (e) => isFault(e) && e.code === 'draw.id_not_opaque')
})
