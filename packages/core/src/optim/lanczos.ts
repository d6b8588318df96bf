/** The spectrum of a symmetric matrix that is known only by what it makes of vectors. */
import { ArgumentError } from '../errors.ts'
import { random } from '../numeric/random.ts'
import { tridiagonalEigen } from './tridiagonal.ts'
import { addScaled, dot } from './vector.ts'

/** Options of `lanczos`. */
export interface LanczosOptions {
  /** Products to spend. Default: all of `size` up to 500, 100 beyond. */
  readonly steps?: number
  /** A remainder smaller than this share of the largest entry met is noise. Default 1e-10; 1e-5 suits float32. */
  readonly tolerance?: number
  /** The seed of the first vector. Default 0. */
  readonly seed?: number
}

/** What `lanczos` found. */
export interface Spectrum {
  /** In increasing order; both ends are the first to be right. */
  readonly values: Float64Array
  /** How far each value may be from an eigenvalue. */
  readonly residuals: Float64Array
  /** Whether these are all eigenvalues. */
  readonly isComplete: boolean
  /** The unit vector of value `i`. */
  readonly vector: (i: number) => Float64Array
}

/** Products that are made when nobody says how many. */
const stepsFor = (size: number): number => (size <= 500 ? size : 100)

/** What is left of x beside the basis; twice, since once leaves rounding (Kahan's "twice is enough"). */
export const besides = (x: Float64Array, basis: readonly Float64Array[]): Float64Array => {
  const rest = x.slice()
  for (let pass = 0; pass < 2; pass++) {
    for (const b of basis) {
      const share = dot(b, rest)
      for (let i = 0; i < rest.length; i++) rest[i]! -= share * b[i]!
    }
  }
  return rest
}

const lengthOf = (x: Float64Array): number => Math.sqrt(dot(x, x))

/** x at length 1; as it is where it has none. */
export const unitOf = (x: Float64Array): Float64Array => {
  const length = lengthOf(x)
  return length === 0 ? x : x.map((entry) => entry / length)
}

/** A random vector of normal numbers, one of many for each seed. */
export const randomVector = (size: number, seed: number, count: number): Float64Array => {
  const key = random.fold(random.key(seed), count)
  return Float64Array.from(random.normal(key, [size], { dtype: 'float64' }).data())
}

interface Tridiagonal {
  readonly diagonal: Float64Array
  readonly beside: Float64Array
  readonly basis: readonly Float64Array[]
  /** Length of what the last product left over. */
  readonly rest: number
}

const expectFinite = (product: Float64Array): void => {
  if (product.every(Number.isFinite)) return
  throw new ArgumentError({ operation: 'lanczos', rule: 'every product must be finite' })
}

const tridiagonalise = (
  product: (v: Float64Array) => Float64Array,
  size: number,
  { steps, tolerance, seed }: Required<LanczosOptions>,
): Tridiagonal => {
  const basis: Float64Array[] = []
  const diagonal: number[] = []
  const beside: number[] = []
  let next = unitOf(randomVector(size, seed, 0))
  let scale = 0
  for (;;) {
    basis.push(next)
    const image = product(next)
    expectFinite(image)
    const along = dot(next, image)
    diagonal.push(along)
    const left = besides(image, basis)
    const rest = lengthOf(left)
    scale = Math.max(scale, Math.abs(along), rest)
    const isNoise = rest <= tolerance * scale
    if (basis.length === steps)
      return {
        diagonal: Float64Array.from(diagonal),
        beside: Float64Array.from(beside),
        basis,
        rest: isNoise ? 0 : rest,
      }
    // where nothing is left the space is closed: eigenvalues met once may lie outside once more, so begin anew beside it
    next = unitOf(isNoise ? besides(randomVector(size, seed, basis.length), basis) : left)
    beside.push(isNoise ? 0 : rest)
  }
}

/**
 * Eigenvalues and eigenvectors of a symmetric matrix of `size` rows from its products with vectors: all of them after `size` steps, and
 * the ends of the spectrum long before. Every new vector is made orthogonal to all earlier ones, and where the space closes another
 * begins beside it, so that an eigenvalue is found as often as it is there (Lanczos, An iteration method for the solution of the
 * eigenvalue problem, 1950; Paige, The computation of eigenvalues and eigenvectors of very large sparse matrices, 1971). Memory: `steps`
 * vectors.
 * @example
 * ```ts
 * import { lanczos } from '@rootstock/core'
 * const stretch = (v: Float64Array) => v.map((entry, i) => [3, -1, 3][i]! * entry)
 * const { values, vector } = lanczos(stretch, 3)
 * console.log(Array.from(values, (value) => value.toFixed(6))) // ['-1.000000', '3.000000', '3.000000']
 * console.log(Math.abs(vector(0)[1]!).toFixed(6)) // 1.000000
 * ```
 */
export const lanczos = (
  product: (v: Float64Array) => Float64Array,
  size: number,
  { steps = stepsFor(size), tolerance = 1e-10, seed = 0 }: LanczosOptions = {},
): Spectrum => {
  if (!Number.isInteger(size) || !Number.isInteger(steps) || size < 1 || steps < 1)
    throw new ArgumentError({
      operation: 'lanczos',
      inputs: { size, steps },
      rule: 'size and steps must be whole numbers of at least 1',
    })
  const options = { steps: Math.min(steps, size), tolerance, seed }
  const { diagonal, beside, basis, rest } = tridiagonalise(product, size, options)
  const { values, vectors } = tridiagonalEigen(diagonal, beside)
  return {
    values,
    residuals: Float64Array.from(vectors, (vector) => Math.abs(rest * vector.at(-1)!)),
    isComplete: basis.length === size,
    vector: (i) => {
      let sum: Float64Array = new Float64Array(size)
      basis.forEach((b, k) => {
        sum = addScaled(sum, vectors[i]![k]!, b)
      })
      return sum
    },
  }
}
