/** A bar on a terminal for what takes more than a second, plain lines elsewhere. */
import type { CliContext } from './command.ts'

const width = 28

export interface Progress {
  to(share: number, what: string): void
  end(): void
}

export function progressOn(context: Pick<CliContext, 'terminal' | 'say'>, write: (text: string) => void = (text) => void process.stderr.write(text)): Progress {
  let saidAt = -1
  let drawn = false
  return {
    to(share, what) {
      const percent = Math.floor(100 * Math.min(1, Math.max(0, share)))
      if (context.terminal) {
        const filled = Math.round((width * percent) / 100)
        write(`\r  ${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${String(percent).padStart(3)}%  ${what}\u001b[K`)
        drawn = true
      } else if (Math.floor(percent / 25) > saidAt) {
        saidAt = Math.floor(percent / 25)
        context.say(`  ${percent}%  ${what}`)
      }
    },
    end() {
      if (drawn) write('\r\u001b[K')
    },
  }
}
