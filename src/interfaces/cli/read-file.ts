/** Files named on the command line; "-" is the standard input. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { CliContext } from './command.ts'
import { fault } from './faults.ts'

/** A function that opens the file, as often as it is called. The standard input is read into memory once. */
export async function reopenable(file: string, context: CliContext): Promise<() => AsyncIterable<Uint8Array>> {
  if (file === '-') {
    const chunks: Uint8Array[] = []
    for await (const chunk of context.stdin) chunks.push(chunk)
    return async function* () {
      yield* chunks
    }
  }
  await mustExist(file)
  return () => createReadStream(file)
}

export async function readWhole(file: string, context: CliContext): Promise<Uint8Array> {
  const open = await reopenable(file, context)
  const chunks: Uint8Array[] = []
  for await (const chunk of open()) chunks.push(chunk)
  return Buffer.concat(chunks)
}

export async function readJson(file: string, context: CliContext): Promise<unknown> {
  const text = new TextDecoder().decode(await readWhole(file, context))
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw fault.not_json({ file, reason: error instanceof Error ? error.message : String(error) }, { cause: error })
  }
}

async function mustExist(file: string): Promise<void> {
  try {
    if (!(await stat(file)).isFile()) throw fault.unreadable_file({ file, reason: 'it is a folder' })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw fault.no_such_file({ file }, { cause: error })
    if (error instanceof Error && 'code' in error && error.code === 'EACCES') throw fault.unreadable_file({ file, reason: 'no permission' }, { cause: error })
    throw error
  }
}
