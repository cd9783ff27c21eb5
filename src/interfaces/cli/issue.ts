import { accessSync, appendFileSync, closeSync, constants, openSync, writeFileSync, writeSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { achievementByHandle, fault as completionFault, importCompletions, saveAchievement, achievementsOf, type Achievement, type Imported, type ImportOrder } from '#journey/completion'
import { credentialsOfCompletions, establishKey, issuerDidDocument, openBatchIssuer } from '#journey/credential'
import { createExperiment, defaultArms, experimentsOf, runningExperiment, startExperiment } from '#journey/experiment'
import { consentPurposes, createIssuer, type ConsentPurpose, type Issuer } from '#journey/party'
import { writeCsvRow } from '#platform/csv'
import { makeFolder } from '#platform/db'
import type { World } from '#platform/world'
import { asJson, type Call, type CliContext, type Command, type ExitCode } from './command.ts'
import { fault } from './faults.ts'
import { issueBatch, keepHeapSmall } from './issue-batch.ts'
import { readJson, reopenable } from './read-file.ts'
import { issuerIfAny, issuerOption, withInstallation } from './settings.ts'
import { writing } from './writing.ts'

export const issue: Command = {
  positionals: 'FILE|-',
  options: {
    achievement: { type: 'string', value: 'FILE|HANDLE', help: 'Open Badges 3.0 Achievement as JSON, or one that is there already; not needed where the CSV has a column achievement' },
    out: { type: 'string', value: 'FOLDER|FILE', help: 'writes each credential there as <credential id>.json; with --batch, one credential a line into this file' },
    batch: { type: 'string', value: 'FILE', help: 'signs the rows of FILE (.ndjson or .csv) into the file --out, at full speed: credentials as files only, without a page or a status, which cannot be revoked' },
    partial: { type: 'string', value: 'FILE', help: 'imports the good rows and writes the others to FILE with the reasons' },
    consents: { type: 'string', value: 'LIST', help: `what the learners agreed to, as you know it (default credential,nudge; of ${consentPurposes.join(', ')})` },
    'issuer-name': { type: 'string', value: 'NAME', help: 'the name of the issuer, the first time' },
    experiment: { type: 'boolean', help: '--no-experiment: the first time, do not start an experiment on the share prompt' },
    ...issuerOption,
    ...asJson,
  },
  examples: ['./laurel issue examples/completions.csv --achievement examples/achievement.json --out credentials', './laurel issue - --achievement data-analysis < completions.csv', './laurel issue --batch learners.ndjson --achievement examples/achievement.json --out credentials.ndjson'],
  async run(call, context) {
    const batch = call.text('batch')
    if (batch !== undefined) return await runBatch(call, context, batch)
    const [file] = call.positionals
    if (file === undefined) throw fault.missing_file({ command: 'issue', what: 'the CSV file of completions' })
    const open = await reopenable(file, context)
    const given = await readAchievement(call, context)
    mustBeWritable(call)
    return await withInstallation(call, context, async ({ world }) => {
      const issuer = await issuerOrNew(world, call, given)
      const achievement = await achievementFor(world, issuer, given)
      const started = call.options['experiment'] === false ? undefined : await firstExperiment(world, issuer)
      const bar = context.progress()
      const imported = await importRows(world, call, { issuer, open, achievement, consents: consentsFrom(call) })
      await finishIssuing(world, imported.completionIds, (share) => bar.to(share, 'issuing'))
      bar.end()
      await world.queue.tick(world)
      await world.queue.drain(world)
      const written = await writeOut(world, issuer, imported.completionIds, call.text('out'))
      const result = { issuer: issuer.handle, achievement: achievement?.handle ?? null, rows: imported.rows, recorded: imported.recorded, repeated: imported.repeated, refused: imported.refused, credentials: written.credentials, out: call.text('out') ?? null, experiment: started ?? null }
      if (call.flag('json')) context.out(JSON.stringify(result))
      else context.out(inWords(result, call.text('partial')))
      return imported.refused > 0 ? 1 : 0
    })
  },
}

/** Signs a file of rows into a file of credentials; nothing of them is stored here. */
async function runBatch(call: Call, context: CliContext, file: string): Promise<ExitCode> {
  const out = call.text('out')
  if (out === undefined) throw fault.missing_file({ command: 'issue', what: 'the file to write with --out' })
  if (call.positionals.length > 0 || call.text('partial') !== undefined) throw fault.wrong_option({ reason: 'With --batch there is no other file and no --partial.', command: 'issue' })
  const open = await reopenable(file, context)
  const given = await readAchievement(call, context)
  if (given === undefined) throw fault.missing_file({ command: 'issue', what: 'the achievement with --achievement' })
  return await withInstallation(call, context, async ({ world }) => {
    const issuer = await issuerOrNew(world, call, given)
    const achievement = await achievementFor(world, issuer, given)
    if (!achievement) throw new TypeError('an achievement that was just saved is missing')
    const signing = await world.db.read((tx) => openBatchIssuer(tx, world, issuer, achievement))
    keepHeapSmall()
    const began = performance.now()
    const cpu = process.cpuUsage()
    const { rows } = await issueBatch({ name: file, open, out, issuer: signing, progress: (count) => { if (context.terminal) context.progress().to(0, `${count} signed`) } })
    const { user, system } = process.cpuUsage(cpu)
    const seconds = (performance.now() - began) / 1000
    const result = { issuer: issuer.handle, achievement: achievement.handle, credentials: rows, out, seconds: Number(seconds.toFixed(2)), per_cpu_second: Math.round((rows * 1e6) / (user + system)) }
    context.out(call.flag('json') ? JSON.stringify(result) : `${rows} credentials signed into ${out} in ${seconds.toFixed(1)} s. They are in that file only: they have no page and cannot be revoked.`)
    return 0
  })
}

/** Known before anything is issued. */
function mustBeWritable(call: Call): void {
  const out = call.text('out')
  const partial = call.text('partial')
  if (out !== undefined) {
    writing(out, () => {
      makeFolder(resolve(out))
      accessSync(`${out}/.`, constants.W_OK) // with the dot, a file of that name is no folder
    })
  }
  if (partial !== undefined) writing(partial, () => appendFileSync(partial, ''))
}

/** The rows of the file; with --partial those that are refused are written to its file as they come. */
async function importRows(world: World, call: Call, order: Pick<ImportOrder, 'issuer' | 'open' | 'achievement' | 'consents'>): Promise<Imported> {
  const partial = call.text('partial')
  if (partial === undefined) return await importCompletions(world, { ...order, partial: false })
  const file = writing(partial, () => openSync(partial, 'w'))
  let header = false
  try {
    return await importCompletions(world, {
      ...order,
      partial: true,
      onRefused({ row, fields, findings }) {
        const head = header ? '' : writeCsvRow(['row', ...Object.keys(fields), 'reasons'])
        header = true
        writing(partial, () => writeSync(file, head + writeCsvRow([row, ...Object.values(fields), findings.map((one) => one.sentence).join(' ')])))
      },
    })
  } finally {
    closeSync(file)
  }
}

async function readAchievement(call: Call, context: CliContext): Promise<{ readonly handle: string; readonly document: unknown } | string | undefined> {
  const named = call.text('achievement')
  if (named === undefined) return undefined
  if (!/[./\\]/.test(named)) return named
  return { handle: basename(named).replace(/\.json$/i, '').replaceAll(/[^A-Za-z0-9._-]+/g, '-'), document: await readJson(named, context) }
}

async function achievementFor(world: World, issuer: Issuer, given: Awaited<ReturnType<typeof readAchievement>>): Promise<Achievement | undefined> {
  if (given === undefined) return undefined
  return await world.db.transaction(async (tx) => {
    if (typeof given !== 'string') return await saveAchievement(tx, { issuerId: issuer.id, handle: given.handle, document: given.document })
    const found = await achievementByHandle(tx, issuer.id, given)
    if (!found) throw completionFault.unknown_achievement({ achievement: given, known: (await achievementsOf(tx, issuer.id)).map((one) => one.handle).join(', ') })
    return found
  })
}

/** The issuer; the first time it is made, from --issuer-name, the achievement's creator, or the public address. */
async function issuerOrNew(world: World, call: Call, given: Awaited<ReturnType<typeof readAchievement>>): Promise<Issuer> {
  const there = await issuerIfAny(world, call.text('issuer'))
  if (there) return there
  const name = call.text('issuer-name') ?? creatorName(typeof given === 'object' ? given.document : undefined) ?? new URL(world.config.publicUrl).hostname
  const handle = name.normalize('NFKD').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '').slice(0, 40) || 'issuer'
  return await world.db.transaction(async (tx) => {
    const issuer = await createIssuer(tx, { handle, name })
    await establishKey(tx, world.secrets, issuer.id)
    return issuer
  })
}

