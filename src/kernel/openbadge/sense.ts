/**
 * What the class tables say in words and a schema cannot hold: results fit their descriptions, identities are hashed, criteria say something.
 */
import { finding, type LintFinding } from './finding.ts'
import { isObject, listOf, under, type Json, type JsonObject } from './json.ts'

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined
}

function objects(value: Json | undefined): JsonObject[] {
  return listOf(value).filter(isObject)
}

/** Findings about an achievement that follows the class tables but not their words. */
export function checkAchievementSense(achievement: JsonObject, pointer: string): LintFinding[] {
  const found: LintFinding[] = []
  const criteria = achievement['criteria']
  if (isObject(criteria) && text(criteria['narrative']) === undefined && text(criteria['id']) === undefined) found.push(finding('criteria_empty', under(pointer, 'criteria')))
  objects(achievement['resultDescription']).forEach((description, at) => {
    const levels = objects(description['rubricCriterionLevel']).map((level) => level['id'])
    const required = text(description['requiredLevel'])
    const here = under(under(pointer, 'resultDescription'), at)
    if (required !== undefined && !levels.includes(required)) found.push(finding('required_level_unknown', under(here, 'requiredLevel'), { name: required }))
    const value = text(description['requiredValue'])
    if (value !== undefined) found.push(...checkValue(value, description, under(here, 'requiredValue')))
  })
  return found
}

/** Findings about the subject of an achievement credential: who it is, and whether each result is one that the achievement describes. */
export function checkSubjectSense(subject: JsonObject, pointer: string): LintFinding[] {
  const found: LintFinding[] = []
  const identifiers = objects(subject['identifier'])
  if (text(subject['id']) === undefined && identifiers.length === 0) found.push(finding('subject_unidentified', pointer))
  identifiers.forEach((identity, at) => found.push(...checkIdentity(identity, under(under(pointer, 'identifier'), at))))
  const achievement = subject['achievement']
  if (!isObject(achievement)) return found
  found.push(...checkAchievementSense(achievement, under(pointer, 'achievement')))
  const descriptions = objects(achievement['resultDescription'])
  objects(subject['result']).forEach((result, at) => found.push(...checkResult(result, descriptions, under(under(pointer, 'result'), at))))
  return found
}

/**
 * A hashed identity is `sha256$` and 64 hexadecimal digits; MD5 is read but not written. Without a salt an e-mail address is found by trying
 * (the specification calls the salt optional; research/reliability.md section 8: a hash of an e-mail is not anonymous).
 */
function checkIdentity(identity: JsonObject, pointer: string): LintFinding[] {
  if (identity['hashed'] === true) {
    const found: LintFinding[] = []
    if (!/^sha256\$[0-9a-fA-F]{64}$/.test(text(identity['identityHash']) ?? '')) found.push(finding('identity_not_hash', under(pointer, 'identityHash')))
    if ((text(identity['salt']) ?? '').length < 16) found.push(finding('identity_unsalted', under(pointer, 'salt')))
    return found
  }
  const type = text(identity['identityType'])
  return type === 'emailAddress' || type === 'nationalIdentityNumber' ? [finding('identity_in_clear', under(pointer, 'identityHash'), { name: type === 'emailAddress' ? 'e-mail address' : 'identity number' })] : []
}

function checkResult(result: JsonObject, descriptions: readonly JsonObject[], pointer: string): LintFinding[] {
  const linked = text(result['resultDescription'])
  if (linked === undefined) return []
  const description = descriptions.find((one) => one['id'] === linked)
  if (description === undefined) return [finding('result_unlinked', under(pointer, 'resultDescription'), { name: linked })]
  const found: LintFinding[] = []
  const level = text(result['achievedLevel'])
  if (level !== undefined && !objects(description['rubricCriterionLevel']).some((one) => one['id'] === level)) found.push(finding('result_level_unknown', under(pointer, 'achievedLevel'), { name: level }))
  if (description['resultType'] === 'Status' && text(result['status']) === undefined) found.push(finding('result_status_missing', under(pointer, 'status')))
  const value = text(result['value'])
  if (value !== undefined) found.push(...checkValue(value, description, under(pointer, 'value')))
  return found
}

/** A value is one of `allowedValue`, or between `valueMin` and `valueMax` where these are numbers. */
function checkValue(value: string, description: JsonObject, pointer: string): LintFinding[] {
  const allowed = listOf(description['allowedValue']).filter((one) => typeof one === 'string')
  if (allowed.length > 0) return allowed.includes(value) ? [] : [finding('result_value_outside', pointer, { wanted: allowed.join(', ') })]
  const low = Number(text(description['valueMin']) ?? '-Infinity')
  const high = Number(text(description['valueMax']) ?? 'Infinity')
  const number = Number(value)
  if (Number.isNaN(low) || Number.isNaN(high) || (low === -Infinity && high === Infinity)) return []
  return number >= low && number <= high ? [] : [finding('result_value_outside', pointer, { wanted: `${low} to ${high}` })]
}
