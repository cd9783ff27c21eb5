/**
 * Where a command begins: the settings, the terminal, the way to the outside. What a command needs of an installation (database, rooms, servers) is wired
 * in installation.ts and read when a command asks for it, so that those which need none begin at once.
 */
import { resolve } from 'node:path'
import { progressOn, runCommandLine, type CliContext } from '#interfaces/cli'
import { realClock } from '#platform/clock'
import { readConfig } from '#platform/config'

const projectFolder = resolve(import.meta.dirname, '..')
const installation = () => import('./installation.ts')

const context: CliContext = {
  config: (options) => readConfig(process.env, options, projectFolder),
  now: () => realClock.now(),
  fetch: async (address, options) => await (await import('./outside.ts')).outside(address, options),
  stdin: process.stdin,
  out: (text) => void process.stdout.write(`${text}\n`),
  say: (text) => void process.stderr.write(`${text}\n`),
  terminal: process.stderr.isTTY === true,
  open: async (config) => await (await installation()).open(config),
  async start(config, whole) {
    // Where another process holds the folder it is named before the rest of the house is read.
    if (config.databaseUrl === undefined) (await import('#platform/db')).lockFolder(config.dataFolder).release()
    await (await installation()).start(config, whole)
  },
  work: async (config, whole) => await (await installation()).work(config, whole),
  progress: () => progressOn(context),
  simulate: async (order) => await (await installation()).simulateHere(order),
}

process.exitCode = await runCommandLine(process.argv.slice(2), context)
