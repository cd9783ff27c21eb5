import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import { createServer as createTcpServer, type AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { isFault } from '#kernel/fault'
import { guardedFetch, type Resolve } from './fetch.ts'
import { isPublicAddress } from './public-address.ts'

/** Takes connections on loopback and counts them; none may ever come. */
const canary = createTcpServer((socket) => {
  touched++
  socket.destroy()
})
let touched = 0
let canaryPort = 0

/** A peer that is allowed, and answers by its path. */
let peer: Server
let peerHost = ''
const asked: { path: string; headers: Record<string, string | string[] | undefined> }[] = []

before(async () => {
  await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve))
  canaryPort = (canary.address() as AddressInfo).port
  peer = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://peer')
    asked.push({ path: url.pathname, headers: request.headers })
    switch (url.pathname) {
      case '/to':
        return void response.writeHead(302, { location: encodeURI(url.searchParams.get('to') ?? '/').replaceAll('%25', '%') }).end('go on')
      case '/round': {
        const left = Number(url.searchParams.get('left'))
        return void (left === 0 ? response.end('there') : response.writeHead(307, { location: `/round?left=${left - 1}` }).end())
      }
      case '/large':
        return void response.end(Buffer.alloc(Number(url.searchParams.get('bytes'))))
      case '/endless': {
        const timer = setInterval(() => response.write(Buffer.alloc(65_536)), 1)
        return void response.on('close', () => clearInterval(timer))
      }
      case '/slow':
        return void response.write('wait')
      case '/silent':
        return
      case '/gzip':
        return void response.writeHead(200, { 'content-encoding': 'gzip' }).end('x')
      case '/cookie':
        return void response.writeHead(200, { 'set-cookie': 'a=b' }).end('x')
      default:
        return void response.writeHead(url.pathname === '/missing' ? 404 : 200, { 'content-type': 'Application/JSON; charset=utf-8' }).end('{"ok":true}')
    }
  })
  await new Promise<void>((resolve) => peer.listen(0, '127.0.0.1', resolve))
  peerHost = `127.0.0.1:${(peer.address() as AddressInfo).port}`
})

after(() => {
  canary.close()
  peer.closeAllConnections()
  peer.close()
})

const never: Resolve = async (host) => assert.fail(`resolved ${host}`)
const fetchWith = (resolve: Resolve, more: { maxMs?: number; maxBytes?: number } = {}) => guardedFetch({ userAgent: 'Laurel test', resolve, plainHosts: [peerHost], ...more })
const faultOf = async (promise: Promise<unknown>): Promise<string> => {
  try {
    await promise
  } catch (error) {
    if (isFault(error)) return error.code
    throw error
  }
  return 'no fault'
}

/** One and more of every range that is not the public internet, with the registry or document that takes it out. */
const special: readonly string[] = [
  '0.0.0.0', '0.1.2.3', '10.0.0.1', '10.255.255.255', '100.64.0.1', '100.100.100.200', '100.127.255.255', '127.0.0.1', '127.1.2.3', '127.255.255.254', '169.254.0.1', '169.254.169.254',
  '172.16.0.1', '172.31.255.255', '192.0.0.1', '192.0.0.192', '192.0.2.1', '192.31.196.1', '192.52.193.1', '192.88.99.1', '192.168.0.1', '192.168.255.255', '192.175.48.1', '198.18.0.1',
  '198.19.255.255', '198.51.100.1', '203.0.113.1', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255', '168.63.129.16',
  '::', '::1', '::2', '::127.0.0.1', '::10.0.0.1', '::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:169.254.169.254', '::ffff:8.8.8.8', '::ffff:0:127.0.0.1', '64:ff9b::7f00:1', '64:ff9b::808:808',
  '64:ff9b:1::7f00:1', '100::1', '100:0:0:1::1', '2001::1', '2001:0:7f00:1::', '2001:2::1', '2001:3::1', '2001:4:112::1', '2001:10::1', '2001:20::1', '2001:30::1', '2001:db8::1', '2002:7f00:1::', '2002:a00:1::1',
  '2002:808:808::1', '2620:4f:8000::1', '3fff::1', '5f00::1', 'fc00::1', 'fd00:ec2::254', 'fdff::1', 'fe80::1', 'fe90::1', 'febf::1', 'fec0::1', 'ff02::1', 'ff0e::1', '4000::1', '8000::1', 'e000::1',
]
const ordinary = ['8.8.8.8', '1.1.1.1', '93.184.215.14', '172.15.0.1', '172.32.0.1', '192.167.1.1', '11.0.0.1', '100.63.0.1', '100.128.0.1', '2606:4700:4700::1111', '2001:4860:4860::8888', '2a00:1450:4001::1']

