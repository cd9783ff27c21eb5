/** Lighthouse over a page of a site of this process: the page of a public credential by itself, and the auditor in a browser of its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import lighthouse, { desktopConfig } from 'lighthouse'
import { assetRoutes, healthRoutes, listen, openHttp, openSignIn } from '#interfaces/http'
import { cardPrinter, composeLetter } from '#interfaces/look'
import { pageRoutes } from '#interfaces/pages'
import { recordCompletions, saveAchievement } from '#journey/completion'
import { credentialsOfCompletions, establishKey, setVisibility } from '#journey/credential'
import { createIssuer } from '#journey/party'
import { flowWith } from '#flow'
import { browserProgram } from './browser.ts'
import { testWorld } from './world.ts'

export interface PublicPage {
  readonly address: string
  close(): Promise<void>
}

/** A credential that its learner has opened to all, of an issuer that is no demonstration, with its picture made, on a port of its own. */
export async function publicPage(): Promise<PublicPage> {
  const port = await freePort()
  const site = `http://127.0.0.1:${port}`
  const t = await testWorld({ env: { LAUREL_PUBLIC_URL: site }, flow: flowWith({ compose: composeLetter, cards: cardPrinter }) })
  const completions = await t.db.transaction(async (tx) => {
    const issuer = await createIssuer(tx, { handle: 'harbour', name: 'Open Harbour Institute', url: 'https://harbour.example/' })
    await establishKey(tx, t.world.secrets, issuer.id)
    const achievement = await saveAchievement(tx, {
      issuerId: issuer.id,
      handle: 'data-analysis',
      document: {
        id: 'https://harbour.example/data-analysis', type: ['Achievement'], achievementType: 'MicroCredential', name: 'Data Analysis for Business Decisions', inLanguage: 'en',
        description: 'Collecting, cleaning and describing data, and saying what they do not show.',
        criteria: { narrative: 'Six graded assignments, a project on public data judged by two assessors, and a supervised exam.' },
        alignment: [{ type: ['Alignment'], targetName: 'analyse business data', targetUrl: 'http://data.europa.eu/esco/skill/1', targetFramework: 'ESCO', targetType: 'ext:ESCO.Skill' }],
        resultDescription: [{ id: 'https://harbour.example/data-analysis#grade', type: ['ResultDescription'], name: 'Final grade', resultType: 'LetterGrade' }],
      },
    })
    const recorded = await recordCompletions(tx, issuer, [{
      learner: { externalId: 'l-1', name: 'Adaeze Nkechi Okonkwo', locale: 'en', timeZone: 'UTC' }, achievement, completedAt: tx.now, covariates: {},
      claims: { narrative: 'Built a forecast of ferry traffic.', evidence: [{ id: 'https://harbour.example/projects/1', type: ['Evidence'], name: 'Project report' }], results: [{ type: ['Result'], resultDescription: 'https://harbour.example/data-analysis#grade', value: 'A' }] },
    }], 'api')
    return recorded.completions
  })
  await t.world.queue.drain(t.world)
  const publicId = await t.db.transaction(async (tx) => {
    const [credential] = await credentialsOfCompletions(tx, completions.map((one) => one.completion.id))
    if (!credential) throw new TypeError('the completion has its credential')
    await setVisibility(tx, { credentialId: credential.id, visibility: 'public' })
    return credential.publicId
  })
  await t.world.queue.drain(t.world)
  const listening = await listen(openHttp({ world: t.world, routes: [...healthRoutes, ...assetRoutes, ...pageRoutes(await openSignIn(t.world))] }), port, '127.0.0.1')
  return {
    address: `${site}/c/${publicId}`,
    async close() {
      await listening.close()
      await t.close()
    },
  }
}

export interface Audited {
  /** 0 to 100. */
  readonly scores: Readonly<Record<'performance' | 'accessibility' | 'best_practices' | 'seo', number>>
  readonly layout_shift: number
  /** What moved. */
  readonly moved: readonly string[]
  readonly requests: number
  readonly bytes: number
  /** In milliseconds, on a slow telephone or on a desk, as Lighthouse simulates them. */
  readonly first_paint_ms: number
  readonly largest_paint_ms: number
  readonly blocked_ms: number
  /** Audits of accessibility, best practices and search that were not passed in full, and why. */
  readonly failed: readonly string[]
}

const everything = ['performance', 'accessibility', 'best-practices', 'seo'] as const

/** @throws Error when the browser does not start or Lighthouse gives up */
export async function audit(address: string, on: 'phone' | 'desk', only: readonly (typeof everything)[number][] = everything): Promise<Audited> {
  const { path, env } = await browserProgram()
  const profile = mkdtempSync(join(tmpdir(), 'laurel-lighthouse-'))
  const port = await freePort()
  const browser = spawn(path, [`--remote-debugging-port=${port}`, `--user-data-dir=${profile}`, '--headless', '--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', 'about:blank'], { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] })
  try {
    await new Promise<void>((resolve, reject) => {
      let said = ''
      browser.stderr.setEncoding('utf8').on('data', (text: string) => {
        said += text
        if (said.includes('DevTools listening on')) resolve()
      })
      browser.once('exit', (code) => reject(new Error(`the browser ended with ${code}: ${said}`)))
    })
    const result = await lighthouse(address, { port, output: 'json', logLevel: 'error', onlyCategories: [...only] }, on === 'desk' ? desktopConfig : undefined)
    if (!result || result.lhr.runtimeError) throw new Error(`Lighthouse gave up: ${result?.lhr.runtimeError?.message}`)
    const { categories, audits } = result.lhr
    const score = (name: string) => Math.round((categories[name]?.score ?? 0) * 100)
    const value = (name: string) => audits[name]?.numericValue ?? Number.NaN
    const requests = (audits['network-requests']?.details as { items?: readonly { transferSize: number; url: string }[] } | undefined)?.items ?? []
    const shifts = (audits['layout-shifts']?.details as { items?: readonly { node?: { snippet?: string } }[] } | undefined)?.items ?? []
    return Object.freeze({
      moved: Object.freeze(shifts.map((one) => one.node?.snippet ?? 'something')),
      scores: Object.freeze({ performance: score('performance'), accessibility: score('accessibility'), best_practices: score('best-practices'), seo: score('seo') }),
      layout_shift: value('cumulative-layout-shift'),
      requests: requests.length,
      bytes: requests.reduce((sum, one) => sum + one.transferSize, 0),
      first_paint_ms: Math.round(value('first-contentful-paint')),
      largest_paint_ms: Math.round(value('largest-contentful-paint')),
      blocked_ms: Math.round(value('total-blocking-time')),
      failed: Object.freeze(
        ['accessibility', 'best-practices', 'seo'].flatMap((name) => (categories[name]?.auditRefs ?? []).flatMap(({ id, weight }) => {
          const one = audits[id]
          return one && weight > 0 && one.score !== null && one.score < 1 ? [`${name}: ${one.title} ${JSON.stringify(one.details ?? {}).slice(0, 400)}`] : []
        })),
      ),
    })
  } finally {
    if (browser.exitCode === null) {
      const ended = once(browser, 'exit')
      browser.kill()
      await ended
    }
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => void probe.close(resolve))
  return port
}
