/**
 * What a credential says, for showing. Called on documents only whose proofs hold, so that nothing is shown that nobody signed.
 */
import { badgeKind, isObject, listOf, type Json, type JsonObject } from '#kernel/openbadge'
import { issuerIdOf } from './issuer.ts'
import type { TrustedIssuer } from './loaders.ts'
import type { Facts } from './report.ts'

/** Lists longer than this are cut; a page has no room for more. */
const mostShown = 50

/** A text, or the text of a language value; the first of several. */
function words(value: Json | undefined): string | undefined {
  const [first] = listOf(value)
  const text = isObject(first) ? first['@value'] : first
  return typeof text === 'string' && text.trim() !== '' ? text : undefined
}

function objects(value: Json | undefined): JsonObject[] {
  return listOf(value).filter(isObject).slice(0, mostShown)
}

function part(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {}
}

/** Drops what is undefined, so that absent facts are absent. */
function present<T extends object>(facts: T): T {
  return Object.fromEntries(Object.entries(facts).filter(([, held]) => held !== undefined)) as T
}

/** The facts of a proven document; `listed` is what a trusted registry says about the issuer. */
export function factsOf(document: JsonObject, listed?: TrustedIssuer): Facts {
  const kind = badgeKind(document)
  const subject = objects(document['credentialSubject'])[0] ?? {}
  const achievement = kind === 'AchievementCredential' ? part(subject['achievement']) : {}
  const issuer = part(document['issuer'])
  const criteria = part(achievement['criteria'])
  const descriptions = objects(achievement['resultDescription'])
  const image = achievement['image'] ?? document['image']
  return Object.freeze(
    present({
      kind: kind === 'AchievementCredential' ? ('achievement' as const) : kind === 'EndorsementCredential' ? ('endorsement' as const) : ('other' as const),
      credentialId: words(document['id']),
      who: learnerName(subject),
      subjectId: words(subject['id']),
      what: words(achievement['name']) ?? words(document['name']),
      description: words(achievement['description']) ?? words(document['description']),
      language: words(achievement['inLanguage']),
      criteria: words(criteria['narrative']),
      criteriaUrl: words(criteria['id']),
      achievementType: words(achievement['achievementType']),
      fieldOfStudy: words(achievement['fieldOfStudy']),
      assessed: words(descriptions.find((one) => one['resultType'] === 'ext:AssessmentMethod')?.['name']),
      hours: positive(words(descriptions.find((one) => one['resultType'] === 'ext:WorkloadHours')?.['requiredValue'])),
      credits: rounded(subject['creditsEarned'] ?? achievement['creditsAvailable']),
      alignments: objects(achievement['alignment']).flatMap((one) => {
        const name = words(one['targetName'])
        const url = words(one['targetUrl'])
        return name === undefined || url === undefined ? [] : [present({ name, url, framework: words(one['targetFramework']) })]
      }),
      results: objects(subject['result']).flatMap((one) => resultOf(one, descriptions)),
      evidence: objects(document['evidence']).map((one) => present({ name: words(one['name']), url: words(one['id']), narrative: words(one['narrative']) ?? words(one['description']) })),
      comment: kind === 'EndorsementCredential' ? words(subject['endorsementComment']) : undefined,
      issuerName: words(issuer['name']),
      issuerId: issuerIdOf(document) ?? '',
      issuerUrl: words(issuer['url']),
      registryName: listed?.name,
      registry: listed?.registry,
      validFrom: words(document['validFrom'] ?? document['issuanceDate']),
      validUntil: words(document['validUntil'] ?? document['expirationDate']),
      awardedDate: words(document['awardedDate']),
      imageUrl: words(isObject(image) ? image['id'] : image),
    }),
  ) as Facts
}

/** The name that the credential gives its subject: an identity of type name, else `name`, else given and family name of a profile. */
function learnerName(subject: JsonObject): string | undefined {
  const named = objects(subject['identifier']).find((one) => one['identityType'] === 'name' && one['hashed'] === false)
  if (named !== undefined) return words(named['identityHash'])
  const whole = words(subject['name'])
  if (whole !== undefined) return whole
  const parts = [words(subject['givenName']), words(subject['familyName'])].filter((one) => one !== undefined)
  return parts.length > 0 ? parts.join(' ') : undefined
}

function resultOf(result: JsonObject, descriptions: readonly JsonObject[]): { name?: string; value: string }[] {
  const description = descriptions.find((one) => one['id'] === result['resultDescription'])
  const level = objects(description?.['rubricCriterionLevel']).find((one) => one['id'] === result['achievedLevel'])
  const value = words(result['value']) ?? words(level?.['name']) ?? words(result['status'])
  return value === undefined ? [] : [present({ name: words(description?.['name']), value })] as { name?: string; value: string }[]
}

function positive(text: string | undefined): number | undefined {
  const number = text === undefined ? Number.NaN : Number(text)
  return Number.isFinite(number) && number > 0 ? number : undefined
}

/** To 15 significant digits: RDF signs numbers with 16 (JSON-LD 1.1 API §8.6), so nothing is shown that the signature does not cover. */
function rounded(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? Number(value.toPrecision(15)) : undefined
}
