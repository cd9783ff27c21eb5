/**
 * What happened, for whoever runs the server: JSON lines with a request id, never a name, an address, a token or a body.
 *
 * Fields are named one by one where they are logged; the censor below is the second net, not the first.
 */
import { pino } from 'pino'

export interface Log {
  info(fields: Readonly<Record<string, unknown>>, message: string): void
  warn(fields: Readonly<Record<string, unknown>>, message: string): void
  error(fields: Readonly<Record<string, unknown>>, message: string): void
}

const personal = ['email', 'name', 'to', 'token', 'authorization', 'cookie', 'password', 'ip', 'body']

export function openLog(level: string, destination: NodeJS.WritableStream = process.stderr): Log {
  return pino({ level, base: null, redact: { paths: [...personal, ...personal.map((field) => `*.${field}`)], censor: '[left out]' } }, destination)
}

export const silentLog: Log = Object.freeze({ info() {}, warn() {}, error() {} })
