import { normalLower, normalQuantile } from '#kernel/numeric'
import { fault } from './faults.ts'

export interface LeeBoundsInput {
  /** n outcomes; looked at only where `selected` is 1. */
  readonly outcome: Float64Array
  /** n marks: 1 where the outcome was observed. */
  readonly selected: Uint8Array
  /** n values, 0 or 1. */
  readonly treatment: Uint8Array
  /** n numbers 0, 1, ... of cells made from covariates measured before the draw: tightens the bounds. */
  readonly cells?: Int32Array | undefined
  /** n cluster numbers 0, 1, ...: errors are summed by cluster. */
  readonly clusters?: Int32Array | undefined
  /**
   * How the trimmed share is cut off. `fraction` (default): exactly that share, the value at the edge counted in part; right with ties and for
   * 0/1 outcomes. `quantile`: everything beyond R's type-7 quantile, as most packages do; with ties it may cut nothing.
   */
  readonly trim?: 'fraction' | 'quantile'
  readonly confidence?: number
}

export interface Bound {
  readonly estimate: number
  readonly std_error: number
  readonly conf_low: number
  readonly conf_high: number
}

export interface LeeBounds {
  readonly lower: Bound
  readonly upper: Bound
  /** Imbens-Manski interval: covers the effect itself, wherever it lies between the bounds, with the stated confidence. */
  readonly effect: { readonly conf_low: number; readonly conf_high: number; readonly critical: number }
  /** Share of the arm's observed outcomes that was trimmed, and which arm; of all cells together the share is the mean by observed rows. */
  readonly trimmed_share: number
  readonly trimmed_arm: 0 | 1 | 'by cell' | 'none'
  /** Share with an observed outcome, control and treated. */
  readonly selection_rates: readonly [number, number]
  readonly n: number
}

/**
 * Lee's bounds on the effect among those whose outcome would be observed in either arm, when the arms differ in how often it is observed
 * (sharing a credential makes a job visible to the one who measures).
 *
 *   p = (s_t − s_o) / s_t    t the arm with the higher share observed, o the other
 *   lower, upper = difference of means after the top, or the bottom, share p of arm t's observed outcomes is cut off (mirrored for t = 0)
 *
 * Standard errors, one cell with `trim: 'quantile'` (Lee, proposition 3; q the cut, μ the trimmed mean, s = s_o):
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
 *   'causal.not_a_number', 'causal.treatment_not_binary'
 * Source: Lee (2009), Review of Economic Studies 76; Imbens, Manski (2004), Econometrica 72; cell by cell directions: Semenova (2025), J. Econometrics.
 * Pinned by the `lee_bounds` rows of shared/data/reference.
 */
export function leeBounds({ outcome, selected, treatment, cells, clusters, trim = 'fraction', confidence = 0.95 }: LeeBoundsInput): LeeBounds {
  const n = treatment.length
  if (outcome.length !== n || selected.length !== n) throw new TypeError('There must be one outcome, one mark and one treatment value per row.')
  const count = cells === undefined ? 1 : cells.reduce((most, c) => Math.max(most, c), -1) + 1
  const members: Int32Array[] = split(n, cells, count)
  const observed = [0, 0]
  const units = [0, 0]
  for (let i = 0; i < n; i++) {
    if (treatment[i]! > 1) throw fault.treatment_not_binary({ row: i + 1 })
    if (selected[i]! > 1) throw new TypeError('A mark of observation is 0 or 1.')
    if (selected[i] === 1 && !Number.isFinite(outcome[i]!)) throw fault.not_a_number({ what: 'An observed outcome', place: i + 1 })
    units[treatment[i]!]! += 1
    observed[treatment[i]!]! += selected[i]!
  }
  for (const arm of [0, 1]) if (observed[arm]! < 2) throw fault.arm_too_small({ arm, units: observed[arm]!, needed: 2 })

  const sides = members.flatMap((rows, cell) => (rows.length === 0 ? [] : [cellSides(outcome, selected, treatment, rows, cell, trim)]))
  const [low, high] = ([0, 1] as const).map((side) => {
    let top = 0
    let always = 0
    for (const cell of sides) {
      top += (cell.rows.length / n) * cell.sides[side].difference
      always += (cell.rows.length / n) * cell.always
    }
    const estimate = top / always
    const std_error =
      sides.length === 1 && trim === 'quantile' && clusters === undefined ? leeError(sides[0]!, side, n) : influenceError(sides, side, { n, top, always }, { outcome, selected, treatment, clusters })
    return { estimate, std_error }
  }) as [Point, Point]
  const z = normalQuantile(0.5 + confidence / 2)
  const critical = imbensManski((high.estimate - low.estimate) / Math.max(low.std_error, high.std_error), confidence)
  const arms = new Set(sides.map((cell) => (cell.trimmed_share === 0 ? 'none' : cell.trimmed_arm)))
  const bound = ({ estimate, std_error }: Point): Bound => Object.freeze({ estimate, std_error, conf_low: estimate - z * std_error, conf_high: estimate + z * std_error })
  const weight = sides.reduce((sum, cell) => sum + cell.trimmedObserved, 0)
  return Object.freeze({
    lower: bound(low),
    upper: bound(high),
    effect: Object.freeze({ conf_low: low.estimate - critical * low.std_error, conf_high: high.estimate + critical * high.std_error, critical }),
    trimmed_share: sides.reduce((sum, cell) => sum + (cell.trimmed_share * cell.trimmedObserved) / weight, 0),
    trimmed_arm: arms.size === 1 ? [...arms][0]! : 'by cell',
    selection_rates: Object.freeze([observed[0]! / units[0]!, observed[1]! / units[1]!] as const),
    n,
  })
}

