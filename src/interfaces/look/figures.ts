/**
 * Numbers, dates and durations as people of a language write them, with the few rules of the house: minus is −, digits are the ones that
 * every reader of the page has (Latin), dates are written out, times carry their zone, a range has a word in it.
 */
import type { Language } from './languages.ts'

export interface Figures {
  number(value: number, decimals?: number): string
  /** A share between 0 and 1 as a percentage: 0.173 is "17.3%". */
  percent(share: number, decimals?: number): string
  /** A difference, with its sign always: 1.006 is "+1.01", −0.3 is "−0.30", 0 is "0.00". */
  signed(value: number, decimals?: number): string
  /** 14 October 2026 */
  date(when: Date | string): string
  /** October 2026 */
  month(when: Date | string): string
  /** 23 November 2026, 09:41 UTC */
  instant(when: Date | string, timeZone?: string): string
  /** ISO 8601 "PT120H" as "120 hours"; what is not a duration comes back as it was. */
  duration(iso: string): string
  /** A, B and C */
  list(items: readonly string[]): string
  /** 4.1 KB, in thousands of bytes as file managers count. */
  bytes(count: number): string
}

/** Day before month in English too, for readers of many countries; Latin digits and the Gregorian calendar everywhere. */
const tagOf = (language: Language): string => `${language === 'en' ? 'en-GB' : language}-u-ca-gregory-nu-latn`

const day = (when: Date | string): Date => {
  const date = typeof when === 'string' ? new Date(when) : when
  if (Number.isNaN(date.getTime())) throw new TypeError(`Not a date: ${String(when)}`)
  return date
}

const minus = (text: string): string => text.replaceAll('-', '\u2212')

export function figuresOf(language: Language): Figures {
  const tag = tagOf(language)
  const kept = new Map<string, Intl.NumberFormat>()
  const formatter = (options: Intl.NumberFormatOptions): Intl.NumberFormat => {
    const key = JSON.stringify(options)
    const known = kept.get(key) ?? new Intl.NumberFormat(tag, options)
    kept.set(key, known)
    return known
  }
  const fixed = (decimals: number): Intl.NumberFormatOptions => ({ minimumFractionDigits: decimals, maximumFractionDigits: decimals })
  const long = new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeZone: 'UTC' })
  const monthly = new Intl.DateTimeFormat(tag, { year: 'numeric', month: 'long', timeZone: 'UTC' })
  const zoned = new Map<string, Intl.DateTimeFormat>()
  const inZone = (timeZone: string): Intl.DateTimeFormat => {
    const known =
      zoned.get(timeZone) ??
      new Intl.DateTimeFormat(tag, {
        year: 'numeric', month: 'long', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone, timeZoneName: 'short',
      })
    zoned.set(timeZone, known)
    return known
  }
  const listing = new Intl.ListFormat(tag, { type: 'conjunction' })

  return Object.freeze({
    // What rounds to zero has no sign.
    number: (value: number, decimals = 0) => minus(formatter({ signDisplay: 'negative', ...fixed(decimals) }).format(value)),
    percent: (share: number, decimals = 1) => minus(formatter({ style: 'percent', signDisplay: 'negative', ...fixed(decimals) }).format(share)),
    signed: (value: number, decimals = 2) => minus(formatter({ signDisplay: 'exceptZero', ...fixed(decimals) }).format(value)),
    date: (when: Date | string) => long.format(day(when)),
    month: (when: Date | string) => monthly.format(day(when)),
    instant: (when: Date | string, timeZone = 'UTC') => inZone(timeZone).format(day(when)).replace(' at ', ', '),
    duration: (iso: string) => {
      const units = parseDuration(iso)
      return units === undefined
        ? iso
        : listing.format(units.map(([n, unit]) => formatter({ style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 1 }).format(n)))
    },
    list: (items: readonly string[]) => listing.format(items),
    bytes: (count: number) => {
      const [n, unit] = count < 1e3 ? [count, 'byte'] : count < 1e6 ? [count / 1e3, 'kilobyte'] : [count / 1e6, 'megabyte']
      return formatter({ style: 'unit', unit: String(unit), unitDisplay: 'short', maximumFractionDigits: Number(n) < 10 && unit !== 'byte' ? 1 : 0 }).format(Number(n))
    },
  })
}

const units = ['year', 'month', 'week', 'day', 'hour', 'minute', 'second'] as const

/** ISO 8601-1:2019 5.5.2.2, the parts that are not zero, largest first; undefined when it is not a duration or says nothing. */
function parseDuration(iso: string): readonly (readonly [number, string])[] | undefined {
  const found = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/u.exec(iso)
  if (found === null) return undefined
  const parts = units.flatMap((unit, i) => (Number(found[i + 1] ?? 0) > 0 ? [[Number(found[i + 1]), unit] as const] : []))
  return parts.length === 0 ? undefined : parts
}
