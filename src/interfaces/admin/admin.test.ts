import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertGuarded, assertHarmless, assertTied, elementsOf, hostile, poisoned } from '#test/markup'
import { places, type DeskChrome, type Html, type Place } from '#interfaces/look'
import { credentialsPage, type CredentialsView } from './credentials-page.ts'
import { experimentPage, type ExperimentView } from './experiment-page.ts'
import { experimentsPage } from './experiments-page.ts'
import { importPage, type ImportView } from './import-page.ts'
import { keysPage, type KeysView } from './keys-page.ts'
import { learnersPage, type LearnersView } from './learners-page.ts'
import { mailboxPage, mailPage, type MailView } from './mailbox-page.ts'
import { presentShares } from './share-routes.ts'
import { settingsPage } from './settings-page.ts'
import { sharesPage } from './shares-page.ts'
import { overviewPage, type OverviewView } from './overview-page.ts'
import type { Figure, Gains } from '#journey/estimate'
import type { Findings } from '#journey/policy'
import { policiesPage, policyPage, type PolicyView } from './policy-page.ts'
import { reportPage, reportsPage, type EstimateRow, type ReportView } from './report-page.ts'

const chrome = (here: Place): DeskChrome => ({
  language: 'en', csrf: 'c5rf', demo: true, issuer: 'Example Institute', person: 'registrar@institute.example', role: 'owner', here, signOutAddress: '/sign-out', timeZone: 'Africa/Lagos',
  navigation: places.map((place) => ({ place, address: `/admin/${place}`, ...(place === 'completions' ? { waiting: 3 } : {}) })),
})
const when = new Date('2026-11-19T08:00:00Z')
const measured = (estimate: number, half: number): { estimate: number; low: number; high: number } => ({ estimate, low: estimate - half, high: estimate + half })

