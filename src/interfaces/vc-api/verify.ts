/**
 * Verifying what a suite sends, by the kernel's checks, with the contexts of the suites and without asking the network.
 *
 * A suite knows two answers only. What was looked at and found wrong is a refusal. What could not be looked at is told as a warning, as the suites'
 * own vectors need it: an https issuer whose key is a did:key, a token that names no key (research/credentials.md 3.5, traps 3 and 4). The
 * product says the same in three verdicts, and calls neither of these trusted.
 */
import { conformanceContextFor, type JsonObject } from '#kernel/openbadge'
import { verifyCredential, verifyPresentation, type Check, type PresentationOptions, type VerifyOptions } from '#kernel/verify'
import type { World } from '#platform/world'
import { ownStatusList } from './status.ts'

type Needs = Pick<World, 'secrets' | 'config' | 'clock' | 'ids'>

export interface Told {
  readonly verified: boolean
  /** The names of what was checked and is right. */
  readonly checks: readonly string[]
  /** Codes and sentences of what could not be checked, and of what is wrong. */
  readonly warnings: readonly Said[]
  readonly errors: readonly Said[]
}

export interface Said {
  readonly code: string
  readonly detail: string
}

export async function verifyOne(needs: Needs, document: JsonObject): Promise<Told> {
  return told((await verifyCredential(JSON.stringify(document), optionsFor(needs))).checks)
}

export async function verifyPresented(needs: Needs, presentation: JsonObject, asked: Pick<PresentationOptions, 'challenge' | 'domain'>): Promise<Told> {
  const report = await verifyPresentation(presentation, { ...optionsFor(needs), ...asked })
  return told([...report.checks, ...report.credentials.flatMap((one) => one.checks)])
}

function optionsFor(needs: Needs): VerifyOptions {
  return { now: needs.clock.now().getTime(), contexts: conformanceContextFor, expands: true, fetchStatusList: (address) => ownStatusList(needs, address) }
}

/** A newer version, or none to be had, takes nothing from a credential; which registry lists its issuer nobody asks here. */
const beside: ReadonlySet<Check['name']> = new Set(['refresh', 'registry'])

/** A signature that could not be checked is none, save that of a token that does not say whose key it needs. */
const isWrong = ({ name, result, code }: Check): boolean => result === 'failed' || (name === 'proof' && result === 'not_checked' && code !== 'proof.token_key_missing')

function told(all: readonly Check[]): Told {
  const counted = all.filter((one) => !beside.has(one.name))
  const errors = counted.filter(isWrong)
  const open = counted.filter((one) => one.result === 'not_checked' && !isWrong(one))
  return {
    verified: errors.length === 0,
    checks: [...new Set(counted.filter((one) => one.result === 'passed').map((one) => one.name))],
    warnings: open.map(said),
    errors: errors.map(said),
  }
}

const said = ({ code, detail }: Check): Said => ({ code, detail })
