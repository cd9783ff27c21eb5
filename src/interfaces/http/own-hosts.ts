/**
 * The name that passkeys are tied to, and the origin that may use them. It is a domain (WebAuthn Level 3, 5.1.3 step 8), so on this machine it is localhost, whatever else it is called.
 */
export function passkeyHome(publicUrl: string): { readonly id: string; readonly origin: string } {
  const { hostname, port, protocol, origin } = new URL(publicUrl)
  return loopback.includes(hostname) ? { id: 'localhost', origin: `${protocol}//localhost${port === '' ? '' : `:${port}`}` } : { id: hostname, origin }
}

/** Under which names this site answers: its public address; and, where that is this machine, all names of it, since people type either. */
const loopback = ['localhost', '127.0.0.1', '[::1]']

export function ownHosts(publicUrl: string): ReadonlySet<string> {
  const { hostname, host, port } = new URL(publicUrl)
  return new Set(loopback.includes(hostname) ? loopback.map((name) => (port === '' ? name : `${name}:${port}`)) : [host])
}
