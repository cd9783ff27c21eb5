/**
 * Builds the unsigned credential. Nothing here signs, draws an index or knows the time.
 */
import type { Achievement, Image, Profile } from './achievement.ts'
import { credentialsV2Url, openBadgesUrl } from './context.ts'
import type { IdentityObject } from './identity.ts'
import { deepFreeze, isObject, type Json, type JsonObject } from './json.ts'

const extensionsUrl = 'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json'

export interface StatusPlace {
  readonly statusListCredential: string
  readonly index: number
  readonly purpose: 'revocation' | 'suspension' | 'refresh' | 'message'
}

export interface Evidence {
  readonly id?: string
  readonly type: readonly string[]
  readonly narrative?: string
  readonly name?: string
  readonly description?: string
  readonly genre?: string
  readonly audience?: string
}

export interface Result {
  readonly type: readonly string[]
  readonly achievedLevel?: string
  readonly resultDescription?: string
  readonly status?: 'Completed' | 'Enrolled' | 'Failed' | 'InProgress' | 'OnHold' | 'Withdrew'
  readonly value?: string
}

/** Who receives the credential. At least an id or one identity is needed (Open Badges 3.0, AchievementSubject). */
export interface Recipient {
  /** A DID or another address that belongs to the learner. */
  readonly id?: string
  /** Salted hashes, or a name in clear text; see `hashedIdentity` and `namedIdentity`. */
  readonly identifier?: readonly IdentityObject[]
}

export interface AchievementCredentialParts {
  readonly id: string
  readonly issuer: Profile | string
  readonly achievement: Achievement
  readonly subject: Recipient
  /** xsd:dateTimeStamp. */
  readonly validFrom: string
  readonly validUntil?: string
  readonly awardedDate?: string
  /** The title in wallets; the achievement's name when left out. */
  readonly name?: string
  readonly description?: string
  readonly image?: Image
  readonly status?: StatusPlace | readonly StatusPlace[]
  readonly evidence?: readonly Evidence[]
  readonly results?: readonly Result[]
  readonly narrative?: string
  readonly activityStartDate?: string
  readonly activityEndDate?: string
  readonly creditsEarned?: number
  readonly licenseNumber?: string
  readonly role?: string
  readonly term?: string
  readonly source?: Profile
  readonly endorsement?: readonly JsonObject[]
  readonly endorsementJwt?: readonly string[]
  readonly credentialSchema?: readonly { readonly id: string; readonly type: string }[]
  readonly refreshService?: { readonly id: string; readonly type: string }
  readonly termsOfUse?: readonly JsonObject[]
  /** Language of the achievement's texts (BCP 47), where the achievement does not say. */
  readonly language?: string
}

/**
 * An unsigned Open Badges 3.0 AchievementCredential in VC Data Model 2.0: both contexts in their order, sets as lists, no nulls, no empty lists.
 * The caller lints it (`lint`) before it is signed. Keys come in a fixed order, so equal parts give equal bytes.
 */
export function buildAchievementCredential(parts: AchievementCredentialParts): JsonObject {
  const { achievement, language } = parts
  const named = language === undefined || achievement.inLanguage !== undefined ? achievement : { ...achievement, inLanguage: language }
  return finished({
    '@context': contexts(parts.credentialSchema, parts.refreshService),
    id: parts.id,
    type: ['VerifiableCredential', 'AchievementCredential'],
    name: parts.name ?? achievement.name,
    description: parts.description,
    image: parts.image,
    issuer: parts.issuer,
    validFrom: parts.validFrom,
    validUntil: parts.validUntil,
    awardedDate: parts.awardedDate,
    credentialSubject: {
      id: parts.subject.id,
      type: ['AchievementSubject'],
      identifier: parts.subject.identifier,
      activityStartDate: parts.activityStartDate,
      activityEndDate: parts.activityEndDate,
      creditsEarned: parts.creditsEarned,
      licenseNumber: parts.licenseNumber,
      role: parts.role,
      term: parts.term,
      source: parts.source,
      narrative: parts.narrative,
      achievement: named,
      result: parts.results,
    },
    evidence: parts.evidence,
    endorsement: parts.endorsement,
    endorsementJwt: parts.endorsementJwt,
    credentialSchema: parts.credentialSchema,
    credentialStatus: statusEntries(parts.status),
    refreshService: parts.refreshService,
    termsOfUse: parts.termsOfUse,
  })
}

