/** A bar on a terminal for what takes more than a second, plain lines elsewhere. */
import type { CliContext } from './command.ts'

const width = 28

export interface Progress {
  to(share: number, what: string): void
  end(): void
}

/** With less behind it a forecast would jump about. */
const soonest = { seconds: 2, share: 0.02 }

/** What is left at the pace so far, in words; nothing while it cannot be told. */
export function remaining(share: number, seconds: number): string {
  if (seconds < soonest.seconds || share < soonest.share || share >= 1) return ''
  const left = (seconds * (1 - share)) / share
  return left < 60 ? `, about ${Math.max(1, Math.round(left))} s left` : `, about ${Math.round(left / 60)} min left`
}

export function progressOn(context: Pick<CliContext, 'terminal' | 'say' | 'now'>, write: (text: string) => void = (text) => void process.stderr.write(text)): Progress {
  let saidAt = -1
  let drawn = false
  let began: number | undefined
  return {
    to(share, what) {
      const percent = Math.floor(100 * Math.min(1, Math.max(0, share)))
      if (context.terminal) {
        began ??= context.now().getTime()
        const left = remaining(share, (context.now().getTime() - began) / 1000)
        const filled = Math.round((width * percent) / 100)
        write(`\r  ${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${String(percent).padStart(3)}%  ${what}${left}\u001b[K`)
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