interface Point {
  readonly estimate: number
  readonly std_error: number
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

interface CellSides {
  readonly rows: Int32Array
  readonly trimmed_arm: 0 | 1
  readonly trimmed_share: number
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

function cellSides(outcome: Float64Array, selected: Uint8Array, treatment: Uint8Array, rows: Int32Array, cell: number, trim: 'fraction' | 'quantile'): CellSides {
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
    if (trim === 'quantile') {
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
    trimmed_arm: arm,
    trimmed_share: share,
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
function leeError(cell: CellSides, which: 0 | 1, n: number): number {
  const { share, rate, always, trimmed_share, otherVariance } = cell
  const { cut, kept, keptVariance } = cell.sides[which]
  const observed = share * rate * (1 - trimmed_share)
  const gap = (cut - kept / always) ** 2
  const variance = keptVariance / observed + (gap * trimmed_share) / observed + gap * ((1 - rate) / (share * rate) + (1 - always) / ((1 - share) * always)) + otherVariance / ((1 - share) * always)
  return Math.sqrt(variance / n)
}

/** Root of the mean square influence of N/A, by cluster if given. */
function influenceError(
  cells: readonly CellSides[],
  which: 0 | 1,
  { n, top, always }: { readonly n: number; readonly top: number; readonly always: number },
  { outcome, selected, treatment, clusters }: Pick<LeeBoundsInput, 'outcome' | 'selected' | 'treatment' | 'clusters'>,
): number {
  const estimate = top / always
  const influence = new Float64Array(n)
  for (const cell of cells) {
    const { keepsLow, cut, kept, difference } = cell.sides[which]
    const sign = cell.trimmed_arm === 1 ? 1 : -1
    for (const i of cell.rows) {
      const y = selected[i] === 1 ? outcome[i]! : 0
      let n_i = difference - top
      let a_i = cell.always - always
      if (treatment[i] === cell.trimmed_arm) {
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
  if (clusters !== undefined) {
    rows = new Float64Array(clusters.reduce((most, g) => Math.max(most, g), -1) + 1)
    for (let i = 0; i < n; i++) rows[clusters[i]!]! += influence[i]!
  }
  let square = 0
  for (const v of rows) square += v * v
  return (Math.sqrt(square * (rows.length / (rows.length - 1))) / n)
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

/** Quantile of sorted values, R's type 7 (Hyndman, Fan 1996): linear between the order statistics around 1 + (m − 1) p. */
function quantile7(sorted: Float64Array, p: number): number {
  const h = (sorted.length - 1) * p
  // R adds four rounding units before it takes the floor, so that a whole h stays whole.
  const floor = Math.floor(h + 4 * Number.EPSILON)
  const rest = h - floor
  const below = sorted[floor]!
  return rest <= 4 * Number.EPSILON || floor + 1 >= sorted.length ? below : below + rest * (sorted[floor + 1]! - below)
}

function moments(values: Float64Array): { mean: number; variance: number } {
  let mean = 0
  for (const v of values) mean += v / values.length
  let square = 0
  for (const v of values) square += (v - mean) ** 2
  return { mean, variance: values.length > 1 ? square / (values.length - 1) : 0 }
}

function split(n: number, cells: Int32Array | undefined, count: number): Int32Array[] {
  if (cells === undefined) return [Int32Array.from({ length: n }, (_, i) => i)]
  const sizes = new Int32Array(count)
  for (let i = 0; i < n; i++) sizes[cells[i]!]! += 1
  const out = Array.from(sizes, (size) => new Int32Array(size))
  sizes.fill(0)
  for (let i = 0; i < n; i++) out[cells[i]!]![sizes[cells[i]!]!++] = i
  return out
}
