/** A table that stays where it is: what a database says its columns are, and a way to ask for figures about them. */
export type Kind = 'number' | 'truth' | 'text'

export interface HeldTable {
  /** As the result names it; without a password. */
  readonly name: string
  /** As SQL names it after FROM. */
  readonly from: string
  /** In the order of the table. */
  readonly columns: ReadonlyMap<string, Kind>
  /** Of a file's bytes; null for a table of a server. */
  readonly sha256: string | null
  /** One statement's rows; its numbers are asked for as doubles. All statements see one and the same state of the table. */
  select(statement: string): Promise<readonly (readonly unknown[])[]>
  close(): Promise<void>
}

export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`
