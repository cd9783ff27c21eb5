/** An issuer chooses at its desk what its public pages are like, and strangers see it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setVisibility } from '#journey/credential'
import { addMember } from '#journey/party'
import { contrastOf, rasterPng, themeOf } from '#interfaces/look'
import { aMinuteLater, arrive, assertSound, desk, open, phone, press, signIn, textOf, type Stage } from './stage.ts'

/** An owner, and a credential that whoever has its link sees. */
async function setOut(stage: Stage) {
  aMinuteLater(stage)
  const { app } = stage
  const staff = 'registrar@university.example'
  await app.db.transaction((tx) => addMember(tx, staff, { role: 'owner', issuerId: undefined }))
  const [one] = await app.graduate([{ name: 'Leila Haddad' }])
  await app.db.transaction((tx) => setVisibility(tx, { credentialId: one!.credentialId, visibility: 'link' }))
  return { one, staff }
}

export function issuerWalks(stage: () => Stage): void {
  test('a colour that cannot be read is put right and told so, one that is none is refused; the pages have it, in every light, and who asks for contrast does not', async () => {
    const { one, staff } = await setOut(stage())
    const { page, problems, close } = await arrive(stage(), desk)
    await signIn(stage(), page, staff)
    const choose = async (colour: string): Promise<string> => {
      await page.goto('/admin/demo/settings')
      await page.fill('input[name=colour]', colour)
      await press(page, 'main form button')
      return await textOf(page)
    }
    assert.match(await choose('mauve'), /This is not a colour/)
    assert.match(await choose('#ffcc00'), /has a contrast of 1\.\d:1, and 4\.5:1 is needed to read it: on light the pages use #[0-9a-f]{6} in its place; on dark it is used as it is\./)
    await assertSound(page)
    const { light, dark } = themeOf('#ffcc00')
    for (const [colorScheme, contrast, wanted] of [['light', 'no-preference', light.laurel], ['dark', 'no-preference', dark.laurel], ['light', 'more', '#00402a']] as const) {
      const visit = await arrive(stage(), { ...phone, colorScheme, contrast })
      for (const path of [`/c/${one!.publicId}`, '/i/demo']) {
        const answer = await visit.page.goto(path)
        assert.equal(answer?.status(), 200)
        const [ink, paper] = await visit.page.evaluate<[string, string]>("[getComputedStyle(document.documentElement).getPropertyValue('--laurel').trim(), getComputedStyle(document.documentElement).getPropertyValue('--paper').trim()]")
        assert.equal(ink, wanted, `${path}, ${colorScheme}, ${contrast}`)
        assert.ok(contrastOf(ink, paper.length === 4 ? paper.replace(/[0-9a-f]/g, '$&$&') : paper) >= 4.5)
        await assertSound(visit.page)
      }
      assert.deepEqual(visit.problems, [])
      await visit.close()
    }
    await choose('')
    assert.deepEqual(problems.filter((told) => !/status of 422/.test(told)), [])
    await close()
  })

  test('a logo is taken at the desk, refused with its reason, stands on the pages of strangers in every light, and goes again', async () => {
    const { one, staff } = await setOut(stage())
    const clerk = await arrive(stage(), phone)
    await signIn(stage(), clerk.page, staff)
    const send = async (name: string, mimeType: string, buffer: Buffer): Promise<string> => {
      await clerk.page.goto('/admin/demo/settings')
      await clerk.page.setInputFiles('input[type=file]', { name, mimeType, buffer })
      await press(clerk.page, 'form:has(input[type=file]) button')
      return await textOf(clerk.page)
    }
    const drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="300"><rect width="300" height="300" fill="#7a2e8f"/><script>document.title = "ran"</script></svg>'
    assert.match(await send('logo.svg', 'image/svg+xml', Buffer.from(drawing)), /not a PNG.+drawings \(SVG\) are not taken/)
    await assertSound(clerk.page)
    assert.match(await send('logo.png', 'image/png', Buffer.from('\x89PNG nothing')), /not a PNG/)
    const picture = Buffer.from(await rasterPng(drawing.replace(/<script.*script>/, ''), 900, 300))
    assert.match(await send('logo.png', 'image/png', Buffer.concat([picture, Buffer.alloc(300_000)])), /larger than 256 kB/)
    assert.match(await send('logo.png', 'image/png', picture), /This stands beside the issuer’s name/)
    await assertSound(clerk.page)
    for (const colorScheme of ['light', 'dark'] as const) {
      const visit = await arrive(stage(), { ...phone, colorScheme })
      for (const path of [`/c/${one!.publicId}`, '/i/demo']) {
        await visit.page.goto(path)
        const shown = await visit.page.evaluate<{ width: number; height: number; loaded: boolean; ground: string }[]>("[...document.querySelectorAll('img.logo')].map((one) => ({ width: one.width, height: one.height, loaded: one.complete && one.naturalWidth === 480, ground: getComputedStyle(one).backgroundColor }))")
        assert.ok(shown.length > 0, path)
        for (const each of shown) assert.deepEqual([each.loaded, Math.round(each.width / each.height), each.ground], [true, 3, 'rgb(255, 253, 249)'], `${path}, ${colorScheme}`)
        await assertSound(visit.page)
      }
      assert.deepEqual(visit.problems, [])
      await visit.close()
    }
    await clerk.page.goto('/admin/demo/settings')
    await press(clerk.page, 'form[action$="/logo/remove"] button')
    assert.match(await textOf(clerk.page), /Beside the issuer’s name stands Laurel’s wreath/)
    assert.deepEqual(clerk.problems.filter((told) => !/status of 422/.test(told)), [])
    await clerk.close()
  })

  test('the directory is not there until the issuer wants it, lists what learners made public and nothing else, and goes with a tick', async () => {
    aMinuteLater(stage())
    const { app } = stage()
    const staff = 'registrar@university.example'
    await app.db.transaction((tx) => addMember(tx, staff, { role: 'owner', issuerId: undefined }))
    const [shown, linked, hidden] = await app.graduate([{ name: 'Amara Okeke' }, { name: 'Bruno Rocha' }, { name: 'Chen Wei' }])
    await app.db.transaction(async (tx) => {
      await setVisibility(tx, { credentialId: shown!.credentialId, visibility: 'public' })
      await setVisibility(tx, { credentialId: linked!.credentialId, visibility: 'link' })
    })
    const { page, close } = await arrive(stage(), phone)
    assert.equal(await open(page, '/i/demo/directory'), 404)
    const clerk = await arrive(stage(), desk)
    await signIn(stage(), clerk.page, staff)
    const tick = async (on: boolean): Promise<void> => {
      await clerk.page.goto('/admin/demo/settings')
      await clerk.page.setChecked('input[name=directory]', on)
      await press(clerk.page, 'main form button')
    }
    await tick(true)
    await page.goto('/i/demo')
    await press(page, 'a[href="/i/demo/directory"]')
    const said = await textOf(page)
    assert.match(said, /Amara Okeke Data analysis with spreadsheets and SQL/)
    for (const other of [linked!, hidden!]) assert.ok(!said.includes(other.name), other.name)
    await assertSound(page)
    await tick(false)
    assert.equal(await open(page, '/i/demo/directory'), 404)
    await clerk.close()
    await close()
  })
}
