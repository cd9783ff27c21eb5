import { createHash } from 'node:crypto'
import type { Tx } from '#platform/db'
import { fault } from './faults.ts'
import { claimAnswer, keepAnswer } from './store.ts'

export interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

/**
 * Does something once for an Idempotency-Key: its repetitions, even at the same moment, get the first answer and change nothing. The answer
 * is kept in the transaction of the effect, so a crash leaves both or neither (draft-ietf-httpapi-idempotency-key-header-06, 2.6).
 *
 * @throws Fault `completion.key_reused` when the key comes with other content
 */
export async function answerOnce(tx: Tx, request: { readonly keyId: string; readonly idempotencyKey: string; readonly content: string }, effect: () => Promise<Answer>): Promise<Answer> {
  const digest = createHash('sha256').update(request.content).digest()
  const earlier = await claimAnswer(tx, request.keyId, request.idempotencyKey, digest)
  if (earlier) {
    if (!digest.equals(earlier.digest)) throw fault.key_reused()
    return Object.freeze({ status: earlier.status, body: earlier.body })
  }
  const answer = await effect()
  await keepAnswer(tx, request.keyId, request.idempotencyKey, answer)
  return answer
}