/** How a host in an address can be written so that it means loopback or a private network. */
const disguised = (port: number): readonly string[] =>
  ['127.0.0.1', '127.1', '127.0.1', '2130706433', '0x7f000001', '0x7f.0.0.1', '017700000001', '0177.0.0.1', '0x7f.1', '127.000.000.001', '127.0.0.1.', '0', '0.0.0.0', '[::1]', '[::]', '[0:0:0:0:0:0:0:1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]',
    '[0:0:0:0:0:ffff:127.0.0.1]', '[::127.0.0.1]', '[64:ff9b::127.0.0.1]', '[2002:7f00:1::]', '１２７.０.０.１', '①②⑦.⓪.⓪.①', '127。0。0。1', '%31%32%37.0.0.1', '10.0.0.1', '0xa000001', '167772161', '169.254.169.254', '2852039166', '[fd00:ec2::254]', '[fe80::1]']
    .map((host) => `https://${host}:${port}/`)

test('every special range, in both families, is not public, and ordinary addresses are', () => {
  for (const address of special) assert.equal(isPublicAddress(address), false, address)
  for (const address of ordinary) assert.equal(isPublicAddress(address), true, address)
  for (const nonsense of ['', 'localhost', '1.2.3', '1.2.3.4.5', '::g', '1.2.3.4/8']) assert.equal(isPublicAddress(nonsense), false, nonsense)
})

test('a host that is an inside address, however it is written, is refused before any connection', async () => {
  const fetch = fetchWith(never)
  const addresses = [...disguised(canaryPort), ...special.map((one) => `https://${one.includes(':') ? `[${one}]` : one}:${canaryPort}/`)]
  for (const address of addresses) assert.match(await faultOf(fetch(address)), /^net\.(host_refused|not_an_address)$/, address)
  assert.ok(addresses.length >= 100)
  assert.equal(touched, 0)
})

test('a name that leads inside is refused, also when only one of its addresses does', async () => {
  for (const address of special) {
    assert.equal(await faultOf(fetchWith(async () => [address])(`https://name.example:${canaryPort}/`)), 'net.host_refused', address)
    assert.equal(await faultOf(fetchWith(async () => ['93.184.215.14', address])(`https://name.example:${canaryPort}/`)), 'net.host_refused', address)
  }
  for (const name of ['localhost', 'localhost.', 'LOCALHOST', 'foo.localhost', 'metadata.google.internal', 'printer.local']) {
    assert.equal(await faultOf(fetchWith(async () => ['127.0.0.1'])(`https://${name}:${canaryPort}/`)), 'net.host_refused', name)
  }
  assert.equal(touched, 0)
})

test('a name is resolved once a hop, and what was checked is dialled: a second, other answer is never asked for', async () => {
  const port = Number(peerHost.split(':')[1])
  let times = 0
  const fetch = guardedFetch({ userAgent: 'Laurel test', resolve: async () => [times++ === 0 ? '127.0.0.1' : '127.0.0.2'], plainHosts: [`rebinding.example:${port}`] })
  assert.equal((await fetch(`http://rebinding.example:${port}/`)).status, 200)
  assert.equal(times, 1)
})

