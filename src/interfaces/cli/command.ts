/** What a command is, and what it is given. */
import type { Progress } from './progress.ts'
import type { Config } from '#platform/config'
import type { GuardedFetch } from '#platform/net'
import type { World } from '#platform/world'

export interface Option {
  readonly type: 'string' | 'boolean'
  /** What stands for the value in the help, as FILE. */
  readonly value?: string
  readonly help: string
}

export type Options = Readonly<Record<string, Option>>
export type Given = Readonly<Record<string, string | boolean | undefined>>

export interface Call {
  readonly options: Given
  readonly positionals: readonly string[]
  /** The value of an option that was given, if it was. */
  text(name: string): string | undefined
  flag(name: string): boolean
}

/** 0 done, 1 the input was refused, 2 a fault. */
export type ExitCode = 0 | 1 | 2

/** What the list of commands says of one. */
export interface Listed {
  /** One or two words. */
  readonly name: string
  readonly summary: string
  readonly load: () => Promise<Command>
}

export interface Command {
  readonly positionals: string
  readonly options: Options
  readonly examples: readonly string[]
  run(call: Call, context: CliContext): Promise<ExitCode>
}

/** The database and everything else of this installation, opened for one command. */
export interface Installation {
  readonly world: World
  /** False when a running server holds the data folder and this command speaks to its database. */
  readonly alone: boolean
  close(): Promise<void>
}

export interface CliContext {
  readonly config: (options: { readonly port?: string | undefined; readonly data?: string | undefined; readonly publicUrl?: string | undefined; readonly demo?: boolean | undefined }) => Config
  readonly now: () => Date
  /** The one way to the outside. */
  readonly fetch: GuardedFetch
  readonly stdin: AsyncIterable<Uint8Array>
  /** Results; nothing else is written there. */
  readonly out: (text: string) => void
  /** What is being done, and what went wrong. */
  readonly say: (text: string) => void
  readonly terminal: boolean
  readonly progress: () => Progress
  readonly open: (config: Config) => Promise<Installation>
  readonly start: (config: Config, context: CliContext) => Promise<void>
  readonly work: (config: Config, context: CliContext) => Promise<void>
  readonly simulate: (order: SimulationOrder) => Promise<SimulationReport>
}

export interface SimulationOrder {
  readonly learners: number
  readonly seed: string
  readonly months: number
  readonly effectFile: string | undefined
  /** The settings of the running installation to play into; a database of its own otherwise. */
  readonly into: Config | undefined
  readonly progress: (share: number, what: string) => void
}

export interface SimulationReport {
  readonly learners: number
  readonly seconds: number
  readonly estimates: readonly {
    readonly estimand: string
    readonly outcome: string
    readonly subgroup: string
    readonly truth: number
    readonly estimate: number | null
    readonly std_error: number | null
    readonly conf_low: number | null
    readonly conf_high: number | null
    readonly covered: boolean | null
    readonly n: number
  }[]
}

/** Options that every command has. */
export const everywhere: Options = {
  help: { type: 'boolean', help: 'says this' },
  data: { type: 'string', value: 'FOLDER', help: 'where the database and the secrets are (LAUREL_DATA; default .laurel)' },
  'public-url': { type: 'string', value: 'URL', help: 'the address that people see (LAUREL_PUBLIC_URL)' },
}

export const asJson: Options = { json: { type: 'boolean', help: 'prints the result as JSON' } }
