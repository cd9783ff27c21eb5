/**
 * For tests: what a forger hands over, the pictures to put it into, and the judging of it.
 */
import { crc32 } from 'node:zlib'
import type { JsonObject } from '#kernel/openbadge'
import type { Report, Verdict } from './report.ts'
import { surroundings } from './specimen.ts'
import { verifyCredential } from './verify.ts'

/** What a forger hands over, the reason that the report must give, and what the world answers. */
export interface Forgery {
  readonly name: string
  readonly reason: string
  readonly input: Uint8Array | string
  readonly world?: Parameters<typeof surroundings>[0]
  /** `not_proved` unless said otherwise; `unknown_issuer` where nothing was forged in the credential and the world gave no answer. */
  readonly verdict?: Verdict
}

type More = Pick<Forgery, 'world' | 'verdict'>

/** A short way to write a list of forgeries. */
export function collector(forgeries: Forgery[]): (name: string, reason: string, input: Uint8Array | string | JsonObject, more?: More) => void {
  return (name, reason, input, more = {}) => {
    forgeries.push({ name, reason, input: typeof input === 'string' || input instanceof Uint8Array ? input : JSON.stringify(input), ...more })
  }
}

export interface Judged {
  /** Forgeries that got another verdict or reason than they should, in words. */
  readonly wrong: readonly string[]
  /** Reports that show facts though a proof does not hold. */
  readonly shown: readonly string[]
  readonly slowest: { readonly name: string; readonly ms: number }
}


/** @param clock  milliseconds, for the time that each takes */
export async function judge(forgeries: readonly Forgery[], clock: () => number): Promise<Judged> {
  const wrong: string[] = []
  const shown: string[] = []
  let slowest = { name: '', ms: 0 }
  for (const { name, reason, input, world = {}, verdict = 'not_proved' } of forgeries) {
    const before = clock()
    const report = await verifyCredential(input, surroundings(world))
    const ms = clock() - before
    if (ms > slowest.ms) slowest = { name, ms }
    if (report.verdict !== verdict || !report.checks.some((one) => one.code === reason)) wrong.push(`${name}: ${report.verdict}, ${openReasons(report)} instead of ${verdict}, ${reason}`)
    if (report.facts !== undefined && report.checks.some((one) => one.name === 'proof' && one.result !== 'passed')) shown.push(name)
  }
  return { wrong, shown, slowest }
}

function openReasons(report: Report): string {
  return report.checks
    .filter((one) => one.result !== 'passed' && !one.code.endsWith('not_considered'))
    .map((one) => one.code)
    .join(' ')
}

// ---- Carriers ----

const pngHead = Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
export function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(data.byteLength, 0)
  frame.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
}
export const ihdr = chunk('IHDR', Buffer.of(0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0))
export const idat = chunk('IDAT', Buffer.from('789c6b000000810081','hex'))
export const iend = chunk('IEND', Buffer.alloc(0))
export const png = (...chunks: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat([pngHead, ...chunks]))
export const baked = (content: string, flag = 0): Buffer => chunk('iTXt', Buffer.concat([Buffer.from('openbadgecredential'), Buffer.of(0, flag, 0, 0, 0), Buffer.from(content)]))
export const svg = (inner: string): string => `<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0">${inner}</svg>`
export const element = (content: string): string => `<openbadges:credential><![CDATA[${content}]]></openbadges:credential>`
export const pdf = (content: Uint8Array, filter = ''): Buffer => Buffer.concat([Buffer.from(`%PDF-1.7\n1 0 obj\n<< /Type /EmbeddedFile ${filter} /Length ${content.length} >>\nstream\n`), content, Buffer.from('\nendstream\nendobj\n%%EOF\n')])
