import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { type Arm, blockOf, bucket, type BucketVersion, drawArm, drawClusters, nextInBlock, type BlockPlace, type Purpose } from './index.ts'

const fixture = <T>(name: string): T => JSON.parse(readFileSync(new URL(`../../../fixtures/draw/${name}`, import.meta.url), 'utf8')) as T
const armsOf = (arms: readonly (readonly [string, number])[]): Arm[] => arms.map(([name, weight]) => ({ name, weight }))

test('300 numbers are those of the second implementation, bit for bit', () => {
  const { rows } = fixture<{ rows: [string, Purpose, string, string, number][] }>('bucket.json')
  assert.equal(rows.length, 300)
  for (const [salt, purpose, unit, hex, number] of rows) {
    assert.equal(bucket({ salt, purpose, unit }), number)
    assert.equal(number, Number.parseInt(hex, 16) / 2 ** 52)
  }
})

test('100,000 ids in each of five experiments get the numbers and arms of the second implementation', () => {
  interface Row {
    salt: string
    version: BucketVersion
    arms: [string, number][]
    sha256_of_numbers: string
    sha256_of_arms: string
    counts: Record<string, number>
    first: [string, number, string][]
  }
  const { experiments } = fixture<{ experiments: Row[] }>('digest.json')
  assert.equal(experiments.length, 5)
  for (const row of experiments) {
    const arms = armsOf(row.arms)
    const numbers = new Float64Array(100_000)
    const names: string[] = []
    const counts: Record<string, number> = {}
    for (let i = 0; i < 100_000; i++) {
      numbers[i] = bucket({ salt: row.salt, purpose: 'arm', unit: `u${String(i).padStart(6, '0')}`, version: row.version })
      const { arm } = drawArm(arms, numbers[i]!)
      names.push(`${arm}\n`)
      counts[arm] = (counts[arm] ?? 0) + 1
    }
    for (const [i, [, number, arm]] of row.first.entries()) assert.deepEqual([numbers[i], names[i]], [number, `${arm}\n`])
    assert.equal(createHash('sha256').update(new Uint8Array(numbers.buffer)).digest('hex'), row.sha256_of_numbers)
    assert.equal(createHash('sha256').update(names.join('')).digest('hex'), row.sha256_of_arms)
    assert.deepEqual(counts, row.counts)
  }
})

test('the first 25 blocks of four strata are those of the second implementation, also when drawn one by one', () => {
  const { sequences } = fixture<{ sequences: { salt: string; stratum: string; arms: [string, number][]; blocks: string[][] }[] }>('block.json')
  assert.equal(sequences.length, 4)
  for (const { salt, stratum, arms: pairs, blocks } of sequences) {
    const arms = armsOf(pairs)
    const walked: string[] = []
    let after: BlockPlace | undefined
    for (const [block, order] of blocks.entries()) {
      assert.deepEqual(blockOf({ salt, stratum, arms, block }), order)
      for (const [slot, arm] of order.entries()) {
        const draw = nextInBlock({ salt, stratum, arms, after })
        assert.deepEqual([draw.block, draw.slot, draw.arm, draw.size], [block, slot, arm, order.length])
        walked.push(draw.arm)
        after = draw
      }
    }
    assert.deepEqual(walked, blocks.flat())
  }
})

test('four lists of clusters are drawn as by the second implementation', () => {
  const { lists } = fixture<{ lists: { salt: string; stratum: string; arms: [string, number][]; draws: [string, string][] }[] }>('cluster.json')
  assert.equal(lists.length, 4)
  for (const { salt, stratum, arms, draws } of lists) {
    const ours = drawClusters({ salt, stratum, clusters: draws.map(([cluster]) => cluster), arms: armsOf(arms) })
    assert.deepEqual(ours.map((d) => [d.cluster, d.arm]), draws)
  }
})