const overview: OverviewView = {
  period: '1 July to 23 November 2026',
  experiment: { name: 'Prompt', address: '/admin/experiments/1', drawn: { treatment: 20143, control: 20123 } },
  answer: { outcome: 'shared', effect: { estimate: 0.032, low: 0.02, high: 0.044 }, anytime: true },
  outlook: 'Jobs: too early to say.',
  journey: [
    { stage: 'completed', all: 48212, treatment: 20143, control: 20123, outside: 7946, address: '/admin/learners' },
    { stage: 'confirmed a share', note: 'As they told us', all: 8995, treatment: 4172, control: 3521, shares: { treatment: measured(0.207, 0.006), control: measured(0.175, 0.005) }, difference: { estimate: 0.032, low: 0.02, high: 0.044 } },
    { stage: 'have a known job status', all: 4820, treatment: 2418, control: 2402, withheld: 'sealed until 1 July 2027' },
  ],
  todo: [{ urgency: 'now', what: 'A key ends.', why: 'Rotation takes a minute.', address: '/admin/keys', action: 'Rotate' }, { urgency: 'unknown', what: '4 messages.', why: 'Fate unknown.', address: '/admin/mail', action: 'See' }],
}
const experiment: ExperimentView = {
  name: 'Prompt to share', question: 'Does it help?', state: 'running', day: 146, startedAt: when, listAddress: '/admin/experiments', stopAddress: '/admin/experiments/1/stop', reportAddress: '/admin/reports/1',
  arms: [{ name: 'control', role: 'control', weight: 1, workflow: 'share.in_app', drawn: 20123 }, { name: 'nudge', role: 'treatment', weight: 1, workflow: 'share.in_app', drawn: 20143 }],
  gates: [
    { gate: 'draw', treatment: 20143, control: 20123, share: measured(0.5002, 0.009), planned: 0.5, pValue: 1, verdict: 'balanced' },
    { gate: 'outcome', treatment: 2418, control: 2102, share: measured(0.535, 0.02), planned: 0.5, pValue: 0.0001, verdict: 'alarm' },
    { gate: 'render', treatment: 3, control: 1, share: measured(0.75, 0.25), planned: 0.5, pValue: null, verdict: 'too_few' },
  ],
  exposure: [{ step: 'share-1', channel: 'in_app', exposed: { treatment: 17846, control: 17802 }, clicked: 6248, declined: 1120, skipped: 210, failed: 0, unknown: 4 }],
  waves: [{ wave: 'July 2026', treatment: 4402, control: 4386, difference: measured(0.031, 0.0165), ripe: ['1 month'] }, { wave: 'August 2026', treatment: 10, control: 9, withheld: 'fewer than 10', ripe: [] }],
  watched: { outcome: 'shared', treatment: { reached: 4172, drawn: 20143 }, control: { reached: 3521, drawn: 20123 }, effect: { estimate: 0.032, low: 0.02, high: 0.044 }, series: [{ at: new Date('2026-07-01'), ...measured(0.02, 0.1) }, { at: when, ...measured(0.032, 0.012) }] },
  sealed: [{ outcome: 'new_job', until: new Date('2027-07-01'), reason: 'The window has not passed for anybody.' }],
  plan: { digest: '9f31c0', items: [{ name: 'Horizon', value: '12 months' }], address: '/admin/plan' },
}
const row = (given: Partial<EstimateRow>): EstimateRow => ({ estimand: 'itt_adjusted', outcome: 'new_job', subgroup: 'all', role: 'confirmatory', estimator: 'Lin, HC2', estimate: 0.01006, stdError: 0.00452, pValue: 0.026, confLow: 0.0012, confHigh: 0.0189, n: 36946, baseline: 0.17303, reason: null, ...given })
const figure = (estimate: number, half: number, n = 34025): Figure => ({ estimate, stdError: half / 1.96, pValue: 0.2, low: estimate - half, high: estimate + half, n })
const parts = (count: number) => ({ parts: Array.from({ length: count }, (_, k) => ({ ...figure(0.001 * k, 0.01), baseline: 0.1 + 0.01 * k })), ends: figure(-0.004, 0.012), alike: 0.61 })
const gains: Gains = {
  outcome: 'new_job', learners: 34025, judged: 22683, trees: 500, seed: 'a1b2c3', panelDigest: 'p', average: figure(0.01, 0.009), byScore: { thirds: parts(3), tenths: parts(10) }, byEffect: { thirds: parts(3), tenths: null },
  rate: { autoc: figure(0.002, 0.006), qini: figure(0.001, 0.003), curve: [0.2, 0.4, 0.6, 0.8].map((share) => ({ share, ...figure(0.01 * (1 - share), 0.01) })) }, reach: { smallest: 0.021, learners: 100_400 }, remarks: ['The targeting curve: told elsewhere.'], reason: null,
}
const report: ReportView = {
  gains: {
    gains,
    employability: { model: 'probability forest', learners: 34025, control: 17083, withoutModel: 0.4618, judged: [{ model: 'probability forest', logLoss: 0.452, auc: 0.606, reason: null }, { model: 'ridge logit', logLoss: 0.4521, auc: 0.608, reason: null }, { model: 'boosted trees', logLoss: null, auc: null, reason: 'Too few.' }], calibration: [0.05, 0.15, 0.3].map((score) => ({ score, outcome: score + 0.01, low: score - 0.01, high: score + 0.03, rows: 500 })) },
  },
  experiment: { name: 'Prompt to share', question: 'Does it help learners find work?', address: '/admin/experiments/1' }, primary: 'new_job', arms: { treatment: 18487, control: 18459 }, enrolled: { from: new Date('2022-09-01'), to: new Date('2023-03-31') }, window: '1 to 12 months after the draw',
  estimates: [
    row({ outcome: 'shared', estimate: 0.028, stdError: 0.004, confLow: 0.0202, confHigh: 0.0358, pValue: 1e-9, pAdjusted: 1e-8, baseline: 0.166 }), row({ pAdjusted: 0.026 }), row({ outcome: 'viewed', role: 'exploratory', estimand: 'itt' }),
    row({ subgroup: 'baseline_employability:high', role: 'exploratory', estimate: 0.0038, confLow: -0.0185, confHigh: 0.0262 }), row({ subgroup: 'baseline_employability:low', role: 'exploratory', estimate: 0.01265, confLow: 0.0023, confHigh: 0.023 }),
    row({ estimand: 'late', estimate: 0.242, stdError: 0.13, confLow: -0.013, confHigh: 0.497 }), row({ estimand: 'late', outcome: 'new_job_in_scope', estimate: null, stdError: null, confLow: null, confHigh: null, pValue: null, reason: 'The first stage is too weak.' }),
  ],
  interaction: { outcome: 'new_job', difference: { estimate: 0.0088, stdError: 0.0126, low: -0.0158, high: 0.0335, pValue: 0.48 }, joint: { statistic: 0.79, df: 2, pValue: 0.67 } },
  diagnostics: [
    { name: 'sample_ratio', result: 'passed', treatment: 18487, control: 18459, planned: 0.5, pValue: 1 }, { name: 'balance', result: 'passed', covariates: 14, pValue: 0.41, worst: { name: 'education', difference: 0.012 } },
    { name: 'coverage', result: 'passed', treatment: 0.612, control: 0.609, difference: 0.003, low: -0.007, high: 0.013, pValue: 0.55 }, { name: 'first_stage', result: 'passed', estimate: 0.028, stdError: 0.004, f: 49 },
    { name: 'anderson_rubin', result: 'passed', outcome: 'new_job', set: 'interval', low: 0.02, high: 0.71 }, { name: 'placebo', result: 'not_checked', sentence: 'None was planned.' },
  ],
  withheld: [{ outcome: 'new_job_in_scope', reason: 'Ripens in July.', opensAt: new Date('2027-07-01') }], stale: { since: when, refreshAddress: '/admin/reports/1/refresh' }, method: ['Difference in means.'], assumptions: ['It holds for those who were drawn.', 'No spill-over.'], deviations: [],
  planDigest: '9f31c0aa7be29f31c0aa7be2', panelDigest: '41aa0777c95d41aa0777c95d', rows: 36946, codeVersion: '0.1.0', seed: '1', at: when, policyAddress: '/admin/policies/1', csvAddress: '/admin/reports/1.csv', listAddress: '/admin/reports',
}
const worth = (estimate: number, half: number) => ({ estimate, stdError: half / 1.96, low: estimate - half, high: estimate + half })
const findings: Findings = {
  outcome: 'new_job', learners: 34025, judged: 27220, nudged: 0.52, couldAsk: ['skill score', 'education'],
  tree: { kind: 'some', sentence: 'Nudge where skill score is at most 48; nobody else.', record: { column: 'skill_score', at_most: 48, yes: { arm: 'nudge', rows: 17000 }, no: { arm: 'control', rows: 17025 } }, drawing: { low: 'skill score is at most 48', high: 'skill score is 49 or more', ifLow: { treats: true, rows: 17000 }, ifHigh: { treats: false, rows: 17025 } } },
  worth: worth(0.19, 0.005), everybodyLessNobody: worth(0.01, 0.004),
  rivals: [{ name: 'nobody', worth: worth(0.17, 0.005), less: worth(0.02, 0.006) }, { name: 'everybody', worth: worth(0.18, 0.005), less: worth(0.01, 0.004) }, { name: 'random', worth: worth(0.175, 0.003), less: worth(0.015, 0.004) }, { name: 'lowest_third', worth: worth(0.185, 0.005), less: worth(0.005, 0.006) }],
  harm: [{ trait: 'country group', group: 'oecd', learners: 2100, nudged: 0.5, change: worth(0.02, 0.01), pHarm: 1 }, { trait: 'degree', group: 'no_degree', learners: 20, nudged: 0, change: null, pHarm: null }],
  harmOfEverybody: [{ trait: 'field', group: 'Business', learners: 9000, nudged: 1, change: worth(0.01, 0.01), pHarm: 1 }],
}
const policy: PolicyView = {
  sentence: 'Nudge everyone.', state: 'proposed', kind: 'everyone', outcome: 'new_job', gain: { against: 'nudging no one', estimate: 0.01, low: -0.001, high: 0.02 }, instead: 'No rule is surely better.', findings, terms: { cost: 0.0025, budget: 0.5, depth: 2 }, learning: true, harmLevel: 0.05,
  experiment: { name: 'Prompt', address: '/admin/experiments/1' }, reportAddress: '/admin/reports/1', proposedAt: when, publishAddress: '/admin/policies/1/publish', termsAddress: '/admin/policies/1/terms', next: { startAddress: '/admin/policies/1/experiment' }, jsonAddress: '/admin/policies/1.json', listAddress: '/admin/policies',
}
const learners: LearnersView = {
  learners: [{ externalId: 'u-1', name: 'Ana Example', email: 'ana@example.org', locale: 'es', country: 'PE', completions: 1, credentials: 1, consents: ['credential', 'research'], arm: 'nudge', createdAt: when, address: '/admin/learners/1' }, { externalId: 'u-2', completions: 0, credentials: 0, consents: [], createdAt: when }],
  paging: { from: 1, to: 2, total: 2000, next: '/admin/learners?after=2' }, search: { address: '/admin/learners', text: 'an' },
}
const imports: ImportView = {
  address: '/admin/completions', largestBytes: 2e8, columns: [{ name: 'learner_id', required: true, what: 'Their number' }], achievements: [{ handle: 'data', name: 'Data Analysis' }],
  result: { outcome: 'refused', fileName: 'autumn.csv', rows: 300, imported: 0, known: 0, faults: [{ row: 3, column: 'completed_at', value: '31.2.2026', sentence: 'This is not a date.' }, { row: 4, column: 'email', value: '', sentence: 'Missing.' }, { sentence: 'No column education.' }], faultsInAll: 240, faultsAddress: '/admin/completions/faults.csv' },
}
const credentials: CredentialsView = {
  credentials: [{ publicId: '7hq2mk9d', learner: { name: 'Ana Example', language: 'es' }, achievement: 'Data Analysis', state: 'in_force', visibility: 'link', issuedAt: when, address: '/c/7hq2mk9d', revokeAddress: '/admin/credentials/7hq2mk9d/revoke', changeable: true }, { publicId: 'm4t8wz2c', achievement: 'Data Analysis', state: 'revoked', visibility: 'public', issuedAt: when, lapsedAt: when, lapseReason: 'Corrected.' }],
  changeAddress: '/admin/credentials/status',
  paging: { from: 51, to: 52, total: 52, first: '/admin/credentials' },
}
const mail: MailView = { to: 'ana@example.org', subject: 'Your credential', at: when, headers: [{ name: 'List-Unsubscribe', value: '<https://x.example/u>' }], text: 'Ready.', links: ['https://x.example/c/7'], htmlAddress: '/dev/mail/1/html', listAddress: '/dev/mail' }
const shares = presentShares(
  [
    { target: 'email', went: 4, prompted: 1, told: 1, exported: 0, simulated: 0, fetched: 0, seen: 2, strongest: { exported: 0, told: 1, seen: 1, fetched: 0, went: 2 } },
    { target: 'linkedin_profile', went: 10, prompted: 6, told: 5, exported: 1, simulated: 2, fetched: 3, seen: 4, strongest: { exported: 1, told: 4, seen: 2, fetched: 1, went: 2 } },
  ],
  12,
)
const keys: KeysView = {
  apiKeys: [{ name: 'Platform', prefix: 'lk_8f', scopes: ['completions:write'], createdAt: when, revokeAddress: '/admin/keys/1/revoke' }, { name: 'Old', scopes: [], createdAt: when, revokedAt: when }], made: { name: 'Platform', key: 'lk_8f2c' }, scopes: [{ name: 'completions:write', what: 'Report completions' }], createAddress: '/admin/keys',
  signingKeys: [{ publicMultibase: 'z6Mk', createdAt: when }, { publicMultibase: 'z6Mo', createdAt: when, retiredAt: when, compromisedAt: when }], fault: 'It needs a name.',
}

