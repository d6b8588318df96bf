/** Stable sorting along the last axis: a bottom-up merge sort of positions, so that equal elements keep their order. */
import type { Address, Scalar, Statement } from '../loop/loop.ts'
import * as s from '../loop/scalar.ts'
import { range, type Shape, sizeOf } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { bind } from '../trace/interpreter.ts'
import { broadcast, fullOf } from './broadcast.ts'
import { type Block, define, type LoopContext } from './define.ts'
import { add, mul } from './elementwise.ts'
import { gather } from './index.ts'
import { iota, reshape } from './movement.ts'
import { expectDType, expectShape, numbers } from './rules.ts'

/** Rows of one buffer of positions: `at(i)` reads place i of the current row. */
const rowOf = (buffer: number, row: number, length: number) => {
  const address = (i: Scalar): Address => ({
    base: 0,
    terms: [{ index: row, stride: length }],
    offset: i,
  })
  return {
    at: (i: Scalar): Scalar => s.load('int32', buffer, address(i)),
    store: (i: Scalar, value: Scalar): Statement => ({
      kind: 'store',
      buffer,
      at: address(i),
      value,
    }),
  }
}

/** True when `a` may stay before `b`: a <= b, with NaN after everything. */
const inOrder = (a: Scalar, b: Scalar): Scalar => s.or(s.le(a, b), s.not(s.eq(b, b)))

/** Merges the sorted runs [low, middle) and [middle, high) of `from` into the same places of `to`. */
const merge = (
  context: LoopContext,
  x: Block,
  row: number,
  width: number,
  from: number,
  to: number,
): Statement => {
  const n = x.shape.at(-1)!
  const [source, target] = [rowOf(from, row, n), rowOf(to, row, n)]
  const run = context.index()
  const [left, right, out, takesLeft] = range(4).map(() => context.local()) as [
    number,
    number,
    number,
    number,
  ]
  const [i, j, k] = [left, right, out].map((id) => s.local('int32', id)) as [Scalar, Scalar, Scalar]
  const low: Address = { base: 0, terms: [{ index: run, stride: 2 * width }] }
  const middle = s.min(s.indexValue({ ...low, base: width }), s.int(n))
  const high = s.min(s.indexValue({ ...low, base: 2 * width }), s.int(n))
  const value = (position: Scalar): Scalar =>
    s.load(x.dtype, x.buffer, {
      base: 0,
      terms: [{ index: row, stride: n }],
      offset: position,
    })
  // places past the end of a run are not read: the index is clamped, and the choice does not use the value
  const safe = (place: Scalar): Scalar => source.at(s.min(place, s.int(n - 1)))
  const leftLeft = s.lt(i, middle)
  const rightLeft = s.lt(j, high)
  const chooses = s.and(leftLeft, s.or(s.not(rightLeft), inOrder(value(safe(i)), value(safe(j)))))
  const chosen = s.local('bool', takesLeft)
  const step = (id: number, place: Scalar, when: Scalar): Statement => ({
    kind: 'set',
    id,
    value: s.add(place, s.convert(when, 'int32')),
  })
  return {
    kind: 'for',
    index: run,
    extent: Math.ceil(n / (2 * width)),
    parallel: true,
    body: [
      { kind: 'var', id: left, value: s.indexValue(low) },
      { kind: 'var', id: right, value: middle },
      { kind: 'var', id: out, value: s.indexValue(low) },
      {
        kind: 'while',
        condition: s.lt(k, high),
        body: [
          { kind: 'let', id: takesLeft, value: chooses },
          target.store(k, s.select(chosen, safe(i), safe(j))),
          step(left, i, chosen),
          step(right, j, s.not(chosen)),
          { kind: 'set', id: out, value: s.add(k, s.int(1)) },
        ],
      },
    ],
  }
}

const build = (context: LoopContext): readonly Statement[] => {
  const [x] = context.inputs as [Block]
  const [values, indices] = context.outputs as [Block, Block]
  const n = x.shape.at(-1)!
  const rows = sizeOf(x.shape.slice(0, -1))
  const row = context.index()
  const widths: number[] = []
  for (let width = 1; width < n; width *= 2) widths.push(width)
  // passes alternate between two buffers and must end in the output
  const other = widths.length === 0 ? indices.buffer : context.scratch('int32', rows * n)
  const buffers = (pass: number): number =>
    (widths.length - pass) % 2 === 0 ? indices.buffer : other
  const [place, at] = [context.index(), context.index()]
  const here = (index: number): Scalar => s.indexValue({ base: 0, terms: [{ index, stride: 1 }] })
  const first = rowOf(buffers(0), row, n)
  const sorted = rowOf(indices.buffer, row, n)
  const fill: Statement = {
    kind: 'for',
    index: place,
    extent: n,
    parallel: true,
    body: [first.store(here(place), here(place))],
  }
  const copy: Statement = {
    kind: 'for',
    index: at,
    extent: n,
    parallel: true,
    body: [
      {
        kind: 'store',
        buffer: values.buffer,
        at: {
          base: 0,
          terms: [
            { index: row, stride: n },
            { index: at, stride: 1 },
          ],
        },
        value: s.load(x.dtype, x.buffer, {
          base: 0,
          terms: [{ index: row, stride: n }],
          offset: sorted.at(here(at)),
        }),
      },
    ],
  }
  const passes = widths.map((width, pass) =>
    merge(context, x, row, width, buffers(pass), buffers(pass + 1)),
  )
  return [{ kind: 'for', index: row, extent: rows, parallel: true, body: [fill, ...passes, copy] }]
}

/** For positions along the last axis, positions in the flattened tensor. */
const flatPositions = (indices: Tensor, shape: Shape): Tensor => {
  const batch = shape.slice(0, -1)
  const counts = iota({ length: sizeOf(batch) })
  const first = reshape(mul(counts, fullOf(counts, shape.at(-1)!)), { shape: batch })
  return add(indices, broadcast(first, { shape: indices.shape, axes: range(batch.length) }))
}

export const sortPrimitive = define<null>({
  name: 'sort',
  shape: ([x]) => {
    expectDType('sort', 'x', x!, numbers)
    expectShape(x!.shape.length > 0, 'sort', { x }, 'x must have an axis')
    return [
      { shape: x!.shape, dtype: x!.dtype },
      { shape: x!.shape, dtype: 'int32' },
    ]
  },
  derivative: {
    kind: 'smooth',
    // the tangent is sorted along
    partials: [
      (t, _, [, indices]) =>
        gather(reshape(t, { shape: [t.size] }), flatPositions(indices!, t.shape)),
    ],
  },
  batch: ([x]) => sort(x!),
  lower: { kind: 'loops', build },
})

/** x in increasing order along the last axis, and where each element came from. Stable; NaN last. */
export const sort = (x: Tensor): readonly [values: Tensor, indices: Tensor] => {
  const [values, indices] = bind(sortPrimitive, [x], null)
  return [values!, indices!]
}
