/**
 * Letters by SMTP (RFC 5321), over a few connections that are kept open.
 *
 * What matters after a failure is whether the letter had begun to leave. Before that it certainly did not arrive. After that only the
 * server's own answer decides: a reply of 4yz or 5yz to the letter means refused; no reply means that nobody knows.
 */
import { createTransport } from 'nodemailer'
import { headersOf, unfitBecause } from './letter.ts'
import type { Delivery, Letter, Mailer } from './mailer.ts'

export interface SmtpOptions {
  /** smtp:// or smtps://, with user and password where the server wants them. */
  readonly url: string
  /** The installation's own address. */
  readonly from: string
  readonly connections?: number
  /** How long the server may take over connecting, over any one answer, and over a whole letter. */
  readonly patience?: { readonly connectMs: number; readonly answerMs: number; readonly letterMs: number }
}

// RFC 5321 section 4.5.3.2 allows minutes for each step; a relay that a provider runs answers in seconds, and a batch waits for its slowest.
const defaultPatience = { connectMs: 10_000, answerMs: 30_000, letterMs: 60_000 }

export function smtpMailer(options: SmtpOptions): Mailer {
  const patience = options.patience ?? defaultPatience
  const settings = {
    url: options.url,
    pool: true as const,
    maxConnections: options.connections ?? 8,
    maxMessages: 1_000,
    maxRequeues: 1, // a connection that was found closed before a byte of the letter was read: once more on a new one
    connectionTimeout: patience.connectMs,
    greetingTimeout: patience.connectMs,
    socketTimeout: patience.answerMs,
    socketCloseTimeout: 1_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
  const transport = createTransport(settings)
  transport.on('error', () => {}) // each send hears of its own error

  // Whether a byte of the letter was read by the connection: the library decides by the same mark whether it may send it on another one.
  const leaving = new Map<string, { readonly readableDidRead?: boolean }>()
  transport.use('stream', (mail, done) => {
    const make = mail.message.createReadStream.bind(mail.message)
    mail.message.createReadStream = (streamOptions) => {
      const stream = make(streamOptions)
      leaving.set(mail.message.messageId(), stream)
      return stream
    }
    done()
  })
  const host = options.from.slice(options.from.lastIndexOf('@') + 1)

  return Object.freeze({
    async send(letter: Letter): Promise<Delivery> {
      const unfit = unfitBecause(letter)
      if (unfit !== undefined) return Object.freeze({ result: 'failed', reason: `not handed over: ${unfit}` })
      const messageId = `<${letter.messageId}@${host}>`
      const deadline = new AbortController()
      const timer = setTimeout(() => deadline.abort(new Error('the whole letter took too long')), patience.letterMs)
      const message = {
        messageId,
        from: letter.fromName === undefined ? options.from : { name: letter.fromName, address: options.from },
        to: { name: '', address: letter.to },
        subject: letter.subject,
        text: letter.text,
        html: letter.html,
        headers: headersOf(letter),
        signal: deadline.signal,
      }
      try {
        await transport.sendMail(message)
        return Object.freeze({ result: 'sent' })
      } catch (error) {
        return judge(error, leaving.get(messageId)?.readableDidRead === true)
      } finally {
        clearTimeout(timer)
        leaving.delete(messageId)
      }
    },
    async close() {
      transport.close()
    },
  })
}

function judge(error: unknown, left: boolean): Delivery {
  const said = Object.freeze({ command: text(error, 'command'), response: text(error, 'response'), code: text(error, 'code'), status: Number(text(error, 'responseCode') ?? Number.NaN) })
  const reason = said.response === undefined ? `no answer: ${said.code ?? (error instanceof Error ? error.message : 'unknown')}` : said.response.slice(0, 300)
  // The reply to the letter itself comes with the command DATA; a reply on a closing connection might be to anything.
  const answered = said.status >= 400 && said.status < 600
  if (left && !(answered && said.command === 'DATA')) return Object.freeze({ result: 'unknown', reason })
  // RFC 3463: 5.1.x says that the address is wrong; 550 and 551 to RCPT TO say so without an enhanced code, unless the code names another matter.
  const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})/.exec(said.response ?? '')?.[1]
  const bounced = said.status >= 500 && said.command === 'RCPT TO' && (enhanced === undefined ? said.status === 550 || said.status === 551 : /^5\.1\.[0-6]$/.test(enhanced))
  if (bounced) return Object.freeze({ result: 'failed', reason, bounced: true })
  const permanent = answered && said.status >= 500
  return permanent ? Object.freeze({ result: 'failed', reason }) : Object.freeze({ result: 'failed', reason, again: true })
}

/** What an error of the library says, where it says it; its errors carry more than their type declares. */
function text(error: unknown, field: string): string | undefined {
  if (typeof error !== 'object' || error === null || !(field in error)) return undefined
  const value: unknown = (error as Record<string, unknown>)[field]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}
