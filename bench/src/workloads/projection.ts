/** Gradients that contradict each other: PCGrad (Yu et al., Gradient surgery for multi-task learning, 2020). */
import {
  add,
  div,
  expandDims,
  eye,
  less,
  logicalAnd,
  map,
  matmul,
  mul,
  reshape,
  stack,
  sub,
  sum,
  type Tensor,
  take,
  transpose,
  where,
} from '@rootstock/core'

/**
 * Which sum of gradients is left, from their products with each other: from each gradient, for each of the others in their
 * order, the part that points against it is taken away, then all are added. Returns a factor for each gradient.
 */
const factorsOf = (products: Tensor, count: number): Tensor => {
  const identity = eye(count)
  // row i: what is left of gradient i, as factors of all
  let rows = identity
  for (let j = 0; j < count; j++) {
    const own = take(identity, j)
    const along = matmul(rows, take(products, j, { axis: 1 }))
    const isAgainst = logicalAnd(less(along, 0), less(own, 1))
    const excess = where(isAgainst, div(along, take(take(products, j), j)), 0)
    rows = sub(rows, mul(expandDims(excess, 1), own))
  }
  return sum(rows, { axis: 0 })
}

/** The sum of the gradients of tasks, each a tree, after their projection. */
export const projectGradients = <Params>(gradients: readonly Params[]): Params => {
  const [first, ...others] = gradients
  const count = gradients.length
  const products: Tensor[] = []
  const stacked = map(
    (...parts: readonly Tensor[]) => {
      const rows = reshape(stack(parts), [count, -1])
      products.push(matmul(rows, transpose(rows)))
      return rows
    },
    first!,
    ...others,
  )
  const factors = factorsOf(products.reduce(add), count)
  return map(
    (part: Tensor, rows: Tensor) => reshape(matmul(factors, rows), part.shape),
    first!,
    stacked,
  )
}