function creatorName(document: unknown): string | undefined {
  if (typeof document !== 'object' || document === null || !('creator' in document)) return undefined
  const creator = document.creator
  return typeof creator === 'object' && creator !== null && 'name' in creator && typeof creator.name === 'string' && creator.name !== '' ? creator.name : undefined
}

/** Every nudge is an experiment: an issuer that never had one gets the share prompt, half and half. */
async function firstExperiment(world: World, issuer: Issuer): Promise<string | undefined> {
  return await world.db.transaction(async (tx) => {
    if ((await runningExperiment(tx, issuer.id)) || (await experimentsOf(tx, issuer.id)).length > 0) return undefined
    const draft = await createExperiment(tx, { issuerId: issuer.id, name: 'Share prompt', question: 'Does a prompt to share a credential bring more sharing and more new jobs?', arms: defaultArms('share.in_app') })
    return (await startExperiment(tx, draft.id)).name
  })
}

function consentsFrom(call: Call): readonly ConsentPurpose[] | undefined {
  return call
    .text('consents')
    ?.split(',')
    .map((word) => {
      const known = consentPurposes.find((purpose) => purpose === word.trim())
      if (!known) throw fault.wrong_option({ reason: `“${word.trim()}” is not a consent; there are ${consentPurposes.join(', ')}.`, command: 'issue' })
      return known
    })
}

