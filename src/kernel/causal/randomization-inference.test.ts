import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFault } from '#kernel/fault'
import { generator } from '#kernel/numeric'
import { complete, experiments, referenceRows, referenceTable, withoutReference, type Table } from '#test/reference'
import { randomizationInference } from './randomization-inference.ts'

const code = (wanted: string) => (e: unknown) => isFault(e) && e.code === wanted
const near = (a: number, b: number, tolerance: number, what = ''): void => assert.ok(Math.abs(a - b) <= tolerance, `${what} ${a} is not ${b}`)

/** Block and cluster columns and covariates (for complete cases) that the R scripts used. */
const structure: Record<string, { blocks?: string; cluster?: string }> = { jtpa: { blocks: 'site' }, resume: { blocks: 'job_ad_id' }, star_k: { blocks: 'schoolidk' }, welfare_gss: { blocks: 'year' }, social_insure: { cluster: 'address' }, thornton_hiv: { cluster: 'villnum' } }

test('reference: every randomization_inference row of every experiment, exact ones to 1e-7, drawn ones within Monte Carlo error', { skip: withoutReference }, (t) => {
  let exact = 0
  let drawn = 0
  for (const experiment of experiments) {
    const table = referenceTable(experiment)
    const balance = referenceRows(experiment, 'balance_joint')
    for (const [place, theirs] of referenceRows(experiment, 'randomization_inference').entries()) {
      const [outcome, treatment] = theirs.formula.split(' ~ ') as [string, string]
      const options = theirs.options as { assignment: string; method: string; draws?: number; mc_std_error?: number; subset?: string }
      const { blocks, cluster } = structure[experiment] ?? {}
      // Complete over outcome, treatment, covariates, block and cluster, as in the README of the reference.
      const covariates = balance.map((row) => row.formula).find((f) => f.startsWith(`${treatment} ~ `))!.split(' ~ ')[1]!.split(' + ')
      const where = experiment === 'star_k' ? (i: number) => table['stark']![i] !== 'regular+aide' : undefined
      let data: Table = complete(table, [outcome, treatment, ...covariates, ...(blocks === undefined ? [] : [blocks]), ...(cluster === undefined ? [] : [cluster])], where)
      if (options.subset !== undefined) {
        const z = data[treatment] as Float64Array
        const rows = [1, 0].flatMap((a) => [...z.keys()].filter((i) => z[i] === a).slice(0, 10))
        data = { [outcome]: Float64Array.from(rows, (i) => data[outcome]![i] as number), [treatment]: Float64Array.from(rows, (i) => z[i]!) }
      }
      const what = `${experiment} row ${place} ${theirs.formula}`
      const ours = randomizationInference(data, {
        outcome,
        treatment,
        statistic: 'difference',
        ...(options.assignment.includes('within blocks') ? { blocks: blocks! } : {}),
        ...(options.assignment.includes('over clusters') ? { clusters: cluster! } : {}),
        draws: data[treatment]!.length > 20_000 ? 200 : 1000,
        random: generator(1, experiment, place),
      })
      assert.equal(ours.estimate.n, theirs.n, what)
      near(ours.estimate.estimate / theirs.estimate!, 1, 1e-9, what)
      if (options.method !== 'monte carlo') {
        // Two p-values of R are below the smallest double and read as zero there.
        if (theirs.p_value === 0) assert.ok(ours.estimate.p_value! < 1e-300, what)
        else near(ours.estimate.p_value! / theirs.p_value!, 1, 1e-7, what)
        if (theirs['p_one_sided_greater'] !== undefined) near(ours.pGreater / (theirs['p_one_sided_greater'] as number), 1, 1e-7, what)
        assert.notEqual(ours.method, 'monte carlo')
        exact += 1
      } else {
        const ourError = ours.reached === null ? 0 : Math.sqrt(Math.max(ours.estimate.p_value! * (1 - ours.estimate.p_value!), 1 / ours.assignments) / ours.assignments)
        const theirError = Math.sqrt(Math.max(theirs.p_value! * (1 - theirs.p_value!), 1 / options.draws!) / options.draws!)
        near(ours.estimate.p_value!, theirs.p_value!, 4 * Math.hypot(ourError, theirError) + 1 / ours.assignments, `${what} p`)
        const sd = theirs['perm_sd'] as number
        near(ours.permSd / sd, 1, 4 * Math.sqrt(1 / (2 * options.draws!) + (ours.reached === null ? 0 : 1 / (2 * ours.assignments))), `${what} sd`)
        drawn += 1
      }
    }
  }
  t.diagnostic(`${exact} exact and ${drawn} drawn rows compared`)
  assert.ok(exact > 0 && drawn > 0)
})

