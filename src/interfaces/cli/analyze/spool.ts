/**
 * The standard input, which comes once, kept so that it can be read again (a column may turn out to be text in the last row): in memory while it is small,
 * in a temporary file of our own when it is not, so that the memory grows with the columns that are asked for and not with what was piped in.
 */
import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileSource, type Source } from './read-table.ts'

/** Little beside the 200 MB that the command takes anyway, and more than most tables have. */
const keptInMemory = 8 << 20

export interface Spooled extends Source {
  close(): Promise<void>
}

export async function spooled(input: AsyncIterable<Uint8Array>, most = keptInMemory): Promise<Spooled> {
  const pieces: Uint8Array[] = []
  let size = 0
  let folder: string | undefined
  let file: FileHandle | undefined
  const close = async (): Promise<void> => {
    await file?.close()
    file = undefined
    if (folder !== undefined) await rm(folder, { recursive: true, force: true })
  }
  try {
    for await (const piece of input) {
      size += piece.length
      if (file === undefined) {
        pieces.push(piece)
        if (size <= most) continue
        folder = await mkdtemp(join(tmpdir(), 'laurel-input-')) // readable by its owner only
        file = await open(join(folder, 'input'), 'wx', 0o600)
        for (const kept of pieces.splice(0)) await file.writeFile(kept)
      } else await file.writeFile(piece)
    }
  } catch (error) {
    await close()
    throw error
  }
  const kept = folder === undefined ? undefined : fileSource(join(folder, 'input'))
  return kept === undefined ? { file: '-', path: undefined, size, open: async function* () { yield* pieces }, close } : { ...kept, file: '-', path: undefined, close }
}
