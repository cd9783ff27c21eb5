/** Walks of whoever is shown a credential: the page, the verifier, and what is not there. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setVisibility } from '#journey/credential'
import type { Graduate } from '#test/app'
import { aMinuteLater, arrive, assertSound, desk, open, phone, press, textOf, type Stage } from './stage.ts'

export function employerWalks(stage: () => Stage): void {
  /** Credentials that their learners opened to links. */
  const shown = async (people: readonly { readonly name: string; readonly locale?: string }[]): Promise<readonly Graduate[]> => {
    const { app } = stage()
    const graduates = await app.graduate(people)
    await app.db.transaction(async (tx) => { for (const one of graduates) await setVisibility(tx, { credentialId: one.credentialId, visibility: 'link' }) })
    return graduates
  }

  test('a credential opens alike with JavaScript on and off, on a phone and on a desk, light and dark', async () => {
    aMinuteLater(stage())
    const [one] = await shown([{ name: 'अमित वर्मा', locale: 'hi' }])
    const texts = new Set<string>()
    for (const [window, javaScriptEnabled, colorScheme] of [[phone, true, 'light'], [phone, false, 'dark'], [desk, true, 'dark'], [desk, false, 'light']] as const) {
      const { page, problems, close } = await arrive(stage(), { ...window, javaScriptEnabled, colorScheme })
      assert.equal(await open(page, `/c/${one!.publicId}`), 200)
      assert.equal(await textOf(page, 'h1'), 'अमित वर्मा')
      const own = page.locator('[data-check]:not([hidden])')
      assert.equal(await own.count(), javaScriptEnabled ? 1 : 0, 'the browser’s own check is offered where it can be made')
      for (const more of await own.all()) await more.evaluate((part) => (part as unknown as { remove(): void }).remove())
      texts.add(await textOf(page))
      if (javaScriptEnabled) await assertSound(page)
      assert.deepEqual(problems, [])
      await close()
    }
    const [text = '', ...others] = texts
    assert.deepEqual(others, [], 'all four say the same')
    for (const said of [/Verified just now/, /Data analysis with spreadsheets and SQL/, /Issued by Demonstration University/, /Workload 90 hours/, /Valid In force, does not expire/, /Neither revoked nor suspended/]) assert.match(text, said)
  })

  test('a reader of Arabic gets the page from right to left, dark too, and the name of the learner whole', async () => {
    aMinuteLater(stage())
    const [one] = await shown([{ name: 'مريم عبد الرحمن', locale: 'ar' }])
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, problems, close } = await arrive(stage(), { ...phone, locale: 'ar', colorScheme })
      assert.equal(await open(page, `/c/${one!.publicId}`), 200)
      assert.equal(await page.locator('html').getAttribute('dir'), 'rtl')
      assert.equal(await textOf(page, 'h1'), 'مريم عبد الرحمن')
      assert.match(await textOf(page, '.verdict'), /تمّ التحقّق الآن/)
      await assertSound(page)
      assert.deepEqual(problems, [])
      await close()
    }
  })

  test('a file is proved, a changed one is not and nothing that it says is shown; so with JavaScript off', async () => {
    aMinuteLater(stage())
    const [one] = await shown([{ name: 'Zoë Okafor' }])
    for (const javaScriptEnabled of [true, false]) {
      const { page, problems, close } = await arrive(stage(), { ...phone, javaScriptEnabled })
      const document = await (await page.request.get(`/c/${one!.publicId}.json`)).text()
      const choose = async (text: string) => {
        await page.goto('/verify')
        await page.setInputFiles('#file', { name: 'credential.json', mimeType: 'application/json', buffer: Buffer.from(text) })
        await press(page, 'form:has(#file) button')
      }
      await choose(document)
      assert.match(await textOf(page, '#result'), /Yes\. It is genuine, and we know the issuer\..*Who Zoë Okafor/)
      if (javaScriptEnabled) await assertSound(page)
      await choose(document.replace('Zoë Okafor', 'Somebody Else'))
      const refused = await textOf(page, '#result')
      assert.match(refused, /Not proved\. Do not rely on this file\..*The signature does not match/)
      assert.doesNotMatch(refused, /Somebody Else/)
      if (javaScriptEnabled) await assertSound(page)
      assert.deepEqual(problems, [])
      await close()
    }
  })

  test('the text of a credential and the address of its page are verified as well; an address that is not open is told as such', async () => {
    aMinuteLater(stage())
    const [open_, closed] = [...(await shown([{ name: 'Chidi Bello' }])), ...(await stage().app.graduate([{ name: 'Ana Silva' }]))]
    const { page, close } = await arrive(stage())
    const paste = async (text: string) => {
      await page.goto('/verify')
      await page.fill('textarea[name=text]', text)
      await press(page, 'form:has(textarea) button')
      return await textOf(page)
    }
    assert.match(await paste(await (await page.request.get(`/c/${open_!.publicId}.json`)).text()), /Yes\. It is genuine.*Chidi Bello/)
    assert.match(await paste(`${stage().app.site}/c/${open_!.publicId}?s=abc`), /Yes\. It is genuine.*Chidi Bello/)
    const said = await paste(`${stage().app.site}/c/${closed!.publicId}`)
    assert.match(said, /The address may be mistyped, or the page is not open to everybody/)
    assert.doesNotMatch(said, /Ana Silva|genuine/)
    // Other sites are asked, by the guarded fetcher, which does not go inside.
    assert.match(await paste('https://127.0.0.1/c/1'), /No credential could be read\./)
    assert.match(await paste('hello'), /No credential could be read/)
    await close()
  })

  test('what is private, unknown or for others only is told in words, and leads on to signing in', async () => {
    aMinuteLater(stage())
    const [one] = await stage().app.graduate([{ name: 'Ana Silva' }])
    const { page, close } = await arrive(stage(), phone)
    for (const path of [`/c/${one!.publicId}`, '/c/aaaaaaaaaaaaaaaaaaaaaa', `/c/${one!.publicId}.json`, '/nothing', '/unsubscribe/aaaaaaaaaaaaaaaaaaaaaaaaaaaa']) {
      assert.equal(await open(page, path), 404, path)
      assert.match(await textOf(page), /Nothing is here/)
    }
    await assertSound(page)
    for (const path of ['/me', '/admin/demo', `/c/${one!.publicId}/share`]) {
      assert.equal(await open(page, path), 401, path)
      assert.equal(await page.locator('main a').getAttribute('href'), `/sign-in?next=${encodeURIComponent(path)}`)
    }
    assert.match(await textOf(page), /This page is for people who are signed in/)
    await assertSound(page)
    await close()
  })
}
