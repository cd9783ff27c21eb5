/** A rule that says which arm a learner gets, by what was known before the draw: the record that an analysis writes and policy publishes. */
import { fault } from './faults.ts'

export type Rule =
  | { readonly arm: string }
  /** A text is asked for by its level, a number by "at most". */
  | { readonly column: string; readonly is: string; readonly yes: Rule; readonly no: Rule }
  | { readonly column: string; readonly atMost: number; readonly yes: Rule; readonly no: Rule }

/** What is known of a learner before the draw, by the names of the covariates. */
export type Traits = Readonly<Record<string, string | number | undefined>>

/** As deep as the search goes, and one more for a hand-written rule. */
const deepest = 4

/**
 * Reads a rule from the record that it was published as: `{ kind: "tree", tree }`, or `{ kind: "everyone" | "no_one", arm }`.
 *
 * @throws Fault `experiment.rule_refused` with what is wrong, where it is no rule, or names an arm that there is not
 */
export function parseRule(record: Readonly<Record<string, unknown>>, arms: readonly string[]): Rule {
  const known = (arm: unknown): string => {
    if (typeof arm !== 'string' || !arms.includes(arm)) throw fault.rule_refused({ reason: `it gives the arm “${String(arm)}”, and there are ${arms.join(', ')}` })
    return arm
  }
  const read = (value: unknown, depth: number): Rule => {
    if (depth > deepest) throw fault.rule_refused({ reason: `it asks more than ${deepest} questions in a row` })
    if (!isRecord(value)) throw fault.rule_refused({ reason: 'a branch of it is no object' })
    if ('arm' in value) return Object.freeze({ arm: known(value['arm']) })
    const { column, is, at_most: atMost } = value
    if (typeof column !== 'string' || column === '') throw fault.rule_refused({ reason: 'a question of it names no column' })
    const branches = { column, yes: read(value['yes'], depth + 1), no: read(value['no'], depth + 1) }
    if (typeof is === 'string') return Object.freeze({ ...branches, is })
    if (typeof atMost === 'number' && Number.isFinite(atMost)) return Object.freeze({ ...branches, atMost })
    throw fault.rule_refused({ reason: `the question about “${column}” has neither "is" nor "at_most"` })
  }
  if (record['kind'] === 'everyone' || record['kind'] === 'no_one') return Object.freeze({ arm: known(record['arm']) })
  if (record['kind'] !== 'tree') throw fault.rule_refused({ reason: `its kind is “${String(record['kind'])}”; it is tree, everyone or no_one` })
  return read(record['tree'], 0)
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The arm that a rule gives; undefined where the learner lacks what it asks for, so that chance decides. */
export function armByRule(rule: Rule, traits: Traits): string | undefined {
  let node = rule
  while (!('arm' in node)) {
    const own = traits[node.column]
    if (own === undefined || own === '') return undefined
    if ('is' in node) node = String(own) === node.is ? node.yes : node.no
    else {
      const value = Number(own)
      if (!Number.isFinite(value)) return undefined
      node = value <= node.atMost ? node.yes : node.no
    }
  }
  return node.arm
}
