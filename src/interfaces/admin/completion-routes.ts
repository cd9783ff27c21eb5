import { mkdtemp, rm } from 'node:fs/promises'
import { createReadStream, createWriteStream } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { isFault, type Finding } from '#kernel/fault'
import { achievementByHandle, achievementsOf, fault as completionFault, importCompletions, requiredColumns } from '#journey/completion'
import type { Issuer } from '#journey/party'
import { page, rates, route, uploadBody, type Route } from '#interfaces/http'
import type { World } from '#platform/world'
import { deskAddress, deskChrome, mayEnter } from './desk.ts'
import { importPage, type ImportView } from './import-page.ts'

const largestBytes = 200_000_000
const mostFaultsShown = 200

const whatIs: Readonly<Record<(typeof requiredColumns)[number], string>> = {
  learner_id: 'Your own name for the learner; the same person has the same one in every file.',
  name: 'As it should stand on the credential.',
  email: 'May be empty; without one there is no mail.',
  locale: 'The language of pages and mails, like en or pt-BR.',
  time_zone: 'Like Asia/Kolkata; mails come by day.',
  country: 'Two letters, like IN (ISO 3166-1).',
  education: 'In your own words; used for strata.',
  completed_at: 'Like 2026-03-31, or with time and zone (ISO 8601).',
}

const columns: ImportView['columns'] = [
  ...requiredColumns.map((name) => ({ name, required: true, what: whatIs[name] })),
  { name: 'achievement', required: false, what: 'The handle of the achievement, where the file has more than one.' },
]

async function viewFor(world: World, issuer: Issuer): Promise<ImportView> {
  const achievements = await world.db.read((tx) => achievementsOf(tx, issuer.id))
  return { address: deskAddress(issuer, 'completions'), largestBytes, columns, achievements: achievements.map((one) => ({ handle: one.handle, name: String(one.document['name'] ?? one.handle) })) }
}

export const completionRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/admin/:issuer/completions',
    summary: 'The form that takes a file of completions.',
    roles: mayEnter.completions,
    issuer: 'path',
    rate: rates.pages,
    params: z.strictObject({}),
    handler: async (asked) => page(importPage(await viewFor(asked.world, asked.issuer), deskChrome(asked, asked.issuer, 'completions'))),
  }),
  route({
    method: 'POST',
    path: '/admin/:issuer/completions',
    summary: 'Takes a file of completions, all or nothing, or its good rows on request.',
    roles: mayEnter.completions,
    issuer: 'path',
    csrf: 'form',
    audit: 'completion.import',
    rate: rates.pages,
    params: z.strictObject({}),
    body: uploadBody(z.strictObject({ achievement: z.string().max(100).optional(), partial: z.enum(['yes', 'on']).optional() }), { mediaTypes: ['text/csv', 'application/vnd.ms-excel', 'application/octet-stream', 'text/plain'], limit: largestBytes }),
    async handler(asked) {
      const { issuer, world, input, about } = asked
      const { fields, file } = input.body
      const folder = await mkdtemp(join(tmpdir(), 'laurel-import-'))
      try {
        const path = join(folder, 'upload.csv')
        await pipeline(file?.bytes ?? [], createWriteStream(path, { mode: 0o600 }))
        const result = await resultOf(world, issuer, { path, achievement: fields.achievement, partial: fields.partial !== undefined, fileName: file?.name })
        about({ issuerId: issuer.id, after: { rows: result.rows, imported: result.imported } })
        return page(importPage({ ...(await viewFor(world, issuer)), result }, deskChrome(asked, issuer, 'completions')), { status: result.outcome === 'refused' ? 422 : 200 })
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    },
  }),
]

async function resultOf(world: World, issuer: Issuer, order: { readonly path: string; readonly achievement: string | undefined; readonly partial: boolean; readonly fileName: string | undefined }): Promise<NonNullable<ImportView['result']>> {
  const findings: Finding[] = []
  const named = order.fileName === undefined ? {} : { fileName: order.fileName }
  try {
    const achievement = order.achievement === undefined || order.achievement === '' ? undefined : await world.db.read((tx) => achievementByHandle(tx, issuer.id, order.achievement ?? ''))
    if (order.achievement && !achievement) throw completionFault.unknown_achievement({ achievement: order.achievement, known: '' })
    const done = await importCompletions(world, { issuer, open: () => createReadStream(order.path), achievement, partial: order.partial, onRefused: (row) => void findings.push(...row.findings) })
    return { ...named, outcome: done.refused > 0 ? 'partial' : 'imported', rows: done.rows, imported: done.recorded, known: done.repeated, faults: findings.slice(0, mostFaultsShown), faultsInAll: findings.length, credentialsAddress: deskAddress(issuer, 'credentials') }
  } catch (error) {
    if (!isFault(error)) throw error
    const faults = error.findings.length > 0 ? error.findings : [{ sentence: error.message }]
    return { ...named, outcome: 'refused', rows: new Set(error.findings.map((one) => one.row)).size, imported: 0, known: 0, faults: faults.slice(0, mostFaultsShown), faultsInAll: faults.length }
  }
}
