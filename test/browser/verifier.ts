/** Walks through the verifier: every form that a credential comes in, a whole list, and the code on a certificate. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { revokeCredentials, setVisibility } from '#journey/credential'
import type { Graduate } from '#test/app'
import { aMinuteLater, arrive, assertSound, desk, likeAPerson, open, phone, press, textOf, type Stage } from './stage.ts'

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

  test('without JavaScript, and in a browser that reads no codes, the page says what to do instead', async () => {
    aMinuteLater(stage())
    for (const [javaScriptEnabled, says] of [[false, /Scanning here needs JavaScript\. Without it, point the camera app/], [true, /This browser cannot read codes\. Point the camera app/]] as const) {
      const { page, problems, close } = await arrive(stage(), { ...phone, javaScriptEnabled })
      await page.addInitScript('delete globalThis.BarcodeDetector')
      await page.goto('/verify')
      if (javaScriptEnabled) await page.locator('[data-cannot]').waitFor()
      assert.match(await textOf(page, '[data-scan]'), says)
      const open = page.locator('[data-open]')
      assert.ok(javaScriptEnabled ? await open.isDisabled() : !(await open.isVisible()), 'there is nothing to press that would do nothing')
      assert.deepEqual(problems, [])
      await close()
    }
  })

  test('a code before the camera, or in a photo, leads to the answer; a code without an address and a camera that is refused are told', async () => {
    const [one] = await shown('Sofia Costa')
    const address = `${stage().app.site}/c/${one!.publicId}?s=qr`
    const { page, problems, close } = await arrive(stage(), phone)
    // This browser has neither a camera nor a reader of codes. A canvas stands in for the one; what stands in for the other says what a reader would, and only of a picture that is there.
    await page.addInitScript(`globalThis.code = ${JSON.stringify(address)}
      globalThis.BarcodeDetector = class { static async getSupportedFormats() { return ['qr_code'] } async detect(picture) { return (picture.videoWidth ?? picture.width) > 0 ? [{ rawValue: globalThis.code }] : [] } }
      navigator.mediaDevices.getUserMedia = async () => {
        if (globalThis.refused) throw new DOMException('no', 'NotAllowedError')
        const canvas = document.createElement('canvas')
        const ink = canvas.getContext('2d')
        globalThis.stream = canvas.captureStream(10)
        setInterval(() => { ink.fillStyle = ink.fillStyle === '#000000' ? '#fff' : '#000'; ink.fillRect(0, 0, 300, 150) }, 50)
        return globalThis.stream
      }`)
    const policy = (await page.goto('/verify'))?.headers()['permissions-policy']
    assert.match(policy ?? '', /camera=\(self\)/)
    await Promise.all([page.waitForEvent('load'), page.locator('[data-open]').click()])
    assert.match(await textOf(page, '#result'), /Yes\. It is genuine.*Who Sofia Costa/)
    const photo = { name: 'photo.png', mimeType: 'image/png', buffer: await page.screenshot() }
    await Promise.all([page.waitForEvent('load'), page.setInputFiles('#photo', photo)])
    assert.match(await textOf(page, '#result'), /Yes\. It is genuine.*Who Sofia Costa/)
    await page.evaluate("globalThis.code = 'BEGIN:VCARD'")
    await page.setInputFiles('#photo', photo)
    await page.locator('[data-scan] [role=status]:has-text("no address")').waitFor()
    await page.evaluate("globalThis.BarcodeDetector.prototype.detect = async () => []")
    await page.setInputFiles('#photo', { ...photo, name: 'other.png' })
    await page.locator('[data-scan] [role=status]:has-text("No code was found")').waitFor()
    // Opened, nothing found, closed: the camera is let go.
    await page.locator('[data-open]').click()
    await page.locator('[data-close]').click()
    assert.deepEqual(await page.evaluate('globalThis.stream.getTracks().map((one) => one.readyState)'), ['ended'])
    await page.evaluate('globalThis.refused = true')
    await page.locator('[data-open]').click()
    await page.locator('[data-scan] [role=status]:has-text("may not use the camera")').waitFor()
    assert.equal(await page.locator('video').isVisible(), false)
    await assertSound(page)
    assert.deepEqual(problems, [])
    await close()
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
