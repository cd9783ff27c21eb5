/** An answer in one sentence, with its uncertainty in the same sentence, and numbers with as many digits as they deserve. */
import { figuresOf, sayAmount, sayRange } from '#interfaces/look'
import type { Analysis, Answer } from './analysis.ts'

const figures = figuresOf('en')

/** Decimals that show three digits of the error, at most six: an error of 316 has none, one of 0.0103 four. */
export function decimalsFor(error: number): number {
  if (!(error > 0) || !Number.isFinite(error)) return 2
  return Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(error))))
}

/** Decimals for people: two digits of the error. */
const spoken = (error: number): number => Math.max(0, decimalsFor(error) - 1)

export const groupsOf = ({ order, arms }: Pick<Analysis, 'order' | 'arms'>): { readonly control: string; readonly treated: string } => ({ control: `${order.treatment} = ${arms.control}`, treated: `${order.treatment} = ${arms.treated}` })

export interface Said {
  readonly before: string
  /** What is set in bold. */
  readonly amount: string
  readonly after: string
}

/** Whether the interval leaves zero out. */
export const isClear = (row: Answer['row']): boolean => row.conf_low !== null && row.conf_high !== null && (row.conf_low > 0 || row.conf_high < 0)

export function sayAnswer(analysis: Analysis, answer: Answer): Said {
  const { row, outcome, share, controlMean } = answer
  const { control, treated } = groupsOf(analysis)
  const low = row.conf_low ?? Number.NaN
  const high = row.conf_high ?? Number.NaN
  if (share) {
    const difference = { estimate: row.estimate, low, high }
    const opening = isClear(row) ? 'Of' : 'No clear difference: of'
    return {
      before: `${opening} every 1,000 with ${treated}, `,
      amount: sayAmount(difference),
      after: ` had ${outcome} ${sayAmount(difference).startsWith('about as') ? 'as' : 'than'} of 1,000 with ${control} (of these ${figures.number(controlMean * 1000)} had it). 95% interval: ${sayRange(difference)}.`,
    }
  }
  const decimals = spoken(row.std_error ?? Math.abs(high - low) / 4)
  const number = (value: number): string => figures.number(Math.abs(value), decimals)
  const amount = `${number(row.estimate)} ${row.estimate < 0 ? 'lower' : 'higher'}`
  const range = low >= 0 ? `${number(low)} to ${number(high)} higher` : high <= 0 ? `${number(high)} to ${number(low)} lower` : `${number(low)} lower to ${number(high)} higher`
  return {
    before: `${isClear(row) ? 'The' : 'No clear difference: the'} average of ${outcome} was `,
    amount,
    after: ` with ${treated} than with ${control}, where it was ${figures.number(controlMean, decimals)}. 95% interval: ${range}.`,
  }
}

export const asText = (said: Said): string => `${said.before}${said.amount}${said.after}`
