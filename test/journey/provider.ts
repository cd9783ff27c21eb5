/** What a provider has at hand: a file of learners, an achievement, and an eye for clear sentences. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root, type Ended } from './laurel.ts'

export const achievement = join(root, 'examples/achievement.json')
export const header = 'learner_id,name,email,locale,time_zone,country,education,completed_at'
export const row = (id: string, more: Readonly<Record<string, string>> = {}) => {
  const fields: Record<string, string> = { learner_id: id, name: 'Ana Silva', email: `${id.toLowerCase()}@learners.example`, locale: 'pt-BR', time_zone: 'America/Sao_Paulo', country: 'BR', education: 'Bachelor degree', completed_at: '2026-08-30T10:00:00Z', ...more }
  return header.split(',').map((column) => fields[column]).join(',')
}
export const credentialsIn = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.json') && name !== 'did.json').toSorted()

/** Words for a person: one sentence about what to do, no stack. */
export function isOneSentence(ended: Ended, code: number, says: RegExp): void {
  assert.equal(ended.code, code, ended.err || ended.out)
  assert.match(ended.err, says)
  assert.doesNotMatch(ended.err, /\n\s+at |fault in Laurel itself/)
  assert.equal(ended.err.trim().split('\n').length, 1, ended.err)
}