const spec = { outcome: 'y', treatment: 'z', draws: 4000 }
function small(seed: number, n = 12) {
  const g = generator(seed, 'small')
  const z = Float64Array.from({ length: n }, (_, i) => i % 2)
  return { z, y: Float64Array.from({ length: n }, (_, i) => Math.round(10 * g.normal() + 6 * z[i]!)), block: Float64Array.from({ length: n }, (_, i) => (i < n / 2 ? 0 : 1)), cluster: Float64Array.from({ length: n }, (_, i) => 2 * Math.floor(i / 4) + (i % 2)) }
}

/** All assignments with the same number treated in each block, whole clusters together, by brute force over all subsets of rows. */
function bruteForce(data: ReturnType<typeof small>, blocked: boolean, clustered: boolean, statistic: (z: number[]) => number): number[] {
  const n = data.z.length
  const key = (z: ArrayLike<number>) => [0, 1].map((b) => [...data.z.keys()].filter((i) => (!blocked || data.block[i] === b) && z[i] === 1).map((i) => (clustered ? data.cluster[i] : i)).filter((u, at, list) => list.indexOf(u) === at).length).join()
  const wanted = key(data.z)
  const out: number[] = []
  for (let bits = 0; bits < 2 ** n; bits++) {
    const z = Array.from({ length: n }, (_, i) => (bits >> i) & 1)
    if (clustered && z.some((v, i) => v !== z[data.cluster.indexOf(data.cluster[i]!)])) continue
    if (key(z) === wanted) out.push(statistic(z))
  }
  return out
}

const pooled = (data: ReturnType<typeof small>) => (z: number[]) => {
  const mean = (a: number) => {
    const rows = z.flatMap((v, i) => (v === a ? [data.y[i]!] : []))
    return rows.reduce((s, y) => s + y, 0) / rows.length
  }
  return mean(1) - mean(0)
}

test('listed assignments are all assignments: brute force over every subset, with blocks and with clusters', () => {
  const data = small(1)
  for (const [blocked, clustered] of [[false, false], [true, false], [false, true]] as const) {
    const statistic = pooled(data)
    const all = bruteForce(data, blocked, clustered, statistic)
    const seen = statistic([...data.z])
    const ours = randomizationInference(data, { ...spec, statistic: 'difference', ...(blocked ? { blocks: 'block' } : {}), ...(clustered ? { clusters: 'cluster' } : {}), random: generator(1) })
    assert.equal(ours.method, 'exhaustive')
    assert.equal(ours.assignments, all.length)
    near(ours.estimate.p_value!, all.filter((d) => Math.abs(d) >= Math.abs(seen) - 1e-9).length / all.length, 1e-12)
    near(ours.pGreater, all.filter((d) => d >= seen - 1e-9).length / all.length, 1e-12)
    near(ours.pLess, all.filter((d) => d <= seen + 1e-9).length / all.length, 1e-12)
    const mean = all.reduce((s, d) => s + d, 0) / all.length
    near(ours.permSd, Math.sqrt(all.reduce((s, d) => s + (d - mean) ** 2, 0) / all.length), 1e-10)
  }
})

