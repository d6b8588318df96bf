/** The matrix factorisations, one file each. */
export { cholesky, choleskyPrimitive } from './cholesky.ts'
export { eigh, eighPrimitive } from './eigh.ts'
export { type Factors, lu, luPrimitive, permuteRows } from './lu.ts'
export { type Triangle, triangularSolve, triangularSolvePrimitive } from './triangular.ts'
