/**
 * What pages and mails say, in the reader's language. A message is ICU MessageFormat (plural rules and all) and lives in `words/<language>.ts`;
 * English is the whole list, and a language is offered once its list is complete (words.test.ts holds every list to that).
 *
 * The pages of the people who run Laurel (`interfaces/admin`) are in English and do not come here.
 */
import { IntlMessageFormat } from 'intl-messageformat'
import { figuresOf, type Figures } from './figures.ts'
import { html, isolated, nothing, type Html } from './html.ts'
import { directionOf, languages, type Direction, type Language } from './languages.ts'
import { ar } from './words/ar.ts'
import { de } from './words/de.ts'
import { en } from './words/en.ts'
import { es } from './words/es.ts'
import { fr } from './words/fr.ts'
import { hi } from './words/hi.ts'
import { id } from './words/id.ts'
import { pt } from './words/pt.ts'
import { ru } from './words/ru.ts'
import { zh } from './words/zh.ts'
import type { verify } from './words/verify/en.ts'

export type MessageKey = keyof typeof en
export type Catalogue = Readonly<Record<MessageKey, string>>

/** The lists that there are. A language of `languages` that is missing here is read in English. */
export const catalogues: Readonly<Partial<Record<Language, Catalogue>>> = { en, es, pt, fr, de, ar, hi, zh, id, ru }

export const offered: readonly Language[] = languages.filter((language) => catalogues[language] !== undefined)

/** The part of the list that the verifier says (`words/verify/`). */
export type VerifyWords = Readonly<Record<keyof typeof verify, string>>

type Value = string | number | Html
type Values = Readonly<Record<string, Value>>

export interface Words {
  /** The language that the words are really in. */
  readonly language: Language
  readonly direction: Direction
  readonly figures: Figures
  /** The message as plain text: for titles, attributes, mail subjects. */
  text(key: MessageKey, values?: Readonly<Record<string, string | number>>): string
  /** The message as markup: values are escaped and isolated (a name keeps its own direction), `<b>` in a message is bold. */
  html(key: MessageKey, values?: Values): Html
  /** The same for a key that is made at run time (`check.` and a code, say); undefined where the list has no such message. */
  maybe(key: string, values?: Readonly<Record<string, string | number>>): string | undefined
}

const known = new Map<Language, Words>()

/** The words for a BCP 47 tag: "pt-BR" is read as "pt", and what is not offered as English. */
export function wordsOf(tag: string): Words {
  const wanted = tag.toLowerCase().split('-')[0] ?? ''
  const language = offered.find((one) => one === wanted) ?? 'en'
  const words = known.get(language) ?? make(language, catalogues[language] ?? en)
  known.set(language, words)
  return words
}

const bold = (chunks: readonly unknown[]): Html => html`<b>${chunks}</b>`

function make(language: Language, catalogue: Catalogue): Words {
  const compiled = new Map<string, IntlMessageFormat>()
  const formatOf = (key: MessageKey): IntlMessageFormat => {
    const found = compiled.get(key) ?? new IntlMessageFormat(catalogue[key], `${language}-u-nu-latn`)
    compiled.set(key, found)
    return found
  }
  const text = (key: MessageKey, values?: Readonly<Record<string, string | number>>): string => String(formatOf(key).format(values))
  const has = (key: string): key is MessageKey => Object.hasOwn(catalogue, key)

  return Object.freeze({
    language,
    direction: directionOf(language),
    figures: figuresOf(language),
    text,
    html: (key: MessageKey, values: Values = {}) => {
      const isolatedValues: Record<string, unknown> = { b: bold }
      for (const [name, value] of Object.entries(values)) isolatedValues[name] = typeof value === 'string' ? isolated(value) : value
      const made: unknown = formatOf(key).format(isolatedValues as never)
      return html`${made ?? nothing}`
    },
    maybe: (key: string, values?: Readonly<Record<string, string | number>>) => (has(key) ? text(key, values) : undefined),
  })
}
