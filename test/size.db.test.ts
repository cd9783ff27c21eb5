/** Pages about many credentials read as few rows as pages about few: what each of their statements does is looked at, not how long it takes. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { achievementByHandle, saveAchievement } from '#journey/completion'
import { countCredentialsOf } from '#journey/credential'
import { adminRoutes } from '#interfaces/admin'
import { openHttp, openSignIn, type Http } from '#interfaces/http'
import { addMember } from '#journey/party'
import { sql, type Database, type Tx } from '#platform/db'
import { client, type Client } from './client.ts'
import { manyCredentials } from './many-credentials.ts'
import { provider, type Provider } from './provider.ts'
import { pageRoutes } from '#interfaces/pages'

const publicUrl = 'https://credentials.example.org'
/** More rows than this are more than a page shows. */
const mostRows = 120

type Statement = Parameters<Tx['query']>[0]

let t: Provider
let http: Http
let head: Client
let asked: Statement[]
before(async () => {
  t = await provider()
  await t.complete(['Ana'])
  const achievement = await t.db.transaction((tx) => saveAchievement(tx, { issuerId: t.issuer.id, handle: 'many', document: { id: 'https://example.org/many', type: ['Achievement'], name: 'Many', description: 'Done by many.', criteria: { narrative: 'Be there.' } } }))
  await manyCredentials(t.db, achievement, 6_000)
  await t.db.transaction((tx) => addMember(tx, 'head@example.org', { role: 'owner', issuerId: undefined }))
  const heard = (tx: Tx): Tx => Object.freeze({ ...tx, query: async <Row>(statement: Statement & { readonly __row?: Row }) => {
    asked.push(statement)
    return (await tx.query(statement)) as readonly Row[]
  } }) as Tx
  const db: Database = { ...t.db, read: async (work) => await t.db.read((tx) => work(heard(tx))), glance: async (work) => await t.db.read((tx) => work(heard(tx))) }
  const signIn = await openSignIn(t.world)
  http = openHttp({ world: { ...t.world, db }, routes: [...pageRoutes(signIn), ...adminRoutes], signIn })
  head = client(http, publicUrl)
  asked = []
  head.take((await signIn.openFor('head@example.org', '')).cookies)
})
after(() => t.close())

interface Node {
  readonly 'Node Type': string
  readonly 'Schema'?: string
  readonly 'Relation Name'?: string
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Rows Removed by Filter'?: number
  readonly Plans?: readonly Node[]
}

/** What a statement reads of tables that grow with the credentials: every scan of one, with its rows. */
async function readBy(statement: Statement): Promise<readonly { readonly scan: string; readonly table: string; readonly rows: number }[]> {
  const [row] = await t.db.read((tx) => tx.query(sql<{ 'QUERY PLAN': readonly { readonly Plan: Node }[] }>`explain (analyze, verbose, format json) ${statement}`))
  const scans = (node: Node): readonly { readonly scan: string; readonly table: string; readonly rows: number }[] => {
    const table = `${node.Schema}.${node['Relation Name']}`
    const own = ['credential.credential', 'completion.completion', 'party.learner', 'experiment.draw', 'share.placement'].includes(table) ? [{ scan: node['Node Type'], table, rows: (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'] }] : []
    return [...own, ...(node.Plans ?? []).flatMap(scans)]
  }
  return row ? scans(row['QUERY PLAN'][0]!.Plan) : []
}

async function tooMuch(): Promise<readonly string[]> {
  const found: string[] = []
  for (const statement of asked) for (const { scan, table, rows } of await readBy(statement)) if (scan === 'Seq Scan' || rows > mostRows) found.push(`${scan} of ${table}: ${rows} rows`)
  return found
}

test('the page of an achievement with six thousand credentials, and its issuer’s, read none of them', async () => {
  for (const path of ['/i/example/a/many', '/i/example', '/i/example/a/many/achievement.json']) {
    asked = []
    const answer = await client(http, publicUrl).get(path)
    assert.equal(answer.status, 200)
    if (!path.endsWith('.json')) assert.match(await answer.text(), /6,00[01] credentials have been signed here so far\. 120 of them have been revoked\./)
    assert.ok(asked.length > 0, 'the statements were heard')
    const read = (await Promise.all(asked.map(readBy))).flat()
    assert.deepEqual(read, [], path)
  }
})

test('the desk’s list of credentials reads a page of them by the index, the first and a later one alike', async () => {
  asked = []
  const first = await (await head.get('/admin/example/credentials')).text()
  const next = /href="(\/admin\/example\/credentials\?[^"]*after=[^"]+)"/.exec(first)?.[1]?.replaceAll('&amp;', '&')
  assert.ok(next, 'there is a next page')
  assert.equal((await head.get(next)).status, 200)
  assert.ok((await Promise.all(asked.map(readBy))).flat().some((one) => one.table === 'credential.credential' && one.rows > 0), 'rows were read')
  assert.deepEqual(await tooMuch(), [])
})

test('a statement that counts them all is noticed', async () => {
  const achievement = await t.db.read((tx) => achievementByHandle(tx, t.issuer.id, 'many'))
  asked = [sql`select count(*) from credential.credential where achievement_id = ${achievement!.id}`]
  assert.notDeepEqual(await tooMuch(), [])
  assert.deepEqual(await t.db.read((tx) => countCredentialsOf(tx, achievement!.id)), { signed: 6_000, revoked: 120, suspended: 0 })
})
