/**
 * Writes what can be read out of the code: `./laurel generate`. With --check it writes nothing and names what is out of date.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { commandReference } from './generate-commands.ts'
import { errorReference } from './generate-errors.ts'
import { root } from './run-tests.ts'

/** Each generated file, and what makes it. */
const generated: Readonly<Record<string, () => Promise<string>>> = {
  'docs/reference/commands.md': commandReference,
  'docs/reference/errors.md': errorReference,
}

const onlyCheck = process.argv.includes('--check')
let stale = 0
for (const [path, make] of Object.entries(generated)) {
  const file = join(root, path)
  const text = await make()
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue
  stale++
  if (onlyCheck) console.error(`${path} is out of date; run ./laurel generate and commit it.`)
  else {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    console.log(`wrote ${path}`)
  }
}
if (onlyCheck && stale > 0) process.exitCode = 1
