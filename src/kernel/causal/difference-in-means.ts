import { DoubleSums } from '#kernel/numeric'
import { Arms } from './arms.ts'
import { numbers, requireFinite, rowCount, runPasses, type Columns, type Label, type Passes } from './columns.ts'
import { estimateRow, type Estimate } from './estimate.ts'

export interface DifferenceInMeans {
  readonly outcome: string
  readonly treatment: string
  /** Control, treated; 0 and 1 where absent. */
  readonly arms?: readonly [Label, Label]
  readonly confidence?: number
}

export function differenceInMeans(data: Columns, spec: DifferenceInMeans): Estimate {
  return runPasses(differenceInMeansPasses(spec), data)
}

export function differenceInMeansPasses(spec: DifferenceInMeans): Passes<Estimate> {
  const arms = new Arms(spec.treatment, spec.arms)
  const counts = [0, 0]
  const sums = [new DoubleSums(2), new DoubleSums(2)]
  let seen = 0
  return {
    add(chunk) {
      const n = rowCount(chunk, [spec.outcome, spec.treatment])
      const y = numbers(chunk, spec.outcome)
      requireFinite(y, spec.outcome, 0, n, seen)
      const arm = arms.of(chunk, seen)
      for (let i = 0; i < n; i++) {
        const at = sums[arm[i]!]!
        counts[arm[i]!]! += 1
        at.add(0, y[i]!)
        at.addProduct(1, y[i]!, y[i]!)
      }
      seen += n
    },
    next: () => false,
    result() {
      arms.requireRows(counts)
      const [v0, v1] = [0, 1].map((a) => sums[a]!.centered(1, 0, 0, counts[a]!) / (counts[a]! - 1) / counts[a]!) as [number, number]
      return estimateRow(
        {
          estimator: 'difference_in_means',
          options: { design: 'simple/complete, Welch df' },
          formula: `${spec.outcome} ~ ${spec.treatment}`,
          term: arms.term(1),
          estimate: sums[1]!.value(0) / counts[1]! - sums[0]!.value(0) / counts[0]!,
          std_error: Math.sqrt(v0 + v1),
          df: (v0 + v1) ** 2 / (v0 ** 2 / (counts[0]! - 1) + v1 ** 2 / (counts[1]! - 1)),
          n: seen,
        },
        spec.confidence ?? 0.95,
      )
    },
  }
}
