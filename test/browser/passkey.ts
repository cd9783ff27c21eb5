/** A learner's passkey, with the virtual authenticator of Chromium's debugger: made, used, refused, removed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { aMinuteLater, arrive, assertSound, linkIn, open, phone, press, signIn, textOf, type Stage } from './stage.ts'

/** An authenticator in the page's own device; `unlocked` says whether its owner is there. */
async function authenticator(page: Page): Promise<{ readonly setUnlocked: (unlocked: boolean) => Promise<void>; readonly count: () => Promise<number> }> {
  const wire = await page.context().newCDPSession(page)
  await wire.send('WebAuthn.enable')
  const { authenticatorId } = await wire.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } })
  return {
    setUnlocked: async (isUserVerified) => void (await wire.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified })),
    count: async () => (await wire.send('WebAuthn.getCredentials', { authenticatorId })).credentials.length,
  }
}

export function passkeyWalks(stage: () => Stage): void {
  test('a learner adds a passkey, signs in with it and with nothing else, is refused while the device is locked, and removes it', async () => {
    aMinuteLater(stage())
    const { app } = stage()
    const [learner] = await app.graduate([{ name: 'Thandiwe Dube' }])
    // Passkeys are tied to names, not to numbers: this machine is called localhost.
    const { page, problems, close } = await arrive(stage(), { ...phone, baseURL: app.site.replace('127.0.0.1', 'localhost') })
    const device = await authenticator(page)
    await page.goto('/sign-in')
    await page.fill('input[name=email]', learner!.email)
    await press(page, 'main form button')
    const { pathname, search } = new URL(linkIn(await app.letters(learner!.email), '/sign-in/link'))
    await page.goto(`${pathname}${search}`)
    await press(page, 'main form button')
    assert.match(await textOf(page, 'section:has(#passkeys)'), /You have no passkey here yet\./)

    await device.setUnlocked(false)
    await page.locator('[data-passkey] button').click()
    await page.locator('[data-passkey] [role=status]:has-text("did not work")').waitFor()
    await device.setUnlocked(true)
    await page.fill('[data-passkey] input', 'my phone')
    await Promise.all([page.waitForEvent('load'), page.locator('[data-passkey] button').click()])
    assert.match(await textOf(page, 'section:has(#passkeys)'), /my phone Added on .* It is on one device only\./)
    assert.equal(await device.count(), 1)
    await assertSound(page)
    // One device has one passkey for one person.
    await page.locator('[data-passkey] button').click()
    await page.locator('[data-passkey] [role=status]:has-text("did not work")').waitFor()

    const signOut = async () => {
      await page.goto('/me')
      await press(page, 'form[action="/sign-out"] button')
      assert.equal(await open(page, '/me'), 401)
    }
    await signOut()
    await page.goto('/sign-in?next=/me/erase')
    await assertSound(page)
    await Promise.all([page.waitForURL((to) => to.pathname === '/me/erase'), page.locator('[data-passkey] button').click()])
    assert.match(await textOf(page), /Erase everything about you/)
    await signOut()
    await page.goto('/sign-in')
    await device.setUnlocked(false)
    await page.locator('[data-passkey] button').click()
    await page.locator('[data-passkey] [role=status]:has-text("did not work")').waitFor()
    assert.equal(await open(page, '/me'), 401)

    await device.setUnlocked(true)
    await page.goto('/sign-in')
    await Promise.all([page.waitForURL((to) => to.pathname === '/me'), page.locator('[data-passkey] button').click()])
    await press(page, 'form[action^="/me/passkeys/"] button')
    assert.match(await textOf(page, 'section:has(#passkeys)'), /You have no passkey here yet\./)
    await signOut()
    await page.goto('/sign-in')
    await page.locator('[data-passkey] button').click()
    await page.locator('[data-passkey] [role=status]:has-text("did not work")').waitFor()
    assert.equal(await open(page, '/me'), 401, 'what was removed opens nothing')
    assert.deepEqual(problems.filter((one) => !/status of 4\d\d/.test(one)), [])
    await close()
  })

  test('where no passkey can be, there is nothing to press, and the words say so', async () => {
    aMinuteLater(stage())
    const [learner] = await stage().app.graduate([{ name: 'Ivo Horvat' }])
    for (const javaScriptEnabled of [true, false]) {
      aMinuteLater(stage())
      const { page, close } = await arrive(stage(), { ...phone, javaScriptEnabled })
      await signIn(stage(), page, learner!.email)
      assert.equal(await page.locator('[data-passkey]').isVisible(), false)
      if (!javaScriptEnabled) assert.match(await textOf(page, 'section:has(#passkeys)'), /To add one, this page needs JavaScript/)
      await page.goto('/sign-in')
      assert.equal(await page.locator('[data-passkey]').isVisible(), false)
      await close()
    }
  })
}
