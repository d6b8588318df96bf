/** Random rotations as weights, which keep the length of every signal. */
import { mul } from '../numeric/arithmetic.ts'
import { cholesky, solveTriangular } from '../numeric/linalg.ts'
import { matmul } from '../numeric/linear.ts'
import { reshape, transpose } from '../numeric/movement.ts'
import { random } from '../numeric/random.ts'
import { cast } from '../numeric/rounding.ts'
import { fansOf, type Initializer } from './variance.ts'

/**
 * A weight whose matrix `[entries, out]` has orthonormal columns, or rows where there are fewer, times `gain`; all such are equally likely
 * (Saxe, McClelland and Ganguli, Exact solutions to the nonlinear dynamics of learning in deep linear neural networks, 2014).
 * @example
 * ```ts
 * import { norm, orthogonal, random } from '@rootstock/core'
 * const weight = orthogonal({ gain: 2 })(random.key(1), [5, 3])
 * console.log(norm(weight, { axis: 0 }).toArray()) // [ 2, 2, 2 ]
 * ```
 */
export const orthogonal =
  ({ gain = 1 }: { readonly gain?: number } = {}): Initializer =>
  (key, shape, { dtype = 'float32' } = {}) => {
    const { fanIn: rows } = fansOf('orthogonal', shape)
    const columns = shape.at(-1)!
    const [long, short] = [Math.max(rows, columns), Math.min(rows, columns)]
    // x^T x = l l^T makes x l^-T orthonormal; squaring costs half of the digits, which float64 has to spare
    const x = random.normal(key, [long, short], { dtype: 'float64' })
    const l = cholesky(matmul(transpose(x), x))
    const q = solveTriangular(l, transpose(x))
    const oriented = rows < columns ? q : transpose(q)
    return cast(mul(reshape(oriented, shape), gain), dtype)
  }
