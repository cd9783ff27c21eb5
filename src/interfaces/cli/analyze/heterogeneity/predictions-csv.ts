/** What the forest says of each row, in the order of the file. */
import type { WhoGains } from './who-gains.ts'

/** One line per row of the file; empty where a row was not used. */
export function predictionsCsv({ used, forest, score }: Pick<WhoGains, 'used' | 'forest' | 'score'>, rows: number): string {
  const at = new Int32Array(rows).fill(-1)
  for (const [k, row] of used.rows.entries()) at[row] = k
  const lines = ['row,tau,std_error,propensity,score']
  for (let row = 0; row < rows; row++) {
    const k = at[row]!
    lines.push(k < 0 ? `${row + 1},,,,` : `${row + 1},${forest.predictions[k]!},${forest.variances === undefined ? '' : Math.sqrt(forest.variances[k]!)},${forest.wHat[k]!},${score[k]!}`)
  }
  return `${lines.join('\n')}\n`
}
