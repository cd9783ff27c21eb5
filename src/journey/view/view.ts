/** Somebody, or something, looked at a credential's page. */

export const viewerClasses = ['human', 'owner', 'preview_bot', 'scanner', 'robot', 'unknown'] as const
export type ViewerClass = (typeof viewerClasses)[number]

/** page: the page was asked for. beacon: it says that it was visible. verification: somebody had the credential checked. */
export type HitKind = 'page' | 'beacon' | 'verification'

export interface Hit {
  readonly credentialId: string
  readonly kind: HitKind
  readonly at: Date
  /** By session or by the owner's own signed cookie. */
  readonly owner?: boolean | undefined
  /** Of the request; GET when left out. */
  readonly method?: string | undefined
  /** The browser said that it was only fetching ahead. */
  readonly prefetch?: boolean | undefined
  /** Milliseconds since the mail went out whose link it was. */
  readonly sinceMailMs?: number | undefined
  /** Of a beacon: how long the page was visible. */
  readonly visibleMs?: number | undefined
  readonly placementToken?: string | undefined
  /** Of `visitorOf`: never an address. */
  readonly visitor?: string | undefined
  /** Of `networkOf`. */
  readonly network?: string | undefined
  readonly userAgent?: string | undefined
  readonly referrerHost?: string | undefined
  /** How often within one second; once when left out. */
  readonly times?: number | undefined
}

export interface Classified {
  readonly class: ViewerClass
  /** For a preview robot, its network. */
  readonly reason: string
}

/** A hit as it is kept. */
export interface KeptHit extends Hit, Classified {
  readonly id: string
  readonly counted: boolean
}
