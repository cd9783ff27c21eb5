/** A reporter for node:test that writes each result as a line of JSON to file descriptor 3, away from what the tests print. */
import { writeSync } from 'node:fs'
import { inspect } from 'node:util'
import type { TestEvent } from 'node:test/reporters'

export interface TestResult {
  readonly result: 'passed' | 'failed' | 'skipped'
  readonly name: string
  readonly file: string | undefined
  readonly ms: number
  /** Why it was skipped, or how it failed. */
  readonly detail: string | undefined
}

const withoutNodesOwnLines = (text: string) => text.replace(/\n\s+at [^\n]*\(?node:[^\n]*/g, '')

/** What a test said with `t.diagnostic()`. */
export interface TestNote {
  readonly note: string
}

export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<never> {
  const names: string[] = []
  for await (const event of events) {
    if (event.type === 'test:start') {
      names.length = event.data.nesting
      names[event.data.nesting] = event.data.name
    }
    if (event.type === 'test:diagnostic' && !/^(?:tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) [\d.]+$/.test(event.data.message)) {
      writeSync(3, `${JSON.stringify({ note: event.data.message } satisfies TestNote)}\n`)
    }
    if (event.type !== 'test:pass' && event.type !== 'test:fail') continue
    const { data } = event
    if (data.details.type === 'suite' && event.type === 'test:pass') continue
    const error = event.type === 'test:fail' ? event.data.details.error : undefined
    if (error && 'failureType' in error && error.failureType === 'subtestsFailed') continue // those are listed themselves
    const aside = data.skip ?? data.todo
    const result: TestResult = {
      result: aside !== undefined && aside !== false ? 'skipped' : event.type === 'test:pass' ? 'passed' : 'failed',
      name: [...names.slice(0, data.nesting), data.name].join(' > '),
      file: data.file,
      ms: data.details.duration_ms,
      detail: error ? withoutNodesOwnLines(inspect(error.cause ?? error, { depth: 8 })) : typeof aside === 'string' ? aside : undefined,
    }
    writeSync(3, `${JSON.stringify(result)}\n`)
  }
  yield* []
}