const logo = { address: '/admin/example/settings/logo', removeAddress: '/admin/example/settings/logo/remove' }

const made: Readonly<Record<string, (poison: <T>(data: T) => T) => Html>> = {
  overview: (p) => overviewPage(p(overview), chrome('overview')),
  'overview, empty': (p) => overviewPage(p({ journey: [], todo: [], importAddress: '/admin/completions' }), chrome('overview')),
  experiment: (p) => experimentPage(p(experiment), chrome('experiments')),
  'experiment, draft': (p) => experimentPage(p({ name: 'New', question: 'What?', state: 'draft' as const, arms: [], gates: [], exposure: [], waves: [], sealed: [], plan: { items: [] }, startAddress: '/admin/experiments/2/start', listAddress: '/admin/experiments' }), chrome('experiments')),
  experiments: (p) => experimentsPage(p({ experiments: [{ name: 'Prompt', question: 'What?', address: '/admin/experiments/1', state: 'stopped' as const, startedAt: when, drawn: 40266, reportAddress: '/admin/reports/1' }] }), chrome('experiments')),
  report: (p) => reportPage(p(report), chrome('reports')),
  reports: (p) => reportsPage(p({ reports: [{ experiment: 'Prompt', address: '/admin/reports/1', at: when, rows: 36946, staleSince: when }] }), chrome('reports')),
  policy: (p) => policyPage(p(policy), chrome('policies')),
  policies: (p) => policiesPage(p({ policies: [{ sentence: 'Nudge everyone.', address: '/admin/policies/1', state: 'published' as const, experiment: 'Prompt', proposedAt: when }] }), chrome('policies')),
  learners: (p) => learnersPage(p(learners), chrome('learners')),
  import: (p) => importPage(p(imports), chrome('completions')),
  credentials: (p) => credentialsPage(p(credentials), chrome('credentials')),
  mailbox: (p) => mailboxPage(p({ mails: [{ address: '/dev/mail/1', to: 'a@b.example', subject: 'Ready', at: when }], paging: { from: 0, to: 0, total: 0 } }), chrome('mail')),
  mail: (p) => mailPage(p(mail), chrome('mail')),
  shares: (p) => sharesPage(p(shares), chrome('shares')),
  'shares, none': (p) => sharesPage(p({ ...shares, rows: [] }), chrome('shares')),
  keys: (p) => keysPage(p(keys), chrome('keys')),
  settings: (p) => settingsPage(p({ address: '/admin/example/settings', directory: true, directoryAddress: 'https://credentials.example/i/example/directory', colour: '#ffcc00', fault: 'This is not a colour.', logo: { ...logo, shown: { address: '/i/example/logo.1.png', width: 480, height: 120 }, fault: 'It is not a PNG.' } }), chrome('settings')),
  'settings, no logo': (p) => settingsPage(p({ address: '/admin/example/settings', directory: false, directoryAddress: 'https://credentials.example/i/example/directory', logo }), chrome('settings')),
}

