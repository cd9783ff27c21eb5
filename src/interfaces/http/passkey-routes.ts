/**
 * Passkeys (Web Authentication, Level 3): a learner adds one, removes one, and signs in with one. Each is two steps, since the browser answers a challenge that was made for it; the
 * challenge is good once and for five minutes.
 */
import { z } from 'zod'
import { json, redirect } from './answer.ts'
import { formBody, jsonBody } from './body.ts'
import { fault } from './faults.ts'
import { rates, type Rate } from './rate.ts'
import { route, type Route } from './route.ts'
import { sameOriginPath } from './same-origin.ts'
import type { SignIn } from './sign-in.ts'
import { removePasskey } from './store.ts'

/** As for mailed links: no address tries more often than a person would. */
const perAddress: Rate = { name: 'sign-in address', per: 'address', limit: 40, seconds: 900, burst: 20 }

/** What a browser gives back (WebAuthn Level 3, 5.1: PublicKeyCredential.toJSON); what it holds is judged by the verifier of signatures. */
const text = z.string().max(20_000)
const base = { id: z.string().max(2_000), rawId: z.string().max(2_000), type: z.literal('public-key'), authenticatorAttachment: z.string().max(40).optional(), clientExtensionResults: z.record(z.string(), z.unknown()) }
const created = z.strictObject({ ...base, response: z.strictObject({ clientDataJSON: text, attestationObject: text, transports: z.array(z.string().max(40)).max(10).optional() }) })
const asserted = z.strictObject({ ...base, response: z.strictObject({ clientDataJSON: text, authenticatorData: text, signature: text, userHandle: text.optional() }) })
export type CreatedPasskey = z.output<typeof created>
export type AssertedPasskey = z.output<typeof asserted>

const options = { 200: { says: 'What the browser is to be asked.', schema: z.record(z.string(), z.unknown()) } }
const next = z.string().max(2_048).optional()

export function passkeyRoutes(signIn: SignIn, homeOf: (signedIn: Awaited<ReturnType<SignIn['openByLink']>>) => string): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/sign-in/passkey/options',
      summary: 'Makes the challenge that a passkey signs to sign in.',
      roles: ['anonymous'],
      csrf: 'form',
      rate: perAddress,
      audit: { none: 'Only a challenge is made; signing in itself is on record.' },
      answers: options,
      async handler({ request }) {
        const { options, cookies } = await signIn.passkeyChallenge(request.cookie ?? '')
        return json(options, { cookies })
      },
    }),
    route({
      method: 'POST',
      path: '/sign-in/passkey',
      summary: 'Opens a session for whoever signed the challenge with a passkey.',
      roles: ['anonymous'],
      csrf: 'form',
      rate: perAddress,
      audit: 'sign_in.open',
      body: jsonBody(z.strictObject({ response: asserted, next })),
      answers: { 200: { says: 'Where to go on.', schema: z.strictObject({ next: z.string() }) } },
      async handler({ input, request, about }) {
        const signedIn = await signIn.openByPasskey(input.body.response, request.cookie ?? '')
        about({ subject: signedIn.person.id })
        return json({ next: (input.body.next === undefined ? undefined : sameOriginPath(input.body.next)) ?? homeOf(signedIn) }, { cookies: signedIn.cookies })
      },
    }),
    route({
      method: 'POST',
      path: '/me/passkeys/options',
      summary: 'Makes the challenge with which a browser makes a passkey.',
      roles: ['learner'],
      csrf: 'form',
      rate: rates.pages,
      audit: { none: 'Only a challenge is made; a passkey that is added is on record.' },
      answers: options,
      async handler({ request }) {
        const { options, cookies } = await signIn.newPasskeyChallenge(request.cookie ?? '')
        return json(options, { cookies })
      },
    }),
    route({
      method: 'POST',
      path: '/me/passkeys',
      summary: 'Keeps a passkey that the learner’s browser made.',
      roles: ['learner'],
      csrf: 'form',
      rate: rates.pages,
      audit: 'passkey.add',
      body: jsonBody(z.strictObject({ response: created, name: z.string().trim().max(60).optional() })),
      answers: { 200: { says: 'It is kept.', schema: z.strictObject({ id: z.string() }) } },
      async handler({ input, request, who, about }) {
        const { id } = await signIn.addPasskey(input.body.response, input.body.name || undefined, request.cookie ?? '')
        about({ subject: who.person?.id, after: { id } })
        return json({ id })
      },
    }),
    route({
      method: 'POST',
      path: '/me/passkeys/:id/removal',
      summary: 'Forgets a passkey.',
      roles: ['learner'],
      csrf: 'form',
      rate: rates.pages,
      audit: 'passkey.remove',
      params: z.strictObject({ id: z.uuid() }),
      body: formBody(z.strictObject({})),
      async handler({ input, who, change }) {
        await change(
          async (tx) => {
            if (!(await removePasskey(tx, who.person?.id ?? '', input.params.id))) throw fault.nothing_here()
          },
          () => ({ subject: who.person?.id, before: { id: input.params.id } }),
        )
        return redirect('/me#passkeys')
      },
    }),
  ]
}
