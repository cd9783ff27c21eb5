import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '#kernel/fault'
import { type Arm, armRanges, blockOf, bucket, type BucketInput, drawArm, drawClusters, drawFrom, nextInBlock, purposes, reshare, type BlockPlace } from './index.ts'

// The law tests print their seed when they fail; this one makes a run repeatable.
const seeded = { seed: 4711 }
const halves: Arm[] = [{ name: 'control', weight: 1 }, { name: 'nudge', weight: 1 }]
const id = fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCXYZ0123456789-_.:~|'), minLength: 1, maxLength: 40 })
const refused = (code: string) => (e: unknown) => isFault(e) && e.code === code
const units = (n: number): string[] => Array.from({ length: n }, (_, i) => `u${i}`)
const numbers = (input: Omit<BucketInput, 'unit'>, n: number): number[] => units(n).map((unit) => bucket({ ...input, unit }))

test('the number of a unit is a pure function of salt, purpose and unit, in [0, 1)', () => {
  fc.assert(
    fc.property(id, id, fc.constantFrom(...purposes), (salt, unit, purpose) => {
      const first = bucket({ salt, unit, purpose })
      for (const other of purposes) bucket({ salt: unit, unit: salt, purpose: other })
      return first === bucket({ salt, unit, purpose }) && first >= 0 && first < 1 && Number.isInteger(first * 2 ** 52)
    }),
    seeded,
  )
})

test('numbers are uniform: chi-square over 1,000 cells for sequential ids, for every version of the hash', () => {
  for (const [version, cells] of [['v1', 1000], ['growthbook-v2', 1000], ['growthbook-v1', 10]] as const) {
    const counts = new Float64Array(cells)
    for (const u of numbers({ salt: 'uniform', purpose: 'arm', version }, 100_000)) counts[Math.floor(u * cells)]! += 1
    const expected = 100_000 / cells
    const chi2 = counts.reduce((sum, c) => sum + (c - expected) ** 2 / expected, 0)
    // Wilson-Hilferty approximation of the 0.9999 quantile.
    const limit = (cells - 1) * (1 - 2 / (9 * (cells - 1)) + 3.719 * Math.sqrt(2 / (9 * (cells - 1)))) ** 3
    assert.ok(chi2 < limit, `${version}: chi-square ${chi2} of ${limit}`)
  }
})

test('numbers of one unit for two purposes, or under two salts, are independent', () => {
  const base = numbers({ salt: 'one', purpose: 'arm' }, 40_000)
  const others = [
    numbers({ salt: 'two', purpose: 'arm' }, 40_000),
    numbers({ salt: 'one', purpose: 'enrolment' }, 40_000),
    numbers({ salt: 'one', purpose: 'holdout' }, 40_000),
    numbers({ salt: 'one', purpose: 'wave' }, 40_000),
  ]
  for (const other of others) {
    // 10 x 10 cells of 400 each; 160.2 is the 0.9999 quantile of chi-square with 99 degrees of freedom.
    const table = new Float64Array(100)
    for (const [i, u] of base.entries()) table[Math.floor(u * 10) * 10 + Math.floor(other[i]! * 10)]! += 1
    const chi2 = table.reduce((sum, c) => sum + (c - 400) ** 2 / 400, 0)
    assert.ok(chi2 < 160.2, `chi-square ${chi2}`)
    assert.notDeepEqual(other.slice(0, 5), base.slice(0, 5))
  }
})

test('those let in by an enrolment gate are split evenly: the gate and the arm do not share a number', () => {
  let let_in = 0
  let nudged = 0
  for (const unit of units(40_000)) {
    if (bucket({ salt: 's', purpose: 'enrolment', unit }) >= 0.2) continue
    let_in += 1
    if (drawArm(halves, bucket({ salt: 's', purpose: 'arm', unit })).arm === 'nudge') nudged += 1
  }
  assert.ok(Math.abs(let_in - 8000) < 4 * Math.sqrt(40_000 * 0.16))
  assert.ok(Math.abs(nudged / let_in - 0.5) < (4 * 0.5) / Math.sqrt(let_in))
})

test('an arm is drawn with its probability, which is returned', () => {
  const arms = [{ name: 'a', weight: 2 }, { name: 'none', weight: 0 }, { name: 'b', weight: 5 }, { name: 'c', weight: 1 }]
  const counts = new Map<string, number>()
  for (const u of numbers({ salt: 'weights', purpose: 'arm' }, 50_000)) {
    const { arm, probability } = drawArm(arms, u)
    assert.equal(probability, arms.find((a) => a.name === arm)!.weight / 8)
    counts.set(arm, (counts.get(arm) ?? 0) + 1)
  }
  for (const [arm, p] of [['a', 0.25], ['b', 0.625], ['c', 0.125]] as const) assert.ok(Math.abs(counts.get(arm)! / 50_000 - p) < 4 * Math.sqrt((p * (1 - p)) / 50_000))
  assert.equal(counts.has('none'), false)
})

