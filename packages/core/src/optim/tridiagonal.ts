/**
 * Eigenvalues and eigenvectors of a symmetric tridiagonal matrix, beside the tensors. `eigh` would do, but its rotations do not know of
 * the zeros: a full spectrum of 500 parameters would take several times as long with it.
 */

/** Eigenvalues in increasing order, and the unit vector of each. */
export interface Eigen {
  readonly values: Float64Array
  readonly vectors: readonly Float64Array[]
}

const mostSweeps = 60

/** Turns two vectors in their plane. */
const rotate = (a: Float64Array, b: Float64Array, cosine: number, sine: number): void => {
  for (let k = 0; k < a.length; k++) {
    const [p, q] = [a[k]!, b[k]!]
    a[k] = cosine * p - sine * q
    b[k] = sine * p + cosine * q
  }
}

/** The end of the block that begins at `from` and that no negligible entry splits. */
const blockEnd = (off: Float64Array, from: number, negligible: number): number => {
  let end = from
  while (end < off.length - 1 && Math.abs(off[end]!) > negligible) end++
  return end
}

/** Wilkinson's shift: the eigenvalue of the first two rows that is nearer to the first, taken from the last diagonal entry. */
const shifted = (d: Float64Array, off: Float64Array, first: number, last: number): number => {
  const ratio = (d[first + 1]! - d[first]!) / (2 * off[first]!)
  const root = Math.hypot(ratio, 1)
  return d[last]! - d[first]! + off[first]! / (ratio + (ratio < 0 ? -root : root))
}

/** One implicit QL step on the block of rows `first` to `last`. */
const sweep = (
  d: Float64Array,
  off: Float64Array,
  vectors: readonly Float64Array[],
  [first, last]: readonly [number, number],
): void => {
  let bulge = shifted(d, off, first, last)
  let [cosine, sine, moved] = [1, 1, 0]
  for (let i = last - 1; i >= first; i--) {
    const [f, b] = [sine * off[i]!, cosine * off[i]!]
    const length = Math.hypot(f, bulge)
    off[i + 1] = length
    if (length === 0) {
      // the block has split by itself
      d[i + 1]! -= moved
      off[last] = 0
      return
    }
    sine = f / length
    cosine = bulge / length
    const g = d[i + 1]! - moved
    const r = (d[i]! - g) * sine + 2 * cosine * b
    moved = sine * r
    d[i + 1] = g + moved
    bulge = cosine * r - b
    rotate(vectors[i]!, vectors[i + 1]!, cosine, sine)
  }
  d[first]! -= moved
  off[first] = bulge
  off[last] = 0
}

/**
 * The eigenvalues and eigenvectors of the matrix with this diagonal and, beside it, `beside` (one entry fewer), by implicit QL steps
 * (Bowdler, Martin, Reinsch and Wilkinson, The QR and QL algorithms for symmetric matrices, 1968).
 */
export const tridiagonalEigen = (diagonal: Float64Array, beside: Float64Array): Eigen => {
  const n = diagonal.length
  const d = diagonal.slice()
  const off = new Float64Array(n)
  off.set(beside.subarray(0, Math.max(0, n - 1)))
  const vectors = Array.from({ length: n }, (_, i) => {
    const unit = new Float64Array(n)
    unit[i] = 1
    return unit
  })
  let norm = 0
  for (let i = 0; i < n; i++) norm = Math.max(norm, Math.abs(d[i]!) + Math.abs(off[i]!))
  for (let first = 0; first < n; first++) {
    for (let count = 0; count < mostSweeps; count++) {
      const last = blockEnd(off, first, norm * Number.EPSILON)
      if (last === first) break
      sweep(d, off, vectors, [first, last])
    }
  }
  const order = Array.from(d.keys()).sort((a, b) => d[a]! - d[b]!)
  return {
    values: Float64Array.from(order, (i) => d[i]!),
    vectors: order.map((i) => vectors[i]!),
  }
}