/** Runs the jobs here; where a server holds the folder it takes some of them, and they are waited for. */
async function finishIssuing(world: World, completionIds: readonly string[], progress: (share: number) => void): Promise<void> {
  for (let signed = 0; signed < completionIds.length; ) {
    await world.queue.drain(world)
    signed = (await world.db.read((tx) => credentialsOfCompletions(tx, completionIds))).filter((one) => one.signedAt !== undefined || one.withdrawnAt !== undefined).length
    progress(signed / completionIds.length)
    if (signed < completionIds.length) await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

const write = (file: string, text: string) => writing(file, () => writeFileSync(file, text))

async function writeOut(world: World, issuer: Issuer, completionIds: readonly string[], folder: string | undefined): Promise<{ readonly credentials: number }> {
  let credentials = 0
  for (let at = 0; at < completionIds.length; at += 500) {
    const batch = await world.db.read((tx) => credentialsOfCompletions(tx, completionIds.slice(at, at + 500), { signed: folder !== undefined }))
    credentials += batch.length
    if (folder !== undefined) for (const one of batch) if (one.signed !== undefined) write(join(folder, `${one.publicId}.json`), one.signed)
  }
  const did = folder === undefined ? undefined : await world.db.read((tx) => issuerDidDocument(tx, world.config, issuer))
  if (folder !== undefined && did) write(join(folder, 'did.json'), JSON.stringify(did, null, 2))
  return { credentials }
}

function inWords(result: { readonly rows: number; readonly recorded: number; readonly repeated: number; readonly refused: number; readonly credentials: number; readonly out: string | null; readonly experiment: string | null }, refusedFile: string | undefined): string {
  return [
    `${result.rows} rows read: ${result.recorded} completions recorded${result.repeated > 0 ? `, ${result.repeated} known before` : ''}${result.refused > 0 ? `, ${result.refused} refused and written to ${refusedFile} with the reasons` : ''}.`,
    `${result.credentials} credentials issued${result.out === null ? '' : ` and written to ${result.out}`}.`,
    ...(result.experiment === null ? [] : [`The experiment “${result.experiment}” began: half of these learners are prompted to share, half are not.`]),
  ].join('\n')
}
