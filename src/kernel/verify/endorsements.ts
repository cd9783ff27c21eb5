/**
 * Embedded endorsements: each is a credential of its own, signed by somebody else, and is verified as one. The issuer's signature over the whole says
 * only that the issuer put it there.
 */
import { isObject, listOf, type Json, type JsonObject } from '#kernel/openbadge'
import { open, openDocument, type Opened } from './open.ts'
import type { EndorsementReport, Report } from './report.ts'

/** Each costs a whole verification. */
const mostEndorsements = 8

/** Endorsements of the credential, its achievement and its issuer, in this order. */
export async function verifyEndorsements(document: JsonObject, again: (opened: Opened) => Promise<Report>): Promise<readonly EndorsementReport[]> {
  const subject = part(document['credentialSubject'])
  const places = [document, part(subject['achievement']), part(document['issuer'])]
  const given = places.flatMap((place) => [...listOf(place['endorsement']), ...listOf(place['endorsementJwt'])]).slice(0, mostEndorsements)
  const reports: EndorsementReport[] = []
  for (const one of given) {
    const opened = typeof one === 'string' ? open(one) : isObject(one) ? openDocument(one, 'json') : undefined
    if (opened === undefined) continue
    const { verdict, facts, checks, reason } = await again(opened)
    const decided = checks.find((check) => check.code === reason)
    reports.push(
      Object.freeze({
        verdict,
        code: reason,
        detail: decided?.detail ?? '',
        ...(facts?.issuerName === undefined ? {} : { by: facts.issuerName }),
        ...(facts === undefined ? {} : { byId: facts.issuerId }),
        ...(facts?.comment === undefined ? {} : { comment: facts.comment }),
        ...(facts?.subjectId === undefined ? {} : { about: facts.subjectId }),
      }),
    )
  }
  return Object.freeze(reports)
}

function part(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {}
}
