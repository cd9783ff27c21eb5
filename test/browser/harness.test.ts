/** The harness tested on a page with known faults: what it must see, it sees. */
import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, suite, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { accessibilityFaults, browserMissing, openBrowser, visitor } from '#test/browser'

const sound = '<!doctype html><html lang="en"><title>Sound</title><main><h1>Sound</h1><p id="js">no script ran</p><script src="/script.js"></script></main>'
const faulty = '<!doctype html><html><title>Faulty</title><main><h1>Faulty</h1><img src="/none.png"><script>document.title = "ran"</script><img alt="" src="https://example.org/far.png"></main>'
const moving = '<!doctype html><html lang="en"><title>Moving</title><main><div id="late"></div><h1>Moving</h1><p>Text that is pushed down.</p><script src="/late.js"></script></main>'

suite('the browser of the tests', { skip: browserMissing ?? false }, () => {
  let browser: Browser
  let server: Server
  let address: string
  before(async () => {
    browser = await openBrowser()
    server = createServer((request, response) => {
      response.setHeader('content-security-policy', "default-src 'self'; img-src *")
      if (request.url === '/sound' || request.url === '/faulty' || request.url === '/moving') response.setHeader('content-type', 'text/html; charset=utf-8').end({ '/sound': sound, '/faulty': faulty, '/moving': moving }[request.url])
      else if (request.url === '/late.js') response.setHeader('content-type', 'text/javascript').end(`setTimeout(() => { document.querySelector('#late').style.height = '300px' }, 100)`)
      else if (request.url === '/away') response.writeHead(303, { location: 'https://example.org/somewhere' }).end()
      else if (request.url === '/script.js') response.setHeader('content-type', 'text/javascript').end(`document.querySelector('#js').textContent = 'a script ran'`)
      else response.writeHead(request.url === '/favicon.ico' ? 204 : 404).end()
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(async () => {
    await browser?.close()
    server?.close()
  })

  test('a sound page has no problems with JavaScript on and off, and nothing for axe', async () => {
    for (const javaScriptEnabled of [true, false]) {
      const { page, problems, close } = await visitor(browser, { javaScriptEnabled, viewport: { width: 390, height: 844 } })
      await page.goto(`${address}/sound`)
      assert.equal(await page.locator('#js').innerText(), javaScriptEnabled ? 'a script ran' : 'no script ran')
      if (javaScriptEnabled) assert.deepEqual(await accessibilityFaults(page), [])
      assert.deepEqual(problems, [])
      await close()
    }
  })

  test('a redirect to another host is told with its address, and does not leave this machine', async () => {
    const { page, problems, close } = await visitor(browser)
    await assert.rejects(page.goto(`${address}/away`), /ERR_NAME_NOT_RESOLVED|ERR_FAILED/)
    assert.deepEqual(problems, ['request to another host: https://example.org/somewhere'])
    await close()
  })

  test('a faulty page is told: a refused inline script, a missing picture, another host, and what axe finds', async () => {
    const { page, problems, close } = await visitor(browser)
    await page.goto(`${address}/faulty`)
    assert.equal(await page.title(), 'Faulty')
    const told = problems.join('\n')
    assert.match(told, /Content Security Policy/)
    assert.match(told, /404/)
    assert.match(told, /request to another host: https:\/\/example\.org\/far\.png/)
    const faults = await accessibilityFaults(page)
    assert.ok(faults.some((fault) => fault.startsWith('image-alt')), faults.join('\n'))
    assert.ok(faults.some((fault) => fault.startsWith('html-has-lang')), faults.join('\n'))
    await assert.rejects(close(), /A part of a page was asked from another host: https:\/\/example\.org\/far\.png/)
  })

  test('a page that moves by itself is told with what moved, and fails the walk that meets it', async () => {
    const { page, problems, close } = await visitor(browser, { viewport: { width: 390, height: 844 } })
    await page.goto(`${address}/moving`)
    await page.waitForTimeout(400)
    assert.match(problems.join('\n'), /The page moved by 0\.\d+: .*Moving/)
    await assert.rejects(close(), /\/moving: console: The page moved by|\/moving: The page moved by/)
  })
})
