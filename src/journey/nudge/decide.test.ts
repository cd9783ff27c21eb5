import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decide, type Situation } from './decide.ts'
import { hoursWithin, isOpen, waking, type Hours } from './hours.ts'
import { addDays, instantAt, isSameDay, wallTime } from './local-time.ts'
import { cap, workflowNamed, type Step } from './workflow.ts'

const stepOf = (workflow: string, name: string): Step => {
  const step = workflowNamed(workflow)?.steps.find((one) => one.name === name)
  assert.ok(step)
  return step
}
const mail = stepOf('share.e_mail', 'share-1')
const inApp = stepOf('share.in_app', 'share-1')
const award = stepOf('share.e_mail', 'award')

const fine: Situation = {
  now: new Date('2026-06-03T10:00:00Z'),
  step: mail,
  runActive: true,
  dueAt: new Date('2026-06-03T09:30:00Z'),
  zone: 'Europe/Vienna',
  erased: false,
  revoked: false,
  suspended: false,
  consents: { credential: true, nudge: true },
  suppressed: false,
  hasAddress: true,
  nudgedAt: [],
}

test('each reason not to send is found, and is the one that is said', () => {
  const cases: readonly (readonly [Partial<Situation>, string])[] = [
    [{}, 'go'],
    [{ erased: true, revoked: true }, 'erased'],
    [{ revoked: true }, 'revoked'],
    [{ revoked: true, suspended: true }, 'revoked'],
    [{ runActive: false }, 'stopped'],
    [{ runActive: false, suspended: true }, 'stopped'],
    [{ consents: { credential: true, nudge: false } }, 'no_consent'],
    [{ suppressed: true }, 'suppressed'],
    [{ hasAddress: false }, 'no_address'],
    [{ dueAt: new Date('2026-06-02T09:59:59Z') }, 'too_late'],
    [{ dueAt: new Date('2026-06-02T10:00:00Z') }, 'go'],
    [{ nudgedAt: [new Date('2026-05-25T10:00:00Z'), new Date('2026-05-30T10:00:00Z')] }, 'capped'],
    [{ nudgedAt: [new Date('2026-05-20T09:59:00Z'), new Date('2026-05-30T10:00:00Z')] }, 'go'],
    // The award mail is not a nudge: no cap, no quiet hours, its own consent; and it ends with the mail address all the same.
    [{ step: award, runActive: false, consents: { credential: true, nudge: false }, now: new Date('2026-06-03T02:00:00Z'), nudgedAt: [fine.now, fine.now] }, 'go'],
    [{ step: award, consents: { credential: false, nudge: true } }, 'no_consent'],
    [{ step: award, suppressed: true }, 'suppressed'],
    // In-app prompts need no address, and may be shown in the evening to whoever is there.
    [{ step: inApp, dueAt: undefined, hasAddress: false, suppressed: true, now: new Date('2026-06-03T20:30:00Z') }, 'go'],
    [{ step: inApp, dueAt: undefined, nudgedAt: [new Date('2026-06-03T07:00:00Z')] }, 'wait'],
    [{ step: inApp, dueAt: undefined, nudgedAt: [new Date('2026-05-25T10:00:00Z'), new Date('2026-05-30T10:00:00Z')] }, 'wait'],
  ]
  for (const [change, wanted] of cases) {
    const decision = decide({ ...fine, ...change })
    assert.equal(decision.do === 'skip' ? decision.because : decision.do, wanted, JSON.stringify(change))
  }
})

test('while a credential is suspended its mails wait, a day at a time, and its prompts for another visit; they are not too late afterwards', () => {
  const late = { suspended: true, now: new Date('2026-06-09T18:30:00Z') }
  assert.deepEqual(decide({ ...fine, ...late }), { do: 'move', to: new Date('2026-06-10T07:00:00Z'), because: 'suspended' })
  assert.deepEqual(decide({ ...fine, ...late, step: award }), { do: 'move', to: new Date('2026-06-10T06:00:00Z'), because: 'suspended' })
  assert.deepEqual(decide({ ...fine, ...late, step: inApp, dueAt: undefined }), { do: 'wait' })
})

test('a mail outside its hours waits for them, and a second one on a day for the next day', () => {
  assert.deepEqual(decide({ ...fine, now: new Date('2026-06-03T18:30:00Z'), dueAt: new Date('2026-06-03T15:00:00Z') }), { do: 'move', to: new Date('2026-06-04T07:00:00Z'), because: 'hours' })
  assert.deepEqual(decide({ ...fine, nudgedAt: [new Date('2026-06-03T07:00:00Z')] }), { do: 'move', to: new Date('2026-06-04T07:00:00Z'), because: 'one_a_day' })
  // 23:30 UTC is the next day in Vienna: what came then does not stand for the day before.
  assert.equal(decide({ ...fine, nudgedAt: [new Date('2026-06-02T21:30:00Z')] }).do, 'go')
  assert.equal(decide({ ...fine, nudgedAt: [new Date('2026-06-02T22:30:00Z')] }).do, 'move')
})

