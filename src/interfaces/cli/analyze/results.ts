/** The result for programs: the layout and the names of the reference files made with R. */
import { readFileSync } from 'node:fs'
import type { Analysis } from './analysis.ts'
import { adoptable } from './heterogeneity/rule.ts'

const { version } = JSON.parse(readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8')) as { readonly version: string }

export const software = Object.freeze({ laurel: version, node: process.version })

export const asResults = (analysis: Analysis) => ({
  software,
  data: analysis.data,
  confidence: 0.95,
  warnings: analysis.warnings.map((one) => one.sentence),
  reasons: analysis.reasons,
  results: [
    ...(analysis.design.sampleRatio === null ? [] : [analysis.design.sampleRatio]),
    ...(analysis.design.balance?.joint ?? []),
    ...(analysis.design.balance?.differences ?? []),
    ...analysis.findings.map((one) => one.row),
  ],
  ...(analysis.gains?.policy === undefined ? {} : { policy: adoptable(analysis, analysis.gains, analysis.gains.policy) }),
})
