/** The languages that pages and mails are meant for. One is offered to readers as soon as its catalogue in `words/` is complete. */

export const languages = ['en', 'es', 'pt', 'fr', 'de', 'ar', 'hi', 'zh', 'id', 'ru'] as const
export type Language = (typeof languages)[number]

export type Direction = 'ltr' | 'rtl'

const rightToLeft: readonly string[] = ['ar', 'fa', 'he', 'ps', 'ur']

/** Which way a language runs, from its BCP 47 tag. */
export const directionOf = (tag: string): Direction => (rightToLeft.includes(tag.split('-')[0] ?? '') ? 'rtl' : 'ltr')

/** Each language under its own name, as a reader who knows no other would look for it. */
export const ownNames: Readonly<Record<Language, string>> = {
  en: 'English', es: 'Español', pt: 'Português', fr: 'Français', de: 'Deutsch', ar: 'العربية', hi: 'हिन्दी', zh: '中文', id: 'Bahasa Indonesia', ru: 'Русский',
}
