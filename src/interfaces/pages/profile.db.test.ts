/** What LinkedIn's copy of somebody's data says of their credentials and their work, as its files come: marks, line ends, languages, other people's lines. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { outcomesOfLearners } from '#journey/outcome'
import { recordConsents } from '#journey/party'
import { sharesOf } from '#journey/share'
import { openHttp, openSignIn, type Http, type SignIn } from '#interfaces/http'
import { client, type Client } from '#test/client'
import { provider, type Graduate, type Provider } from '#test/provider'
import { pageRoutes } from './index.ts'

const publicUrl = 'https://credentials.example.org'
const certifications = (lines: readonly string[]) => `\uFEFFName,Url,Authority,Started On,Finished On,License Number\r\n${lines.join('\r\n')}\r\n`
const positions = (lines: readonly string[]) => `Company Name,Title,Description,Location,Started On,Finished On\n${lines.join('\n')}\n`

let t: Provider
let signIn: SignIn
let http: Http
let who: Graduate
let one: Client

before(async () => {
  t = await provider()
  signIn = await openSignIn(t.world)
  http = openHttp({ world: t.world, routes: pageRoutes(signIn), signIn })
  const [graduate] = await t.complete(['Ngozi Okonkwo'])
  who = graduate!
  one = client(http, publicUrl)
  one.take((await signIn.openFor(who.learner.email ?? '', '')).cookies)
})
after(() => t.close())

const tokenOf = async () => /name="csrf" value="([^"]+)"/.exec(await (await one.get('/me/profile')).text())?.[1] ?? ''
async function send(parts: { readonly certifications?: string; readonly positions?: string; readonly file?: { readonly name: string; readonly text: string | Uint8Array<ArrayBuffer> } }): Promise<{ readonly status: number; readonly page: string }> {
  const form = new FormData()
  form.set('csrf', await tokenOf())
  form.set('certifications', parts.certifications ?? '')
  form.set('positions', parts.positions ?? '')
  if (parts.file) form.set('file', new File([parts.file.text], parts.file.name, { type: 'text/csv' }))
  const answer = await one.request('POST', '/me/profile', { body: form })
  return { status: answer.status, page: await answer.text() }
}
const outcomes = () => t.db.read((tx) => outcomesOfLearners(tx, [who.learner.id]))

test('a list of certificates by itself tells which credentials stand on the profile, and keeps nothing of the others', async () => {
  const { status, page } = await send({ file: { name: 'Certifications.csv', text: certifications(['"Falconry, ""advanced""",https://falcon.example/1,Falcon School,Mar 2019,,F-1', `Data,${publicUrl}/c/${who.credential.publicId}?s=x,Example University,Mar 2026,,`]) } })
  assert.equal(status, 200)
  assert.match(page, /Your profile lists one of your credentials:/)
  assert.doesNotMatch(page, /Falconry/)
  const [share] = (await t.db.read((tx) => sharesOf(tx, [who.credential.id]))).get(who.credential.id) ?? []
  assert.deepEqual([share?.target, share?.confirmedBy], ['linkedin_profile', 'profile_export'])
  assert.match(await (await one.get(`/c/${who.credential.publicId}/share`)).text(), /It is in the export of your profile from/)
  assert.match((await send({ certifications: certifications(['Falconry,,Falcon School,,,F-1']) })).page, /None of your credentials is in the list/)
})

test('positions are kept only where the learner allows it, in the months of any language, and a list without any is kept as a look', async () => {
  const held = positions(['"Falcon, Ltd",Data analyst,"Two\nlines",Lagos,févr. 2026,', 'Old Co,Clerk,,,sept. 2019,déc. 2020', ',,,,,'])
  assert.match((await send({ positions: held })).page, /Nothing about your work was kept, since you have not allowed it/)
  assert.deepEqual(await outcomes(), { observations: [], spells: [] })
  await t.db.transaction((tx) => recordConsents(tx, [{ learnerId: who.learner.id, purpose: 'outcome', given: true, textVersion: 'me-1', source: 'learner' }]))
  assert.match((await send({ positions: held })).page, /2 positions were kept/)
  const { observations, spells } = await outcomes()
  assert.deepEqual(spells.map(({ title, employer, startedOn, endedOn, source }) => [title, employer, startedOn, endedOn, source]), [['Clerk', 'Old Co', '2019-09-01', '2020-12-01', 'profile_export'], ['Data analyst', 'Falcon, Ltd', '2026-02-01', undefined, 'profile_export']])
  assert.equal(observations.length, 1)
  t.at('2026-06-01T09:00:00Z')
  one.take((await signIn.openFor(who.learner.email ?? '', '')).cookies)
  assert.match((await send({ positions: positions([]) })).page, /The list holds no position; that was kept/)
  assert.equal((await outcomes()).observations.length, 2)
})

test('an archive, another file, nothing, a broken list and a month that cannot be read are each told in words, and nothing is kept', async () => {
  const before = JSON.stringify(await outcomes())
  const told: [Parameters<typeof send>[0], RegExp][] = [
    [{}, /Choose a file first/],
    [{ file: { name: 'Basic_LinkedInDataExport.zip', text: new Uint8Array([0x50, 0x4b, 3, 4, 0, 0]) } }, /whole archive, and it holds data of other people/],
    [{ file: { name: 'Connections.csv', text: 'First Name,Last Name,URL\nA,B,c\n' } }, /Neither Certifications\.csv nor Positions\.csv/],
    [{ certifications: 'Name,Url,License Number\n"open,1,2\n' }, /breaks off or is damaged/],
    [{ positions: positions(['A,Analyst,,,Mar 2026,', 'B,Clerk,,,Smarch 2026,']) }, /Some months could not be read, so nothing was kept:[\s\S]*Row <bdi>3<\/bdi>, <bdi>Started On<\/bdi>: “<bdi>Smarch 2026<\/bdi>”/],
  ]
  for (const [parts, words] of told) {
    const { status, page } = await send(parts)
    assert.equal(status, 422, `${words}`)
    assert.match(page, words)
  }
  assert.equal(JSON.stringify(await outcomes()), before)
})
