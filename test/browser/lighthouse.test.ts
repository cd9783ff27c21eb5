/** What Lighthouse says of a public credential's page. Its performance figure is one of time and stands in bench/lighthouse.ts; here is what can be counted. */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { browserMissing } from '#test/browser'
import { audit, publicPage, type PublicPage } from '#test/lighthouse'

suite('Lighthouse', { skip: browserMissing ?? false }, () => {
  let page: PublicPage
  before(async () => void (page = await publicPage()))
  after(() => page?.close())

  test('has nothing to say against a public credential’s page on a phone: access, good practice, search; and nothing moves', async (context) => {
    const { scores, failed, layout_shift, moved, requests, bytes } = await audit(page.address, 'phone')
    context.diagnostic(JSON.stringify({ scores, layout_shift, requests, bytes }))
    assert.deepEqual(failed, [])
    assert.deepEqual({ ...scores, performance: 0 }, { performance: 0, accessibility: 100, best_practices: 100, seo: 100 })
    assert.deepEqual({ layout_shift, moved }, { layout_shift: 0, moved: [] })
    assert.ok(requests >= 2 && requests <= 5, `${requests} requests`) // the page's four and the icon
    assert.ok(bytes > 5_000, `${bytes} bytes`)
  })

  test('finds what is wrong with a page that is meant for no search engine', async () => {
    const { scores, failed } = await audit(`${page.address}/embed`, 'phone', ['seo'])
    assert.ok(scores.seo < 100, JSON.stringify(scores))
    assert.match(failed.join(), /blocked from indexing/)
  })
})