const closed = new Set(
  ('running draft stopped control treatment completion draw message render outcome balanced alarm too_few confirmatory exploratory diagnostic itt itt_adjusted first_stage late passed failed not_checked interval ' +
    'tree everyone no_one none some nobody everybody random lowest_third sample_ratio balance coverage anderson_rubin placebo proposed published superseded refused imported partial in_force revoked prepared withdrawn private link public credential nudge research now soon unknown').split(' '),
)
const kept = /^(?:address|startAddress|stopAddress|publishAddress|termsAddress|refreshAddress|revokeAddress|createAddress|removeAddress|changeAddress|publicId)$/

/** With every address poisoned too, where the page has no form to post; with those kept that a form posts to, where it has. */
function poisonedPage(make: (poison: <T>(data: T) => T) => Html, text: string): string {
  try {
    return String(make((data) => poisoned(data, text, closed, /^(?:at|publicId)$/)))
  } catch (error) {
    assert.match(String(error), /A form cannot post to/)
    return String(make((data) => poisoned(data, text, closed, kept)))
  }
}

for (const [name, make] of Object.entries(made)) {
  test(`${name}: harmless, every form guarded, every label tied`, () => {
    const page = String(make((data) => data))
    assertHarmless(page)
    assertGuarded(page, 'c5rf')
    assertTied(page)
    assert.match(page, /Demonstration: invented learners/)
    assert.equal(elementsOf(page).filter((one) => one.name === 'h1').length, 1)
    assert.equal(elementsOf(page).filter((one) => one.attributes.has('aria-current')).length, 1)
  })

  test(`${name}: hostile text in every field stays text`, () => {
    const count = (page: string, wanted: string): number => elementsOf(page).filter((one) => one.name === wanted).length
    const harmless = String(make((data) => data))
    for (const text of hostile) {
      const page = poisonedPage(make, text)
      assertHarmless(page)
      for (const one of ['script', 'img', 'style', 'form', 'iframe', 'math', 'textarea', 'title', 'b']) assert.ok(count(page, one) <= count(harmless, one), `<${one}> came in with ${JSON.stringify(text)}`)
    }
  })
}

