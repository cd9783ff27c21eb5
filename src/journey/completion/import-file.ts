/**
 * A whole file of completions, all or nothing: it is read once to find every fault, and only a file without any is read again and recorded, in
 * one transaction. `partial` records the good rows and hands back the others with their reasons.
 */
import type { Finding } from '#kernel/fault'
import type { ConsentPurpose, Issuer } from '#journey/party'
import type { World } from '#platform/world'
import type { Achievement } from './completion.ts'
import { fault } from './faults.ts'
import { readCompletionsCsv } from './read-csv.ts'
import { recordCompletions, type CompletionInput } from './record.ts'
import { achievementsOf } from './store.ts'

export interface ImportOrder {
  readonly issuer: Issuer
  /** Opens the file; it is read twice. */
  readonly open: () => AsyncIterable<Uint8Array>
  /** For files without a column `achievement`. */
  readonly achievement?: Achievement | undefined
  readonly partial: boolean
  readonly consents?: readonly ConsentPurpose[] | undefined
  /** A row that is not recorded, with the reasons. */
  readonly onRefused?: (row: { readonly row: number; readonly fields: Readonly<Record<string, string>>; readonly findings: readonly Finding[] }) => void
  readonly onProgress?: (rows: number) => void
}

export interface Imported {
  readonly rows: number
  readonly recorded: number
  readonly repeated: number
  readonly refused: number
  readonly completionIds: readonly string[]
}

/** Findings that are listed one by one; more of them are counted. A wrong file has the same fault in every row. */
const mostFindings = 10_000
const batch = 1_000

/** @throws Fault `completion.bad_file` with every fault by row and column, and then nothing was written; `csv.*` when the file is not CSV */
export async function importCompletions(needs: Pick<World, 'db'>, order: ImportOrder): Promise<Imported> {
  const achievements = new Map((await needs.db.read((tx) => achievementsOf(tx, order.issuer.id))).map((one) => [one.handle, one]))
  const rules = (now: Date) => ({ achievements, achievement: order.achievement, now })
  const now = await needs.db.read((tx) => Promise.resolve(tx.now))

  const findings: Finding[] = []
  let [rows, faults, refused] = [0, 0, 0]
  for await (const read of readCompletionsCsv(order.open(), rules(now))) {
    rows++
    if (rows % batch === 0) order.onProgress?.(rows)
    if (read.ok) continue
    refused++
    faults += read.findings.length
    if (findings.length < mostFindings) findings.push(...read.findings)
    order.onRefused?.(read)
  }
  if (refused > 0 && !order.partial) throw fault.bad_file({ count: faults, rows: refused }, { findings })

  return await needs.db.transaction(async (tx) => {
    const completionIds: string[] = []
    let [recorded, repeated] = [0, 0]
    let waiting: CompletionInput[] = []
    const flush = async () => {
      const { completions } = await recordCompletions(tx, order.issuer, waiting, 'csv')
      waiting = []
      for (const one of completions) {
        if (one.repeated) repeated++
        else recorded++
        completionIds.push(one.completion.id)
      }
      order.onProgress?.(recorded + repeated)
    }
    for await (const read of readCompletionsCsv(order.open(), rules(now))) {
      if (!read.ok) continue
      waiting.push(order.consents ? { ...read.input, consents: order.consents } : read.input)
      if (waiting.length === batch) await flush()
    }
    if (waiting.length > 0) await flush()
    return Object.freeze({ rows, recorded, repeated, refused, completionIds: Object.freeze(completionIds) })
  })
}
