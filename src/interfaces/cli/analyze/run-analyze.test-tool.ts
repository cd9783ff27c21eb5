/** Runs the command in this process, as the terminal would. */
import { runCommandLine } from '../run.ts'
import type { CliContext } from '../command.ts'

export async function runAnalyze(words: readonly string[], stdin: string | Uint8Array = '', command = 'analyze'): Promise<{ readonly code: number; readonly out: string; readonly said: string }> {
  const out: string[] = []
  const said: string[] = []
  const refuse = (): never => {
    throw new TypeError('analyze needs no installation')
  }
  const context: CliContext = {
    config: refuse,
    now: () => new Date('2026-11-24T00:00:00Z'), fetch: async () => { throw new TypeError('nothing is fetched here') },
    stdin: (async function* () {
      yield typeof stdin === 'string' ? new TextEncoder().encode(stdin) : stdin
    })(),
    out: (text) => void out.push(text),
    say: (text) => void said.push(text),
    terminal: false,
    progress: () => ({ to() {}, end() {} }),
    open: refuse,
    start: refuse,
    work: refuse,
    simulate: refuse,
  }
  const code = await runCommandLine([command, ...words], context)
  return { code, out: out.join('\n'), said: said.join('\n') }
}
