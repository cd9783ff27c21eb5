import { faults } from '#kernel/fault'

export const fault = faults('net', {
  not_an_address: ['refused', (d: { address: string }) => `“${d.address}” is not a web address.`],
  scheme_refused: ['refused', (d: { scheme: string }) => `Addresses that begin with https:// are fetched, and this one begins with ${d.scheme}//.`],
  credentials_refused: ['refused', (d: { host: string }) => `The address of ${d.host} has a user name or a password in it; such addresses are not fetched.`],
  host_refused: ['refused', (d: { host: string }) => `${d.host} is not on the public internet; it is not fetched from.`],
  host_unknown: ['unavailable', (d: { host: string }) => `No address was found for ${d.host}.`],
  unreachable: ['unavailable', (d: { host: string }) => `${d.host} could not be reached.`],
  too_slow: ['unavailable', (d: { host: string; seconds: number }) => `${d.host} did not answer in full within ${d.seconds} s.`],
  too_large: ['refused', (d: { host: string; bytes: number }) => `What ${d.host} sends is larger than ${d.bytes} bytes.`],
  too_many_redirects: ['refused', (d: { host: string; most: number }) => `${d.host} leads on more than ${d.most} times.`],
  redirect_broken: ['refused', (d: { host: string }) => `${d.host} leads on to something that is not an address.`],
  encoded: ['refused', (d: { host: string; encoding: string }) => `${d.host} sends its answer compressed (${d.encoding}) although it was asked not to.`],
})
