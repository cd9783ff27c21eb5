/** Letters out: what is handed to a mailer, and what a mailer can say afterwards. */

export interface Letter {
  /** Of our own making, and one a letter: it becomes the local part of the Message-ID (RFC 5322, 3.6.4). */
  readonly messageId: string
  /** One address, without a name. */
  readonly to: string
  /** Shown before the sender's address; the address itself belongs to the installation. */
  readonly fromName?: string
  readonly subject: string
  readonly text: string
  readonly html: string
  /** https address that takes a POST and ends these letters, without signing in (RFC 8058). */
  readonly unsubscribeAddress?: string
}

/**
 * What became of a letter. Three answers that never merge:
 *
 * - `sent`: the other side took it;
 * - `failed`: it certainly did not. `bounced`: there is no such mailbox. `again`: the other side, or the way to it, was not ready, so it
 *   may be tried later and can arrive only once;
 * - `unknown`: it was being handed over when the line was lost. It may have arrived, so it is not tried again.
 */
export type Delivery =
  | { readonly result: 'sent' }
  | { readonly result: 'failed'; readonly reason: string; readonly bounced?: true; readonly again?: true }
  | { readonly result: 'unknown'; readonly reason: string }

export interface Mailer {
  /** Never throws for what the other side does; a letter that cannot be a letter is `failed`. */
  send(letter: Letter): Promise<Delivery>
  close(): Promise<void>
}