export interface EndorsementCredentialParts {
  readonly id: string
  readonly issuer: Profile | string
  /** What is endorsed: a profile, an achievement, a credential. */
  readonly endorsed: string
  /** Markdown. */
  readonly comment?: string
  readonly name: string
  readonly description?: string
  readonly validFrom: string
  readonly validUntil?: string
  readonly awardedDate?: string
  readonly status?: StatusPlace | readonly StatusPlace[]
  readonly refreshService?: { readonly id: string; readonly type: string }
  readonly termsOfUse?: readonly JsonObject[]
}

/** An unsigned Open Badges 3.0 EndorsementCredential, to stand alone or, once signed, inside what it endorses. */
export function buildEndorsementCredential(parts: EndorsementCredentialParts): JsonObject {
  return finished({
    '@context': contexts(undefined, parts.refreshService),
    id: parts.id,
    type: ['VerifiableCredential', 'EndorsementCredential'],
    name: parts.name,
    description: parts.description,
    issuer: parts.issuer,
    validFrom: parts.validFrom,
    validUntil: parts.validUntil,
    awardedDate: parts.awardedDate,
    credentialSubject: { id: parts.endorsed, type: ['EndorsementSubject'], endorsementComment: parts.comment },
    credentialStatus: statusEntries(parts.status),
    refreshService: parts.refreshService,
    termsOfUse: parts.termsOfUse,
  })
}

/** A status entry as Bitstring Status List v1.0 §2.1 has it. */
export function statusEntry(place: StatusPlace): JsonObject {
  if (!Number.isSafeInteger(place.index) || place.index < 0) throw new TypeError('a status index is a whole number from 0')
  const index = String(place.index)
  return Object.freeze({
    id: `${place.statusListCredential}#${index}`,
    type: 'BitstringStatusListEntry',
    statusPurpose: place.purpose,
    statusListIndex: index,
    statusListCredential: place.statusListCredential,
  })
}

function statusEntries(status: AchievementCredentialParts['status']): Json | undefined {
  if (status === undefined) return undefined
  const places: readonly StatusPlace[] = isList(status) ? status : [status]
  // Open Badges 3.0 has room for one entry, so one is written as an object and only several as a list.
  return places.length === 1 ? statusEntry(places[0] as StatusPlace) : places.map(statusEntry)
}

function isList(status: StatusPlace | readonly StatusPlace[]): status is readonly StatusPlace[] {
  return Array.isArray(status)
}

/** The two contexts, and the one for 1EdTech's own schema and refresh types where one of these is used. */
function contexts(schemas: AchievementCredentialParts['credentialSchema'], refresh: AchievementCredentialParts['refreshService']): readonly string[] {
  const extended = refresh?.type === '1EdTechCredentialRefresh' || schemas?.some((one) => one.type === '1EdTechJsonSchemaValidator2019')
  return extended ? [credentialsV2Url, openBadgesUrl, extensionsUrl] : [credentialsV2Url, openBadgesUrl]
}

/** Drops what is absent: undefined, null, empty lists (Open Badges 3.0, "Serialization"). */
function finished(value: Readonly<Record<string, unknown>>): JsonObject {
  return deepFreeze(pruned(value) as JsonObject)
}

function pruned(value: unknown): Json | undefined {
  if (value === undefined || value === null) return undefined
  if (Array.isArray(value)) {
    const items = value.map(pruned).filter((item) => item !== undefined)
    return items.length === 0 ? undefined : items
  }
  if (!isObject(value)) return value as Json
  const kept = Object.entries(value).flatMap(([name, held]) => {
    const inner = pruned(held)
    return inner === undefined ? [] : [[name, inner] as const]
  })
  return Object.fromEntries(kept)
}
