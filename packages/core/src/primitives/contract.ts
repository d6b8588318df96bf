/**
 * Contraction: the sum of products behind matrix products, einsum and their derivatives. Output axes are the batch axes,
 * then the free axes of the left input, then those of the right, each in increasing order.
 */
import type { Abstract } from '../graph/graph.ts'
import { invertPermutation, type Shape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { bind1 } from '../trace/interpreter.ts'
import { otherAxes } from './broadcast.ts'
import { type ContractionAxes, define } from './define.ts'
import { concatenatePrimitive, slicePrimitive, transpose } from './movement.ts'
import { expectArgument, expectDType, expectPairDType, expectShape, numbers } from './rules.ts'

const sides = ({ batch, sum }: ContractionAxes) => ({
  leftBatch: batch.map(([l]) => l),
  rightBatch: batch.map(([, r]) => r),
  leftSum: sum.map(([l]) => l),
  rightSum: sum.map(([, r]) => r),
})

const freeAxes = (rank: number, batch: readonly number[], sum: readonly number[]): number[] =>
  otherAxes(rank, [...batch, ...sum])

const outputShape = (a: Abstract, b: Abstract, axes: ContractionAxes): Shape => {
  const { leftBatch, rightBatch, leftSum, rightSum } = sides(axes)
  return [
    ...leftBatch.map((axis) => a.shape[axis]!),
    ...freeAxes(a.shape.length, leftBatch, leftSum).map((axis) => a.shape[axis]!),
    ...freeAxes(b.shape.length, rightBatch, rightSum).map((axis) => b.shape[axis]!),
  ]
}

/** Cotangent of the left input: contract the output's cotangent with the right input over its free axes. */
const leftCotangent = (ct: Tensor, b: Tensor, axes: ContractionAxes, a: Abstract): Tensor => {
  const { leftBatch, rightBatch, leftSum, rightSum } = sides(axes)
  const leftFree = freeAxes(a.shape.length, leftBatch, leftSum)
  const rightFree = freeAxes(b.rank, rightBatch, rightSum)
  const result = contract(ct, b, {
    batch: rightBatch.map((axis, i) => [i, axis] as const),
    sum: rightFree.map((axis, i) => [leftBatch.length + leftFree.length + i, axis] as const),
  })
  // axes now: batch, left free, then the summed axes in the order the right input has them
  const summed = rightSum.toSorted((x, y) => x - y).map((axis) => leftSum[rightSum.indexOf(axis)]!)
  return transpose(result, {
    permutation: invertPermutation([...leftBatch, ...leftFree, ...summed]),
  })
}

/** Cotangent of the right input. */
const rightCotangent = (ct: Tensor, a: Tensor, axes: ContractionAxes, b: Abstract): Tensor => {
  const { leftBatch, rightBatch, leftSum, rightSum } = sides(axes)
  const leftFree = freeAxes(a.rank, leftBatch, leftSum)
  const rightFree = freeAxes(b.shape.length, rightBatch, rightSum)
  const result = contract(a, ct, {
    batch: leftBatch.map((axis, i) => [axis, i] as const),
    sum: leftFree.map((axis, i) => [axis, leftBatch.length + i] as const),
  })
  // axes now: batch, the summed axes in the order the left input has them, right free
  const summed = leftSum.toSorted((x, y) => x - y).map((axis) => rightSum[leftSum.indexOf(axis)]!)
  return transpose(result, {
    permutation: invertPermutation([...rightBatch, ...summed, ...rightFree]),
  })
}

const shiftedPairs = (pairs: ContractionAxes['sum'], left: number, right: number) =>
  pairs.map(([l, r]) => [l + left, r + right] as const)

export const contractPrimitive = define<ContractionAxes>({
  name: 'contract',
  symbol: 'dot',
  shape: ([left, right], axes) => {
    expectDType('contract', 'left', left!, numbers)
    expectPairDType('contract', left!, right!)
    const { leftBatch, rightBatch, leftSum, rightSum } = sides(axes)
    const distinct = (list: readonly number[], rank: number) =>
      new Set(list).size === list.length && list.every((axis) => axis >= 0 && axis < rank)
    expectArgument(
      distinct([...leftBatch, ...leftSum], left!.shape.length) &&
        distinct([...rightBatch, ...rightSum], right!.shape.length),
      'contract',
      { left, right },
      'batch and summed axes must be distinct axes of their input',
    )
    expectShape(
      [...axes.batch, ...axes.sum].every(([l, r]) => left!.shape[l] === right!.shape[r]),
      'contract',
      { left, right },
      'axes that are multiplied with each other must have the same size',
    )
    return [{ shape: outputShape(left!, right!, axes), dtype: left!.dtype }]
  },
  derivative: {
    kind: 'bilinear',
    transpose: ([ct], [a, b], axes, types) =>
      a === null
        ? [leftCotangent(ct!, b!, axes, types[0]!), null]
        : [null, rightCotangent(ct!, a!, axes, types[1]!)],
  },
  batch: ([a, b], [left, right], { batch, sum }) => {
    if (left && right) {
      const axes = {
        batch: [[0, 0] as const, ...shiftedPairs(batch, 1, 1)],
        sum: shiftedPairs(sum, 1, 1),
      }
      return [contract(a!, b!, axes)]
    }
    const axes = {
      batch: shiftedPairs(batch, left ? 1 : 0, right ? 1 : 0),
      sum: shiftedPairs(sum, left ? 1 : 0, right ? 1 : 0),
    }
    const result: Tensor = contract(a!, b!, axes)
    // the batch axis became the first free axis of its side
    const leftFree = a!.rank - batch.length - sum.length
    const at = left ? batch.length : batch.length + leftFree
    return [transpose(result, { permutation: [at, ...otherAxes(result.rank, [at])] })]
  },
  lower: {
    kind: 'contract',
    axes: (axes) => axes,
    beside: { whole: concatenatePrimitive, part: slicePrimitive },
  },
})
/** Sum over paired axes of the products of a and b. */
export const contract = (a: Tensor, b: Tensor, axes: ContractionAxes): Tensor =>
  bind1(contractPrimitive, [a, b], axes)
