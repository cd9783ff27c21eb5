/** The development mailbox: letters are kept in the database, where `/dev/mail` shows them, and none leaves the machine. */
import type { Database } from '#platform/db'
import { headersOf, unfitBecause } from './letter.ts'
import type { Delivery, Letter, Mailer } from './mailer.ts'
import { keepLetter } from './store.ts'

export function keepingMailer(db: Database): Mailer {
  return Object.freeze({
    async send(letter: Letter): Promise<Delivery> {
      const unfit = unfitBecause(letter)
      if (unfit !== undefined) return Object.freeze({ result: 'failed', reason: `not handed over: ${unfit}` })
      await db.transaction((tx) => keepLetter(tx, letter, headersOf(letter)))
      return Object.freeze({ result: 'sent' })
    },
    async close() {},
  })
}
