/** Under which names this site answers: its public address; and, where that is this machine, all names of it, since people type either. */
const loopback = ['localhost', '127.0.0.1', '[::1]']

export function ownHosts(publicUrl: string): ReadonlySet<string> {
  const { hostname, host, port } = new URL(publicUrl)
  return new Set(loopback.includes(hostname) ? loopback.map((name) => (port === '' ? name : `${name}:${port}`)) : [host])
}
