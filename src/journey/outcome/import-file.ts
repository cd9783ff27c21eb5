import { createHash } from 'node:crypto'
import type { Finding } from '#kernel/fault'
import type { World } from '#platform/world'
import { fault } from './faults.ts'
import { importOutcomes, type OutcomeImported } from './import.ts'
import type { OutcomeRow, OutcomeSource } from './outcome.ts'
import { readOutcomesCsv } from './read-csv.ts'

/** Takes in a whole file of outcomes, all or nothing. @throws Fault `outcome.bad_file` with every fault by row and column; `csv.*` */
export async function importOutcomesFile(needs: Pick<World, 'db' | 'clock'>, order: { readonly issuerId: string; readonly source: OutcomeSource; readonly bytes: AsyncIterable<Uint8Array> }): Promise<OutcomeImported> {
  const hash = createHash('sha256')
  async function* hashed() {
    for await (const chunk of order.bytes) {
      hash.update(chunk)
      yield chunk
    }
  }
  const rows: OutcomeRow[] = []
  const findings: Finding[] = []
  let refused = 0
  for await (const read of readOutcomesCsv(hashed(), needs.clock.now())) {
    if (read.ok) rows.push(read.outcome)
    else {
      refused++
      findings.push(...read.findings)
    }
  }
  if (refused > 0) throw fault.bad_file({ count: findings.length, rows: refused }, { findings })
  return await needs.db.transaction((tx) => importOutcomes(tx, { issuerId: order.issuerId, source: order.source, digest: hash.digest('hex'), rows }))
}
