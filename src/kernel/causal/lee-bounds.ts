import { normalLower, normalQuantile } from '#kernel/numeric'
import { Codes, numbers, type Columns } from './columns.ts'
import { marks, readTwoArms, type TwoArms } from './design.ts'
import type { Estimate } from './estimate.ts'
import { fault } from './faults.ts'
import { quantile7 } from './quantile.ts'
import { normalRow, plainRow } from './row.ts'

export interface LeeBounds extends Pick<TwoArms, 'treatment' | 'arms' | 'clusters'> {
  /** Column of the outcome; looked at only where it was observed. */
  readonly outcome: string
  /** Column of 0 and 1: whether the outcome was observed. */
  readonly selected: string
  /** Column of cells made from covariates measured before the draw: tightens the bounds. */
  readonly cells?: string
  /**
   * How the trimmed share is cut off. `fraction` (default): exactly that share, the value at the edge counted in part; right with ties and for
   * 0/1 outcomes. `quantile7`: everything beyond R's type-7 quantile, as most packages do; with ties it may cut nothing.
   */
  readonly trim?: 'fraction' | 'quantile7'
  readonly confidence?: number
}

export interface LeeBoundsFit {
  /** Rows `lower`, `upper`, and `effect`: the Imbens-Manski interval, its estimate the middle of the bounds. */
  readonly estimates: readonly [lower: Estimate, upper: Estimate, effect: Estimate]
  /** c of the interval for the effect. */
  readonly critical: number
  /** Share of the arm's observed outcomes that was trimmed, and which arm; over cells the share is the mean by observed rows. */
  readonly trimmedShare: number
  readonly trimmedArm: 0 | 1 | 'by cell' | 'none'
  /** Share with an observed outcome, control and treated. */
  readonly selectionRates: readonly [number, number]
}

/**
 * Lee's bounds on the effect among those whose outcome would be observed in either arm, when the arms differ in how often it is observed
 * (sharing a credential makes a job visible to the one who measures).
 *
 *   p = (s_t − s_o) / s_t    t the arm with the higher share observed, o the other
 *   lower, upper = difference of means after the top, or the bottom, share p of arm t's observed outcomes is cut off (mirrored for t = 0)
 *
 * Standard errors, one cell with `trim: 'quantile7'` (Lee, proposition 3; q the cut, μ the trimmed mean, s = s_o):
 *
 *   n·Var = σ²_kept / (E[S_t](1 − p)) + (q − μ)² p / (E[S_t](1 − p)) + (q − μ)² [(1 − s_t)/(P_t s_t) + (1 − s)/(P_o s)] + σ²_o / E[S_o]
 *
 * otherwise the sum of squared influences of the same quantity, by cluster if given: with N = Σ_x P_x (M_x − K_x), A = Σ_x P_x s_x,
 * M_x = E_t[S (Y − q) kept] + q s_x, K_x = E_o[S Y], the bound is N / A, and q needs no term of its own since ∂M/∂q = 0.
 * Cells weigh by P_x s_x, the always-observed; each cell has its own direction.
 *
 * Interval for the effect: [lower − c se_l, upper + c se_u] with Φ(c + (upper − lower)/max(se)) − Φ(−c) = confidence.
 *
 * Assumes that treatment moves observation in one direction only (within a cell), and that it was drawn at random.
 *
 * @throws Fault 'causal.arm_too_small' (fewer than two observed outcomes in an arm), 'causal.block_one_armed' (a cell without both arms),
 *   'causal.not_finite', 'causal.not_zero_one' and those of a design
 * Source: Lee (2009), Review of Economic Studies 76; Imbens, Manski (2004), Econometrica 72; cell by cell directions: Semenova (2025), J. Econometrics.
 * Pinned by the `lee_bounds` rows of shared/data/reference.
 */
