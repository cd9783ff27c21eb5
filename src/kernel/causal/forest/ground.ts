import type { Columns } from '../columns.ts'
import { codeColumns } from './codes.ts'
import { layoutsFor, type Ground } from './forest.ts'
import type { Growing } from './growth.ts'
import { growingFor, readClusters, readWeights, type ForestOptions } from './options.ts'
import { openPool } from './pool.ts'

/** Warnings are sentences for people; the caller may add its own. */
export interface WarnedGround extends Ground {
  readonly warnings: string[]
}

/**
 * Codes the columns, opens the threads, runs, and closes the threads whatever happened. Threads start first: they load their code while columns are coded.
 *
 * @param trees  all trees that will be grown, for the progress
 */
export async function onGround<T>(data: Columns, options: ForestOptions & { readonly covariates: readonly string[] }, trees: number, work: (ground: WarnedGround, growing: Growing) => Promise<T>): Promise<T> {
  const pool = openPool(options.numThreads ?? 1)
  try {
    const coded = options.coded ?? codeColumns(data, options.covariates, { ...(options.bins === undefined ? {} : { bins: options.bins }), ...(options.exact === undefined ? {} : { exact: options.exact }) })
    const clusters = readClusters(data, options, coded.n)
    const growing = growingFor(options, coded.n, coded.p, clusters)
    const warnings: string[] = []
    if (coded.constant.length > 0) warnings.push(`These columns have one value in every row and can explain nothing: ${coded.constant.join(', ')}.`)
    let before = 0
    let last = 0
    const grew = (done: number): void => {
      // Each forest counts from its own first tree.
      if (done < last) before += last
      last = done
      options.progress?.(Math.min(before + done, trees), trees)
    }
    return await work({ coded, layouts: layoutsFor(coded, growing), pool, weights: readWeights(data, options, coded.n), clusters, seed: options.seed ?? 1, grew, warnings }, growing)
  } finally {
    await pool.close()
  }
}
