import { faults } from '#kernel/fault'

export const fault = faults('http', {
  // What was sent.
  wrong_input: ['refused', (d: { count: number }) => (d.count === 1 ? 'One thing in what was sent is not as it should be.' : `${d.count} things in what was sent are not as they should be.`)],
  unreadable: ['refused', (d: { what: string }) => `What was sent could not be read: ${d.what}.`],
  too_large: ['refused', (d: { bytes: number }) => `What was sent is larger than the ${d.bytes} bytes that are taken here.`],
  other_kind: ['refused', (d: { given: string; taken: string }) => `${d.given} is not taken here; send ${d.taken}.`],
  too_slow: ['refused', (d: { seconds: number }) => `What was sent did not arrive within ${d.seconds} s.`],
  field_after_file: ['refused', () => 'The file must be the last thing in the form.'],

  // Who sent it, and from where.
  who: ['unauthenticated', () => 'Sign in first, or send an API key.'],
  key_unknown: ['unauthenticated', () => 'This API key is not known here, or was revoked.'],
  role: ['forbidden', () => 'This is not open to you.'],
  scope: ['forbidden', (d: { scope: string }) => `This API key lacks the scope ${d.scope}.`],
  from_elsewhere: ['forbidden', () => 'This was sent by a page of another site. Open the page here and send it again.'],
  form_too_old: ['forbidden', () => 'This form is no longer good. Load the page again and send it once more.'],
  too_often: ['too_many', (d: { seconds: number }) => `That was too often; it works again in ${d.seconds} s.`],
  other_host: ['refused', (d: { address: string }) => `This server answers as ${d.address}. Behind a proxy, have it pass on the Host header, or list it in LAUREL_TRUSTED_PROXIES.`],

  // What was asked for.
  nothing_here: ['not_found', () => 'There is nothing at this address.'],
  other_method: ['refused', (d: { method: string; allowed: string }) => `This address does not take ${d.method}, but ${d.allowed}.`],

  // Signing in.
  link_spent: ['refused', () => 'This link has been used or has run out. Ask for a new one.'],
  passkey_refused: ['refused', () => 'This passkey could not be used. Try again, or ask for a link by mail.'],
  passkey_stale: ['forbidden', () => 'You signed in more than a day ago. Sign out and in again, and then add the passkey.'],

  // The server itself.
  proxy_unknown: ['refused', (d: { given: string }) => `LAUREL_TRUSTED_PROXIES names “${d.given}”, which is neither an IP address nor a network like 10.0.0.0/8.`],
  port_in_use: ['refused', (d: { port: number }) => `Port ${d.port} is in use; choose another one with --port, or stop what uses it.`],
  port_closed: ['refused', (d: { port: number; reason: string }) => `Port ${d.port} cannot be opened (${d.reason}); choose another one with --port.`],
})
