/** Walks of whoever runs the place: the start link, what the desk says, and what is done there. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { keysOf } from '#journey/credential'
import { messagesOfLearners } from '#journey/nudge'
import { allIssuers, apiKeysOf } from '#journey/party'
import type { Visit } from '#test/browser'
import { aMinuteLater, arrive, assertSound, desk, linkIn, open, phone, press, textOf, type Stage } from './stage.ts'

const example = readFileSync(join(import.meta.dirname, '../../examples/completions.csv'), 'utf8')
const hourMs = 3_600_000

export function deskWalks(stage: () => Stage): void {
  let owner: Visit | undefined
  /** Signed in once: the start link is good for one time. */
  const atTheDesk = async (): Promise<Visit> => {
    aMinuteLater(stage())
    if (owner) return owner
    owner = await arrive(stage(), desk)
    const link = await stage().app.ownerLink()
    await open(owner.page, link)
    await assertSound(owner.page)
    await press(owner.page, 'main form button')
    assert.equal(new URL(owner.page.url()).pathname, '/admin/demo')
    const late = await arrive(stage())
    await open(late.page, link)
    await press(late.page, 'main form button')
    assert.match(await textOf(late.page), /This link has been used or has run out/)
    await late.close()
    return owner
  }
  const chooseFile = async ({ page }: Visit, name: string, text: string, partial = false) => {
    await page.goto('/admin/demo/completions')
    if (partial) await page.check('input[name=partial]')
    await page.setInputFiles('input[type=file]', { name, mimeType: 'text/csv', buffer: Buffer.from(text) })
    await press(page, 'form.stack button')
    return await textOf(page, 'section[aria-labelledby=result]')
  }

  test('every page of the desk is sound, on a desk and on a phone, light and dark', async () => {
    const { page, problems } = await atTheDesk()
    const places = await page.locator('nav[aria-label=Desk] a').evaluateAll((links) => links.map((one) => (one as unknown as { pathname: string }).pathname))
    assert.equal(places.length, 11)
    const { experimentId } = stage().app
    for (const place of [...places, ...['experiments', 'reports', 'policies'].map((list) => `/admin/demo/${list}/${experimentId}`)]) {
      assert.equal(await open(page, place), 200, place)
      await assertSound(page)
    }
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.setViewportSize(phone.viewport ?? { width: 390, height: 844 })
    for (const place of ['/admin/demo', `/admin/demo/experiments/${experimentId}`, `/admin/demo/reports/${experimentId}`, '/admin/demo/credentials']) {
      aMinuteLater(stage())
      assert.equal(await open(page, place), 200, place)
      await assertSound(page)
    }
    await page.emulateMedia({ colorScheme: 'light' })
    await page.setViewportSize(desk.viewport ?? { width: 1280, height: 900 })
    assert.deepEqual(problems, [])
  })

  test('the report begins with the estimate and its interval; its tables have the same figure', async () => {
    const { page } = await atTheDesk()
    await open(page, `/admin/demo/reports/${stage().app.experimentId}`)
    const headline = /Of every 1,000 learners in the nudged arm, about (?:(\d+) (more|fewer)|as many) shared their credential; 95% interval .+? (?:more|fewer|to \d+)/.exec(await textOf(page, '#headline'))
    assert.ok(headline, await textOf(page, '#headline'))
    const row = await textOf(page, 'article[aria-label="Tables for researchers"] tbody tr')
    const [, points = ''] = /^Shared [\d,]+ [\d.]+% ([+−]?[\d.]+)/.exec(row) ?? []
    assert.equal(Math.abs(Math.round(Number(points.replace('−', '-')) * 10)), Number(headline[1] ?? 0), `${headline[0]} / ${row}`)
    const csv = await page.request.get(`/admin/demo/reports/${stage().app.experimentId}.csv`)
    assert.match(await csv.text(), /^estimand,outcome,subgroup/)
  })

  test('whom to nudge is learned anew on the terms that are chosen, and the page says so until it is done', async () => {
    const { page } = await atTheDesk()
    const { app } = stage()
    await open(page, `/admin/demo/policies/${app.experimentId}`)
    const before = await textOf(page, '.answer')
    const choose = async (cost: string) => {
      await page.fill('#field-cost', cost)
      await press(page, 'form[action$="/terms"] button')
      assert.match(await textOf(page), /being learned anew on other terms/)
      await assertSound(page)
      await app.world.queue.drain(app.world)
      await page.reload()
      assert.doesNotMatch(await textOf(page), /being learned anew/)
      await assertSound(page)
    }
    app.clock.advanceTo(new Date(app.clock.now().getTime() + 1000))
    await choose('999')
    assert.equal(await textOf(page, '.answer'), 'Nudge no one.')
    assert.match(await textOf(page), /With what nudges cost counted in, it is worth about \d+ more of every 1,000 learners/)
    app.clock.advanceTo(new Date(app.clock.now().getTime() + 1000))
    await choose('0')
    assert.equal(await textOf(page, '.answer'), before)
  })

  test('what learners did stands in the journey and beside the messages, counted once each', async () => {
    const { page } = await atTheDesk()
    const cells = async (table: string, row: string) => {
      const texts = await page.locator(`section[aria-labelledby=${table}] tbody tr`, { hasText: row }).first().locator('td').allInnerTexts()
      return texts.map((text) => Number(text.replaceAll(',', '').split('\n')[0]))
    }
    await open(page, '/admin/demo')
    const journey = new Map<string, number[]>()
    for (const stage of ['completed something', 'hold a credential', 'reached a prompt', 'clicked a share target', 'confirmed a share', 'were seen', 'have their work']) journey.set(stage, await cells('journey', stage))
    for (const [stage, [all = Number.NaN, treatment = 0, control = 0, outside = 0]] of journey) assert.equal(all, treatment + control + outside, stage)
    const count = (stage: string) => journey.get(stage)?.[0] ?? Number.NaN
    assert.ok(count('reached a prompt') <= count('completed something'), 'prompts are not learners')
    assert.ok(count('clicked a share target') >= count('confirmed a share'))
    assert.ok(count('confirmed a share') > 0)
    await open(page, `/admin/demo/experiments/${stage().app.experimentId}`)
    const [reached = 0, , clicked = 0] = await cells('exposure', 'First nudge')
    assert.ok(clicked > 0 && clicked <= reached, `${clicked} of ${reached} clicked`)
  })

  test('a list goes on where it says that there is more', async () => {
    const { page } = await atTheDesk()
    for (const list of ['learners', 'credentials']) {
      await open(page, `/admin/demo/${list}`)
      assert.match(await textOf(page, '.paging'), /^1 to 50 of \d+/)
      const first = await textOf(page, 'tbody')
      await press(page, 'a[rel=next]')
      assert.match(await textOf(page, '.paging'), /^51 to \d+ of \d+/)
      assert.notEqual(await textOf(page, 'tbody'), first)
      await press(page, 'a[rel=first]')
      assert.equal(await textOf(page, 'tbody'), first)
    }
    await open(page, '/admin/demo/learners')
    assert.equal(await page.locator('th', { hasText: 'Arm' }).count(), 0, 'who works with learners is not told their arms')
  })

  test('a good file is imported, a broken one is told row by row and nothing of it is taken, and its good rows are on request', async () => {
    const visit = await atTheDesk()
    const { app } = stage()
    const [head = ''] = example.split(/\r?\n/)
    const broken = `${head}\r\nB-1,Ana,ana@learners.example,en,UTC,AT,,2026-13-45,1,0\nB-2,Ben,ben-at-example,en,Mars/Phobos,AT,,2026-03-01,1,0\nB-3,Cy,cy@learners.example,en,UTC,AT,,2026-03-01,1,0\n`
    const refused = await chooseFile(visit, 'broken.csv', broken)
    assert.match(refused, /Nothing was imported broken\.csv has 3 faults.* no row of it was taken/)
    for (const told of [/Row 2 completed_at 2026-13-45/, /Row 3 email ben-at-example/, /Row 3 time_zone Mars\/Phobos/]) assert.match(refused, told)
    await assertSound(visit.page)
    assert.match(await chooseFile(visit, 'broken.csv', broken, true), /The good rows were imported broken\.csv: 1 of 3 rows were imported\..*Row 2 completed_at/)
    assert.match(await chooseFile(visit, 'two.csv', 'learner_id,name\n1,x\n'), /Column “email” is missing/)
    // Completions of the example lie in the months before it was made.
    app.clock.advanceTo(new Date('2026-12-01T12:00:00Z'))
    assert.match(await chooseFile(visit, 'completions.csv', example), /Imported completions\.csv: 300 of 300 rows were imported\./)
    assert.match(await chooseFile(visit, 'completions.csv', example), /0 of 300 rows were imported; 300 were there already\./)
    await app.world.queue.drain(app.world)
    await open(visit.page, '/admin/demo')
    assert.match(await textOf(visit.page, 'section[aria-labelledby=answer]'), /The interval holds at every look/)
  })

  test('a revoked credential says so to everybody, with the reason; the list is where it was', async () => {
    const { page } = await atTheDesk()
    const { app } = stage()
    const [one] = await app.graduate([{ name: 'Emeka D’Souza' }])
    await open(page, '/admin/demo/credentials')
    const row = page.locator('tbody tr', { hasText: one!.publicId })
    await row.locator('summary').click()
    await row.locator('input[name=reason]').fill('The exam was not graded yet.')
    await Promise.all([page.waitForEvent('load'), row.locator('button').click()])
    assert.match((await page.locator('tbody tr', { hasText: one!.publicId }).innerText()).replaceAll(/\s+/g, ' '), /Revoked .*: The exam was not graded yet\./)
    await open(page, `/c/${one!.publicId}`)
    const told = await textOf(page)
    assert.match(told, /Revoked\. Do not rely on it\..*Its issuer has revoked it\./)
    assert.match(told, /The exam was not graded yet\./)
    await assertSound(page)
    await press(page, 'a[href="/verify"]')
    await page.setInputFiles('#file', { name: 'c.json', mimeType: 'application/json', buffer: Buffer.from(await (await page.request.get(`/c/${one!.publicId}.json`)).text()) })
    await press(page, 'form:has(#file) button')
    assert.match(await textOf(page, '#result'), /Revoked\. Do not rely on it\./)
    await assertSound(page)
  })

  test('a key is shown once and can be revoked; one that may do nothing is not made', async () => {
    const { page } = await atTheDesk()
    const { app } = stage()
    const [issuer] = await app.db.read(allIssuers)
    const keys = async () => await app.db.read((tx) => apiKeysOf(tx, issuer!.id))
    await open(page, '/admin/demo/keys')
    await page.fill('input[name=name]', 'Course platform')
    await press(page, 'form.narrow-form button')
    assert.match(await textOf(page), /tick at least one thing/)
    assert.equal((await keys()).length, 0)
    await page.fill('input[name=name]', 'Course platform')
    await page.check('input[value="completions:write"]')
    await press(page, 'form.narrow-form button')
    assert.match(await textOf(page, '.secret'), /^laurel_\S{40,}$/)
    await assertSound(page)
    await press(page, 'tbody .grave')
    assert.match(await textOf(page, 'section[aria-labelledby=api]'), /Revoked on/)
    assert.ok((await keys())[0]?.revokedAt)
    assert.match(await textOf(page, 'section[aria-labelledby=signing]'), new RegExp((await app.db.read((tx) => keysOf(tx, issuer!.id)))[0]?.publicMultibase ?? 'a key'))
  })

  test('the next experiment is drafted, frozen and started; its mail leads by a press to sharing; then there is something to estimate', async () => {
    const { page } = await atTheDesk()
    const { app } = stage()
    await open(page, `/admin/demo/experiments/${app.experimentId}`)
    await page.locator('summary').click()
    await page.fill('input[name=reason]', 'Enough learners.')
    await press(page, 'button.grave')
    assert.match(await textOf(page, '.titleline'), /Stopped on/)
    await open(page, '/admin/demo/experiments')
    await page.fill('input[name=name]', 'By mail')
    await page.check('input[value="share.e_mail"]')
    await press(page, 'form.narrow-form button')
    await assertSound(page)
    await press(page, 'button.primary')
    assert.match(await textOf(page, '.titleline'), /By mail Running, day 1/)

    const graduates = await app.graduate(Array.from({ length: 8 }, () => ({ name: 'Siti Wijaya' })))
    const one = graduates.find((graduate) => !graduate.ghost)
    assert.ok(one, 'one of eight is nudged')
    for (let hours = 0; hours < 48; hours += 3) {
      app.clock.advanceTo(new Date(app.clock.now().getTime() + 3 * hourMs))
      await app.letters(one.email)
    }
    const link = linkIn(await app.letters(one.email), '/mailed/')
    const reader = await arrive(stage(), phone)
    assert.equal(await open(reader.page, link), 200)
    await assertSound(reader.page)
    assert.equal((await app.db.read((tx) => messagesOfLearners(tx, [one.learnerId]))).find((message) => message.step === 'share-1')?.clickedAt, undefined, 'opening the link is no click')
    await press(reader.page, 'main form button')
    assert.equal(new URL(reader.page.url()).pathname, `/c/${one.publicId}/share`)
    assert.deepEqual(reader.problems, [])
    await reader.close()

    await open(page, '/admin/demo/experiments')
    await press(page, 'tbody a')
    await press(page, 'form:has-text("Estimate now") button')
    assert.match(await textOf(page, 'h1'), /Report/)
    await assertSound(page)
    await page.goto('/dev/mail')
    await page.fill('input[name=q]', one.email)
    await press(page, '.filters button')
    assert.equal(await page.locator('tbody tr').count(), (await app.letters(one.email)).length)
    await press(page, 'tbody a')
    await assertSound(page)
    assert.equal((await page.request.get(`${new URL(page.url()).pathname}/html`)).headers()['content-security-policy']?.includes('sandbox'), true)
  })
}
