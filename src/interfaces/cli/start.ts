import type { Command } from './command.ts'
import { configOf } from './settings.ts'

export const start: Command = {
  positionals: '',
  options: {
    port: { type: 'string', value: 'N', help: 'the port to listen on (PORT; default 3000)' },
    demo: { type: 'boolean', help: '--no-demo starts empty' },
  },
  examples: ['./laurel start', './laurel start --no-demo --port 8080 --data /srv/laurel'],
  async run(call, context) {
    await context.start(configOf(call, context, { demo: call.options['demo'] !== false }), context)
    return 0
  },
}

export const worker: Command = {
  positionals: '',
  options: {},
  examples: [],
  async run(call, context) {
    await context.work(configOf(call, context), context)
    return 0
  },
}
