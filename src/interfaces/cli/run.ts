/** From the words on the command line to a command, and from whatever comes back to an exit code. */
import { parseArgs } from 'node:util'
import { isFault, type Fault } from '#kernel/fault'
import { everywhere, type Call, type CliContext, type Command, type ExitCode, type Given, type Listed } from './command.ts'
import { commands } from './commands.ts'
import { distance } from './distance.ts'
import { fault } from './faults.ts'
import { helpOf, helpOfAll } from './help.ts'

export async function runCommandLine(words: readonly string[], context: CliContext): Promise<ExitCode> {
  try {
    const [first] = words
    if (first === undefined || first === 'help' || first === '--help' || first === '-h') {
      const about = commandFor(words.slice(1))
      context.out(about ? helpOf(about.listed, await about.listed.load()) : helpOfAll(commands))
      return 0
    }
    const found = commandFor(words)
    if (!found) throw fault.unknown_command({ given: first, near: nearest(words) })
    const command = await found.listed.load()
    const call = parse(found.listed.name, command, found.rest)
    if (call.flag('help')) {
      context.out(helpOf(found.listed, command))
      return 0
    }
    return await command.run(call, context)
  } catch (error) {
    if (!isFault(error)) {
      context.say(`A fault in Laurel itself; please report it.\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
      return 2
    }
    if (words.includes('--json')) context.out(JSON.stringify({ error: { code: error.code, sentence: error.message, findings: error.findings } }))
    context.say(error.message)
    for (const finding of error.findings.slice(0, 50)) context.say(`  ${finding.sentence}`)
    if (error.findings.length > 50) context.say(`  and ${error.findings.length - 50} more`)
    return exitCode(error)
  }
}

/** 2 where the installation or the machine is at fault, 1 where what was asked for is. */
function exitCode(error: Fault): ExitCode {
  const room = error.code.split('.')[0] ?? ''
  if (['db', 'secret', 'config'].includes(room) || error.code.startsWith('http.port_')) return 2
  switch (error.kind) {
    case 'broken':
    case 'unavailable':
      return 2
    case 'refused':
    case 'unauthenticated':
    case 'forbidden':
    case 'not_found':
    case 'conflict':
    case 'too_many':
      return 1
    default:
      return error.kind satisfies never
  }
}

/** Commands of two words come before those of one: "demo remove" before "demo". */
function commandFor(words: readonly string[]): { readonly listed: Listed; readonly rest: readonly string[] } | undefined {
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(' ')
    const listed = commands.find((one) => one.name === name && words.length >= length)
    if (listed) return { listed, rest: words.slice(length) }
  }
  return undefined
}

function parse(name: string, command: Command, words: readonly string[]): Call {
  const options = { ...everywhere, ...command.options }
  let parsed: { values: Given; positionals: string[] }
  try {
    parsed = parseArgs({ args: [...words], options: Object.fromEntries(Object.entries(options).map(([name, { type }]) => [name, { type }])), allowPositionals: command.positionals !== '', allowNegative: true, strict: true })
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('. ')[0] : String(error)
    throw fault.wrong_option({ reason: `${reason}.`, command: name }, { cause: error })
  }
  const { values, positionals } = parsed
  return {
    options: values,
    positionals,
    text: (option) => (typeof values[option] === 'string' ? values[option] : undefined),
    flag: (option) => values[option] === true,
  }
}

function nearest(words: readonly string[]): string {
  const [first = '', second] = words
  const scored = commands.map((command) => ({ name: command.name, far: Math.min(distance(first, command.name), second === undefined ? Infinity : distance(`${first} ${second}`, command.name)) })).sort((a, b) => a.far - b.far)
  if (scored[0] && scored[0].far <= 2) return scored[0].name
  return commands.find((command) => command.name.startsWith(`${first} `))?.name ?? '' // the first of two words
}
