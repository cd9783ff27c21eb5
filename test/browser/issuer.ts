/** An issuer chooses at its desk what its public pages are like, and strangers see it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setVisibility } from '#journey/credential'
import { addMember } from '#journey/party'
import { contrastOf, themeOf } from '#interfaces/look'
import { aMinuteLater, arrive, assertSound, desk, open, phone, press, signIn, textOf, type Stage } from './stage.ts'

export function issuerWalks(stage: () => Stage): void {
  test('a colour that cannot be read is put right and told so, one that is none is refused; the pages have it, in every light, and who asks for contrast does not', async () => {
    aMinuteLater(stage())
    const { app } = stage()
    const staff = 'registrar@university.example'
    await app.db.transaction((tx) => addMember(tx, staff, { role: 'owner', issuerId: undefined }))
    const [one] = await app.graduate([{ name: 'Leila Haddad' }])
    await app.db.transaction((tx) => setVisibility(tx, { credentialId: one!.credentialId, visibility: 'link' }))
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
