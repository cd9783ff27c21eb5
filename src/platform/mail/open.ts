import type { Database } from '#platform/db'
import { keepingMailer } from './mailbox.ts'
import type { Mailer } from './mailer.ts'
import { smtpMailer } from './smtp.ts'

/** SMTP where a server is configured, and the development mailbox where none is. */
export function openMailer(options: { readonly db: Database; readonly smtpUrl: string | undefined; readonly from: string }): Mailer {
  return options.smtpUrl === undefined ? keepingMailer(options.db) : smtpMailer({ url: options.smtpUrl, from: options.from })
}
