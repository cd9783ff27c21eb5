import { everywhere, type Command, type Listed } from './command.ts'

export function helpOfAll(commands: readonly Listed[]): string {
  const widest = Math.max(...commands.map((command) => command.name.length))
  return [
    'Laurel issues credentials, helps learners to share them, and says what the sharing did.',
    '',
    ...commands.map((command) => `  ./laurel ${command.name.padEnd(widest)}  ${command.summary}`),
    '',
    './laurel COMMAND --help says what a command takes. Exit code: 0 done, 1 the input was refused, 2 a fault.',
  ].join('\n')
}

export function helpOf({ name: ofCommand, summary }: Listed, command: Command): string {
  const options = Object.entries({ ...command.options, ...everywhere }).map(([name, option]) => [`--${name}${option.value === undefined ? '' : ` ${option.value}`}`, option.help] as const)
  const widest = Math.max(...options.map(([name]) => name.length))
  return [
    `./laurel ${ofCommand}${command.positionals === '' ? '' : ` ${command.positionals}`} [options]`,
    '',
    summary,
    '',
    ...options.map(([name, help]) => `  ${name.padEnd(widest)}  ${help}`),
    ...(command.examples.length === 0 ? [] : ['', 'For example:', ...command.examples.map((example) => `  ${example}`)]),
  ].join('\n')
}