const text = (page: Html): string => String(page).replace(/<[^>]+>/gu, ' ').replaceAll('\u00a0', ' ').replace(/\s+/gu, ' ')
const reported = (given: Partial<ReportView>): string => text(reportPage({ ...report, ...given }, chrome('reports')))

test('the report’s first sentence is the estimate with its interval', () => {
  assert.match(reported({}), /Of every 1,000 learners in the nudged arm, about 10 more started a new job; 95% interval 1 to 19\./)
  const unsure = reported({ estimates: [row({ confLow: -0.004, confHigh: 0.024 })] })
  assert.match(unsure, /95% interval 4 fewer to 24 more\. Whether the nudges made a difference, these data cannot tell\./)
})

test('a figure that is not there is not made up: the report says why', () => {
  const early = reported({ estimates: [row({ estimate: null, stdError: null, confLow: null, confHigh: null, pValue: null, reason: 'Nobody has been in the window.' })], withheld: [{ outcome: 'new_job', reason: 'Jobs ripen until July.', opensAt: new Date('2027-07-01') }], interaction: undefined as never })
  assert.match(early, /Too early to say\. Jobs ripen until July\./)
  assert.match(early, /New job, until 1 July 2027/)
  assert.doesNotMatch(early, /about 10 more/)
})

test('a stale report says so before its figures, and a failed diagnostic before everything', () => {
  const page = reported({ diagnostics: [{ name: 'sample_ratio', result: 'failed', treatment: 10, control: 99, planned: 0.5, pValue: 1e-6 }] })
  assert.ok(page.indexOf('Stale.') < page.indexOf('Of every 1,000'))
  assert.match(page, /Do not read the figures as effects yet\. A diagnostic failed: sample ratio\./)
  assert.match(reported({ diagnostics: [] }), /This report has no diagnostics\. Do not read its figures as effects\./)
})

