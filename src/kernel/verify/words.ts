/**
 * The verdict, and how to say it to a hiring manager with ten seconds.
 */
import { shown } from './reasons.ts'
import type { checkNames, Check, Facts, Verdict } from './report.ts'

/** Checks that may fail or stay open without taking anything from the verdict: a newer version does not make this one false. */
const beside = new Set<Check['name']>(['refresh'])

/** Trusted when all passed; not proved when anything failed or the proof stayed open; in between otherwise. */
export function verdictOf(checks: readonly Check[]): Verdict {
  const counted = checks.filter((one) => !beside.has(one.name))
  if (counted.some((one) => one.result === 'failed')) return 'not_proved'
  const proved = (['parsed', 'contexts', 'proof'] as const).every((name) => counted.some((one) => one.name === name) && counted.every((one) => one.name !== name || one.result === 'passed'))
  if (!proved) return 'not_proved'
  return counted.every((one) => one.result === 'passed') ? 'trusted' : 'unknown_issuer'
}

/**
 * What decided: for a failed report the first failure in the order in which a reader should hear of it (what was tampered with before what has merely
 * run out), else the first that stayed open.
 */
export function decisive(checks: readonly Check[]): Check {
  const order = ['parsed', 'proof', 'contexts', 'issuer', 'status', 'dates', 'schema', 'registry', 'refresh'] as const satisfies readonly (typeof checkNames)[number][]
  const sorted = order.flatMap((name) => checks.filter((one) => one.name === name))
  const counted = sorted.filter((one) => !beside.has(one.name))
  return counted.find((one) => one.result === 'failed') ?? counted.find((one) => one.result === 'not_checked') ?? (sorted.find((one) => one.name === 'registry') as Check)
}

export interface Spoken {
  readonly headline: string
  readonly explanation: string
}

/** The headline and why, in the words of the design language. */
export function spoken(verdict: Verdict, reason: Check, facts: Facts | undefined): Spoken {
  if (verdict === 'trusted') {
    const issuer = shown(facts?.registryName ?? facts?.issuerName ?? 'The issuer')
    return { headline: 'Yes. It is genuine, and we know the issuer.', explanation: `${issuer} says so itself, and a registry that this site trusts lists the issuer.` }
  }
  return verdict === 'unknown_issuer' ? spokenOpen(reason, facts) : spokenNot(reason)
}

function spokenOpen(reason: Check, facts: Facts | undefined): Spoken {
  const issuer = facts?.issuerName === undefined ? 'the issuer' : `“${shown(facts.issuerName)}”`
  if (reason.name === 'issuer') return { headline: 'It was signed and not changed, but not certainly by the issuer it names.', explanation: `${reason.detail} Ask ${issuer} before you rely on it.` }
  if (reason.name === 'status') return { headline: 'It is genuine, but whether it was withdrawn could not be checked.', explanation: reason.detail }
  if (reason.name === 'registry') return { headline: 'It is genuine, but we do not know the issuer.', explanation: `Somebody signed it and nobody changed it since. Whether ${issuer} is a real school, a signature cannot say.` }
  return { headline: 'It is genuine, but not everything about it could be checked.', explanation: reason.detail }
}

const ended: Readonly<Record<string, string>> = {
  'status.revoked': 'Revoked. Do not rely on it.',
  'status.suspended': 'Suspended. Do not rely on it for now.',
  'dates.expired': 'It has expired.',
  'dates.not_yet': 'It is not in force yet.',
}

function spokenNot(reason: Check): Spoken {
  const known = ended[reason.code]
  if (known !== undefined) return { headline: known, explanation: `${reason.detail} The signature holds.` }
  if (reason.name === 'parsed') return { headline: 'No credential could be read.', explanation: reason.detail }
  if (reason.code === 'proof.signature_wrong') return { headline: 'Not proved. Do not rely on this file.', explanation: 'What this file says is not what the issuer signed. It was changed, or never signed by them.' }
  if (reason.code === 'proof.token_key_missing') return { headline: 'Not proved.', explanation: `${reason.detail} Ask the candidate for the original file.` }
  if (reason.code === 'proof.key_unreachable') return { headline: 'Not proved for now.', explanation: `${reason.detail} Try again later.` }
  return { headline: 'Not proved. Do not rely on this file.', explanation: reason.detail }
}
