/** What a page needs beside its own facts: who reads it, in which language, and the secrets of its forms. Plain data. */

export interface Chrome {
  /** BCP 47 tag of the reader's language. */
  readonly language: string
  /** The token that every form of the page carries back. Empty where there is no session to protect. */
  readonly csrf: string
  /** True where invented learners may be on the page: the page then says so at its top. */
  readonly demo: boolean
  /** A palette chosen by hand; without it the reader's system chooses. */
  readonly theme?: 'light' | 'dark' | 'contrast'
  /** Whose pages these are; Laurel's where it is nobody's. */
  readonly brand?: { readonly name: string; readonly address: string }
  /** The same page in other languages. */
  readonly alternatives?: readonly { readonly language: string; readonly address: string }[]
  /** Links at the foot. */
  readonly privacyAddress?: string
  readonly problemAddress?: string
}

/** Where in the desk a page is; the navigation marks it. */
export const places = ['overview', 'learners', 'completions', 'credentials', 'shares', 'experiments', 'reports', 'policies', 'settings', 'keys', 'mail'] as const
export type Place = (typeof places)[number]

/** The chrome of the desk: the pages of the people who run Laurel. */
export interface DeskChrome extends Chrome {
  /** The issuer whose desk it is. */
  readonly issuer: string
  /** Who is signed in, as they know themselves (an address, usually). */
  readonly person: string
  readonly role: 'owner' | 'staff' | 'analyst'
  /** The places that this person may enter, in order, and how many things wait there. */
  readonly navigation: readonly { readonly place: Place; readonly address: string; readonly waiting?: number }[]
  readonly here: Place
  readonly signOutAddress?: string
  /** IANA zone in which times are written. */
  readonly timeZone?: string
}
