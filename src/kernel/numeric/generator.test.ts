import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { Generator, generator } from './generator.ts'

test('the words are those of the authors\' C code for xoshiro128++ started at 1, 2, 3, 4', () => {
  // First ten outputs of xoshiro128plusplus.c (prng.di.unimi.it); the 102,401st is asserted by php-src ext/random user_xoshiro128plusplus.phpt.
  const g = new Generator([], Int32Array.of(1, 2, 3, 4))
  const first = Array.from({ length: 10 }, () => g.word())
  assert.deepEqual(first, [641, 1573767, 3222811527, 3517856514, 836907274, 4247214768, 3867114732, 1355841295, 495546011, 621204420])
  for (let i = 10; i < 102400; i++) g.word()
  assert.equal(g.word(), 0x2c873cfa)
})

test('same seed and name, same bytes: a digest of 250,000 values of four kinds', () => {
  const g = generator(1, 'golden')
  const hash = createHash('sha256')
  const block = new Float64Array(1000)
  for (let i = 0; i < 250; i++) {
    for (let j = 0; j < 1000; j += 4) {
      block[j] = g.word()
      block[j + 1] = g.uniform()
      block[j + 2] = g.normal()
      block[j + 3] = g.below(1000 + j)
    }
    hash.update(new Uint8Array(block.buffer))
  }
  assert.equal(hash.digest('hex'), '4d413f8babd1d322abae7f70edd5216441349f469f966b9f18bea3ba84a99aa7')
})

test('a stream is named by its path alone; what the parent has drawn does not matter', () => {
  const parent = generator(7)
  const early = parent.split('arms')
  for (let i = 0; i < 1000; i++) parent.normal()
  const late = parent.split('arms')
  const direct = generator('7', 'arms')
  for (let i = 0; i < 100; i++) {
    const word = early.word()
    assert.equal(late.word(), word)
    assert.equal(direct.word(), word)
  }
  const firsts = new Set<number>()
  for (let i = 0; i < 2000; i++) firsts.add(generator(7, 'tree', i).uniform())
  assert.equal(firsts.size, 2000)
  assert.notEqual(generator(1, 'a,b').word(), generator(1, 'a', 'b').word())
})

test('uniform numbers fill [0, 1) evenly and are not correlated with the next one or a sibling stream', () => {
  const g = generator(2, 'uniform')
  const sibling = generator(2, 'uniform 2')
  const n = 200_000
  const counts = new Float64Array(100)
  let lag = 0
  let cross = 0
  let last = g.uniform()
  for (let i = 0; i < n; i++) {
    const u = g.uniform()
    assert.ok(u >= 0 && u < 1)
    counts[Math.floor(u * 100)]! += 1
    lag += (u - 0.5) * (last - 0.5)
    cross += (u - 0.5) * (sibling.uniform() - 0.5)
    last = u
  }
  let chi2 = 0
  for (const c of counts) chi2 += (c - n / 100) ** 2 / (n / 100)
  assert.ok(chi2 < 148.2, `chi-square ${chi2} on 99 degrees of freedom`) // its 0.999 quantile
  const sd = 1 / 12 / Math.sqrt(n)
  assert.ok(Math.abs(lag / n) < 4 * sd && Math.abs(cross / n) < 4 * sd)
})

test('normal draws have the moments of a normal distribution', () => {
  const g = generator(3, 'normal')
  const n = 400_000
  const m = [0, 0, 0, 0, 0]
  let beyond = 0
  for (let i = 0; i < n; i++) {
    const x = g.normal()
    for (let k = 1; k <= 4; k++) m[k]! += x ** k / n
    if (Math.abs(x) > 1.959963984540054) beyond += 1
  }
  // Tolerances are four standard errors of the sample moments: Var x = 1, x² = 2, x³ = 15, x⁴ = 96.
  assert.ok(Math.abs(m[1]!) < 4 * Math.sqrt(1 / n))
  assert.ok(Math.abs(m[2]! - 1) < 4 * Math.sqrt(2 / n))
  assert.ok(Math.abs(m[3]!) < 4 * Math.sqrt(15 / n))
  assert.ok(Math.abs(m[4]! - 3) < 4 * Math.sqrt(96 / n))
  assert.ok(Math.abs(beyond / n - 0.05) < 4 * Math.sqrt((0.05 * 0.95) / n))
})

test('exponential draws have mean and variance one', () => {
  const g = generator(3, 'exponential')
  const n = 200_000
  let sum = 0
  let square = 0
  for (let i = 0; i < n; i++) {
    const x = g.exponential()
    sum += x
    square += x * x
  }
  assert.ok(Math.abs(sum / n - 1) < 4 / Math.sqrt(n))
  assert.ok(Math.abs(square / n - 2) < 4 * Math.sqrt(20 / n))
})

test('integers below n are equally likely, also where n does not divide 2^32 or is beyond it', () => {
  const g = generator(4, 'below')
  for (const n of [1, 2, 3, 7, 10]) {
    const counts = new Float64Array(n)
    for (let i = 0; i < 70_000; i++) counts[g.below(n)]! += 1
    for (const c of counts) assert.ok(Math.abs(c - 70_000 / n) <= 4.5 * Math.sqrt(70_000 / n), `${c} of 70,000 for n = ${n}`)
  }
  // 3·2³⁰ leaves a quarter of the words over: taking them in would make the first third twice as likely.
  for (const n of [3 * 2 ** 30, 3 * 2 ** 51]) {
    let low = 0
    for (let i = 0; i < 30_000; i++) {
      const x = g.below(n)
      assert.ok(x >= 0 && x < n && Number.isInteger(x))
      if (x < n / 3) low += 1
    }
    assert.ok(Math.abs(low - 10_000) < 4 * Math.sqrt(30_000 * (2 / 9)), `${low} of 30,000 in the lowest third`)
  }
  assert.ok(g.below(2 ** 53) < 2 ** 53)
  for (const n of [0, -1, 1.5, Number.NaN, 2 ** 54]) assert.throws(() => g.below(n), TypeError)
})

test('every order of four things is equally likely after a shuffle, and nothing is lost', () => {
  const g = generator(5, 'shuffle')
  const seen = new Map<string, number>()
  for (let i = 0; i < 48_000; i++) {
    const key = g.shuffle([1, 2, 3, 4]).join('')
    seen.set(key, (seen.get(key) ?? 0) + 1)
  }
  assert.equal(seen.size, 24)
  let chi2 = 0
  for (const c of seen.values()) chi2 += (c - 2000) ** 2 / 2000
  assert.ok(chi2 < 49.73, `chi-square ${chi2} on 23 degrees of freedom`) // its 0.999 quantile
  assert.deepEqual([...g.shuffle(Uint8Array.of(5, 6, 7))].sort(), [5, 6, 7])
  assert.deepEqual(g.shuffle([]), [])
})

test('a seed that is not a whole number, or a state of zeros, is refused', () => {
  assert.throws(() => generator(1.5), TypeError)
  assert.throws(() => generator(Number.NaN), TypeError)
  assert.throws(() => new Generator([], new Int32Array(4)), TypeError)
})
