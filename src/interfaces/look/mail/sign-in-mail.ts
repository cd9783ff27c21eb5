/** The link that signs in. It opens a page with a button, so a scanner that follows it signs nobody in. */
import { wordsOf } from '../words.ts'
import { action, mail, mailColours, paragraph, type MailContent } from './frame.ts'

export interface SignInMailView {
  readonly language: string
  /** Who runs the site: an issuer's name, or Laurel. */
  readonly from: string
  readonly address: string
  readonly expiresAt: Date
  readonly timeZone?: string
  readonly demo?: boolean
  /** Of the issuer: `#` and six digits of hexadecimal. */
  readonly colour?: string
}

export function signInMail(view: SignInMailView): MailContent {
  const words = wordsOf(view.language)
  const time = words.figures.instant(view.expiresAt, view.timeZone)
  const colours = mailColours(view.colour)
  return mail({
    language: view.language,
    colours,
    subject: words.text('mail.sign_in_subject'),
    preview: words.text('mail.sign_in_body', { time }),
    from: view.from,
    title: words.html('mail.sign_in_title'),
    titleText: words.text('mail.sign_in_title'),
    parts: [
      paragraph(words.html('mail.sign_in_body', { time }), words.text('mail.sign_in_body', { time })),
      action(view.address, words.text('mail.sign_in_button'), colours),
      paragraph(words.html('mail.sign_in_not_you'), words.text('mail.sign_in_not_you')),
    ],
    foot: [],
    ...(view.demo === undefined ? {} : { demo: view.demo }),
  })
}
