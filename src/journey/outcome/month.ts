/**
 * Months as profiles write them: "Mar 2021", "sept. 2019", "févr. 2022", "2021年3月", "2021-03", or a year alone. LinkedIn writes an export in its
 * member's language, so a month is known by its name in any of these, long or short; a name that means two months in two languages (srp,
 * August in Czech and July in Croatian) is known by none.
 */
const languages = ['ar', 'bn', 'cs', 'da', 'de', 'el', 'en', 'es', 'fa', 'fi', 'fr', 'he', 'hi', 'hr', 'hu', 'id', 'it', 'ms', 'nb', 'nl', 'pl', 'pt', 'ro', 'ru', 'sv', 'te', 'th', 'tr', 'uk', 'vi'] // those of LinkedIn's own pages whose months have names

/** As compared: no case, no dots, no marks of direction. */
const bare = (name: string): string => name.toLowerCase().replaceAll(/[.\u200e\u200f\u061c]/g, '').trim()

/** Half a second's work, so it is done when the first export is read. */
function monthsByName(): ReadonlyMap<string, number | undefined> {
  const known = new Map<string, number | undefined>(Object.entries({ sept: 9 })) // beside the names that the locales give
  for (const language of languages)
    for (const month of ['long', 'short'] as const)
      for (let n = 1; n <= 12; n++) {
        const date = new Date(Date.UTC(2021, n - 1, 15))
        // Beside a year or a day many languages put a month in another case than alone.
        const names = [{}, { year: 'numeric' }, { year: 'numeric', day: 'numeric' }].map((beside) => new Intl.DateTimeFormat(`${language}-u-ca-gregory-nu-latn`, { month, ...beside, timeZone: 'UTC' } as Intl.DateTimeFormatOptions).formatToParts(date).find((part) => part.type === 'month')?.value ?? '')
        for (const name of new Set(names.map(bare))) if (!/^\d*$/.test(name)) known.set(name, known.has(name) && known.get(name) !== n ? undefined : n)
      }
  return known
}

let kept: ReadonlyMap<string, number | undefined> | undefined
const monthOf = (name: string): number | undefined => (kept ??= monthsByName()).get(name)

/** The first day of a month, as 2021-03-01; of a year alone, its first. Undefined for what is neither. */
export function firstDay(text: string): string | undefined {
  const given = text.trim()
  const numeric = /^(\d{4})[-/.年년](\d{1,2})(?:[月월]|[-/.]\d{1,2})?$/.exec(given.replaceAll(' ', ''))
  if (numeric) return dayOf(numeric[1]!, Number(numeric[2]))
  const [, year] = /(?:^|\D)(\d{4})(?:\D|$)/.exec(given) ?? []
  if (year === undefined) return undefined
  const rest = bare(given.replace(year, '').replaceAll(/(?<=^|\s)(?:de|г|р)\.?(?=\s|$)/gu, ''))
  return rest === '' ? dayOf(year, 1) : dayOf(year, monthOf(rest))
}

const dayOf = (year: string, month: number | undefined): string | undefined => (month === undefined || month < 1 || month > 12 || Number(year) < 1900 ? undefined : `${year}-${String(month).padStart(2, '0')}-01`)
