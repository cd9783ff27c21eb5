/** The mails about a credential: that it is there, and at most two reminders that it can be shared. */
import { html, nothing, type Html } from '../html.ts'
import { wordsOf, type Words } from '../words.ts'
import { action, anchor, card, mail, mailColours, paragraph, type MailColours, type MailContent, type MailedCredential, type MailPart } from './frame.ts'

interface CredentialMailView extends MailedCredential {
  readonly language: string
  readonly issuerName: string
  /** The credential's page, by a link of this message. */
  readonly address: string
  /** A page with a button; the same address takes the mail program's own POST. */
  readonly unsubscribeAddress?: string
  readonly demo?: boolean
  /** Nobody else can see the page yet. */
  readonly private?: boolean
  /** Of the issuer: `#` and six digits of hexadecimal. */
  readonly colour?: string
}

export type AwardMailView = CredentialMailView

/** That the credential is there. Both arms of an experiment get it alike; it asks for nothing. */
export function awardMail(view: AwardMailView): MailContent {
  const words = wordsOf(view.language)
  const colours = mailColours(view.colour)
  return mail({
    language: view.language,
    colours,
    subject: words.text('mail.award_subject', { title: view.achievement.name }),
    preview: words.text('mail.award_body', { issuer: view.issuerName }),
    from: view.issuerName,
    title: words.html('mail.award_title', { name: view.learnerName }),
    titleText: words.text('mail.award_title', { name: view.learnerName }),
    parts: [
      paragraph(words.html('mail.award_body', { issuer: view.issuerName }), words.text('mail.award_body', { issuer: view.issuerName })),
      card(view, words, colours),
      action(view.address, words.text('mail.award_button'), colours),
      ...(view.private === true ? [said('mail.award_private', words)] : []),
    ],
    foot: view.unsubscribeAddress === undefined ? [] : [anchor(view.unsubscribeAddress, words.text('mail.stop'), colours)],
    ...(view.demo === undefined ? {} : { demo: view.demo }),
  })
}

export interface ShareMailView extends CredentialMailView {
  readonly step: 1 | 2
  /** Where the fields are to be copied from; the credential's page where it is not given. */
  readonly shareAddress?: string
  /** How many fields there are to copy. */
  readonly fields: number
  /** The provider's own figures; left out where it does not know both. */
  readonly rarity?: { readonly began: number; readonly passed: number; readonly year: number }
  /** Since when the learner has allowed that such messages are drawn for research, and where to read about it. */
  readonly research?: { readonly since: Date; readonly address: string }
  readonly settingsAddress?: string
}

/** A reminder that it can be shared. The second is the last, and says so. */
export function shareMail(view: ShareMailView): MailContent {
  const words = wordsOf(view.language)
  const colours = mailColours(view.colour)
  const first = view.step === 1
  const reason: { readonly html: Html; readonly text: string } = !first
    ? said('mail.share_2_body', words)
    : view.rarity === undefined
      ? said('mail.share_1_body', words)
      : twice('mail.share_1_rare', { began: view.rarity.began, passed: view.rarity.passed, year: String(view.rarity.year) }, words)
  const title = first ? 'mail.share_1_title' : 'mail.share_2_title'
  const how = words.text('mail.share_how', { fields: view.fields })
  const look = view.shareAddress === undefined || view.shareAddress === view.address ? undefined : anchor(view.address, words.text('mail.look_first'), colours)
  return mail({
    language: view.language,
    colours,
    subject: words.text(first ? 'mail.share_1_subject' : 'mail.share_2_subject', { title: view.achievement.name }),
    preview: how,
    from: view.issuerName,
    title: words.html(title, { name: view.learnerName }),
    titleText: words.text(title, { name: view.learnerName }),
    parts: [
      reason,
      card(view, words, colours),
      action(view.shareAddress ?? view.address, words.text('mail.share_button'), colours),
      { html: html`<p style="margin:0;font-size:14px;line-height:22px">${how} ${look?.html ?? nothing}</p>`, text: look === undefined ? how : `${how}\n${look.text}` },
      ...(view.private === true ? [said('mail.award_private', words)] : []),
    ],
    foot: [
      ...(view.research === undefined ? [] : [research(view.research, words, colours)]),
      said('mail.at_most', words),
      ...(view.unsubscribeAddress === undefined ? [] : [anchor(view.unsubscribeAddress, words.text('mail.stop'), colours)]),
      ...(view.settingsAddress === undefined ? [] : [anchor(view.settingsAddress, words.text('mail.settings'), colours)]),
    ],
    ...(view.demo === undefined ? {} : { demo: view.demo }),
  })
}

type Said = 'mail.award_private' | 'mail.at_most' | 'mail.share_1_body' | 'mail.share_2_body'
const said = (key: Said, words: Words): MailPart => paragraph(words.html(key), words.text(key))
const twice = (key: 'mail.share_1_rare', values: Readonly<Record<string, string | number>>, words: Words): MailPart => paragraph(words.html(key, values), words.text(key, values))

function research(view: NonNullable<ShareMailView['research']>, words: Words, colours: MailColours): MailPart {
  const values = { date: words.figures.date(view.since) }
  const more = anchor(view.address, words.text('mail.research_more'), colours)
  return { html: html`${words.html('mail.research', values)} ${more.html}`, text: `${words.text('mail.research', values)}\n${more.text}` }
}