export function leeBounds(data: Columns, spec: LeeBounds): LeeBoundsFit {
  const confidence = spec.confidence ?? 0.95
  const trim = spec.trim ?? 'fraction'
  const { n, arm, cluster, term } = readTwoArms(data, spec)
  const outcome = numbers(data, spec.outcome)
  if (outcome.length !== n) throw new TypeError('The outcome has another number of rows than the treatment.')
  const selected = marks(data, spec.selected, n)
  const observed = [0, 0]
  const units = [0, 0]
  for (let i = 0; i < n; i++) {
    if (selected[i] === 1 && !Number.isFinite(outcome[i]!)) throw fault.not_finite({ column: spec.outcome, row: i + 1, value: String(outcome[i]) })
    units[arm[i]!]! += 1
    observed[arm[i]!]! += selected[i]!
  }
  for (const a of [0, 1]) if (observed[a]! < 2) throw fault.arm_too_small({ arm: a, units: observed[a]!, needed: 2 })
  const rows: Rows = { outcome, selected, arm, cluster }

  const cells = membersOf(data, spec.cells, n).map((members, cell) => cellOf(rows, members, cell, trim))
  const [low, high] = ([0, 1] as const).map((side) => {
    let top = 0
    let always = 0
    for (const cell of cells) {
      top += (cell.rows.length / n) * cell.sides[side].difference
      always += (cell.rows.length / n) * cell.always
    }
    const stdError = cells.length === 1 && trim === 'quantile7' && cluster === undefined ? leeError(cells[0]!, side, n) : influenceError(cells, side, { n, top, always }, rows)
    return { estimate: top / always, stdError }
  }) as [Point, Point]
  const critical = imbensManski((high.estimate - low.estimate) / Math.max(low.stdError, high.stdError), confidence)

  const weight = cells.reduce((total, cell) => total + cell.trimmedObserved, 0)
  const trimmedShare = cells.reduce((total, cell) => total + (cell.trimmedShare * cell.trimmedObserved) / weight, 0)
  const directions = new Set(cells.map((cell) => (cell.trimmedShare === 0 ? 'none' : cell.trimmedArm)))
  const trimmedArm = directions.size === 1 ? [...directions][0]! : 'by cell'
  const selectionRates = Object.freeze([observed[0]! / units[0]!, observed[1]! / units[1]!] as const)
  const common = {
    estimator: 'lee_bounds',
    options: {
      selection: spec.selected,
      trim,
      trimmed_share: trimmedShare,
      trimmed_arm: trimmedArm,
      selection_rate_z1: selectionRates[1],
      selection_rate_z0: selectionRates[0],
      ...(spec.cells === undefined ? {} : { cells: spec.cells }),
      ...(spec.clusters === undefined ? {} : { clusters: spec.clusters }),
    },
    formula: `${spec.outcome} ~ ${term}`,
    n,
  }
  const bound = (name: string, { estimate, stdError }: Point): Estimate => normalRow({ ...common, term: name, estimate, std_error: stdError }, confidence)
  return Object.freeze({
    estimates: Object.freeze([
      bound('lower', low),
      bound('upper', high),
      plainRow({
        ...common,
        options: { ...common.options, interval: 'Imbens-Manski', critical },
        term: 'effect',
        estimate: (low.estimate + high.estimate) / 2,
        conf_low: low.estimate - critical * low.stdError,
        conf_high: high.estimate + critical * high.stdError,
      }),
    ] as const),
    critical,
    trimmedShare,
    trimmedArm,
    selectionRates,
  })
}

interface Rows {
  readonly outcome: Float64Array
  readonly selected: Uint8Array
  readonly arm: Uint8Array
  readonly cluster: Int32Array | undefined
}

interface Point {
  readonly estimate: number
  readonly stdError: number
}

/** What one side (0: lower bound, 1: upper bound) cuts in one cell. */
interface Side {
  /** Whether the trimmed arm keeps its low values. */
  readonly keepsLow: boolean
  readonly cut: number
  /** M_x: the mean of the trimmed arm's kept outcomes times the share always observed. */
  readonly kept: number
  /** Sign of the trimmed arm times (M_x − K_x). */
  readonly difference: number
  readonly keptVariance: number
}

interface Cell {
  readonly rows: Int32Array
  readonly trimmedArm: 0 | 1
  readonly trimmedShare: number
  readonly trimmedObserved: number
  /** Share observed in the trimmed arm and in the other, which is the share always observed. */
  readonly rate: number
  readonly always: number
  /** K_x, and the variance of the other arm's observed outcomes. */
  readonly other: number
  readonly otherVariance: number
  /** Share of the cell's rows in the trimmed arm. */
  readonly share: number
  readonly sides: readonly [Side, Side]
}

