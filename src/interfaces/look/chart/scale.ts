/** From numbers to places across a drawing, in per cent, so that it fits every width without a script. */

export interface Scale {
  readonly low: number
  readonly high: number
  /** Where a value lies, in per cent of the width, kept within the margins. */
  at(value: number): number
  /** The same with its sign of per cent, for an attribute. */
  x(value: number): string
}

/** Room at both ends for half a mark and half a word. */
const margin = 3

export function scaleOf(low: number, high: number): Scale {
  if (!(high > low)) throw new TypeError('A scale needs two ends that differ.')
  const at = (value: number): number => margin + ((Math.min(Math.max(value, low), high) - low) / (high - low)) * (100 - 2 * margin)
  return { low, high, at, x: (value) => `${Math.round(at(value) * 100) / 100}%` }
}

/**
 * Round numbers between two ends, at most `most` of them and zero among them when it lies between: steps of 1, 2 or 5 times a power of ten.
 * Heckbert, "Nice Numbers for Graph Labels", Graphics Gems (1990), with the larger steps preferred.
 */
export function ticks(low: number, high: number, most = 4): readonly number[] {
  const span = high - low
  if (!(span > 0)) return [low]
  for (let power = Math.floor(Math.log10(span)) - 1; ; power += 1) {
    for (const unit of [1, 2, 5]) {
      const step = unit * 10 ** power
      const first = Math.ceil(low / step - 1e-9)
      const last = Math.floor(high / step + 1e-9)
      if (last - first + 1 <= most) return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => Number(((first + i) * step).toFixed(Math.max(0, -power))))
    }
  }
}

/** How many decimals a row of ticks needs to differ. */
export const decimalsOf = (list: readonly number[]): number => Math.max(0, ...list.map((tick) => (String(tick).split('.')[1] ?? '').length))

/** Two ends around values, with air, and with zero between them when it matters. */
export function around(values: readonly number[], including: readonly number[] = [0]): { readonly low: number; readonly high: number } {
  const all = [...values, ...including].filter(Number.isFinite)
  const low = Math.min(...all)
  const high = Math.max(...all)
  const air = (high - low || Math.abs(high) || 1) * 0.08
  return { low: low - air, high: high + air }
}
