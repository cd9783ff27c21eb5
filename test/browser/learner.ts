/** Walks of a learner: from the mail to the share, and what came of it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { messagesOfLearners } from '#journey/nudge'
import { consentsOf } from '#journey/party'
import { sharesOf, type Placement } from '#journey/share'
import type { Graduate } from '#test/app'
import { archiveOf } from './archive.ts'
import { aMinuteLater, arrive, assertSound, desk, likeAPerson, linkIn, open, phone, press, signIn, textOf, type Stage } from './stage.ts'

const dayMs = 86_400_000

export function learnerWalks(stage: () => Stage): void {
  /** Learners of both arms: whom the draw puts where is not for the test to say. */
  const ofBothArms = async (): Promise<{ readonly nudged: Graduate; readonly control: Graduate }> => {
    const graduates = await stage().app.graduate(Array.from({ length: 16 }, () => ({ name: 'Lucía Núñez de la Cruz' })))
    const [nudged, control] = [graduates.find((one) => !one.ghost), graduates.find((one) => one.ghost)]
    assert.ok(nudged && control, 'of sixteen there are some in each arm')
    return { nudged, control }
  }
  const placementsOf = async (one: Graduate): Promise<readonly Placement[]> => (await stage().app.db.read((tx) => sharesOf(tx, [one.credentialId]))).get(one.credentialId) ?? []

  test('mail, page, prompt, LinkedIn’s form, the learner’s word, a stranger’s look: each is told and counted for what it is', async () => {
    aMinuteLater(stage())
    const { app } = stage()
    const { nudged: one } = await ofBothArms()

    const { page, problems, close } = await arrive(stage(), phone)
    assert.equal(await open(page, linkIn(await app.letters(one.email), '/c/')), 200, 'the mail’s link opens the private page')
    await page.waitForTimeout(1_700) // longer than a look
    await assertSound(page)
    assert.equal(problems.join('\n'), '')
    await press(page, 'section.owner a')
    await assertSound(page)
    await press(page, 'main form button')
    assert.equal(new URL(page.url()).pathname, `/c/${one.publicId}`, 'a press on the page behind the link leads in')
    assert.match(await textOf(page, 'aside.prompt'), /Your credential is ready, Lucía Núñez de la Cruz/)
    await assertSound(page)
    await press(page, 'aside.prompt button[value=accept]')
    assert.equal(new URL(page.url()).pathname, `/c/${one.publicId}/share`)
    assert.match(await textOf(page), /Your page is private now/)
    await assertSound(page)
    assert.deepEqual(await placementsOf(one), [], 'to look at the ways is no share')

    const [request, tab] = await Promise.all([page.context().waitForEvent('request', (sent) => sent.url().startsWith('https://www.linkedin.com/')), page.context().waitForEvent('page'), page.locator('.assistant form button').first().click()])
    const { origin, pathname, searchParams: asked } = new URL(request.url())
    assert.equal(`${origin}${pathname}`, 'https://www.linkedin.com/profile/add')
    const [clicked] = await placementsOf(one)
    const followed = (await app.db.read((tx) => messagesOfLearners(tx, [one.learnerId]))).find((message) => message.step === 'share-1')
    assert.deepEqual(Object.fromEntries(asked), {
      startTask: 'CERTIFICATION_NAME',
      name: 'Data analysis with spreadsheets and SQL',
      organizationName: 'Demonstration University',
      issueYear: String(app.clock.now().getUTCFullYear()),
      issueMonth: String(app.clock.now().getUTCMonth() + 1),
      certUrl: `${app.site}/c/${one.publicId}?s=${clicked?.token}`,
      certId: one.publicId,
    })
    assert.equal(clicked?.promptedBy, followed?.id, 'the prompt that led here is on record')
    assert.equal(clicked?.confirmedAt, undefined, 'a click is no share')
    assert.equal(problems.filter((told) => !told.startsWith('request to another host: https://www.linkedin.com/')).join(), '')

    // Back from LinkedIn: the field to copy has the token of this place.
    await tab.close()
    await page.evaluate("dispatchEvent(new Event('focus'))") // without a screen every tab has the focus all the time
    await page.locator('.copy .value', { hasText: `?s=${clicked?.token}` }).waitFor({ timeout: 5_000 })
    await press(page, 'button[value=confirmed]')
    assert.match(await textOf(page, '.confirmed'), /You told us on .* that it is on your profile/)
    await assertSound(page)
    assert.equal((await placementsOf(one))[0]?.confirmedBy, 'learner')

    const stranger = await arrive(stage(), { ...phone, ...likeAPerson })
    const told = stranger.page.waitForResponse((response) => response.url().endsWith('/view'))
    assert.equal(await open(stranger.page, asked.get('certUrl') ?? ''), 200)
    assert.equal((await told).status(), 204)
    assert.deepEqual(stranger.problems, [])
    await stranger.close()
    const robot = await arrive(stage(), desk)
    await Promise.all([robot.page.waitForResponse((response) => response.url().endsWith('/view')), open(robot.page, `/c/${one.publicId}`)])
    await robot.close()
    const again = await arrive(stage(), { ...phone, ...likeAPerson })
    await open(again.page, linkIn(await app.letters(one.email), '/c/'))
    assert.equal(await again.page.locator('[data-view]').count(), 0, 'who comes by the learner’s own mail is not somebody else')
    await again.close()
    await app.world.queue.drain(app.world)
    assert.ok((await placementsOf(one))[0]?.seenAt, 'the place is seen by somebody else')
    await open(page, `/c/${one.publicId}`)
    assert.match(await textOf(page, 'section[aria-labelledby=looks]'), /1 person opened your page/)
    assert.equal(await page.locator('aside.prompt').count(), 0, 'who shared is not asked again')
    await assertSound(page)
    await close()
  })

  test('with JavaScript off the same is done by forms; the link to copy is made by a press, and opens the page', async () => {
    aMinuteLater(stage())
    const { control: one } = await ofBothArms()
    const { page, close } = await arrive(stage(), { ...phone, javaScriptEnabled: false })
    await signIn(stage(), page, one.email)
    await open(page, `/c/${one.publicId}`)
    assert.equal(await page.locator('aside.prompt').count(), 0, 'in the control arm nothing is shown')
    await press(page, 'section.owner a[href$="/share"]')
    assert.equal(await page.locator('[data-copy]:visible').count(), 0, 'buttons that would do nothing are not there')
    await press(page, 'section[aria-labelledby=copy_link] form button')
    const link = await page.locator('#link').inputValue()
    const [placement] = await placementsOf(one)
    assert.deepEqual([link, placement?.target], [`${stage().app.site}/c/${one.publicId}?s=${placement?.token}`, 'copy_link'])
    const stranger = await arrive(stage(), phone)
    assert.equal(await open(stranger.page, link), 200)
    await stranger.close()
    const [request] = await Promise.all([page.context().waitForEvent('request', (sent) => sent.url().startsWith('https://www.linkedin.com/')), page.locator('.assistant form button').first().click()])
    assert.match(request.url(), /profile\/add\?startTask=CERTIFICATION_NAME/)
    await press(page, 'button[value=confirmed]')
    assert.equal((await placementsOf(one)).find((made) => made.target === 'linkedin_profile')?.confirmedBy, 'learner')
    await close()
  })

  test('every other place is reached by one press, with the learner’s own words; what is printed and pasted has tokens of its own', async () => {
    aMinuteLater(stage())
    const { control: one } = await ofBothArms()
    const { page, close } = await arrive(stage(), { ...desk, permissions: ['clipboard-read', 'clipboard-write'] })
    await signIn(stage(), page, one.email)
    await open(page, `/c/${one.publicId}/share`)
    const tokenAt = async (target: string) => (await placementsOf(one)).find((made) => made.target === target)?.token
    const addressOf = async (target: string) => `${stage().app.site}/c/${one.publicId}?s=${await tokenAt(target)}`
    const leadsTo = async (where: RegExp, act: () => Promise<void>) => {
      const [request, tab] = await Promise.all([page.context().waitForEvent('request', (sent) => where.test(sent.url())), page.context().waitForEvent('page'), act()])
      await tab.close()
      return new URL(request.url()).searchParams
    }

    await page.fill('#field-text', 'Passed, & proud: 数据')
    assert.equal((await leadsTo(/^https:\/\/wa\.me\//, () => page.getByRole('button', { name: 'WhatsApp' }).press('Enter'))).get('text'), `Passed, & proud: 数据 ${await addressOf('whatsapp')}`)
    assert.equal((await leadsTo(/^https:\/\/www\.linkedin\.com\/sharing\//, () => page.locator('form#words button').click())).get('url'), await addressOf('linkedin_post'))
    assert.equal(await page.evaluate('navigator.clipboard.readText()'), 'Passed, & proud: 数据', 'LinkedIn takes no words from a link, so they wait on the clipboard')
    await page.locator('summary', { hasText: 'Mastodon' }).press('Enter')
    await page.fill('#field-instance', 'https://Social.example/')
    assert.equal((await leadsTo(/^https:\/\/social\.example\/share/, () => page.locator('#field-instance').press('Enter'))).get('text'), `Passed, & proud: 数据 ${await addressOf('mastodon')}`, 'Enter in the field goes to that server, by a page that leads on')
    const [wrong] = await Promise.all([page.context().waitForEvent('page'), page.fill('#field-instance', 'my server').then(() => page.locator('#field-instance').press('Enter'))])
    await wrong.waitForLoadState()
    assert.match(await textOf(wrong), /“my server” is not the name of a server/)
    await assertSound(wrong)
    await wrong.close()

    await page.locator('form[data-island=copy-link] button').click()
    await page.locator('form[data-island=copy-link]', { hasText: 'Copied' }).waitFor()
    assert.equal(await page.evaluate('navigator.clipboard.readText()'), await addressOf('copy_link'))

    await page.context().route('mailto:**', (route) => route.abort())
    await press(page, 'button.target[formtarget=_self]')
    assert.match((await page.locator('main a.button').getAttribute('href')) ?? '', new RegExp(`^mailto:\\?subject=.*${encodeURIComponent(await addressOf('email')).replaceAll(/[.?]/g, '.')}$`))
    await assertSound(page)
    await open(page, `/c/${one.publicId}/share`)
    assert.equal(await page.locator('#field-instance').inputValue(), 'social.example', 'a server is asked for once')
    await press(page, 'form[action$="/share/qr_code"] button')
    await press(page, 'form[action$="/share/email_signature"] button')
    await assertSound(page)
    assert.deepEqual(await Promise.all(['png', 'svg'].map(async (ending) => (await page.request.get(`/c/${one.publicId}/share/qr_code.${ending}`)).headers()['content-type'])), ['image/png', 'image/svg+xml'])
    await page.locator('[data-rich]').click()
    await page.locator('[data-rich]', { hasText: 'Copied' }).waitFor()
    assert.match(await page.evaluate<string>(`navigator.clipboard.read().then(([item]) => item.getType('text/html')).then((html) => html.text())`), new RegExp(`href="[^"]*s=${await tokenAt('email_signature')}"`))
    assert.equal(new Set((await placementsOf(one)).map((made) => made.token)).size, 7, 'a place, a token')
    await press(page, 'form[action$="/share/whatsapp/answer"] button')
    assert.match(await textOf(page, '.places li:has-text("WhatsApp")'), /You told us on/)
    assert.deepEqual((await placementsOf(one)).filter((made) => made.confirmedAt !== undefined).map((made) => [made.target, made.confirmedBy]), [['whatsapp', 'learner']])
    await close()
  })

  test('the archive that LinkedIn gives stays on the device: two lists are taken out of it there, and one is enough without JavaScript', async () => {
    aMinuteLater(stage())
    const [one] = await stage().app.graduate([{ name: 'Lucía Núñez de la Cruz' }])
    const list = `Name,Url,Authority,Started On,Finished On,License Number\r\nData analysis,,Demonstration University,Mar 2026,,${one!.publicId}\r\n`
    const { page, problems, close } = await arrive(stage(), desk)
    await signIn(stage(), page, one!.email)
    await open(page, '/me')
    await press(page, 'a[href="/me/profile"]')
    await assertSound(page)
    const choose = async (of: Page, name: string, buffer: Buffer) => {
      await of.setInputFiles('#file', { name, mimeType: name.endsWith('zip') ? 'application/zip' : 'text/csv', buffer })
      const [sent] = await Promise.all([of.waitForRequest((request) => request.method() === 'POST'), press(of, 'form.stack button')])
      return sent.postData() ?? ''
    }
    const sent = await choose(page, 'Basic_LinkedInDataExport_01-01-2026.zip', archiveOf({ 'Basic_LinkedInDataExport/messages.csv': 'FROM,CONTENT\nSomebody,a secret\n'.repeat(500), 'Basic_LinkedInDataExport/Certifications.csv': list, 'Basic_LinkedInDataExport/Connections.csv': 'First Name,Last Name\nSomebody,Else\n' }))
    assert.ok(sent.includes(one!.publicId) && !/secret|Somebody|PK/.test(sent), 'the list is sent, and nothing else of the archive')
    assert.match(await textOf(page, '.note'), /Your profile lists one of your credentials: Data analysis with spreadsheets and SQL/)
    await assertSound(page)
    assert.deepEqual((await placementsOf(one!)).map((made) => [made.target, made.confirmedBy, made.clickedAt]), [['linkedin_profile', 'profile_export', undefined]])
    await page.setInputFiles('#file', { name: 'other.zip', mimeType: 'application/zip', buffer: archiveOf({ 'x/messages.csv': 'a' }) })
    await page.locator('form.stack button').first().click()
    await page.locator('#file:invalid').waitFor()
    assert.match(await page.evaluate<string>(`document.querySelector('#file').validationMessage`), /^Neither Certifications\.csv nor Positions\.csv/)
    assert.deepEqual(problems, [])
    const cookies = await page.context().cookies()
    await close()

    const plain = await arrive(stage(), { ...phone, javaScriptEnabled: false })
    await plain.page.context().addCookies(cookies)
    await open(plain.page, '/me/profile')
    await choose(plain.page, 'archive.zip', archiveOf({ 'Certifications.csv': list }))
    assert.match(await textOf(plain.page), /This is a whole archive, and it holds data of other people/)
    await choose(plain.page, 'Certifications.csv', Buffer.from(list))
    assert.match(await textOf(plain.page, '.note'), /Your profile lists one of your credentials/)
    await plain.close()
  })

  test('not now is not no: a second prompt comes at a later visit, and after a no there is none', async () => {
    aMinuteLater(stage())
    const { app } = stage()
    const { nudged: one } = await ofBothArms()
    const { page, problems, close } = await arrive(stage(), desk)
    await signIn(stage(), page, one.email)
    const prompt = page.locator('aside.prompt')
    const visit = async () => {
      app.clock.advanceTo(new Date(app.clock.now().getTime() + dayMs))
      await open(page, `/c/${one.publicId}`)
      return await prompt.count()
    }
    assert.equal(await visit(), 1)
    await press(page, 'aside.prompt button[value=decline]')
    assert.equal(await prompt.count(), 0)
    assert.equal(await visit(), 1)
    assert.match(await textOf(page, 'aside.prompt'), /This is our last reminder/)
    await assertSound(page)
    await press(page, 'aside.prompt button[value=decline]')
    assert.equal(await visit(), 0)
    const answers = (await app.db.read((tx) => messagesOfLearners(tx, [one.learnerId]))).filter((message) => message.nudge).map(({ step, clickedAt, dismissedAt, declinedAt }) => [step, clickedAt !== undefined, dismissedAt !== undefined, declinedAt !== undefined])
    assert.deepEqual(answers, [['share-1', false, true, false], ['share-2', false, false, true]])
    assert.deepEqual(problems, [])
    await close()
  })

  test('the learner opens the page to all and closes it again; allows and takes back; the mail’s way out needs a press, and works without signing in', async () => {
    aMinuteLater(stage())
    const { app } = stage()
    const [one] = await app.graduate([{ name: 'Сергей Ким', locale: 'ru' }])
    const { page, problems, close } = await arrive(stage(), phone)
    await signIn(stage(), page, one!.email)
    const stranger = await arrive(stage(), phone)
    const robots = async () => await stranger.page.locator('meta[name=robots]').count()
    await open(page, `/c/${one!.publicId}`)
    await page.fill('#field-name', 'Серёжа')
    await press(page, 'section[aria-labelledby=known] form button')
    assert.match(await textOf(page, '.who'), /Сергей Ким.*known as Серёжа/, 'beside the signed name, not in its place')
    for (const [visibility, status, hidden] of [['public', 200, 0], ['link', 200, 1], ['private', 404, 1]] as const) {
      await open(page, `/c/${one!.publicId}`)
      await page.check(`input[name=visibility][value=${visibility}]`)
      await press(page, 'section[aria-labelledby=visibility] form button')
      assert.equal(await open(stranger.page, `/c/${one!.publicId}`), status, visibility)
      assert.equal(await robots(), hidden, visibility)
    }
    const consents = async () => (await app.db.read((tx) => consentsOf(tx, [one!.learnerId]))).get(one!.learnerId)
    await open(page, '/me')
    await press(page, 'form:has(input[value=research]) button')
    assert.equal((await consents())?.research, true)

    const out = linkIn(await app.letters(one!.email), '/unsubscribe/')
    assert.equal(await open(stranger.page, out), 200)
    await assertSound(stranger.page)
    assert.equal((await consents())?.nudge, true, 'opening the link changes nothing')
    await press(stranger.page, 'main form button')
    assert.equal((await consents())?.nudge, false)
    await assertSound(stranger.page)
    await open(page, '/me')
    await press(page, 'form:has(input[value=nudge]) button')
    assert.equal((await consents())?.nudge, true)
    assert.equal((await stranger.page.request.post(out, { form: { 'List-Unsubscribe': 'One-Click' } })).status(), 204, 'as a mail program posts it (RFC 8058)')
    assert.equal((await consents())?.nudge, false)
    await stranger.close()
    assert.deepEqual(problems, [])
    await close()
  })
}
