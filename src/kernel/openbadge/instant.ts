/**
 * Times and addresses as credentials write them.
 */

const stamp = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,9})?(Z|[+-](?:0\d|1[0-4]):[0-5]\d)?$/

/**
 * Milliseconds since 1970 of an XML Schema `dateTimeStamp`, or undefined when the text is none.
 *
 * A time zone is required (VC Data Model 2.0 §4.9; XML Schema 1.1 part 2 §3.4.28), the day must exist in its month, `24:00:00` is the next midnight,
 * and there is no second 60. Fractions below a millisecond are cut off. Years are four digits, 0001 to 9999.
 */
export function instantOf(text: string): number | undefined {
  const match = stamp.exec(text)
  if (match === null || match[8] === undefined) return undefined
  return isCalendarTime(match) ? Date.parse(normalised(match)) : undefined
}

/** Whether a text is an XML Schema `dateTime`, with or without time zone. */
export function isDateTime(text: string): boolean {
  const match = stamp.exec(text)
  return match !== null && isCalendarTime(match)
}

/** Whether a text is a calendar date, `YYYY-MM-DD`. */
export function isDate(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && isDateTime(`${text}T00:00:00`)
}

function isCalendarTime(match: RegExpExecArray): boolean {
  const [, year, month, day, hour, minute, second] = match.map(Number) as [number, number, number, number, number, number, number]
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return false
  if (hour === 24) return minute === 0 && second === 0 && !/[1-9]/.test(match[7] ?? '')
  return hour < 24 && minute < 60 && second < 60
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

function normalised(match: RegExpExecArray): string {
  const fraction = match[7] === undefined ? '' : match[7].slice(0, 4).padEnd(4, '0')
  return `${match[1]}-${match[2]}-${match[3]}T${match[4]}:${match[5]}:${match[6]}${fraction}${match[8]}`
}

/**
 * Whether a text is one absolute URL in the sense of VC Data Model 2.0 (a URI with a scheme): no white space, no control or delimiter characters,
 * and for http and https a host that the URL standard accepts.
 */
export function isUrl(text: string): boolean {
  // RFC 3986 §3.1 for the scheme; the excluded characters are those that no RFC 3987 IRI may contain.
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`\u0000-\u001f\u007f]+$/.test(text)) return false
  if (/^https?:/i.test(text)) return /^https?:\/\/[^/?#]/i.test(text) && URL.canParse(text)
  if (/^did:/i.test(text)) return /^did:[a-z0-9]+:[A-Za-z0-9._:%-]*[A-Za-z0-9._-]([/?#].*)?$/.test(text)
  return true
}
