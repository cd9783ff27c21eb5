/**
 * The settings, read once from the environment and the command line, and checked together: every wrong one is named at once.
 */
import { resolve } from 'node:path'
import type { Finding } from '#kernel/fault'
import { fault } from './faults.ts'
import { readRegistries, type Registry } from './registry.ts'

export interface Config {
  readonly port: number
  /** The address that goes into credentials, mails and pages; no slash at the end. */
  readonly publicUrl: string
  /** Whether somebody gave that address; if not, it is the one of this machine, and commands take the running server's instead. */
  readonly publicUrlGiven: boolean
  /** Where the embedded database, the secrets and the logs are. */
  readonly dataFolder: string
  /** A PostgreSQL of the installation's own; then nothing is started and nothing seeded. */
  readonly databaseUrl: string | undefined
  /** Root secret as 64 hexadecimal digits; without it the one in the data folder. */
  readonly secret: string | undefined
  /** Seals the root secret in the data folder. */
  readonly passphrase: string | undefined
  /** smtp:// or smtps:// address; without it mail is kept in the development mailbox. */
  readonly smtpUrl: string | undefined
  readonly mailFrom: string
  /** Addresses of proxies whose forwarding headers are believed; none by default. */
  readonly trustedProxies: readonly string[]
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error'
  readonly vcApi: boolean
  /** Whether credentials get a place in a list of suspensions beside that of revocations. */
  readonly suspension: boolean
  /** Registries of issuers that the operator trusts, beside the installation's own issuers. */
  readonly registries: readonly Registry[]
  readonly demo: boolean
}

export interface ConfigOptions {
  readonly port?: string | undefined
  readonly data?: string | undefined
  readonly publicUrl?: string | undefined
  readonly demo?: boolean | undefined
}

const logLevels = ['debug', 'info', 'warn', 'error'] as const

export function readConfig(env: Readonly<Record<string, string | undefined>>, options: ConfigOptions, projectFolder: string): Config {
  const findings: Finding[] = []
  const wrong = (name: string, value: string, sentence: string) => void findings.push({ code: 'config.wrong', sentence: `${name} is “${value}”: ${sentence}`, column: name, value })
  const given = (name: string) => (env[name] === undefined || env[name] === '' ? undefined : env[name])

  const portText = options.port ?? given('PORT') ?? '3000'
  const port = Number(portText)
  if (!/^\d{1,5}$/.test(portText) || port < 1 || port > 65535) wrong(options.port === undefined ? 'PORT' : '--port', portText, 'a port is a whole number from 1 to 65535.')

  const publicGiven = options.publicUrl ?? given('LAUREL_PUBLIC_URL')
  const publicText = publicGiven ?? `http://localhost:${port}`
  const publicUrl = URL.parse(publicText)
  const plainHostAllowed = publicUrl !== null && ['localhost', '127.0.0.1', '[::1]'].includes(publicUrl.hostname)
  if (!publicUrl || !['https:', 'http:'].includes(publicUrl.protocol) || publicUrl.search !== '' || publicUrl.hash !== '' || publicUrl.username !== '' || publicUrl.pathname !== '/') {
    wrong('LAUREL_PUBLIC_URL', publicText, 'give the address that people see, like https://credentials.example.org, without a path.')
  } else if (publicUrl.protocol === 'http:' && !plainHostAllowed) wrong('LAUREL_PUBLIC_URL', publicText, 'outside this machine it begins with https://.')

  const databaseUrl = given('DATABASE_URL')
  if (databaseUrl !== undefined && !/^postgres(ql)?:\/\//.test(databaseUrl)) wrong('DATABASE_URL', databaseUrl.replace(/\/\/[^@/]*@/, '//***@'), 'it begins with postgresql://.')

  const secret = given('LAUREL_SECRET')
  if (secret !== undefined && !/^[0-9a-f]{64}$/i.test(secret)) wrong('LAUREL_SECRET', '(not shown)', 'it is 64 hexadecimal digits; make one with: openssl rand -hex 32')
  if (databaseUrl !== undefined && secret === undefined) wrong('LAUREL_SECRET', '', 'with DATABASE_URL it is needed; make one with: openssl rand -hex 32')

  const passphrase = given('LAUREL_PASSPHRASE')
  if (passphrase !== undefined && passphrase.length < 12) wrong('LAUREL_PASSPHRASE', '(not shown)', 'it has at least 12 characters.')

  const smtpUrl = given('LAUREL_SMTP_URL')
  if (smtpUrl !== undefined && !/^smtps?:\/\/[^\s]+$/.test(smtpUrl)) wrong('LAUREL_SMTP_URL', smtpUrl.replace(/\/\/[^@/]*@/, '//***@'), 'it begins with smtp:// or smtps://.')

  const mailFrom = given('LAUREL_MAIL_FROM') ?? senderAt(publicUrl)
  if (!/^[^\s@<>"]+@[^\s@<>"]+$/.test(mailFrom)) wrong('LAUREL_MAIL_FROM', mailFrom, 'it is one mail address.')

  const logLevel = logLevels.find((level) => level === (given('LAUREL_LOG_LEVEL') ?? 'warn'))
  if (!logLevel) wrong('LAUREL_LOG_LEVEL', given('LAUREL_LOG_LEVEL') ?? '', `it is one of ${logLevels.join(', ')}.`)

  const vcApi = given('LAUREL_VC_API') ?? '0'
  if (!['0', '1'].includes(vcApi)) wrong('LAUREL_VC_API', vcApi, 'it is 0 or 1.')

  const suspension = given('LAUREL_SUSPENSION') ?? '0'
  if (!['0', '1'].includes(suspension)) wrong('LAUREL_SUSPENSION', suspension, 'it is 0 or 1.')

  const registryFile = given('LAUREL_TRUSTED_ISSUERS')
  const registries = registryFile === undefined ? [] : readRegistries(registryFile)
  if (typeof registries === 'string') wrong('LAUREL_TRUSTED_ISSUERS', registryFile ?? '', registries)

  if (findings.length > 0) throw fault.wrong({ count: findings.length }, { findings })
  return Object.freeze({
    port,
    publicUrl: (publicUrl as URL).origin,
    publicUrlGiven: publicGiven !== undefined,
    dataFolder: resolve(options.data ?? given('LAUREL_DATA') ?? resolve(projectFolder, '.laurel')),
    databaseUrl,
    secret,
    passphrase,
    smtpUrl,
    mailFrom,
    trustedProxies: Object.freeze((given('LAUREL_TRUSTED_PROXIES') ?? '').split(',').map((one) => one.trim()).filter((one) => one !== '')),
    logLevel: logLevel ?? 'warn',
    vcApi: vcApi === '1',
    suspension: suspension === '1',
    registries: typeof registries === 'string' ? [] : registries,
    demo: (options.demo ?? true) && databaseUrl === undefined,
  })
}

const senderAt = (publicUrl: URL | null) => `credentials@${publicUrl && publicUrl.hostname !== 'localhost' ? publicUrl.hostname : 'localhost.localdomain'}`

/** The settings of a process beside a server: where nobody gave this process a public address, the server's, and the sender that follows from it. */
export function besideServer(config: Config, served: string | undefined): Config {
  if (config.publicUrlGiven || served === undefined) return config
  const senderFollows = config.mailFrom === senderAt(new URL(config.publicUrl))
  return Object.freeze({ ...config, publicUrl: served, mailFrom: senderFollows ? senderAt(new URL(served)) : config.mailFrom })
}
