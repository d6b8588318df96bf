/** Loops over the fibres of a tensor: the runs of elements along one axis. What cumulative and arg reductions need. */
import type { Address, Statement } from '../loop/loop.ts'
import { type Shape, sizeOf } from '../shape.ts'
import type { LoopContext } from './define.ts'

/** One fibre: addresses of its elements and of the one element of a result without the axis. */
export interface Fibre {
  readonly length: number
  /** Address of the element at loop index `index`, walking backwards when reversed. */
  readonly at: (index: number, reverse?: boolean) => Address
  readonly reducedAt: Address
}

/** `body` once for every fibre of `shape` along `axis`; fibres are independent. */
export const overFibres = (
  context: LoopContext,
  shape: Shape,
  axis: number,
  body: (fibre: Fibre) => readonly Statement[],
): readonly Statement[] => {
  const length = shape[axis]!
  const inner = sizeOf(shape.slice(axis + 1))
  const outer = sizeOf(shape.slice(0, axis))
  const o = context.index()
  const i = context.index()
  const terms = [
    { index: o, stride: length * inner },
    { index: i, stride: 1 },
  ]
  const fibre: Fibre = {
    length,
    at: (index, reverse = false) => ({
      base: reverse ? (length - 1) * inner : 0,
      terms: [...terms, { index, stride: reverse ? -inner : inner }],
    }),
    reducedAt: {
      base: 0,
      terms: [
        { index: o, stride: inner },
        { index: i, stride: 1 },
      ],
    },
  }
  const innerLoop: Statement = {
    kind: 'for',
    index: i,
    extent: inner,
    parallel: true,
    body: body(fibre),
  }
  return [{ kind: 'for', index: o, extent: outer, parallel: true, body: [innerLoop] }]
}