test('page one tells the figure that the plan confirms by, not its adjusted twin, and calls the twin no exploration', () => {
  const twin = row({ estimand: 'itt_adjusted', role: 'exploratory', estimator: 'lm_lin', estimate: 0.0203, confLow: 0.01, confHigh: 0.03 })
  const page = reported({ estimates: [twin, row({})] })
  assert.match(page, /about 10 more started a new job; 95% interval 1 to 19\./)
  assert.match(page, /The same, adjusted for what was known before the draw .*\+2\.03/)
  assert.doesNotMatch(page, /Exploratory outcomes/)
})

test('a nudge that moved sharing little forbids to read the effects of sharing, and nothing else; coverage those on work', () => {
  const weak = reported({ diagnostics: [{ name: 'first_stage', result: 'failed', estimate: 0.01, stdError: 0.01, f: 1 }] })
  assert.doesNotMatch(weak, /Do not read/)
  assert.match(weak, /The nudge moved sharing too little for these figures\..*F = 1\.0/)
  const uneven = reported({ diagnostics: [{ name: 'coverage', result: 'failed', treatment: 0.9, control: 0.8, difference: 0.1, low: 0.05, high: 0.15, pValue: 0.001 }] })
  assert.match(uneven, /Do not read the effects on work yet\./)
})

