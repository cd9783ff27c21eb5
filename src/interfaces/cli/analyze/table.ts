/** A table in memory: columns of numbers, or of text as codes into a list of its values. Only the columns that were asked for. */

export interface NumberColumn {
  readonly kind: 'number'
  readonly name: string
  /** NaN where there is no value. */
  readonly values: Float64Array
  readonly missing: number
  /** Whether commas were read as decimal points. */
  readonly commas: boolean
}

export interface TextColumn {
  readonly kind: 'text'
  readonly name: string
  /** Place in `levels`, −1 where there is no value. */
  readonly codes: Int32Array
  /** In order of first appearance. */
  readonly levels: readonly string[]
  readonly missing: number
}

export type Column = NumberColumn | TextColumn

export interface Table {
  readonly file: string
  /** Of the bytes as they were read. */
  readonly sha256: string
  readonly rows: number
  /** Every column of the file, in order. */
  readonly header: readonly string[]
  readonly columns: ReadonlyMap<string, Column>
  /** Columns that were not asked for in which each value occurs in one arm only. */
  readonly clusterLike: readonly ClusterLike[]
}

export interface ClusterLike {
  readonly column: string
  readonly values: number
  readonly rows: number
}

/** What is to be read: the columns kept, and the one that says the arm, against which all others are held. */
export interface Wanted {
  readonly columns: readonly string[]
  readonly treatment: string
}

/** What counts as "no value", beside an empty field. */
export const missingTexts: readonly string[] = ['NA', 'N/A', '#N/A', 'NaN', 'nan', 'null', 'NULL', '.']
const missingWords: ReadonlySet<string> = new Set(missingTexts)
export const isMissing = (text: string): boolean => text === '' || missingWords.has(text)