test('ranges are half-open, cover [0, 1) without a gap, and say what drawArm says', () => {
  const weights = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 9 }), fc.double({ min: 1e-6, max: 10, noNaN: true })), { minLength: 1, maxLength: 6 }).filter((w) => w.some((x) => x > 0))
  fc.assert(
    fc.property(weights, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (list, u) => {
      const arms = list.map((weight, i) => ({ name: `arm ${i}`, weight }))
      const ranges = armRanges(arms)
      assert.equal(ranges[0]!.from, 0)
      assert.equal(ranges.at(-1)!.to, 1)
      for (let i = 1; i < ranges.length; i++) assert.equal(ranges[i]!.from, ranges[i - 1]!.to)
      assert.equal(drawFrom(ranges, u).arm, drawArm(arms, u).arm)
      for (const r of ranges) {
        if (r.from < r.to) assert.equal(drawArm(arms, r.from).arm, r.arm)
      }
    }),
    seeded,
  )
})

test('raising one arm\'s share moves units only into it, with any number of arms', () => {
  const list = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 2, maxLength: 6 })
  fc.assert(
    fc.property(list, fc.nat(), fc.integer({ min: 1, max: 40 }), id, (weights, which, more, salt) => {
      const raised = which % weights.length
      const before = armRanges(weights.map((weight, i) => ({ name: `arm ${i}`, weight })))
      const arms = weights.map((weight, i) => ({ name: `arm ${i}`, weight: i === raised ? weight + more : weight }))
      const after = reshare(before, arms)
      let position = 0
      for (const r of after) {
        assert.equal(r.from, position)
        position = r.to
      }
      assert.equal(position, 1)
      const total = arms.reduce((sum, a) => sum + a.weight, 0)
      for (const arm of arms) {
        const width = after.reduce((sum, r) => (r.arm === arm.name ? sum + r.to - r.from : sum), 0)
        assert.ok(Math.abs(width - arm.weight / total) < 1e-12)
      }
      for (const unit of units(200)) {
        const u = bucket({ salt, purpose: 'arm', unit })
        const now = drawFrom(after, u).arm
        if (now !== drawFrom(before, u).arm) assert.equal(now, `arm ${raised}`)
      }
    }),
    { ...seeded, numRuns: 60 },
  )
  // With two arms the plain layout keeps the law as well.
  for (const unit of units(2000)) {
    const u = bucket({ salt: 'two', purpose: 'arm', unit })
    if (drawArm(halves, u).arm === 'nudge') assert.equal(drawArm([halves[0]!, { name: 'nudge', weight: 1.5 }], u).arm, 'nudge')
  }
})

test('an arm can be closed and another opened without moving anybody else', () => {
  const before = armRanges([{ name: 'a', weight: 1 }, { name: 'b', weight: 1 }, { name: 'c', weight: 2 }])
  const after = reshare(before, [{ name: 'a', weight: 1 }, { name: 'd', weight: 1 }, { name: 'c', weight: 2 }])
  assert.deepEqual(after.map((r) => [r.arm, r.from, r.to]), [['a', 0, 0.25], ['d', 0.25, 0.5], ['c', 0.5, 1]])
  assert.deepEqual(reshare(after, [{ name: 'a', weight: 0.25 }, { name: 'd', weight: 0.25 }, { name: 'c', weight: 0.5 }]), after)
})

test('blocks hold each arm in its share exactly, come in three sizes, and differ by salt, stratum and number', () => {
  for (const [arms, sizes] of [[halves, [4, 6, 8]], [[{ name: 'control', weight: 1 }, { name: 'nudge', weight: 2 }], [6, 9, 12]], [[...halves, { name: 'mail', weight: 1 }], [6, 9, 12]]] as const) {
    const total = arms.reduce((sum, a) => sum + a.weight, 0)
    const seen = new Map<number, number>()
    for (let block = 0; block < 600; block++) {
      const order = blockOf({ salt: 'b', stratum: 's', arms, block })
      seen.set(order.length, (seen.get(order.length) ?? 0) + 1)
      for (const arm of arms) assert.equal(order.filter((name) => name === arm.name).length, (order.length * arm.weight) / total)
    }
    assert.deepEqual([...seen.keys()].sort((a, b) => a - b), sizes)
    for (const count of seen.values()) assert.ok(Math.abs(count - 200) < 4 * Math.sqrt(600 * (2 / 9)))
  }
  const sequence = (salt: string, stratum: string) => Array.from({ length: 20 }, (_, block) => blockOf({ salt, stratum, arms: halves, block }).join())
  assert.notDeepEqual(sequence('b', 's'), sequence('c', 's'))
  assert.notDeepEqual(sequence('b', 's'), sequence('b', 't'))
})

