/**
 * What a learner has achieved, and the parts that describe it. Names and meanings are those of Open Badges 3.0.
 */
import { finding, type LintFinding } from './finding.ts'
import { deepFreeze, isObject, type Json, type JsonObject } from './json.ts'
import { checkAchievementSense } from './sense.ts'
import { checkShape } from './shape.ts'

export interface Image {
  readonly id: string
  readonly type: 'Image'
  readonly caption?: string
}

export interface Alignment {
  readonly type: readonly string[]
  readonly targetName: string
  readonly targetUrl: string
  readonly targetCode?: string
  readonly targetDescription?: string
  readonly targetFramework?: string
  /** A term of CASE or CTDL, or an extension such as `ext:ESCO.Skill`. */
  readonly targetType?: string
}

export interface Criteria {
  readonly id?: string
  /** Markdown. */
  readonly narrative?: string
}

export interface IdentifierEntry {
  readonly type: 'IdentifierEntry'
  readonly identifier: string
  readonly identifierType: string
}

export interface Related {
  readonly id: string
  readonly type: readonly string[]
  readonly inLanguage?: string
  readonly version?: string
}

export interface RubricCriterionLevel {
  readonly id: string
  readonly type: readonly string[]
  readonly name: string
  readonly alignment?: readonly Alignment[]
  readonly description?: string
  readonly level?: string
  readonly points?: string
}

export interface ResultDescription {
  readonly id: string
  readonly type: readonly string[]
  readonly name: string
  readonly resultType: string
  readonly alignment?: readonly Alignment[]
  readonly allowedValue?: readonly string[]
  readonly requiredLevel?: string
  readonly requiredValue?: string
  readonly rubricCriterionLevel?: readonly RubricCriterionLevel[]
  readonly valueMax?: string
  readonly valueMin?: string
}

export interface Address {
  readonly type: readonly string[]
  readonly addressCountry?: string
  readonly addressCountryCode?: string
  readonly addressRegion?: string
  readonly addressLocality?: string
  readonly streetAddress?: string
  readonly postOfficeBoxNumber?: string
  readonly postalCode?: string
  readonly geo?: { readonly type: 'GeoCoordinates'; readonly latitude: number; readonly longitude: number }
}

export interface Profile {
  readonly id: string
  readonly type: readonly string[]
  readonly name?: string
  readonly url?: string
  readonly phone?: string
  readonly description?: string
  readonly endorsement?: readonly JsonObject[]
  readonly endorsementJwt?: readonly string[]
  readonly image?: Image
  readonly email?: string
  readonly address?: Address
  readonly otherIdentifier?: readonly IdentifierEntry[]
  readonly official?: string
  readonly parentOrg?: Profile
}

export interface Achievement {
  readonly id: string
  readonly type: readonly string[]
  readonly name: string
  readonly description: string
  readonly criteria: Criteria
  readonly achievementType?: string
  readonly alignment?: readonly Alignment[]
  readonly creator?: string | Profile
  readonly creditsAvailable?: number
  readonly endorsement?: readonly JsonObject[]
  readonly endorsementJwt?: readonly string[]
  readonly fieldOfStudy?: string
  readonly humanCode?: string
  readonly image?: Image
  readonly inLanguage?: string
  readonly otherIdentifier?: readonly IdentifierEntry[]
  readonly related?: readonly Related[]
  readonly resultDescription?: readonly ResultDescription[]
  readonly specialization?: string
  readonly tag?: readonly string[]
  readonly version?: string
}

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly findings: readonly LintFinding[] }

const closed = { singleTypes: false, closed: true }

/**
 * Reads an Open Badges 3.0 Achievement, as in `examples/achievement.json`. Every fault is listed with its JSON pointer; nothing is repaired.
 * Properties that the class tables do not name are refused, because the signature would have to leave them out or invent a meaning for them.
 */
export function parseAchievement(input: unknown): Parsed<Achievement> {
  return parsed<Achievement>(input, 'Achievement', (value) => checkAchievementSense(value, ''))
}

/** Reads an Open Badges 3.0 Profile: an issuer, a creator, a source. An issuer needs a name. */
export function parseProfile(input: unknown): Parsed<Profile> {
  return parsed<Profile>(input, 'Profile', (value) => (typeof value['name'] === 'string' && value['name'].trim() !== '' ? [] : [finding('issuer_name_missing', '/name')]))
}

function parsed<T>(input: unknown, className: string, sense: (value: JsonObject) => readonly LintFinding[]): Parsed<T> {
  const value = asJson(input)
  if (value === undefined || !isObject(value)) return { ok: false, findings: [finding('wrong_kind', '', { name: 'The document', wanted: 'an object' })] }
  const shape = checkShape(value, className, '', closed)
  const findings = shape.length > 0 ? shape : sense(value)
  return findings.length > 0 ? { ok: false, findings } : { ok: true, value: deepFreeze(structuredClone(value)) as unknown as T }
}

/** An unknown value as JSON: what is no JSON (undefined, functions, dates, cycles) is not accepted. */
function asJson(input: unknown): Json | undefined {
  try {
    return JSON.parse(JSON.stringify(input)) as Json
  } catch {
    return undefined
  }
}

/**
 * The workload in hours, where the achievement states one.
 *
 * Open Badges 3.0 has no property for hours (`creditsAvailable` counts credits). We write it as a result description of the extended type
 * `ext:WorkloadHours` with the hours in `requiredValue`, which every reader of Open Badges can display.
 */
export function workloadHours(achievement: Achievement): number | undefined {
  const stated = achievement.resultDescription?.find((one) => one.resultType === 'ext:WorkloadHours')?.requiredValue
  const hours = stated === undefined ? Number.NaN : Number(stated)
  return Number.isFinite(hours) && hours > 0 ? hours : undefined
}

/** How the achievement is assessed, in a few words: the name of the result description of type `ext:AssessmentMethod`. */
export function assessmentMethod(achievement: Achievement): string | undefined {
  return achievement.resultDescription?.find((one) => one.resultType === 'ext:AssessmentMethod')?.name
}
