/**
 * A learner's whole way, in four languages and three scripts besides Latin: the mail, the page, the prompt, LinkedIn's form, the learner's word, a
 * stranger's look and the count of it; opened to all and closed again; a file proved; everything erased. On a phone with JavaScript, and on a
 * desk without.
 */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import type { Page } from 'playwright-core'
import { markup, wordsOf, type MessageKey } from '#interfaces/look'
import { sharesOf } from '#journey/share'
import { openApp, type Graduate } from '#test/app'
import { browserMissing, openBrowser } from '#test/browser'
import { aMinuteLater, arrive, desk, likeAPerson, linkIn, open, phone, press, textOf, type Stage } from './stage.ts'

const readers = [
  { language: 'en', name: 'Adaeze Obi-Martins' },
  { language: 'ar', name: 'مريم عبد الرحمن' },
  { language: 'hi', name: 'प्रिया शर्मा' },
  { language: 'zh', name: '欧阳思远' },
] as const

const plain = (text: string): string => text.replaceAll(/<[^>]+>/g, '')

suite('a learner’s whole way', { skip: browserMissing ?? false }, () => {
  let stage: Stage
  before(async () => {
    const [app, browser] = await Promise.all([openApp({ learners: 30, months: 2 }), openBrowser()])
    stage = { app, browser }
  })
  after(async () => {
    await stage?.browser.close()
    await stage?.app.close()
  })

  for (const { language, name } of readers)
    for (const [place, window, javaScriptEnabled] of [['on a phone', phone, true], ['on a desk without JavaScript', desk, false]] as const)
      test(`in ${new Intl.DisplayNames('en', { type: 'language' }).of(language)}, ${place}`, async () => {
        aMinuteLater(stage)
        const { app } = stage
        const words = wordsOf(language)
        const own = async (page: Page): Promise<void> => {
          assert.deepEqual(await page.evaluate('[document.documentElement.lang, document.documentElement.dir]'), [words.language, words.direction], page.url())
          assert.ok(await page.evaluate<boolean>('document.documentElement.scrollWidth <= document.documentElement.clientWidth'), `${page.url()} is wider than its window`)
        }
        /** The words of the catalogue, before or after the date in them. */
        const says = async (page: Page, key: MessageKey, what?: string): Promise<void> => {
          const wanted = plain(markup(words.html(key, { name, date: '\u0000' }))).split('\u0000').toSorted((a, b) => b.length - a.length)[0] ?? ''
          assert.ok(wanted.length > 3 && (await textOf(page, what)).includes(wanted.trim()), `${page.url()} says “${wanted}”: ${await textOf(page, what)}`)
        }
        let one: Graduate | undefined
        for (let asked = 0; one === undefined && asked < 20; asked += 2) one = (await app.graduate(Array.from({ length: 2 }, () => ({ name, locale: language })))).find((graduate) => !graduate.ghost)
        assert.ok(one, 'of twenty there is one who is nudged')
        const { page, problems, close } = await arrive(stage, { ...window, javaScriptEnabled, locale: language })

        // The mail, and the way in behind it.
        const letters = await app.letters(one.email)
        assert.ok(letters[0]?.text.includes(name), 'the mail has the name whole')
        assert.match(letters[0]?.html ?? '', new RegExp(`<html[^>]+lang="${language}"`))
        assert.equal(await open(page, linkIn(letters, '/c/')), 200)
        await own(page)
        assert.equal(await textOf(page, 'h1'), name)
        await press(page, 'section.owner a')
        await own(page)
        await press(page, 'main form button')
        await says(page, 'prompt.first_title', 'aside.prompt')
        await own(page)

        // At most two presses and no typing from the prompt to LinkedIn's form.
        await press(page, 'aside.prompt button[value=accept]')
        await own(page)
        const sent = page.context().waitForEvent('request', (request) => request.url().startsWith('https://www.linkedin.com/'))
        await page.locator('.assistant form button').first().click()
        const form = new URL((await sent).url())
        assert.equal(form.pathname, '/profile/add')
        assert.deepEqual(['startTask', 'name', 'organizationName', 'certId'].map((key) => form.searchParams.get(key)), ['CERTIFICATION_NAME', 'Data analysis with spreadsheets and SQL', 'Demonstration University', one.publicId])
        const link = form.searchParams.get('certUrl') ?? ''
        await open(page, `/c/${one.publicId}/share`)
        await press(page, 'button[value=confirmed]')
        await says(page, 'profile.confirmed', '.confirmed')
        await own(page)
        const placements = async () => (await app.db.read((tx) => sharesOf(tx, [one.credentialId]))).get(one.credentialId) ?? []
        assert.deepEqual((await placements()).map((made) => [made.target, made.confirmedBy, link.endsWith(`?s=${made.token}`)]), [['linkedin_profile', 'learner', true]])

        // Somebody else looks, and is counted.
        const stranger = await arrive(stage, { ...window, ...likeAPerson, locale: language })
        const looked = stranger.page.waitForResponse((response) => response.url().endsWith('/view'))
        assert.equal(await open(stranger.page, link), 200)
        await own(stranger.page)
        await looked
        await app.world.queue.drain(app.world)
        assert.ok((await placements())[0]?.seenAt)
        await open(page, `/c/${one.publicId}`)
        assert.equal(await textOf(page, 'section[aria-labelledby=looks] p'), plain(markup(words.html('looks.sum', { people: 1, checks: 0 }))))

        // Opened to all, and closed again.
        for (const [visibility, status, hidden] of [['public', 200, 0], ['private', 404, 1]] as const) {
          await open(page, `/c/${one.publicId}`)
          await page.check(`input[name=visibility][value=${visibility}]`)
          await press(page, 'section[aria-labelledby=visibility] form button')
          assert.equal(await open(stranger.page, `/c/${one.publicId}`), status, visibility)
          assert.equal(await stranger.page.locator('meta[name=robots]').count(), hidden, visibility)
        }

        // The file is proved; one letter changed and it is not.
        const document = await (await page.request.get(`/c/${one.publicId}.json`)).text()
        for (const [text, key] of [[document, 'verify.trusted'], [document.replace(name, `${name}x`), 'verify.not_changed']] as const) {
          await page.goto('/verify')
          await page.setInputFiles('#file', { name: 'credential.json', mimeType: 'application/json', buffer: Buffer.from(text) })
          await press(page, 'form:has(#file) button')
          await says(page, key, '#result')
          await own(page)
        }

        // Everything erased: by the address typed, not by a slip.
        await open(page, '/me/erase')
        await page.fill('input[name=email]', 'somebody.else@learners.example')
        await press(page, 'main form button')
        await says(page, 'erase.fault')
        await page.fill('input[name=email]', one.email)
        await press(page, 'main form button')
        await says(page, 'erase.done')
        await own(page)
        assert.equal(await open(stranger.page, link), 410)
        await own(stranger.page)
        assert.doesNotMatch(await textOf(stranger.page), new RegExp(name))
        await stranger.close()
        assert.deepEqual(problems.filter((told) => !/status of 4\d\d|request to another host: https:\/\/www\.linkedin\.com\//.test(told)), [])
        await close()
      })
})
