/** The matrix factorisations, one file each. */
export { cholesky, choleskyPrimitive } from './cholesky.ts'
export { eigh, eighPrimitive } from './eigh.ts'
export { lu, luPrimitive, permuteRows } from './lu.ts'
export { triangularSolve, triangularSolvePrimitive } from './triangular.ts'
