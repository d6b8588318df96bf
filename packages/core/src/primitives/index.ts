/** Reading and writing rows by number: gather and its adjoint, scatter-add. Numbers out of range are clamped. */
import type { Abstract } from '../graph/graph.ts'
import type { Address, Statement } from '../loop/loop.ts'
import * as s from '../loop/scalar.ts'
import { equalShapes, range, sizeOf } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { bind1 } from '../trace/interpreter.ts'
import { broadcast, fullOf, shifted, zerosOf } from './broadcast.ts'
import { type Block, define, type LoopContext } from './define.ts'
import { add, maximum, minimum, mul } from './elementwise.ts'
import { iota, reshape } from './movement.ts'
import { expectDType, expectPairDType, expectShape, integers, numbers } from './rules.ts'

/** Address of element `j` of row `indices[i]` of a block: the row is read from memory, and clamped. */
const rowAddress = (block: Block, indices: Block, i: number, j: number): Address => {
  const width = sizeOf(block.shape.slice(1))
  const row = s.load('int32', indices.buffer, { base: 0, terms: [{ index: i, stride: 1 }] })
  const last = s.constant('int32', block.shape[0]! - 1)
  const clamped = s.max(s.min(row, last), s.constant('int32', 0))
  return {
    base: 0,
    terms: [{ index: j, stride: 1 }],
    offset: s.mul(clamped, s.constant('int32', width)),
  }
}

const nest = (
  context: LoopContext,
  rows: number,
  width: number,
  parallel: boolean,
  body: (i: number, j: number) => readonly Statement[],
): Statement => {
  const [i, j] = [context.index(), context.index()]
  return {
    kind: 'for',
    index: i,
    extent: rows,
    parallel,
    body: [{ kind: 'for', index: j, extent: width, parallel: true, body: body(i, j) }],
  }
}

/** Numbers of rows of a batched table, [size, rows, ...], counted through all examples: example e's row r is e rows + r. */
const flatRows = (indices: Tensor, rows: number): Tensor => {
  const clamped = minimum(maximum(indices, zerosOf(indices)), fullOf(indices, rows - 1))
  const [size] = indices.shape
  const counts = iota({ length: size! })
  const first = mul(counts, fullOf(counts, rows))
  return add(clamped, broadcast(first, { shape: indices.shape, axes: [0] }))
}

/** The first two axes as one. */
const flat = (x: Tensor): Tensor => {
  const [size, rows, ...rest] = x.shape
  return reshape(x, { shape: [size! * rows!, ...rest] })
}

const repeated = (x: Tensor, size: number): Tensor =>
  broadcast(x, { shape: [size, ...x.shape], axes: shifted(range(x.rank)) })

const expectRows = (operation: string, x: Abstract, indices: Abstract): void => {
  expectDType(operation, 'indices', indices, integers)
  expectShape(x.shape.length > 0, operation, { x, indices }, 'x must have at least one axis')
  expectShape(
    x.shape[0]! > 0 || sizeOf(indices.shape) === 0,
    operation,
    { x, indices },
    'x has no rows to choose from',
  )
}

export const gatherPrimitive = define<null>({
  name: 'gather',
  shape: ([x, indices]) => {
    expectRows('gather', x!, indices!)
    return [{ shape: [...indices!.shape, ...x!.shape.slice(1)], dtype: x!.dtype }]
  },
  derivative: {
    kind: 'linear',
    of: [0],
    transpose: ([ct], [, indices], _, [x]) => [scatterAdd(zerosOf(x!), indices!, ct!), null],
  },
  batch: ([x, indices], [manyTables, manyIndices], _, size) => {
    if (!manyTables) return [gather(x!, indices!)]
    const each = manyIndices ? indices! : repeated(indices!, size)
    return [gather(flat(x!), flatRows(each, x!.shape[1]!))]
  },
  lower: {
    kind: 'loops',
    build: (context) => {
      const [x, indices] = context.inputs
      const [y] = context.outputs
      const width = sizeOf(x!.shape.slice(1))
      const row = (i: number, j: number): Statement => ({
        kind: 'store',
        buffer: y!.buffer,
        at: {
          base: 0,
          terms: [
            { index: i, stride: width },
            { index: j, stride: 1 },
          ],
        },
        value: s.load(x!.dtype, x!.buffer, rowAddress(x!, indices!, i, j)),
      })
      return [nest(context, sizeOf(indices!.shape), width, true, (i, j) => [row(i, j)])]
    },
  },
})
/** Rows of x [n, ...rest] by number: [...indices, ...rest]. Numbers outside 0 .. n-1 are clamped. */
export const gather = (x: Tensor, indices: Tensor): Tensor =>
  bind1(gatherPrimitive, [x, indices], null)

export const scatterAddPrimitive = define<null>({
  name: 'scatterAdd',
  shape: ([x, indices, updates]) => {
    expectRows('scatterAdd', x!, indices!)
    expectDType('scatterAdd', 'x', x!, numbers)
    expectPairDType('scatterAdd', x!, updates!)
    expectShape(
      equalShapes(updates!.shape, [...indices!.shape, ...x!.shape.slice(1)]),
      'scatterAdd',
      { x, indices, updates },
      'updates must have the shape of indices, followed by that of a row of x',
    )
    return [{ shape: x!.shape, dtype: x!.dtype }]
  },
  derivative: {
    kind: 'linear',
    of: [0, 2],
    transpose: ([ct], [, indices]) => [ct!, null, gather(ct!, indices!)],
    partials: [(t) => t, null, (t, [x, indices]) => scatterAdd(zerosOf(x!), indices!, t)],
  },
  batch: (inputs, batched, _, size) => {
    const [x, indices, updates] = inputs.map((input, i) =>
      batched[i] ? input : repeated(input, size),
    )
    const rows = flatRows(indices!, x!.shape[1]!)
    return [reshape(scatterAdd(flat(x!), rows, updates!), { shape: x!.shape })]
  },
  lower: {
    kind: 'loops',
    build: (context) => {
      const [x, indices, updates] = context.inputs
      const [y] = context.outputs
      const width = sizeOf(x!.shape.slice(1))
      const at = (i: number, j: number): Address => ({
        base: 0,
        terms: [
          { index: i, stride: width },
          { index: j, stride: 1 },
        ],
      })
      const copy = nest(context, x!.shape[0]!, width, true, (i, j) => [
        {
          kind: 'store',
          buffer: y!.buffer,
          at: at(i, j),
          value: s.load(x!.dtype, x!.buffer, at(i, j)),
        },
      ])
      // rows may repeat, so updates are added in order
      const sum = nest(context, sizeOf(indices!.shape), width, false, (i, j) => {
        const target = rowAddress(x!, indices!, i, j)
        const value = s.add(
          s.load(x!.dtype, y!.buffer, target),
          s.load(x!.dtype, updates!.buffer, at(i, j)),
        )
        return [{ kind: 'store', buffer: y!.buffer, at: target, value }]
      })
      return [copy, sum]
    },
  },
})
/** x with updates added to the rows that indices name; repeated numbers add up, numbers out of range are clamped. */
export const scatterAdd = (x: Tensor, indices: Tensor, updates: Tensor): Tensor =>
  bind1(scatterAddPrimitive, [x, indices, updates], null)
