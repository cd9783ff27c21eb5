export {
  assessmentMethod,
  parseAchievement,
  parseProfile,
  workloadHours,
  type Achievement,
  type Address,
  type Alignment,
  type Criteria,
  type IdentifierEntry,
  type Image,
  type Parsed,
  type Profile,
  type Related,
  type ResultDescription,
  type RubricCriterionLevel,
} from './achievement.ts'
export {
  buildAchievementCredential,
  buildEndorsementCredential,
  statusEntry,
  type AchievementCredentialParts,
  type EndorsementCredentialParts,
  type Evidence,
  type Recipient,
  type Result,
  type StatusPlace,
} from './build.ts'
export { conformanceContextFor, contextFor, contextRevisions, contextUrls, credentialsV1Url, credentialsV2Url, openBadgesUrl, type ContextRevision, type ContextSource } from './context.ts'
export { isRefused, lintCodes, type LintCode, type LintFinding, type Rule } from './finding.ts'
export { hashedIdentity, isIdentity, namedIdentity, type IdentityObject } from './identity.ts'
export { instantOf, isUrl } from './instant.ts'
export { isObject, jsonFaultCodes, jsonLimits, listOf, readJson, type Json, type JsonFaultCode, type JsonLimits, type JsonObject, type JsonReading } from './json.ts'
export { badgeKind, lint, type BadgeKind, type LintOptions } from './lint.ts'
export { dataModelOf, type DataModel } from './model.ts'
export { unbake } from './carrier.ts'
export { bakePng } from './png.ts'
export { lintPresentation } from './presentation.ts'
export { bakeSvg } from './svg.ts'
export { carrierFaultCodes, isCompact, type CarrierFaultCode, type CarrierKind, type Unbaked } from './unbaked.ts'
export { formFault, formFaultCodes, type FormFault, type FormFaultCode } from './compact-form.ts'
