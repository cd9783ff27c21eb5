/**
 * One writer for a data folder: a file that names the process holding it, taken before anything else is opened.
 *
 * The file is put in place by link(2), which fails where one is there, so two processes cannot both succeed. A holder that died leaves the
 * file behind; it is known dead when no process has its pid, or when the one that has was started at another time (a pid used again).
 */
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fault } from './faults.ts'

export interface FolderLock {
  release(): void
}

interface Holder {
  readonly pid: number
  readonly started: string
}

const lockFile = (folder: string) => join(folder, 'laurel.lock')

export function lockFolder(folder: string): FolderLock {
  const mine: Holder = { pid: process.pid, started: startOf(process.pid) }
  const own = join(folder, `laurel.lock.${process.pid}`)
  try {
    makeFolder(folder)
    writeFileSync(own, JSON.stringify(mine), { mode: 0o600 })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    if (code === 'ENOSPC') throw fault.disk_full(undefined, { cause: error })
    throw fault.not_writable({ folder, reason: code }, { cause: error })
  }
  try {
    for (let attempt = 0; ; attempt++) {
      try {
        linkSync(own, lockFile(folder))
        break
      } catch (error) {
        const holder = folderHolder(folder)
        if (holder !== undefined || attempt === 5) throw fault.in_use({ folder, pid: holder ?? 0 }, { cause: error })
        setAside(folder)
      }
    }
  } finally {
    unlinkSync(own)
  }
  return Object.freeze({
    release() {
      if (readHolder(folder)?.pid === process.pid) unlinkSync(lockFile(folder))
    },
  })
}

/**
 * A folder and those above it that are missing, readable by this user only. One by one: asked to make them all at once below /proc, Node 24
 * tries for ever.
 */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  if (dirname(folder) !== folder) makeFolder(dirname(folder))
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    if (!existsSync(folder)) throw error // another process was quicker
  }
}

/** The pid of the living process that holds the folder, if there is one. */
export function folderHolder(folder: string): number | undefined {
  const holder = readHolder(folder)
  if (!holder || !isAlive(holder.pid)) return undefined
  const started = startOf(holder.pid)
  return started === '' || holder.started === '' || started === holder.started ? holder.pid : undefined
}

function setAside(folder: string): void {
  try {
    const aside = `${lockFile(folder)}.dead.${process.pid}`
    renameSync(lockFile(folder), aside)
    unlinkSync(aside)
  } catch {} // another process was quicker; the next attempt sees whose it is
}

function readHolder(folder: string): Holder | undefined {
  try {
    const read: unknown = JSON.parse(readFileSync(lockFile(folder), 'utf8'))
    if (typeof read === 'object' && read !== null && 'pid' in read && typeof read.pid === 'number' && 'started' in read && typeof read.started === 'string') return { pid: read.pid, started: read.started }
  } catch {}
  return undefined
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** When a process began, in clock ticks since boot (proc(5), field 22 of /proc/PID/stat); empty where there is no /proc. */
function startOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19] ?? ''
  } catch {
    return ''
  }
}
