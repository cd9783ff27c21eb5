/** Walks through the verifier: every form that a credential comes in, a whole list, and the code on a certificate. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { qrCode, qrPng } from '#interfaces/look'
import { revokeCredentials, setVisibility } from '#journey/credential'
import type { Graduate } from '#test/app'
import { openBrowser } from '#test/browser'
import { filmOf, photoOf } from '#test/photo'
import { aMinuteLater, arrive, assertSound, desk, likeAPerson, open, phone, press, signIn, textOf, type Stage } from './stage.ts'

/** A camera without a device, and nobody who is asked whether it may be used. */
const falseCamera = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'] as const

export function verifierWalks(stage: () => Stage): void {
  const shown = async (...names: readonly string[]): Promise<readonly Graduate[]> => {
    aMinuteLater(stage())
    const { app } = stage()
    const graduates = await app.graduate(names.map((name) => ({ name })))
    await app.db.transaction(async (tx) => { for (const one of graduates) await setVisibility(tx, { credentialId: one.credentialId, visibility: 'link' }) })
    return graduates
  }

  test('whatever form a credential comes in is verified: JSON, JWT, PNG, SVG, PDF; chosen, or dropped anywhere on the page', async () => {
    const [one] = await shown('Nadia Rahman')
    const { page, problems, close } = await arrive(stage(), desk)
    for (const [ending, mimeType] of [['json', 'application/json'], ['jws', 'text/plain'], ['png', 'image/png'], ['svg', 'image/svg+xml'], ['pdf', 'application/pdf']] as const) {
      const buffer = await (await page.request.get(`/c/${one!.publicId}.${ending}`)).body()
      await page.goto('/verify')
      await page.setInputFiles('#file', { name: `credential.${ending}`, mimeType, buffer })
      await press(page, 'form:has(#file) button')
      assert.match(await textOf(page, '#result'), /Yes\. It is genuine.*Who Nadia Rahman/, ending)
      if (ending === 'pdf') {
        // The same file, let fall beside the field.
        await page.goto('/verify')
        const data = await page.evaluateHandle(`(() => { const data = new DataTransfer(); data.items.add(new File([Uint8Array.from(atob(${JSON.stringify(buffer.toString('base64'))}), (one) => one.charCodeAt(0))], 'credential.pdf', { type: 'application/pdf' })); return data })()`)
        await Promise.all([page.waitForEvent('load'), page.dispatchEvent('main h1', 'drop', { dataTransfer: data })])
        assert.match(await textOf(page, '#result'), /Yes\. It is genuine.*Who Nadia Rahman/, 'dropped')
      }
    }
    assert.deepEqual(problems, [])
    await close()
  })

  test('a recruiter’s list is answered row by row, in a table and in a file, with JavaScript on and off, on a desk and on a phone in Arabic', async () => {
    const [one, other] = await shown('Chidi Bello', 'Mei Lin')
    const { site } = stage().app
    const csv = `candidate,credential url\nChidi,${site}/c/${one!.publicId}?s=abc\nMei,${site}/c/${other!.publicId}\nNobody,${site}/c/aaaaaaaaaaaaaaaaaaaaaa\nSomebody,somewhere\n`
    for (const [window, javaScriptEnabled, locale] of [[desk, true, 'en'], [desk, false, 'en'], [phone, true, 'ar']] as const) {
      aMinuteLater(stage())
      const { page, problems, close } = await arrive(stage(), { ...window, javaScriptEnabled, locale })
      await page.goto('/verify')
      await press(page, 'main a[href="/verify/list"]')
      await page.setInputFiles('#file', { name: 'candidates.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
      await press(page, 'form:has(#file) button')
      if (locale === 'en') {
        assert.match(await textOf(page, '#answers'), /4 rows: 2 proved and the issuer trusted, 0 proved but the issuer unknown, 1 not proved, 1 without an answer\./)
        assert.match(await textOf(page, 'tr:has-text("somewhere")'), /Row 5, column credential url: this is not a web address/)
      } else assert.match(await textOf(page, 'tr:has-text("somewhere")'), /\p{Script=Arabic}/u)
      const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#answers a[download]').click()])
      assert.equal(download.suggestedFilename(), 'laurel-verified.csv')
      const lines = readFileSync(await download.path(), 'utf8').trim().split('\r\n')
      assert.deepEqual(lines.map((line) => line.split(',')[3]), ['verdict', 'trusted', 'trusted', 'not_proved', 'no_answer'])
      assert.match(lines[1]!, /^Chidi,.*Chidi Bello/)
      if (javaScriptEnabled) await assertSound(page)
      assert.deepEqual(problems, [])
      await close()
    }
  })

  test('without JavaScript the page says what to do instead, and there is nothing to press that would do nothing', async () => {
    aMinuteLater(stage())
    const { page, problems, close } = await arrive(stage(), { ...phone, javaScriptEnabled: false })
    await page.goto('/verify')
    assert.match(await textOf(page, '[data-scan]'), /Scanning here needs JavaScript\. Without it, point the camera app/)
    assert.equal(await page.locator('[data-open]').isVisible(), false)
    assert.deepEqual(problems, [])
    await close()
  })

  test('a code before the camera leads to the answer in a browser that reads no codes itself: our reader is fetched when the camera is opened, and not before', async () => {
    const [one] = await shown('Sofia Costa')
    const address = `${stage().app.site}/c/${one!.publicId}?s=qr`
    const folder = mkdtempSync(join(tmpdir(), 'laurel-film-'))
    const film = join(folder, 'code.y4m')
    writeFileSync(film, filmOf(photoOf(qrCode(address), { scale: 6, turned: 1, noise: 6, greys: [50, 200] })))
    const browser = await openBrowser([...falseCamera, `--use-file-for-fake-video-capture=${film}`])
    try {
      aMinuteLater(stage())
      const { page, problems, close } = await arrive({ ...stage(), browser }, phone)
      await page.addInitScript('delete globalThis.BarcodeDetector')
      const asked: string[] = []
      page.on('request', (request) => asked.push(new URL(request.url()).pathname))
      const headers = (await page.goto('/verify'))?.headers()
      assert.match(headers?.['permissions-policy'] ?? '', /camera=\(self\)/)
      await page.waitForLoadState('networkidle')
      assert.ok(asked.length <= 4 && !asked.some((path) => path.includes('/qr.')), asked.join(' '))
      await Promise.all([page.waitForEvent('load'), page.locator('[data-open]').click()])
      assert.match(await textOf(page, '#result'), /Yes\. It is genuine.*Who Sofia Costa/)
      assert.equal(asked.filter((path) => path.startsWith('/assets/qr.')).length, 1)
      assert.deepEqual(problems, [])
      await close()
    } finally {
      await browser.close()
      rmSync(folder, { recursive: true })
    }
  })

  test('a camera that shows no code, is closed, is refused, or is not there, and a reader that cannot be fetched, are told; the camera is let go', async () => {
    const told = (page: Page, says: string) => page.locator(`[data-scan] [role=status]:has-text("${says}")`).waitFor()
    const walk = async (switches: readonly string[], visit: (page: Page) => Promise<void>, problemsAre: readonly string[] = []) => {
      const browser = await openBrowser(switches)
      try {
        aMinuteLater(stage())
        const { page, problems, close } = await arrive({ ...stage(), browser }, phone)
        await page.addInitScript('delete globalThis.BarcodeDetector')
        await page.goto('/verify')
        await visit(page)
        assert.equal(await page.locator('video').isVisible(), false)
        assert.equal(await page.locator('[data-open]').isVisible(), true)
        await assertSound(page)
        assert.deepEqual(problems.map((one) => one.replace(/^(request failed): .*$/, '$1')), problemsAre)
        await close()
      } finally {
        await browser.close()
      }
    }
    await walk(falseCamera, async (page) => { // a green field with a moving disc
      await page.locator('[data-open]').click()
      const track = await page.evaluateHandle("(async () => { for (;;) { const [track] = document.querySelector('video').srcObject?.getTracks() ?? []; if (track && document.querySelector('video').readyState > 1) return track; await new Promise(requestAnimationFrame) } })()")
      await page.waitForTimeout(600) // some frames
      assert.match(await textOf(page, '[data-scan]'), /Looking for a code\./)
      await assertSound(page)
      await page.locator('[data-close]').click()
      assert.equal(await track.evaluate((one) => (one as { readonly readyState: string }).readyState), 'ended')
      // Closed before it was open.
      await page.evaluate("(() => { const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices); navigator.mediaDevices.getUserMedia = async (wish) => { document.querySelector('[data-close]').click(); globalThis.late = await open(wish); return globalThis.late } })()")
      await page.locator('[data-open]').click()
      await page.evaluate("(async () => { while (globalThis.late?.getTracks()[0].readyState !== 'ended') await new Promise(requestAnimationFrame) })()")
    })
    await walk([falseCamera[0], `${falseCamera[1]}=deny`], async (page) => {
      await page.locator('[data-open]').click()
      await told(page, 'may not use the camera')
    })
    await walk([], async (page) => {
      await page.locator('[data-open]').click()
      await told(page, 'No camera could be opened')
    })
    const failing = ['request failed', 'console: Failed to load resource: net::ERR_FAILED']
    await walk(falseCamera, async (page) => {
      await page.route('**/assets/qr.*', (route) => route.abort('failed'))
      for (let time = 0; time < 2; time++) {
        await page.locator('[data-open]').click()
        await told(page, 'could not be loaded')
      }
    }, [...failing, ...failing]) // the next press tries again
  })

  test('a picture of a code leads to the answer, from the field for photos and from the field for files: a share sheet on a screen, a PNG, a photo of paper', async () => {
    const [one] = await shown('Luis Pereira')
    const sheet = await arrive(stage(), desk)
    await signIn(stage(), sheet.page, one!.email)
    await sheet.page.goto(`/c/${one!.publicId}/share`)
    await press(sheet.page, 'form[action$="/share/qr_code"] button')
    const onScreen = await sheet.page.screenshot({ type: 'jpeg', quality: 70, fullPage: true })
    const downloaded = await (await sheet.page.request.get(`/c/${one!.publicId}/share/qr_code.png`)).body()
    await sheet.close()
    const { page, problems, close } = await arrive(stage(), phone)
    await page.addInitScript('delete globalThis.BarcodeDetector')
    for (const [name, mimeType, buffer] of [['screen.jpg', 'image/jpeg', onScreen], ['code.png', 'image/png', downloaded]] as const) {
      aMinuteLater(stage())
      await page.goto('/verify')
      await Promise.all([page.waitForEvent('load'), page.setInputFiles('#photo', { name, mimeType, buffer })])
      assert.match(await textOf(page, '#result'), /Yes\. It is genuine.*Who Luis Pereira/, name)
      await page.goto('/verify')
      await page.setInputFiles('#file', { name, mimeType, buffer })
      await press(page, 'form:has(#file) button')
      assert.match(await textOf(page, '#result'), /Yes\. It is genuine.*Who Luis Pereira/, name)
    }
    // What is no code, what holds no address, and what holds nothing.
    const drawn = async (text: string) => Buffer.from(await qrPng(qrCode(text), 4))
    await page.setInputFiles('#photo', { name: 'card.png', mimeType: 'image/png', buffer: await drawn('BEGIN:VCARD\nEND:VCARD') })
    await page.locator('[data-scan] [role=status]:has-text("no address")').waitFor()
    await page.setInputFiles('#photo', { name: 'page.jpg', mimeType: 'image/jpeg', buffer: await page.screenshot({ type: 'jpeg', clip: { x: 0, y: 0, width: 300, height: 200 } }) })
    await page.locator('[data-scan] [role=status]:has-text("No code was found")').waitFor()
    await page.setInputFiles('#file', { name: 'page.jpg', mimeType: 'image/jpeg', buffer: await page.screenshot({ type: 'jpeg', clip: { x: 0, y: 0, width: 300, height: 200 } }) })
    await page.locator('form:has(#file) button').click()
    await page.locator('form:has(#file) [role=status]:has-text("No code was found")').waitFor()
    await assertSound(page)
    assert.deepEqual(problems, [])
    await close()
  })

  test('a browser’s own reader is asked first; one that it has and cannot use is as good as none', async () => {
    const [one] = await shown('Wei Zhang')
    const buffer = Buffer.from(await qrPng(qrCode(`${stage().app.site}/c/${one!.publicId}`), 4))
    for (const detect of [`async () => [{ rawValue: ${JSON.stringify(`${stage().app.site}/c/${one!.publicId}`)} }]`, "async () => { throw new DOMException('no service', 'NotSupportedError') }"]) {
      aMinuteLater(stage())
      const { page, problems, close } = await arrive(stage(), phone)
      await page.addInitScript(`globalThis.BarcodeDetector = class { static async getSupportedFormats() { return ['qr_code'] } detect = ${detect} }`)
      let fetched = 0
      page.on('request', (request) => { if (request.url().includes('/assets/qr.')) fetched++ })
      await page.goto('/verify')
      await Promise.all([page.waitForEvent('load'), page.setInputFiles('#photo', { name: 'code.png', mimeType: 'image/png', buffer })])
      assert.match(await textOf(page, '#result'), /Yes\. It is genuine.*Who Wei Zhang/)
      assert.equal(fetched, detect.includes('throw') ? 1 : 0)
      assert.deepEqual(problems, [])
      await close()
    }
  })

  test('the reader’s own browser checks a credential when it is asked to, and hangs on the signature; nothing of it is loaded before', async () => {
    const [one, gone] = await shown('Ananya Rao', 'Peter Novák')
    const { app } = stage()
    await app.db.transaction((tx) => revokeCredentials(tx, { credentialIds: [gone!.credentialId], reason: 'Marked again.', byWhom: 'test' }))
    const changed = (text: string) => text.replace('Ananya Rao', 'Ananya Roy')
    const cases = [
      { says: /^This browser has worked it out itself: the signature holds/, of: one! },
      { says: /^The signature does not hold\./, of: one!, file: changed },
      // The switch: a crypto that says yes to everything. Were the signature not asked, the case before would read like this one.
      { says: /^The signature holds, but this page shows something else/, of: one!, file: changed, script: 'crypto.subtle.verify = async () => true' },
      { says: /^The signature holds, but the issuer has revoked the credential\./, of: gone! },
      { says: /^This browser cannot check Ed25519 signatures\./, of: one!, script: "crypto.subtle.importKey = async () => { throw new DOMException('Unrecognized name', 'NotSupportedError') }" },
      { says: /^The file or the key could not be fetched\./, of: one!, file: () => '<html>' },
    ]
    for (const { says, of, file, script } of cases) {
      const { page, problems, close } = await arrive(stage(), { ...phone, ...likeAPerson })
      await page.clock.setFixedTime(app.clock.now())
      if (script !== undefined) await page.addInitScript(script)
      if (file) {
        await page.route(`**/c/${of.publicId}.json`, async (route) => {
          const answer = await route.fetch()
          await route.fulfill({ response: answer, body: file(await answer.text()) })
        })
      }
      const asked: string[] = []
      page.on('request', (request) => void asked.push(new URL(request.url()).pathname))
      await open(page, `/c/${of.publicId}`)
      await page.waitForLoadState('networkidle')
      assert.ok(asked.length <= 4 && !asked.some((path) => path.includes('check') || path.endsWith('.json')), asked.join(', '))
      await page.locator('[data-check] button').click()
      await page.locator('[data-check] [role=status]:not(.small)').waitFor()
      assert.match(await textOf(page, '[data-check] [role=status]'), says)
      if (!file && script === undefined) await assertSound(page)
      assert.deepEqual(problems, [])
      await close()
    }
    const { page, close } = await arrive(stage(), { ...phone, javaScriptEnabled: false })
    await open(page, `/c/${one!.publicId}`)
    assert.equal(await page.locator('[data-check]').isVisible(), false, 'nothing to press without a script')
    await close()
  })
}
