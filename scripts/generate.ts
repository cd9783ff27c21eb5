/**
 * Writes what can be read out of the code: `./laurel generate`. With --check it writes nothing and names what is out of date. With --full it also computes
 * the replications that take long.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { canonicalProgram } from './generate-canonical.ts'
import { apiReference, openApiDocument } from './generate-api.ts'
import { conformanceReference, judgesVectors } from './generate-conformance.ts'
import { commandReference } from './generate-commands.ts'
import { errorReference } from './generate-errors.ts'
import { replicationPages } from './generate-replications.ts'
import { batches, root, runBatches } from './run-tests.ts'

/** Each generated file, and what makes it. */
const generated: Readonly<Record<string, () => Promise<string>>> = {
  'docs/reference/api.md': apiReference,
  'docs/reference/commands.md': commandReference,
  'docs/reference/errors.md': errorReference,
  'docs/reference/openapi.json': openApiDocument,
  'src/interfaces/look/static/canonical.js': canonicalProgram,
}

/** Made by running the tests that judge the vectors; `npm run check` compares it with the run of its own. */
const conformance = 'docs/reference/conformance.md'

const onlyCheck = process.argv.includes('--check')
let stale = 0
for (const [path, make] of Object.entries(generated)) keep(path, await make())
if (!onlyCheck) {
  const text = conformanceReference(await runBatches(batches(() => true).filter(judgesVectors), { atOnce: 2, env: process.env, ended: () => {} }))
  if (text !== undefined) keep(conformance, text)
  // Their test holds them to the code, so --check leaves them to it.
  for (const [path, text] of Object.entries(await replicationPages(process.argv.includes('--full')))) keep(path, text)
}
if (stale > 0 && onlyCheck) process.exitCode = 1

function keep(path: string, text: string): void {
  const file = join(root, path)
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return
  stale++
  if (onlyCheck) console.error(`${path} is out of date; run ./laurel generate and commit it.`)
  else {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    console.log(`wrote ${path}`)
  }
}
