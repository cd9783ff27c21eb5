/**
 * A mail server on this machine that takes letters and hands them to a function: the other side for simulations and tests, speaking real SMTP.
 */
import { SMTPServer } from 'smtp-server'

export interface ReceivedLetter {
  readonly from: string
  readonly to: readonly string[]
  /** Headers and body as they came over the line. */
  readonly content: string
}

export interface SmtpPeerOptions {
  readonly received?: (letter: ReceivedLetter) => void
  /** Refuses a recipient or a letter with a reply code and text; undefined accepts. */
  readonly refuse?: (at: 'recipient' | 'letter', to: string) => { readonly status: number; readonly text: string } | undefined
}

export interface SmtpPeer {
  readonly url: string
  close(): Promise<void>
}

export async function smtpPeer(options: SmtpPeerOptions = {}): Promise<SmtpPeer> {
  const refusal = (at: 'recipient' | 'letter', to: string): Error | null => {
    const no = options.refuse?.(at, to)
    return no === undefined ? null : Object.assign(new Error(no.text), { responseCode: no.status })
  }
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 100,
    hideENHANCEDSTATUSCODES: true,
    onRcptTo: (recipient, _session, done) => done(refusal('recipient', recipient.address)),
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map((one) => one.address)
        const no = refusal('letter', to[0] ?? '')
        if (no === null) options.received?.(Object.freeze({ from: session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address, to: Object.freeze(to), content: Buffer.concat(chunks).toString() }))
        done(no)
      })
    },
  })
  server.on('error', () => {}) // a client that went away in the middle of something
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject)
    const listening = server.listen(0, '127.0.0.1', () => {
      const address = listening.address()
      if (address === null || typeof address === 'string') reject(new TypeError('an SMTP peer without a port'))
      else resolve(address.port)
    })
  })
  return Object.freeze({ url: `smtp://127.0.0.1:${port}`, close: () => new Promise<void>((resolve) => server.close(() => resolve())) })
}
