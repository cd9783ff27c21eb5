/** The report of `laurel analyze` in a real browser: whole, readable for everybody, and silent towards the network. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { after, before, suite, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { runCommandLine, type CliContext } from '#interfaces/cli'
import { generator } from '#kernel/numeric'
import { accessibilityFaults, browserMissing, browserProgram, openBrowser } from '#test/browser'

/** 600 people, two outcomes, an outcome that is sometimes not seen, a covariate that is off, blocks: every part of a report. */
function trial(): string {
  const random = generator('report')
  const rows = Array.from({ length: 600 }, (_, i) => {
    const z = i % 2
    const x = random.normal() + 0.3 * z
    const d = random.uniform() < 0.2 + 0.5 * z ? 1 : 0
    return [z, random.uniform() < 0.3 + 0.2 * d ? 1 : 0, z === 1 && i % 5 === 1 ? '' : (10 + x + d + random.normal()).toFixed(3), d, x.toFixed(4), ['none', 'school', 'university'][i % 3], Math.floor(i / 100)].join(',')
  })
  return `nudged,job,wage,shared,score,degree,wave\n${rows.join('\n')}\n`
}

suite('the report of an analysis, in a browser', { skip: browserMissing ?? false }, () => {
  let browser: Browser
  let folder: string
  let file: string
  const analyze = async (...words: readonly string[]): Promise<void> => {
    const said: string[] = []
    const refuse = (): never => {
      throw new TypeError('analyze needs no installation')
    }
    const context: CliContext = {
      config: refuse, now: () => new Date('2026-11-24T00:00:00Z'), fetch: async () => { throw new TypeError('nothing is fetched here') }, stdin: (async function* () {})(), out: () => {}, say: (text) => void said.push(text),
      terminal: false, progress: () => ({ to() {}, end() {} }), open: refuse, start: refuse, work: refuse, simulate: refuse,
    }
    const asked = ['analyze', join(folder, 'trial.csv'), '--outcome', 'job,wage', '--treatment', 'nudged', '--take-up', 'shared', '--covariates', 'score,degree', '--blocks', 'wave', '--planned', '1:1', '--subgroup-score', 'auto']
    assert.equal(await runCommandLine([...asked, ...words], context), 0, said.join('\n'))
  }
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'laurel-report-'))
    file = join(folder, 'report.html')
    writeFileSync(join(folder, 'trial.csv'), trial())
    await analyze('--html', file)
    browser = await openBrowser()
  })
  after(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  for (const [name, options] of [
    ['on a wide screen', { viewport: { width: 1100, height: 900 } }],
    ['on a phone', { viewport: { width: 320, height: 640 } }],
    ['in the dark', { viewport: { width: 1100, height: 900 }, colorScheme: 'dark' }],
  ] as const) {
    test(`${name}: nothing for axe, nothing cut off, no request, no error`, async () => {
      const context = await browser.newContext(options)
      const page = await context.newPage()
      const asked: string[] = []
      const problems: string[] = []
      page.on('request', (request) => asked.push(request.url()))
      page.on('console', (message) => problems.push(message.text()))
      page.on('pageerror', (error) => problems.push(error.message))
      await page.goto(pathToFileURL(file).href)
      assert.deepEqual(asked.filter((url) => !url.startsWith('data:')), [pathToFileURL(file).href])
      assert.deepEqual(problems, [])
      assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true, 'the page is wider than the screen')
      for (const heading of ['What was done', 'How sure this is', 'Balance before the treatment', 'Who was seen', 'Method', 'What is assumed']) assert.equal(await page.getByRole('heading', { name: heading }).count(), 1, heading)
      assert.deepEqual(await accessibilityFaults(page), [])
      await context.close()
    })
  }

  test('page one says the answer before any table, with its interval', async () => {
    const page = await browser.newPage()
    await page.goto(pathToFileURL(file).href)
    assert.match(await page.locator('h1').innerText(), /of every 1,000 with nudged\s=\s1, about \d+ more had job than of 1,000 with nudged\s=\s0 .*95% interval/i)
    assert.equal(await page.locator('article').first().locator('table').count(), 0)
    await page.close()
  })

  test('--pdf prints it on some sheets of A4', async () => {
    const { path, env } = await browserProgram()
    const kept = { ...process.env }
    Object.assign(process.env, env, { CHROME_PATH: path })
    try {
      await analyze('--pdf', join(folder, 'report.pdf'))
    } finally {
      for (const name of ['CHROME_PATH', ...Object.keys(env)]) {
        if (kept[name] === undefined) delete process.env[name]
        else process.env[name] = kept[name]
      }
    }
    const pdf = readFileSync(join(folder, 'report.pdf')).toString('latin1')
    assert.match(pdf, /^%PDF-/)
    const sheets = pdf.match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0
    assert.ok(sheets >= 2 && sheets <= 8, `${sheets} sheets`)
    assert.match(pdf, /\/MediaBox\s*\[\s*0 0 59[45][\d.]* 84[12][\d.]*\s*\]/)
  })
})
