/** One signed credential of one completion, and what became of it. */

/** Private by default: publishing is the learner's act. link: whoever has the address; public: search engines too. */
export const visibilities = ['private', 'link', 'public'] as const
export type Visibility = (typeof visibilities)[number]

export interface Credential {
  readonly id: string
  /** Unguessable; the one in addresses. */
  readonly publicId: string
  readonly completionId: string
  readonly issuerId: string
  readonly learnerId: string
  readonly achievementId: string
  readonly validFrom: Date
  readonly preparedAt: Date
  readonly signedAt: Date | undefined
  /** The signed document, byte for byte as it is handed out; undefined until it is signed and after the learner was erased. */
  readonly signed: string | undefined
  readonly visibility: Visibility
  /** By which name the learner is known; their own word, shown beside the signed name. */
  readonly knownAs: string | undefined
  readonly statusListId: string
  readonly statusIndex: number
  /** Undefined for a credential that was issued without a place for suspension: it can be revoked only. */
  readonly suspensionListId: string | undefined
  readonly suspendedAt: Date | undefined
  readonly suspensionReason: string | undefined
  readonly revokedAt: Date | undefined
  readonly revocationReason: string | undefined
  readonly withdrawnAt: Date | undefined
}
