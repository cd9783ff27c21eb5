/**
 * The stratum of a learner: field of study, country group, degree. Estimates are adjusted for it afterwards.
 *
 * The study's strata are primary domain, developing country and college degree (Athey and Palikot 2024, section 3.2, by the OECD's list).
 * Here the country group is membership of the OECD, which is public, stable and needs no judgement: oecd, other, or unknown.
 */

/** The 38 members of the OECD since Costa Rica joined on 25 May 2021 (oecd.org/about/members), ISO 3166-1 alpha-2. */
const oecd = new Set('AU AT BE CA CL CO CR CZ DK EE FI FR DE GR HU IS IE IL IT JP KR LV LT LU MX NL NZ NO PL PT SK SI ES SE CH TR GB US'.split(' '))

/** Words for a finished degree of college or university; education is what the provider wrote, in any of several languages. */
const degree = /bachelor|master|doctor|ph\.?d|licen[cs]|dipl[oô]m|magist|maestr|mestrad|graduat|b\.?sc|m\.?sc|\bmba\b|college degree|degree/i
const noDegree = /no degree|high school|secondary|primary|some college|none|vocational|associate|undergrad/i

export function stratumOf(learner: { readonly country: string | undefined; readonly education: string | undefined }, domain: string): string {
  const country = learner.country === undefined ? 'unknown' : oecd.has(learner.country) ? 'oecd' : 'other'
  const education = learner.education === undefined || learner.education === '' ? 'unknown' : noDegree.test(learner.education) ? 'no_degree' : degree.test(learner.education) ? 'degree' : 'no_degree'
  return `${domain} / ${country} / ${education}`
}