test('groups stand in order, with everybody and the interaction test beneath; without the test the table warns', () => {
  const page = reported({})
  const table = page.slice(page.indexOf('by baseline employability'))
  assert.ok(table.indexOf('Lowest third') < table.indexOf('Highest third'))
  assert.match(table, /Do the groups differ\? Lowest less highest third: \+0\.88 points/)
  const { interaction: _i, ...without } = report
  assert.match(text(reportPage(without, chrome('reports'))), /The test that the groups differ is missing\./)
})

test('the instrument is shown with what it assumes and with the interval that weak nudges do not fool', () => {
  const page = reported({})
  assert.match(page, /\+24\.20 \( ?13\.00 ?\) −1\.30 to 49\.70 2\.00 to 71\.00/)
  assert.match(page, /The first stage is too weak\./)
  assert.match(page, /only if the nudge acts on the outcome through sharing alone/)
  assert.match(page, /F = 49\.0/)
})

test('every estimate in a table of effects stands beside its interval', () => {
  const page = String(reportPage(report, chrome('reports')))
  for (const [, cells = ''] of page.matchAll(/<tr role="row"[^>]*>([\s\S]*?)<\/tr>/gu)) {
    if (!cells.includes('data-label="Effect, points (SE)"')) continue
    const effect = /data-label="Effect, points \(SE\)"[^>]*>([^<]*)/u.exec(cells)?.[1] ?? ''
    const range = /data-label="95% interval"[^>]*>([^<]*)/u.exec(cells)?.[1] ?? ''
    assert.equal(/[+−]\d/u.test(effect), / to /u.test(range.replaceAll('\u00a0', ' ')), cells)
  }
})

test('an import lists every fault with its row, column and value, and says that nothing was taken', () => {
  const page = text(importPage(imports, chrome('completions')))
  assert.match(page, /autumn\.csv has 240 faults\. Mend them and send it again; no row of it was taken\./)
  assert.match(page, /Row 3 completed_at 31\.2\.2026 This is not a date\./)
  assert.match(page, /Row 4 email empty Missing\./)
  assert.match(page, /The first 3 of 240\./)
})

test('an alarm at a gate, a sealed outcome and a ghost are named for what they are', () => {
  const page = text(experimentPage(experiment, chrome('experiments')))
  for (const said of [/Outcome linked .* alarm/, /too few/, /New job until 1 July 2027/, /as a ghost: nothing is sent/, /Running, day 146/]) assert.match(page, said)
  assert.match(text(experimentPage({ ...experiment, state: 'draft', startAddress: '/admin/experiments/1/start' }, chrome('experiments'))), /Starting freezes the plan\./)
})

test('a rule whose gain cannot be told from nothing says so, and the rule that was found stands beside it, not proposed', () => {
  const said = text(policyPage(policy, chrome('policies')))
  assert.match(said, /These data cannot tell whether it does better than nudging no one\./)
  assert.match(said, /No rule is surely better\. The best rule that was found, not proposed: Nudge where skill score is at most 48/)
  assert.match(said, /that nudge at most 50%/)
  assert.match(said, /Nudge nobody 170 \(165 to 175\) \+2\.00 \(1\.40 to 2\.60\)/)
  assert.match(said, /What nudging everybody does to groups .* field: Business 9,000 100% \+1\.00/)
  assert.match(said, /That is no proof that none does/)
  assert.match(said, /learned anew on other terms/)
  const proposed = String(policyPage({ ...policy, kind: 'tree', sentence: findings.tree.sentence, gain: { against: 'nudging everyone', estimate: 0.01, low: 0.006, high: 0.014 } }, chrome('policies')))
  assert.doesNotMatch(proposed, /not proposed:|cannot tell/)
  assert.match(proposed, /class="ruletree"/)
  assert.match(text(policyPage({ ...policy, kind: 'tree' }, chrome('policies'))), /What it does to groups .* country group: OECD 2,100 50% \+2\.00 \(1\.00 to 3\.00\)/)
  const harmed = text(policyPage({ ...policy, kind: 'tree', findings: { ...findings, harm: [{ ...findings.harm[0]!, change: worth(-0.03, 0.01), pHarm: 0.001 }] } }, chrome('policies')))
  assert.match(harmed, /Under such a rule fewer started a new job where country group is OECD\./)
  const inHand = text(policyPage({ ...policy, next: { running: { name: 'The other', address: '/admin/experiments/2' } } }, chrome('policies')))
  assert.match(inHand, /The other is running\. Stop it first/)
})

