/**
 * The rows of signing in and out. How the pages look is given in: they belong to the room of the pages, which imports this one.
 *
 * A link never acts: it opens a page with a button, because mail programs open links by themselves and press no buttons.
 */
import { z } from 'zod'
import type { Chrome, Html } from '#interfaces/look'
import { page, redirect } from './answer.ts'
import { formBody } from './body.ts'
import { startAddress, useOwnerLink } from './owner-link.ts'
import { passkeyRoutes } from './passkey-routes.ts'
import type { Rate } from './rate.ts'
import { rates } from './rate.ts'
import { route, type Route } from './route.ts'
import { sameOriginPath } from './same-origin.ts'
import { linkMinutes, type SignIn, type SignedIn } from './sign-in.ts'

/** The pages, in the shapes of `#interfaces/pages`. */
export interface SignInPages {
  readonly signIn: (view: { readonly address: string; readonly next?: string; readonly passkey?: { readonly optionsAddress: string; readonly address: string } }, chrome: Chrome) => Html
  readonly checkMail: (view: { readonly email: string; readonly expiresAt: Date; readonly mailboxAddress?: string }, chrome: Chrome) => Html
  readonly mailedLink: (view: { readonly purpose: 'sign_in' | 'desk'; readonly address: string; readonly token: string }, chrome: Chrome) => Html
}

/** research/reliability.md 7 and E1: at most 10 letters to one address in 15 minutes; and no address tries more often than a person would. */
const perAccount: Rate = { name: 'sign-in account', per: { input: ({ body }) => (body as { email: string }).email.toLowerCase() }, limit: 10, seconds: 900, burst: 5 }
const perAddress: Rate = { name: 'sign-in address', per: 'address', limit: 40, seconds: 900, burst: 20 }

const token = z.string().regex(/^[\w-]{43}$/)
const next = z.string().max(2048).optional()
const nextOf = (given: string | undefined) => (given === undefined ? undefined : sameOriginPath(given))

/** Where somebody who just came in goes on to. */
const homeOf = (signedIn: SignedIn) => (signedIn.who.memberships.length > 0 ? '/admin' : '/me')

export function signInRoutes(signIn: SignIn, pages: SignInPages): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/sign-in',
      summary: 'The form that asks for a mailed link.',
      roles: ['anonymous'],
      rate: { none: 'A page without a question to the database.' },
      query: z.strictObject({ next }),
      otherQuery: 'passed over',
      async handler({ input, chrome }) {
        const to = nextOf(input.query.next)
        return page(pages.signIn({ address: '/sign-in', passkey: { optionsAddress: '/sign-in/passkey/options', address: '/sign-in/passkey' }, ...(to === undefined ? {} : { next: to }) }, chrome()))
      },
    }),
    route({
      method: 'POST',
      path: '/sign-in',
      summary: 'Mails a link to an address that is known; says the same for every address.',
      roles: ['anonymous'],
      csrf: 'form',
      rate: [perAddress, perAccount],
      audit: { none: 'A letter goes out; signing in itself is on record.' },
      body: formBody(z.strictObject({ email: z.email().max(254), next })),
      async handler({ input, chrome, request, world }) {
        const { email } = input.body
        signIn.askForLink(email, nextOf(input.body.next))
        const expiresAt = new Date(request.at.getTime() + linkMinutes * 60_000)
        return page(pages.checkMail({ email, expiresAt, ...(world.config.smtpUrl === undefined ? { mailboxAddress: '/dev/mail' } : {}) }, chrome()))
      },
    }),
    route({
      method: 'GET',
      path: '/sign-in/link',
      summary: 'The page behind a mailed link; its button signs in.',
      roles: ['anonymous'],
      rate: { none: 'A page without a question to the database.' },
      query: z.strictObject({ token, next }),
      otherQuery: 'passed over',
      async handler({ input, chrome }) {
        const to = nextOf(input.query.next)
        return page(pages.mailedLink({ purpose: 'sign_in', address: to === undefined ? '/sign-in/link' : `/sign-in/link?next=${encodeURIComponent(to)}`, token: input.query.token }, chrome()))
      },
    }),
    route({
      method: 'POST',
      path: '/sign-in/link',
      summary: 'Uses a mailed link up and opens a session.',
      roles: ['anonymous'],
      csrf: 'form',
      rate: perAddress,
      audit: 'sign_in.open',
      query: z.strictObject({ next }),
      body: formBody(z.strictObject({ token })),
      async handler({ input, request, about }) {
        const signedIn = await signIn.openByLink(input.body.token, request.cookie ?? '')
        about({ subject: signedIn.person.id })
        return redirect(nextOf(input.query.next) ?? homeOf(signedIn), { cookies: signedIn.cookies })
      },
    }),
    route({
      method: 'GET',
      path: '/admin',
      withQuery: 'token',
      summary: 'The page behind the link that the start command prints; its button signs the owner in.',
      roles: ['anonymous'],
      rate: { none: 'A page without a question to the database.' },
      query: z.strictObject({ token }),
      async handler({ input, chrome }) {
        return page(pages.mailedLink({ purpose: 'desk', address: '/sign-in/start', token: input.query.token }, chrome()))
      },
    }),
    route({
      method: 'POST',
      path: '/sign-in/start',
      summary: 'Uses the start link up and opens a session of the owner.',
      roles: ['anonymous'],
      csrf: 'form',
      rate: perAddress,
      audit: 'sign_in.start',
      body: formBody(z.strictObject({ token })),
      async handler({ input, request, world, about }) {
        await useOwnerLink(world, input.body.token)
        const signedIn = await signIn.openFor(startAddress, request.cookie ?? '')
        about({ subject: signedIn.person.id })
        return redirect('/admin', { cookies: signedIn.cookies })
      },
    }),
    route({
      method: 'POST',
      path: '/sign-out',
      summary: 'Ends the session.',
      roles: ['learner', 'analyst', 'staff', 'owner'],
      csrf: 'form',
      rate: rates.pages,
      audit: 'sign_in.close',
      async handler({ request, who, about }) {
        about({ subject: who.person?.id })
        return redirect('/', { cookies: await signIn.close(request.cookie ?? '') })
      },
    }),
    ...passkeyRoutes(signIn, homeOf),
  ]
}