const seed = 20_261_124
const start = Date.parse('2024-01-01T00:00:00Z')
const zones = Intl.supportedValuesOf('timeZone')

test(`over three years, in ${zones.length} zones, under any ticking: never in quiet hours, never two a day, never above the cap, none due is lost (seed ${seed})`, () => {
  let sent = 0
  let moved = 0
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: 0, max: 3 * 365 * 24 * 60 }),
      fc.array(fc.integer({ min: 0, max: 40 * 24 * 60 }), { minLength: 1, maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 3 * 60 }), { minLength: 1, maxLength: 30 }),
      fc.option(fc.integer({ min: 0, max: 40 * 24 * 60 }), { nil: undefined }),
      (zone, begin, dues, ticks, sharedAfter) => {
        const at = (minutes: number) => new Date(start + (begin + minutes) * 60_000)
        const waiting = dues.map((minutes) => ({ dueAt: at(minutes), tryAt: at(minutes) }))
        const nudgedAt: Date[] = []
        for (let minutes = 0, tick = 0; minutes < 70 * 24 * 60 && waiting.length > 0; minutes += ticks[tick++ % ticks.length]!) {
          const now = at(minutes)
          const shared = sharedAfter !== undefined && minutes >= sharedAfter
          for (const message of waiting.filter((one) => one.tryAt <= now)) {
            const decision = decide({ ...fine, now, zone, dueAt: message.dueAt, nudgedAt, runActive: !shared })
            if (decision.do === 'move') {
              moved++
              assert.ok(decision.to > now && isOpen(zone, decision.to, waking))
              message.tryAt = decision.to
              if (decision.because === 'one_a_day') message.dueAt = decision.to
              continue
            }
            waiting.splice(waiting.indexOf(message), 1)
            assert.notEqual(decision.do, 'wait')
            if (decision.do === 'skip') {
              // Ticks of at most three hours and openings of nine: nothing is ever a day late.
              if (shared) assert.equal(decision.because, 'stopped')
              else assert.equal(decision.because, 'capped')
              continue
            }
            sent++
            assert.ok(!shared)
            const { minute } = wallTime(zone, now)
            assert.ok(minute >= 9 * 60 && minute < 18 * 60, `${zone} ${now.toISOString()}`)
            assert.ok(!nudgedAt.some((one) => isSameDay(wallTime(zone, one), wallTime(zone, now))), `${zone}: two on the day of ${now.toISOString()}`)
            nudgedAt.push(now)
            const since = instantAt(zone, addDays(wallTime(zone, now), -cap.days))
            assert.ok(nudgedAt.filter((one) => one > since).length <= cap.nudges)
          }
        }
        assert.equal(waiting.length, 0, 'what was due was decided on')
      },
    ),
    { seed, numRuns: 1_500 },
  )
  assert.ok(sent > 1_000 && moved > 1_000, `${sent} sent, ${moved} moved`)
})

test('a learner’s own hours hold a reminder back: within the step’s where they meet, and alone where they do not; a receipt comes at once all the same', () => {
  const at = (time: string) => new Date(`2026-06-03T${time}:00Z`)
  const said = (waking: Hours, now: Date, more: Partial<Situation> = {}) => {
    const decision = decide({ ...fine, zone: 'UTC', now, dueAt: now, waking, ...more })
    return decision.do === 'move' ? decision.to.toISOString().slice(11, 16) : decision.do
  }
  const afternoon = { from: 14 * 60, to: 22 * 60 }
  assert.deepEqual([said(afternoon, at('10:00')), said(afternoon, at('15:00')), said(afternoon, at('19:00'))], ['14:00', 'go', '14:00'])
  const evening = { from: 20 * 60, to: 22 * 60 }
  assert.deepEqual([said(evening, at('10:00')), said(evening, at('20:30'))], ['20:00', 'go'], 'whoever works in the day is reminded in the evening')
  assert.equal(said(evening, at('03:00'), { step: award }), 'go')
  assert.equal(decide({ ...fine, zone: 'UTC', now: at('10:00'), dueAt: at('10:00') }).do, 'go', 'without a choice as ever')
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 1, max: 1440 }), (from, to) => {
      fc.pre(from < to)
      const step = { from: 9 * 60, to: 18 * 60 }
      const hours = hoursWithin(step, { from, to })
      assert.ok(hours.from < hours.to && hours.from >= from && hours.to <= to, 'never outside what the learner left open')
      if (from < step.to && to > step.from) assert.ok(hours.from >= step.from && hours.to <= step.to)
    }),
    { seed: 20261129 },
  )
})