test('who gains is said of groups, in two ways beside one another, with what these data could have shown', () => {
  const said = reported({})
  for (const told of [/These data do not show that some gain more than others/, /By baseline employability \(95%\) By predicted effect \(95%\)/, /Lowest less highest −0\.40 \(−1\.60 to 0\.80\)/, /All three alike p = 0\.61/, /is seen 4 times in 5 where it is 2\.1 points or more/, /takes about 110,000 learners/, /Nobody is ranked by this/, /probability forest taken 0\.4520 0\.606/, /AUTOC \+0\.20 points/, /those it put first gained 0\.20 points more than all did, on average/]) assert.match(said, told)
  assert.match(reported({ gains: { gains: { ...gains, rate: { ...gains.rate!, autoc: figure(0.02, 0.006) } } } }), /Some gain more than others, and what was known before the draw tells who/)
  assert.match(reported({ gains: { gains: { ...gains, rate: { ...gains.rate!, autoc: figure(-0.02, 0.006) } } } }), /gained 2\.00 points less than all did.*Its order is wrong/)
  assert.match(reported({ gains: {} }), /being worked out/)
  assert.doesNotMatch(said, /thirds of chance/)
  assert.match(reported({ gains: { ...report.gains, employability: { ...report.gains!.employability!, withoutModel: 0.45 } } }), /thirds of chance/)
  assert.match(reported({ gains: { gains: { ...gains, reason: 'Nobody has been looked at for this yet.' } } }), /Too early to say who gains more than others\. Nobody has been looked at/)
})

test('a list without arms has no column for them, and one with a next page leads there', () => {
  const bare = { ...learners, learners: learners.learners.map(({ arm: _, ...one }) => one) }
  assert.doesNotMatch(text(learnersPage(bare, chrome('learners'))), /\bArm\b/)
  assert.equal(elementsOf(String(learnersPage(learners, chrome('learners')))).find((one) => one.attributes.get('rel') === 'next')?.attributes.get('href'), '/admin/learners?after=2')
})

test('an analyst’s list says that it has no names; the key that was made is shown once', () => {
  const bare = { ...learners, learners: learners.learners.slice(1) }
  assert.match(text(learnersPage(bare, { ...chrome('learners'), role: 'analyst' })), /an analyst sees outcomes, not identities/)
  assert.match(text(keysPage(keys, chrome('keys'))), /it is shown this once/)
})

test('a mail’s HTML opens by itself and is never part of the page', () => {
  const page = elementsOf(String(mailPage(mail, chrome('mail'))))
  assert.equal(page.filter((one) => one.name === 'iframe').length, 0)
  assert.equal(page.find((one) => one.attributes.get('href') === '/dev/mail/1/html')?.attributes.get('rel'), 'noopener')
})

test('shares say what is known, what is inferred and what cannot be known, and never add the three', () => {
  const said = text(sharesPage(shares, chrome('shares')))
  assert.match(said, /12 credentials went to 14 places\. For 9 of 14 there is evidence that it stands there: 1 documented, 5 told, 3 seen\. For 1 it is inferred, and of 4 no more is known/)
  assert.match(said, /Preview fetched \(inference\)/)
  assert.match(said, /E-mail.*cannot be known/)
  for (const row of [...shares.rows, shares.total]) assert.equal(Object.values(row.strongest).reduce<number>((so, one) => so + (one ?? 0), 0), row.went, row.place)
  assert.deepEqual(shares.rows.map((row) => row.place), ['LinkedIn profile', 'E-mail'], 'in the order in which learners see the places')
})
