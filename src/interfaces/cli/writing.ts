/** Writing where the user said: what the machine refuses is one sentence about that place. */
import { fault } from './faults.ts'

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'no permission',
  EEXIST: 'a file of that name is there',
  ENOTDIR: 'a part of its path is a file',
  ENOENT: 'its folder is not there',
  EISDIR: 'it is a folder',
  ENOSPC: 'the disk is full',
}

/** @throws Fault `cli.unwritable_file` */
export function writing<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    const reason = reasons[code]
    if (reason === undefined) throw error
    throw fault.unwritable_file({ file: path, reason }, { cause: error })
  }
}
