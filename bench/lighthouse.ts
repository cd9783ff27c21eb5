/**
 * Lighthouse over the page of a public credential, on a phone with a slow line and on a desk, as Lighthouse simulates them: the median of five each.
 *
 *     node bench/lighthouse.ts [runs, default 5]
 */
import { audit, publicPage, type Audited } from '#test/lighthouse'

const runs = Number(process.argv[2] ?? 5)
const page = await publicPage()
try {
  await audit(page.address, 'desk') // the first is the one that fills the caches
  const of = async (on: 'phone' | 'desk') => {
    const all: Audited[] = []
    for (let run = 0; run < runs; run++) all.push(await audit(page.address, on))
    const median = (pick: (one: Audited) => number) => all.map(pick).toSorted((a, b) => a - b)[all.length >> 1] ?? Number.NaN
    return {
      performance: median((one) => one.scores.performance),
      performance_worst: Math.min(...all.map((one) => one.scores.performance)),
      accessibility: Math.min(...all.map((one) => one.scores.accessibility)),
      best_practices: Math.min(...all.map((one) => one.scores.best_practices)),
      seo: Math.min(...all.map((one) => one.scores.seo)),
      layout_shift: Math.max(...all.map((one) => one.layout_shift)),
      first_paint_ms: median((one) => one.first_paint_ms),
      largest_paint_ms: median((one) => one.largest_paint_ms),
      blocked_ms: median((one) => one.blocked_ms),
      requests: Math.max(...all.map((one) => one.requests)),
      bytes: Math.max(...all.map((one) => one.bytes)),
    }
  }
  console.log(JSON.stringify({ runs, targets: { performance: 99, accessibility: 100, best_practices: 100, seo: 100, layout_shift: 0 }, phone: await of('phone'), desk: await of('desk') }))
} finally {
  await page.close()
}
