export { addCombination, addProducts, addSquares, addWeightedProducts, symmetric, toOrthonormal } from './block.ts'
export {
  chiSquareLower,
  chiSquareQuantile,
  chiSquareUpper,
  fQuantile,
  fUpper,
  normalLower,
  normalQuantile,
  normalUpper,
  studentLower,
  studentQuantile,
  studentTwoSided,
  studentUpper,
} from './distribution.ts'
export { inverseRootOfComplement, symmetricEigen, symmetricFunction } from './eigen.ts'
export { logGamma } from './gamma.ts'
export { Generator, generator } from './generator.ts'
export { cholesky, identity, invertUpper, matrix, multiply, pick, solveUpper, transpose, type Matrix } from './matrix.ts'
export { DoubleSums, sum } from './sum.ts'
export { columnLength, pivotedQr, TriangularFactor, type Pivoted } from './triangle.ts'
