import type { Generator } from '#kernel/numeric'

/** Rows of covariates on which a model is fitted or asked: p columns of n values, and which of the n rows. */
export interface Rows {
  readonly columns: readonly Float64Array[]
  readonly rows: Int32Array
}

/** A fitted model: the predicted outcome of each of the rows, in their order; a probability where the outcome is 0/1. */
export type Predict = (of: Rows) => Float64Array

/** A way to predict an outcome from covariates. What is random about it comes from `random` alone. */
export interface ScoreModel {
  readonly name: string
  /** Settings, as the rows of a result print them. */
  readonly settings: { readonly [name: string]: string | number }
  /** @param outcome  n values, of which `from.rows` are looked at */
  readonly fit: (outcome: Float64Array, from: Rows, random: Generator) => Predict
}