test('the studentized statistic is the t of two samples, listed and drawn alike', () => {
  const data = small(2)
  const t = (z: number[]) => {
    const [m, v, c] = [0, 1].map((a) => {
      const rows = z.flatMap((u, i) => (u === a ? [data.y[i]!] : []))
      const mean = rows.reduce((s, y) => s + y, 0) / rows.length
      return [mean, rows.reduce((s, y) => s + (y - mean) ** 2, 0) / (rows.length - 1), rows.length] as const
    }).reduce<[number[], number[], number[]]>(([m, v, c], [a, b, d]) => [[...m, a], [...v, b], [...c, d]], [[], [], []])
    return (m[1]! - m[0]!) / Math.sqrt(v[0]! / c[0]! + v[1]! / c[1]!)
  }
  const all = bruteForce(data, false, false, t)
  const seen = t([...data.z])
  const p = all.filter((x) => Math.abs(x) >= Math.abs(seen) - 1e-9).length / all.length
  const listed = randomizationInference(data, { ...spec, random: generator(1) })
  near(listed.estimate.statistic!, seen, 1e-10)
  near(listed.estimate.p_value!, p, 1e-12)
  const drawn = randomizationInference(data, { ...spec, exhaustive: 0, random: generator(1) })
  assert.equal(drawn.method, 'monte carlo')
  near(drawn.estimate.p_value!, p, 4 * Math.sqrt((p * (1 - p)) / 4000) + 1e-3)
})

test('drawing the rarer arm is drawing the other: treated rare, control rare, blocks of unequal shares', () => {
  const g = generator(3, 'rare')
  const n = 60
  const block = Float64Array.from({ length: n }, (_, i) => (i < 30 ? 0 : 1))
  const z = Float64Array.from({ length: n }, (_, i) => (i < 30 ? (i < 5 ? 1 : 0) : i < 55 ? 1 : 0))
  const y = Float64Array.from({ length: n }, (_, i) => g.normal() + 2 * block[i]!)
  for (const statistic of ['studentized', 'difference'] as const) {
    const one = randomizationInference({ y, z, block }, { ...spec, blocks: 'block', statistic, random: generator(1) })
    const other = randomizationInference({ y, z: z.map((v) => 1 - v), block }, { ...spec, blocks: 'block', statistic, random: generator(1) })
    near(one.estimate.estimate, -other.estimate.estimate, 1e-12)
    near(one.estimate.p_value!, other.estimate.p_value!, 1e-12)
    near(one.pGreater, other.pLess, 1e-12)
    near(one.permSd, other.permSd, 1e-10)
  }
})

test('0/1 outcomes over blocks: the convolution is what listing gives', () => {
  const data = { ...small(4), y: Float64Array.of(1, 0, 1, 1, 0, 0, 1, 1, 0, 1, 0, 1) }
  const byTable = randomizationInference(data, { ...spec, statistic: 'difference', blocks: 'block', random: generator(1) })
  assert.equal(byTable.method, 'exact (hypergeometric)')
  const all = bruteForce(data, true, false, pooled(data))
  const seen = pooled(data)([...data.z])
  near(byTable.estimate.p_value!, all.filter((d) => Math.abs(d) >= Math.abs(seen) - 1e-9).length / all.length, 1e-12)
  const t = randomizationInference(data, { ...spec, blocks: 'block', random: generator(1) })
  const drawn = randomizationInference(data, { ...spec, blocks: 'block', exhaustive: 0, random: generator(1) })
  assert.equal(t.method, 'exact (hypergeometric)')
  near(t.estimate.p_value!, drawn.estimate.p_value!, 0.035)
})

test('same seed, same p-value; another seed, another', () => {
  const g = generator(5, 'seed')
  const data = { z: Float64Array.from({ length: 200 }, (_, i) => i % 2), y: Float64Array.from({ length: 200 }, () => g.normal()) }
  const p = (seed: number) => randomizationInference(data, { ...spec, draws: 500, random: generator(seed) }).estimate.p_value
  assert.equal(p(1), p(1))
  assert.notEqual(p(1), p(2))
})

test('what cannot be tested is refused with a code', () => {
  const data = small(6)
  const random = generator(1)
  assert.throws(() => randomizationInference({ ...data, y: new Float64Array(12) }, { ...spec, random }), code('causal.constant_column'))
  assert.throws(() => randomizationInference({ ...data, y: data.y.with(0, Number.NaN) }, { ...spec, random }), code('causal.not_finite'))
  assert.throws(() => randomizationInference({ ...data, z: Float64Array.from({ length: 12 }, (_, i) => (i === 0 ? 1 : 0)) }, { ...spec, random }), code('causal.arm_too_small'))
  assert.throws(() => randomizationInference({ ...data, cluster: data.block }, { ...spec, clusters: 'cluster', random }), code('causal.cluster_split'))
  assert.throws(() => randomizationInference(data, { ...spec, exhaustive: 0, draws: 0, random }), TypeError)
})