test('schemes, credentials and things that are no address are refused', async () => {
  const fetch = fetchWith(never)
  for (const scheme of ['http', 'file', 'ftp', 'gopher', 'data', 'blob', 'ws', 'wss', 'javascript', 'dict', 'ldap', 'jar', 'unix']) {
    assert.match(await faultOf(fetch(`${scheme}://127.0.0.1:${canaryPort}/`)), /^net\.(scheme_refused|not_an_address)$/, scheme)
  }
  for (const address of ['file:///etc/passwd', 'data:text/plain,hello']) assert.equal(await faultOf(fetch(address)), 'net.scheme_refused', address)
  for (const address of ['', 'example.org', '//example.org/', 'https://', 'https:// /', `https://x.example/${'a'.repeat(3000)}`]) assert.equal(await faultOf(fetch(address)), 'net.not_an_address', address)
  for (const address of ['https://user@public.example/', 'https://user:secret@public.example/', `https://public.example:443@127.0.0.1:${canaryPort}/`]) assert.equal(await faultOf(fetch(address)), 'net.credentials_refused', address)
  assert.equal(await faultOf(fetchWith(async () => [])('https://nobody.example/')), 'net.host_unknown')
  assert.equal(await faultOf(fetchWith(() => Promise.reject(new Error('ENOTFOUND')))('https://nobody.example/')), 'net.host_unknown')
  assert.equal(await faultOf(fetchWith(async () => ['not an address'])('https://odd.example/')), 'net.host_refused')
  assert.equal(touched, 0)
})

test('a redirect is checked like the first address', async () => {
  const inside = fetchWith(async () => ['127.0.0.1'])
  const targets = [...disguised(canaryPort), `http://127.0.0.1:${canaryPort}/`, `//127.0.0.1:${canaryPort}/`, `https://name.example:${canaryPort}/`, `http://[::1]:${canaryPort}/`, 'file:///etc/passwd', 'gopher://127.0.0.1/', `https://user@127.0.0.1:${canaryPort}/`]
  for (const target of targets) {
    assert.match(await faultOf(inside(`http://${peerHost}/to?to=${encodeURIComponent(target)}`)), /^net\.(host_refused|scheme_refused|credentials_refused|redirect_broken)$/, target)
  }
  assert.equal(await faultOf(inside(`http://${peerHost}/to?to=${encodeURIComponent('https://[')}`)), 'net.redirect_broken')
  assert.equal(touched, 0)
})

test('three redirects are followed and four are not', async () => {
  const fetch = fetchWith(never)
  assert.equal(Buffer.from((await fetch(`http://${peerHost}/round?left=3`)).body).toString(), 'there')
  assert.equal(await faultOf(fetch(`http://${peerHost}/round?left=4`)), 'net.too_many_redirects')
})

test('an answer is read up to its limit of size and time, and compressed answers are refused', async () => {
  assert.equal((await fetchWith(never)(`http://${peerHost}/large?bytes=${1 << 20}`)).body.length, 1 << 20)
  assert.equal(await faultOf(fetchWith(never)(`http://${peerHost}/large?bytes=${(1 << 20) + 1}`)), 'net.too_large')
  assert.equal(await faultOf(fetchWith(never)(`http://${peerHost}/endless`)), 'net.too_large')
  for (const path of ['slow', 'silent']) assert.equal(await faultOf(fetchWith(never, { maxMs: 300 })(`http://${peerHost}/${path}`)), 'net.too_slow', path)
  assert.equal(await faultOf(fetchWith(() => new Promise(() => {}), { maxMs: 200 })('https://sleeping-dns.example/')), 'net.too_slow')
  assert.equal(await faultOf(fetchWith(never)(`http://${peerHost}/gzip`)), 'net.encoded')
})

test('an answer says where it came from and what it is; nothing of ours but a name goes out', async () => {
  asked.length = 0
  const fetch = fetchWith(never)
  const answer = await fetch(`http://${peerHost}/missing#part`, { accept: 'application/json' })
  assert.deepEqual([answer.status, answer.mediaType, Buffer.from(answer.body).toString(), answer.header('Content-Type')], [404, 'application/json', '{"ok":true}', 'Application/JSON; charset=utf-8'])
  await fetch(`http://${peerHost}/cookie`)
  await fetch(`http://${peerHost}/again`)
  for (const { headers } of asked) {
    assert.equal(headers['user-agent'], 'Laurel test')
    for (const name of ['cookie', 'authorization', 'referer', 'origin']) assert.equal(headers[name], undefined, name)
  }
  assert.equal(asked[0]?.path, '/missing')
  assert.equal(asked.length, 3)
})

test('the caller can call it off', async () => {
  const stop = new AbortController()
  const going = fetchWith(never)(`http://${peerHost}/silent`, { signal: stop.signal })
  stop.abort(new Error('called off'))
  await assert.rejects(going, /called off/)
})
