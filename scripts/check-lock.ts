/**
 * Whether `npm ci` will take the lock file, without asking the network: it is of this package.json, and every package that one in it asks
 * for is in it, for every platform.
 *
 * npm leaves a platform's package out of the lock file without a word when the registry does not have it yet, and `npm ci` then refuses the
 * file on every machine. The way out is a version of which every platform has been published.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './run-tests.ts'

type Ranges = Readonly<Record<string, string>>

interface Manifest {
  readonly dependencies?: Ranges
  readonly devDependencies?: Ranges
  readonly optionalDependencies?: Ranges
}

interface Locked extends Manifest {
  readonly version?: string
  readonly resolved?: string
  readonly link?: boolean
}

export interface Lock {
  readonly packages: Readonly<Record<string, Locked>>
}

const kinds = ['dependencies', 'devDependencies', 'optionalDependencies'] as const

export function checkLock(manifest: Manifest, lock: Lock): readonly string[] {
  const wrong: string[] = []
  const top = lock.packages[''] ?? {}
  for (const kind of kinds) {
    const [asked, kept] = [manifest[kind] ?? {}, top[kind] ?? {}]
    for (const name of new Set([...Object.keys(asked), ...Object.keys(kept)]))
      if (asked[name] !== kept[name]) wrong.push(`package.json asks for ${name} ${asked[name] ?? '(not at all)'} and the lock file knows ${kept[name] ?? 'nothing of it'}; run npm install.`)
  }
  for (const [path, one] of Object.entries(lock.packages)) {
    if (path !== '' && one.version === undefined && one.link !== true) wrong.push(`${path} has no version in the lock file.`)
    if (one.resolved !== undefined && !one.resolved.startsWith('clients/')) wrong.push(`${path} names the address that it came from; keep omit-lockfile-registry-resolved.`)
    for (const name of Object.keys({ ...one.dependencies, ...one.optionalDependencies })) if (!found(lock, path, name)) wrong.push(`${path.replace(/^.*node_modules\//, '') || 'package.json'} asks for ${name}, which is not in the lock file: npm ci refuses it. Take a version of which every platform's package is published.`)
  }
  return wrong
}

/** Node's own way of looking for a package: beside the one that asks, then further and further out. */
function found(lock: Lock, from: string, name: string): boolean {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (lock.packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`]) return true
    if (folder === '') return false
  }
}

if (import.meta.main) {
  const read = <T>(name: string) => JSON.parse(readFileSync(join(root, name), 'utf8')) as T
  const wrong = checkLock(read<Manifest>('package.json'), read<Lock>('package-lock.json'))
  for (const sentence of wrong) console.error(sentence)
  if (wrong.length > 0) process.exitCode = 1
}
