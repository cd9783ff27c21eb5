/**
 * Whether the issuer has a newer version: `refreshService` of type 1EdTechCredentialRefresh, a GET that answers with the whole credential.
 *
 * Asked once, after the proof held; what comes is verified in turn and not asked further (Open Badges 3.0, "Verification and Validation", refresh).
 */
import { isObject, listOf, type JsonObject } from '#kernel/openbadge'
import { periodOf } from './dates.ts'
import { issuerIdOf } from './issuer.ts'
import type { VerifyOptions } from './loaders.ts'
import { open, type Opened } from './open.ts'
import { check, shown } from './reasons.ts'
import type { Check, Report } from './report.ts'

/** @param again  verifies what the service answered; undefined where it must not be asked */
export async function checkRefresh(document: JsonObject, options: VerifyOptions, again: ((opened: Opened) => Promise<Report>) | undefined): Promise<{ readonly check: Check; readonly newer?: Report }> {
  const services = listOf(document['refreshService']).filter(isObject)
  if (services.length === 0) return { check: check('refresh', 'none') }
  const service = services.find((one) => listOf(one['type']).includes('1EdTechCredentialRefresh'))
  const url = service?.['id']
  if (typeof url !== 'string' || !/^https?:\/\//.test(url)) {
    const [type] = listOf(services[0]?.['type'])
    return { check: check('refresh', 'type_unknown', { name: typeof type === 'string' ? shown(type) : 'no type' }) }
  }
  if (again === undefined || options.fetchRefresh === undefined) return { check: check('refresh', 'not_asked') }
  const body = await options.fetchRefresh(url)
  if (body === undefined) return { check: check('refresh', 'unreachable') }
  const newer = await again(open(body))
  const given = newer.document
  // Another credential, another issuer, or one that does not hold is no newer version of this one.
  if (given === undefined || newer.verdict === 'not_proved' || given['id'] !== document['id'] || issuerIdOf(given) !== issuerIdOf(document)) return { check: check('refresh', 'answer_wrong') }
  const [before, after] = [periodOf(document).from, periodOf(given).from]
  if (before === undefined || after === undefined || after <= before) return { check: check('refresh', 'current') }
  return { check: check('refresh', 'newer', { date: after }), newer }
}