function cellOf({ outcome, selected, arm: treatment }: Rows, rows: Int32Array, cell: number, trim: 'fraction' | 'quantile7'): Cell {
  const units = [0, 0]
  const seen = [0, 0]
  for (const i of rows) {
    units[treatment[i]!]! += 1
    seen[treatment[i]!]! += selected[i]!
  }
  if (units[0] === 0 || units[1] === 0) throw fault.block_one_armed({ block: cell })
  const rates = [seen[0]! / units[0]!, seen[1]! / units[1]!] as const
  const arm = rates[1] >= rates[0] ? 1 : 0
  const rate = rates[arm]
  const always = rates[1 - arm]!
  const share = rate === 0 ? 0 : (rate - always) / rate
  const values = Float64Array.from(rows.filter((i) => treatment[i] === arm && selected[i] === 1), (i) => outcome[i]!).sort()
  const others = Float64Array.from(rows.filter((i) => treatment[i] !== arm && selected[i] === 1), (i) => outcome[i]!)
  const { mean: otherMean, variance: otherVariance } = moments(others)
  const other = otherMean * always
  const sign = arm === 1 ? 1 : -1
  const side = (keepsLow: boolean): Side => {
    const m = values.length
    if (always === 0) return { keepsLow, cut: 0, kept: 0, difference: 0, keptVariance: 0 }
    let kept: Float64Array
    let cut: number
    let mean: number
    if (trim === 'quantile7') {
      cut = quantile7(values, keepsLow ? 1 - share : share)
      kept = values.filter((v) => (keepsLow ? v <= cut : v >= cut))
      mean = moments(kept).mean
    } else {
      const amount = m * (1 - share)
      // Rounding must not make a whole amount into that amount less one and a whole fraction.
      const whole = Math.min(m, Math.floor(amount + 1e-9))
      const part = Math.max(0, amount - whole)
      const ordered = keepsLow ? values : values.toReversed()
      kept = ordered.subarray(0, part > 0 ? whole + 1 : whole)
      cut = kept[kept.length - 1]!
      mean = (moments(ordered.subarray(0, whole)).mean * whole + (part > 0 ? cut * part : 0)) / (whole + part)
    }
    return { keepsLow, cut, kept: mean * always, difference: sign * (mean * always - other), keptVariance: moments(kept).variance }
  }
  return {
    rows,
    trimmedArm: arm,
    trimmedShare: share,
    trimmedObserved: values.length,
    rate,
    always,
    other,
    otherVariance,
    share: units[arm]! / rows.length,
    // The effect's lower bound keeps the treated arm's low values, or the control arm's high ones.
    sides: [side(arm === 1), side(arm === 0)],
  }
}

/** Lee's proposition 3 for a single cell. */
function leeError(cell: Cell, which: 0 | 1, n: number): number {
  const { share, rate, always, trimmedShare, otherVariance } = cell
  const { cut, kept, keptVariance } = cell.sides[which]
  const observed = share * rate * (1 - trimmedShare)
  const gap = (cut - kept / always) ** 2
  const variance = keptVariance / observed + (gap * trimmedShare) / observed + gap * ((1 - rate) / (share * rate) + (1 - always) / ((1 - share) * always)) + otherVariance / ((1 - share) * always)
  return Math.sqrt(variance / n)
}

/** Root of the mean square influence of N/A, by cluster if given. */
function influenceError(
  cells: readonly Cell[],
  which: 0 | 1,
  { n, top, always }: { readonly n: number; readonly top: number; readonly always: number },
  { outcome, selected, arm, cluster }: Rows,
): number {
  const estimate = top / always
  const influence = new Float64Array(n)
  for (const cell of cells) {
    const { keepsLow, cut, kept, difference } = cell.sides[which]
    const sign = cell.trimmedArm === 1 ? 1 : -1
    for (const i of cell.rows) {
      const y = selected[i] === 1 ? outcome[i]! : 0
      let n_i = difference - top
      let a_i = cell.always - always
      if (arm[i] === cell.trimmedArm) {
        const inside = selected[i] === 1 && (keepsLow ? y < cut : y > cut) ? y - cut : 0
        n_i += (sign * (inside - (kept - cut * cell.always))) / cell.share
      } else {
        n_i += (sign * ((cut * selected[i]! - y) - (cut * cell.always - cell.other))) / (1 - cell.share)
        a_i += (selected[i]! - cell.always) / (1 - cell.share)
      }
      influence[i] = (n_i - estimate * a_i) / always
    }
  }
  let rows = influence
  if (cluster !== undefined) {
    rows = new Float64Array(cluster.reduce((most, g) => Math.max(most, g), -1) + 1)
    for (let i = 0; i < n; i++) rows[cluster[i]!]! += influence[i]!
  }
  let square = 0
  for (const v of rows) square += v * v
  return Math.sqrt(square * (rows.length / (rows.length - 1))) / n
}

/** c with Φ(c + width) − Φ(−c) = confidence, by bisection; between the one-sided and the two-sided normal quantile. */
function imbensManski(width: number, confidence: number): number {
  let low = normalQuantile(confidence)
  let high = normalQuantile(0.5 + confidence / 2)
  if (!Number.isFinite(width)) return low
  for (let i = 0; i < 60; i++) {
    const c = (low + high) / 2
    if (normalLower(c + width) - normalLower(-c) < confidence) low = c
    else high = c
  }
  return (low + high) / 2
}

function moments(values: Float64Array): { mean: number; variance: number } {
  let mean = 0
  for (const v of values) mean += v / values.length
  let square = 0
  for (const v of values) square += (v - mean) ** 2
  return { mean, variance: values.length > 1 ? square / (values.length - 1) : 0 }
}

/** The rows of each cell; all rows where there are no cells. */
function membersOf(data: Columns, name: string | undefined, n: number): readonly Int32Array[] {
  const all = Int32Array.from({ length: n }, (_, i) => i)
  if (name === undefined) return [all]
  const labels = new Codes()
  const codes = labels.codesOf(data, name)
  return labels.labels.map((_, cell) => all.filter((i) => codes[i] === cell))
}
