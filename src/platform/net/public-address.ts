/** Which addresses are the public internet. */
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Assigned for ordinary use; all else of IPv6 is special, reserved or not assigned yet (RFC 4291, 2.4; IANA's IPv6 address space registry). */
const globalUnicast = ipaddr.parseCIDR('2000::/3')

/** Public by its number and private by its use: the host that every machine of one large cloud can reach (its "wire server"). */
const privateByUse: readonly string[] = ['168.63.129.16']

/**
 * Whether an IP address belongs to the public internet. Everything in IANA's special-purpose registries (RFC 6890: private, shared, loopback,
 * link-local, documentation, benchmarking, multicast, reserved) does not, nor do the IPv6 forms that carry an IPv4 address inside (mapped,
 * compatible, 6to4, Teredo, NAT64), whatever that address is: an honest host has no need of them.
 */
export function isPublicAddress(text: string): boolean {
  if (isIP(text) === 0) return false // stricter than the parser below, which knows short and octal forms
  const address = ipaddr.parse(text)
  if (address.range() !== 'unicast') return false
  return address.kind() === 'ipv4' ? !privateByUse.includes(address.toString()) : address.match(globalUnicast)
}
