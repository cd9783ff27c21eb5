import { faults } from '#kernel/fault'

export const fault = faults('party', {
  handle_taken: ['conflict', (d: { handle: string }) => `An issuer called “${d.handle}” exists already.`],
  unknown_issuer: ['not_found', (d: { issuer: string }) => `There is no issuer “${d.issuer}”.`],
  unknown_learner: ['not_found', () => 'There is no such learner.'],
  unknown_language: ['refused', (d: { given: string }) => `“${d.given}” is not a language tag such as en or pt-BR.`],
  unknown_time_zone: ['refused', (d: { given: string }) => `“${d.given}” is not a time zone such as Asia/Kolkata.`],
  unknown_scope: ['refused', (d: { scope: string; known: string }) => `“${d.scope}” is not a scope; the scopes are ${d.known}.`],
  hours_reversed: ['refused', () => 'The hours for reminders begin before they end, within one day.'],
  unknown_colour: ['refused', (d: { given: string }) => `“${d.given}” is not a colour like #1e5540.`],
})
