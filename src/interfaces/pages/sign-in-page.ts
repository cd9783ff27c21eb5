/** Signing in without a password: an address is asked for, a mail is sent, and the link in it opens a page with a button. */
import { button, field, html, isolated, link, moment, note, nothing, opening, postForm, publicPage, safeAddress, wordsOf, type Chrome, type Html } from '#interfaces/look'

export interface SignInView {
  /** Takes a POST with `email`. */
  readonly address: string
  readonly email?: string
  readonly fault?: string
  /** A path of this site to go on to afterwards. */
  readonly next?: string
  /** Where a browser gets its challenge, and where it brings the answer. */
  readonly passkey?: { readonly optionsAddress: string; readonly address: string }
}

export function signInPage(view: SignInView, chrome: Chrome): Html {
  const words = wordsOf(chrome.language)
  return publicPage(
    {
      title: words.text('sign_in.title'),
      noindex: true,
      narrow: true,
      islands: view.passkey === undefined ? [] : ['passkey.js'],
      main: html`${opening(words.text('sign_in.title'), words.text('sign_in.lead'))}
${postForm(
        view.address,
        chrome,
        html`${field('email', words.text('sign_in.email'), {
          type: 'email',
          required: true,
          autocomplete: 'email',
          inputmode: 'email',
          ...(view.email === undefined ? {} : { value: view.email }),
          ...(view.fault === undefined ? {} : { fault: view.fault }),
        })}<p class="actions">${button(words.text('sign_in.button'), { kind: 'primary' })}</p>`,
        { className: 'stack small-form', ...(view.next === undefined ? {} : { hidden: { next: view.next } }) },
      )}
${view.passkey === undefined ? nothing : html`<div class="stack after" hidden data-passkey="open" data-options="${safeAddress(view.passkey.optionsAddress) ?? ''}" data-address="${safeAddress(view.passkey.address) ?? ''}" data-token="${chrome.csrf}"${view.next === undefined ? nothing : html` data-next="${view.next}"`} data-failed="${words.text('passkey.open_failed')}"><p class="actions"><button class="button" type="button">${words.text('passkey.open')}</button></p><p class="small" role="status"></p></div>`}`,
    },
    chrome,
  )
}

export interface CheckMailView {
  readonly email: string
  readonly expiresAt: Date
  /** The development mailbox, where this machine sends no real mail. */
  readonly mailboxAddress?: string
}

/** Says the same whether or not the address is known, so that nobody learns from it who is a learner here. */
export function checkMailPage(view: CheckMailView, chrome: Chrome): Html {
  const words = wordsOf(chrome.language)
  return publicPage(
    {
      title: words.text('check_mail.title'),
      noindex: true,
      narrow: true,
      main: html`${opening(words.text('check_mail.title'), words.html('check_mail.lead', { email: view.email, time: moment(view.expiresAt, words.figures.instant(view.expiresAt)) }))}
<p class="quiet">${words.text('check_mail.none')}</p>
${view.mailboxAddress === undefined ? nothing : html`<div class="after">${note(html`Development: ${link(view.mailboxAddress, 'the mail is in the mailbox of this machine')}.`)}</div>`}`,
    },
    chrome,
  )
}

export interface MailedLinkView {
  /** What the button does; the page itself does nothing. */
  readonly purpose: 'sign_in' | 'share' | 'unsubscribe' | 'desk'
  /** Takes the POST, with the token of the link. */
  readonly address: string
  readonly token: string
  /** To whom the link was sent, shortened by the route where it should not be seen whole. */
  readonly email?: string
}

/** The page behind a link in a mail. Scanners open links; only a person presses the button, so only the button acts. */
export function mailedLinkPage(view: MailedLinkView, chrome: Chrome): Html {
  const words = wordsOf(chrome.language)
  return publicPage(
    {
      title: words.text(`mailed.${view.purpose}_title`),
      noindex: true,
      narrow: true,
      main: html`${opening(words.text(`mailed.${view.purpose}_title`), words.text(`mailed.${view.purpose}_lead`))}
${view.email === undefined ? nothing : html`<p class="quiet before">${words.html('mailed.for', { email: isolated(view.email) })}</p>`}
${postForm(view.address, chrome, html`<p class="actions">${button(words.text(`mailed.${view.purpose}_button`), { kind: 'primary' })}</p>`, { hidden: { token: view.token } })}
${view.purpose === 'desk' ? nothing : html`<p class="fine after">${words.text('mailed.why')}</p>`}`,
    },
    chrome,
  )
}