test('every order of a block of four is equally likely, so every slot has the arm\'s share', () => {
  const orders = new Map<string, number>()
  let fours = 0
  for (let block = 0; block < 9000; block++) {
    const order = blockOf({ salt: 'orders', stratum: 's', arms: halves, block })
    if (order.length !== 4) continue
    fours += 1
    const key = order.join()
    orders.set(key, (orders.get(key) ?? 0) + 1)
  }
  assert.equal(orders.size, 6)
  for (const count of orders.values()) assert.ok(Math.abs(count - fours / 6) < 4 * Math.sqrt((fours * 5) / 36))
})

test('in a stratum drawn one by one the two arms never differ by more than four', () => {
  let after: BlockPlace | undefined
  let difference = 0
  for (let i = 0; i < 2000; i++) {
    const draw = nextInBlock({ salt: 'walk', stratum: 's', arms: halves, after })
    assert.equal(draw.probability, 0.5)
    difference += draw.arm === 'nudge' ? 1 : -1
    assert.ok(Math.abs(difference) <= 4)
    after = { block: draw.block, slot: draw.slot }
  }
  assert.throws(() => nextInBlock({ salt: 'walk', stratum: 's', arms: halves, after: { block: 0, slot: 9 } }), TypeError)
})

test('clusters get their shares exactly, whatever the order of the list, and the odd one is drawn too', () => {
  const clusters = units(31)
  const drawn = drawClusters({ salt: 'c', clusters, arms: halves })
  const byName = new Map(drawn.map((d) => [d.cluster, d.arm]))
  for (const d of drawClusters({ salt: 'c', clusters: clusters.toReversed(), arms: halves })) assert.equal(d.arm, byName.get(d.cluster))
  let treated = 0
  let first = 0
  for (let i = 0; i < 3000; i++) {
    const draws = drawClusters({ salt: `salt${i}`, clusters: ['a', 'b', 'c'], arms: halves })
    const count = draws.filter((d) => d.arm === 'nudge').length
    assert.ok(count === 1 || count === 2)
    treated += count
    if (draws[0]!.arm === 'nudge') first += 1
  }
  assert.ok(Math.abs(treated / 9000 - 0.5) < 4 * (0.5 / Math.sqrt(3000) / 3))
  assert.ok(Math.abs(first / 3000 - 0.5) < (4 * 0.5) / Math.sqrt(3000))
})

test('ids that are not opaque ASCII are refused, and the message does not repeat them', () => {
  for (const unit of ['', 'josé', 'a b', 'a\0b', 'tab\t', 'someone@example.org', '😀', 'x'.repeat(257)]) {
    assert.throws(() => bucket({ salt: 's', purpose: 'arm', unit }), (e) => {
      assert.ok(isFault(e) && e.code === 'draw.id_not_opaque')
      if (unit.length > 3) assert.ok(!e.message.includes(unit))
      return true
    })
  }
  for (const salt of ['', 'ü', 'a b']) assert.throws(() => bucket({ salt, purpose: 'arm', unit: 'u' }), refused('draw.id_not_opaque'))
  assert.throws(() => blockOf({ salt: 's', stratum: 'a b', arms: halves, block: 0 }), refused('draw.id_not_opaque'))
  assert.throws(() => bucket({ salt: 's', purpose: 'lunch' as 'arm', unit: 'u' }), TypeError)
  assert.throws(() => bucket({ salt: 's', purpose: 'arm', unit: 'u', version: 'v9' as 'v1' }), TypeError)
})

test('arms that make no draw are refused', () => {
  assert.throws(() => drawArm([], 0.5), refused('draw.no_arm'))
  assert.throws(() => drawArm([{ name: 'a', weight: 0 }], 0.5), refused('draw.no_arm'))
  assert.throws(() => drawArm([{ name: 'a', weight: 1 }, { name: 'a', weight: 1 }], 0.5), refused('draw.arm_twice'))
  assert.throws(() => drawArm([{ name: '', weight: 1 }], 0.5), refused('draw.arm_unnamed'))
  for (const weight of [-1, Number.NaN, Number.POSITIVE_INFINITY]) assert.throws(() => drawArm([{ name: 'a', weight }], 0.5), refused('draw.weight_refused'))
  assert.throws(() => blockOf({ salt: 's', stratum: 't', arms: [{ name: 'a', weight: 0.5 }, { name: 'b', weight: 0.5 }], block: 0 }), refused('draw.weights_not_whole'))
  assert.throws(() => blockOf({ salt: 's', stratum: 't', arms: [{ name: 'a', weight: 1 }, { name: 'b', weight: 1000 }], block: 0 }), refused('draw.weights_not_whole'))
  assert.throws(() => drawClusters({ salt: 's', clusters: ['a', 'a'], arms: halves }), refused('draw.cluster_twice'))
  for (const u of [-0.1, 1, Number.NaN]) assert.throws(() => drawArm(halves, u), TypeError)
})
