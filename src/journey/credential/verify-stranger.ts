import { didWebAddress } from '#kernel/proof'
import { reportUnread, verifyCredential, type Loaders, type Report } from '#kernel/verify'
import { openApart, type Apart } from '#platform/apart'
import type { World } from '#platform/world'
import { publicIdIn } from './address.ts'
import { credentialByPublicId } from './store.ts'
import { jsonOf, listedIn, loadersHere, type Ask } from './verify.ts'

type Needs = Pick<World, 'db' | 'secrets' | 'config' | 'clock' | 'fetch'>

export interface VerifyJob {
  readonly input: Uint8Array | string
  readonly now: number
  /** Which of them there are; each call of one is a question to the server. */
  readonly loaders: readonly (keyof Loaders)[]
}

/**
 * Three seconds of the thread's own work, where the longest of our forgeries takes a half, and 256 MB, where it lives on 60. A larger input than the kernel reads does not get here.
 */
const limits = { seconds: 3, megabytes: 256, threads: 2 }
let apart: Apart | undefined

/** All that one verification may take from the network. */
const mostFetches = 16
const mostFetchMs = 20_000

/**
 * Verifies what a stranger sent: a credential in any form, or the https address of one. It is read in a thread that is ended when it takes too long or too much memory.
 *
 * @param options.online  whether the addresses in it (its issuer's keys, its status lists, its refresh service) may be asked, through the guarded fetcher. An address that is itself
 *                        the input is always fetched: giving it is asking for that.
 * @param options.signal  ends what is being fetched; what was to come from there could then not be checked
 */
export async function verifyStranger(needs: Needs, input: Uint8Array | string, options: { readonly online: boolean; readonly signal?: AbortSignal }): Promise<Report> {
  const ask = askerOf(needs, options.signal)
  const address = addressIn(input)
  const given = address === undefined ? input : await fetchedFrom(needs, address, ask)
  const now = needs.clock.now().getTime()
  return given === undefined ? reportUnread('address_unreachable', now) : await verifyApart(given, now, loadersHere(needs, options.online ? ask : undefined))
}

/** As `verifyStranger`, where there is no installation: nobody's keys are known, and the registries are those that the operator listed. */
export async function verifyElsewhere(needs: Pick<World, 'fetch'> & { readonly now: number; readonly registries: World['config']['registries'] }, input: Uint8Array | string, options: { readonly online: boolean }): Promise<Report> {
  const ask = askerOf(needs)
  const address = addressIn(input)
  const given = address === undefined ? input : await ask(address)
  const resolveDid = async (id: string) => jsonOf(await ask(didWebAddress(id) ?? id))
  if (given === undefined) return reportUnread('address_unreachable', needs.now)
  const trustedIssuers = needs.registries.length === 0 ? {} : { trustedIssuers: (issuerId: string) => listedIn(needs.registries, issuerId) }
  return await verifyApart(given, needs.now, { ...trustedIssuers, ...(options.online ? { resolveDid, fetchStatusList: ask, fetchRefresh: ask } : {}) })
}

/** Reads and verifies in the thread. What is certainly no credential (too large) is told without one. */
export async function verifyApart(input: Uint8Array | string, now: number, loaders: Loaders): Promise<Report> {
  if (input.length > 1_000_000) return await verifyCredential(input, { now })
  apart ??= openApart(new URL('./verify-thread.ts', import.meta.url), limits)
  const calls = Object.fromEntries(Object.entries(loaders).filter(([, loader]) => loader !== undefined)) as Record<string, (...args: readonly never[]) => unknown>
  const job: VerifyJob = { input, now, loaders: Object.keys(calls) as (keyof Loaders)[] }
  return ((await apart.run(job, calls)) as Report | undefined) ?? reportUnread('given_up', now)
}

/** An https address and nothing else. */
function addressIn(input: Uint8Array | string): string | undefined {
  if (input.length > 2_048) return undefined
  const text = (typeof input === 'string' ? input : new TextDecoder().decode(input)).trim()
  return /^https?:\/\/\S+$/i.test(text) ? text : undefined
}

const accepted = 'application/vc, application/vc+jwt, application/vc+ld+json, application/ld+json, application/json, image/png, image/svg+xml, application/pdf, text/plain;q=0.5'

/** What is at an address: one of our own credentials is read here, where its learner has opened it to others; anything else is fetched. */
async function fetchedFrom(needs: Needs, address: string, ask: Ask): Promise<Uint8Array | string | undefined> {
  const url = URL.parse(address)
  if (url && url.origin === new URL(needs.config.publicUrl).origin) {
    const id = publicIdIn(url.pathname)
    const credential = id === undefined ? undefined : await needs.db.read((tx) => credentialByPublicId(tx, id))
    return credential && credential.visibility !== 'private' && !credential.withdrawnAt ? credential.signed : undefined
  }
  return await ask(address)
}

/** The guarded fetcher as a loader: no answer is no answer, whatever the reason; the report says that it could not be checked. */
function askerOf(needs: Pick<World, 'fetch'>, signal?: AbortSignal): Ask {
  let fetches = 0
  let until: AbortSignal | undefined
  return async (address) => {
    if (++fetches > mostFetches) return undefined
    until ??= signal ? AbortSignal.any([signal, AbortSignal.timeout(mostFetchMs)]) : AbortSignal.timeout(mostFetchMs)
    try {
      const answer = await needs.fetch(address, { accept: accepted, signal: until })
      return answer.status === 200 ? answer.body : undefined
    } catch {
      return undefined
    }
  }
}
