import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addDays, instantAt, isSameDay, isZone, wallTime } from './local-time.ts'
import { daysLater, isOpen, nextOpening, tomorrow, zoneOf } from './hours.ts'

/** The zones of research notes on reliability, B20: half-hour and quarter-hour offsets, both hemispheres, a day left out, Ramadan's changes. */
const zones = ['Europe/Vienna', 'America/New_York', 'Australia/Lord_Howe', 'America/Santiago', 'Africa/Casablanca', 'Africa/Cairo', 'Asia/Kathmandu', 'Pacific/Chatham', 'Pacific/Apia', 'Pacific/Kiritimati', 'Asia/Tehran', 'America/Sao_Paulo', 'Asia/Kolkata', 'UTC'] as const

const wall = (text: string) => {
  const [, year, month, day, hour, minute] = /^(\d+)-(\d+)-(\d+) (\d+):(\d+)$/.exec(text) ?? []
  return { year: Number(year), month: Number(month), day: Number(day), minute: Number(hour) * 60 + Number(minute) }
}
const shown = (zone: string, instant: Date) => {
  const { year, month, day, minute } = wallTime(zone, instant)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${year}-${two(month)}-${two(day)} ${two(Math.floor(minute / 60))}:${two(minute % 60)}`
}

test('a wall time that a zone skips means as much later, and one that it has twice means the first', () => {
  const cases: readonly (readonly [zone: string, wall: string, instant: string, shown: string])[] = [
    ['Europe/Vienna', '2026-03-29 02:30', '2026-03-29T01:30:00Z', '2026-03-29 03:30'], // skipped
    ['Europe/Vienna', '2026-10-25 02:30', '2026-10-25T00:30:00Z', '2026-10-25 02:30'], // twice
    ['America/New_York', '2026-03-08 02:15', '2026-03-08T07:15:00Z', '2026-03-08 03:15'],
    ['America/New_York', '2026-11-01 01:15', '2026-11-01T05:15:00Z', '2026-11-01 01:15'],
    ['Australia/Lord_Howe', '2026-10-04 02:15', '2026-10-03T15:45:00Z', '2026-10-04 02:45'], // half an hour skipped
    ['Australia/Lord_Howe', '2026-04-05 01:45', '2026-04-04T14:45:00Z', '2026-04-05 01:45'], // half an hour twice
    ['Pacific/Apia', '2011-12-30 12:00', '2011-12-30T22:00:00Z', '2011-12-31 12:00'], // a whole day left out
    ['Pacific/Apia', '2011-12-29 12:00', '2011-12-29T22:00:00Z', '2011-12-29 12:00'],
    ['Asia/Kathmandu', '2026-06-01 09:00', '2026-06-01T03:15:00Z', '2026-06-01 09:00'],
    ['Pacific/Kiritimati', '2026-06-01 09:00', '2026-05-31T19:00:00Z', '2026-06-01 09:00'],
  ]
  for (const [zone, text, instant, then] of cases) {
    assert.equal(instantAt(zone, wall(text)).toISOString(), new Date(instant).toISOString(), `${zone} ${text}`)
    assert.equal(shown(zone, new Date(instant)), then, `${zone} ${instant}`)
  }
})

test('tomorrow at nine is at nine, on the days of 23 and of 25 hours too', () => {
  const hours = { from: 9 * 60, to: 18 * 60 }
  const spring = instantAt('Europe/Vienna', wall('2026-03-28 10:00'))
  assert.equal(daysLater('Europe/Vienna', spring, 1, hours).getTime() - spring.getTime(), 23 * 3_600_000)
  const autumn = instantAt('Europe/Vienna', wall('2026-10-24 10:00'))
  assert.equal(daysLater('Europe/Vienna', autumn, 1, hours).getTime() - autumn.getTime(), 25 * 3_600_000)
  assert.equal(shown('Europe/Vienna', daysLater('Europe/Vienna', instantAt('Europe/Vienna', wall('2026-03-27 21:30')), 1, hours)), '2026-03-29 09:00')
  assert.equal(shown('Pacific/Apia', tomorrow('Pacific/Apia', instantAt('Pacific/Apia', wall('2011-12-29 15:00')), hours)), '2011-12-31 09:00')
})

const seed = 20_261_123
const moments = fc.date({ min: new Date('2024-01-01T00:00:00Z'), max: new Date('2027-01-01T00:00:00Z'), noInvalidDate: true })

test(`the clock on the wall and the moment lead back to one another (seed ${seed})`, () => {
  fc.assert(
    fc.property(fc.constantFrom(...zones), moments, (zone, moment) => {
      const minute = new Date(Math.floor(moment.getTime() / 60_000) * 60_000)
      const back = instantAt(zone, wallTime(zone, minute))
      // The same moment, or an earlier one that the clock showed alike: an hour that the zone has twice.
      assert.ok(back <= minute)
      assert.deepEqual(wallTime(zone, back), wallTime(zone, minute))
      assert.ok(minute.getTime() - back.getTime() <= 2 * 3_600_000)
    }),
    { seed, numRuns: 5_000 },
  )
})

test(`an opening is within the hours, never in the past, and none is passed over (seed ${seed})`, () => {
  const hours = { from: 9 * 60, to: 18 * 60 }
  fc.assert(
    fc.property(fc.constantFrom(...zones), moments, (zone, moment) => {
      const opening = nextOpening(zone, moment, hours)
      assert.ok(opening >= moment)
      assert.ok(isOpen(zone, opening, hours))
      for (let at = moment.getTime(); at < opening.getTime(); at += 15 * 60_000) assert.ok(!isOpen(zone, new Date(at), hours), `${zone}: ${new Date(at).toISOString()} was open before ${opening.toISOString()}`)
      const next = tomorrow(zone, moment, hours)
      assert.ok(isOpen(zone, next, hours))
      assert.ok(isSameDay(wallTime(zone, next), addDays(wallTime(zone, moment), 1)))
      assert.ok(isOpen(zone, daysLater(zone, moment, 7, hours), hours))
    }),
    { seed, numRuns: 2_000 },
  )
})

test("an unknown zone gives way to the issuer's, and that to UTC, and it is said whose it is", () => {
  assert.deepEqual(zoneOf({ timeZone: 'Asia/Kolkata' }, { timeZone: 'Europe/Vienna' }), { zone: 'Asia/Kolkata', of: 'learner' })
  for (const unknown of ['', 'Mars/Olympus', 'not a zone', '__proto__', 'Europe/Vienna\n']) {
    assert.equal(isZone(unknown), false, unknown)
    assert.deepEqual(zoneOf({ timeZone: unknown }, { timeZone: 'Europe/Vienna' }), { zone: 'Europe/Vienna', of: 'issuer' })
    assert.deepEqual(zoneOf({ timeZone: unknown }, { timeZone: unknown }), { zone: 'UTC', of: 'nobody' })
  }
  assert.deepEqual(zoneOf({ timeZone: '' }, undefined), { zone: 'UTC', of: 'nobody' })
})
