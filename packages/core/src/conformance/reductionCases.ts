/** Reductions in both orders, and contractions of all shapes and layouts around a tile. */
import type { TypedArray } from '../dtype.ts'
import type { Panel, ReduceOp, Statement } from '../loop/loop.ts'
import * as s from '../loop/scalar.ts'
import { lengths } from './accessCases.ts'
import { type Case, expectAgreement, type Pair } from './agreement.ts'
import { generator } from './generator.ts'
import {
  along,
  edgesOf,
  kernel,
  loop,
  programOf,
  smallEdgesOf,
  spreadOf,
  store,
} from './programs.ts'

const numeric = ['int32', 'float32', 'float64'] as const
type Numeric = (typeof numeric)[number]
const operations: readonly ReduceOp[] = ['add', 'mul', 'min', 'max']
const orders = ['sequence', 'lanes'] as const

interface Reduction {
  readonly op: ReduceOp
  readonly order: (typeof orders)[number]
  readonly dtype: Numeric
}

/**
 * Three rows, each reduced with a stride, through a local, once more inside the value of another reduction, and while what is
 * reduced is stored.
 */
const rows = ({ op, order, dtype }: Reduction, extent: number): Statement[] => {
  const row = { index: 0, stride: extent }
  const element = (index: number, stride: number) =>
    s.load(dtype, 0, {
      base: stride < 0 ? Math.max(0, extent - 1) : 0,
      terms: [row, { index, stride }],
    })
  const reduce = (
    id: number,
    index: number,
    value: Statement & { kind: 'let' },
    ...others: readonly Statement[]
  ): Statement => ({
    kind: 'reduce',
    id,
    op,
    dtype,
    order,
    index,
    extent,
    body: [value, ...others],
    value: s.local(dtype, value.id),
  })
  return [
    loop(0, 3, [
      reduce(10, 1, { kind: 'let', id: 11, value: element(1, 1) }),
      store(1, along(0), s.local(dtype, 10)),
      reduce(12, 2, {
        kind: 'let',
        id: 13,
        value: s.max(element(2, -1), s.local(dtype, 10)),
      }),
      store(2, along(0), s.local(dtype, 12)),
      reduce(
        14,
        3,
        { kind: 'let', id: 15, value: s.min(element(3, 1), s.local(dtype, 10)) },
        // rows of no elements would all begin at the same place
        ...(extent === 0
          ? []
          : [store(3, { base: 0, terms: [row, { index: 3, stride: 1 }] }, s.local(dtype, 15))]),
      ),
      store(4, along(0), s.local(dtype, 14)),
    ]),
  ]
}

const reduced = (pair: Pair, reduction: Reduction): void => {
  const { dtype } = reduction
  for (const extent of lengths) {
    const length = 3 * extent
    const columns = [
      edgesOf(dtype, length),
      smallEdgesOf(dtype, length),
      spreadOf(dtype, length, extent),
    ]
    for (const column of columns) {
      const inputs = [column]
      const program = programOf({
        inputs,
        outputs: [
          { dtype, length: 3 },
          { dtype, length: 3 },
          { dtype, length },
          { dtype, length: 3 },
        ],
        steps: [kernel(...rows(reduction, extent))],
      })
      expectAgreement(pair, program, inputs)
    }
  }
}

/**
 * Rows, depth and columns: nothing, vectors, one less, exactly and one more than tiles of four to sixteen, and few rows of many
 * columns.
 */
const shapes = [
  [0, 3, 2],
  [2, 0, 3],
  [1, 1, 1],
  [1, 9, 1],
  [3, 1, 5],
  [4, 7, 8],
  [5, 4, 9],
  [7, 16, 15],
  [8, 3, 16],
  [13, 17, 17],
  [16, 33, 33],
  [33, 5, 67],
  [1, 4, 267],
  [2, 3, 140],
  [3, 2, 76],
  [4, 18, 85],
] as const

const layouts = ['by rows', 'by columns', 'rows from the last', 'one row repeated'] as const
type Layout = (typeof layouts)[number]

const panel = (buffer: number, size: readonly [number, number], layout: Layout): Panel => {
  const [rowCount, columns] = size
  const rowStride = {
    'by rows': columns,
    'by columns': 1,
    'rows from the last': -columns,
    'one row repeated': 0,
  }[layout]
  return {
    buffer,
    // the second matrix of a batch follows the first, and the first starts one element late
    at: {
      base: 1 - Math.min(0, rowStride) * Math.max(0, rowCount - 1),
      terms: [{ index: 0, stride: Math.max(1, rowCount * columns) }],
    },
    rows: [{ count: rowCount, stride: rowStride }],
    columns: [{ count: columns, stride: layout === 'by columns' ? rowCount : 1 }],
  }
}

interface Layouts {
  readonly a: Layout
  readonly b: Layout
  readonly c: Layout
}

const contracted = (pair: Pair, dtype: Numeric, { a, b, c }: Layouts): void => {
  shapes.forEach(([m, depth, n], i) => {
    const sizes = [2 * Math.max(1, m * depth) + 1, 2 * Math.max(1, depth * n) + 1] as const
    const inputs = sizes.map((size, k) =>
      i % 4 === 3 ? smallEdgesOf(dtype, size) : spreadOf(dtype, size, k),
    )
    const statement: Statement = {
      kind: 'contract',
      dtype,
      rows: m,
      columns: n,
      depth,
      a: panel(0, [m, depth], a),
      b: panel(1, [depth, n], b),
      c: panel(2, [m, n], c),
    }
    const length = 2 * Math.max(1, m * n) + 1
    const clear = loop(1, length, [store(2, along(1), s.constant(dtype, 1))])
    const steps = [kernel(clear), kernel(loop(0, 2, [statement]))]
    expectAgreement(pair, programOf({ inputs, outputs: [{ dtype, length }], steps }), inputs)
  })
}

/** How many elements of both operands are zeros, and what else is special about some. */
const sparsities = {
  'of a': { zeros: [0.75, 0.1], scales: [1, 1] },
  'of b': { zeros: [0.1, 0.8], scales: [1, 1] },
  'of a that meet infinity': { zeros: [0.75, 0.1], scales: [1, Infinity] },
  'of b that meet infinity': { zeros: [0.1, 0.8], scales: [Infinity, 1] },
  'in sums of -0': { zeros: [0.75, 0.1], scales: ['tiny', 'tiny'] },
} as const

/** Numbers whose products are less than the smallest number there is. */
const tiny = { float32: 1e-23, float64: 1e-163 } as const

/** Large enough that backends which pass over zeros do so, also where three threads share the product. */
const [many, deep, broad] = [130, 398, 138] as const

/** A matrix in rows that has zeros of both signs; some columns are scaled, or some elements become infinite. */
const scattered = (
  dtype: 'float32' | 'float64',
  [rowCount, columns]: readonly [number, number],
  zeros: number,
  factor: number | 'tiny',
): TypedArray => {
  const next = generator(columns)
  const scale = factor === 'tiny' ? tiny[dtype] : factor
  return spreadOf(dtype, rowCount * columns, rowCount).map((x, i) => {
    if (next() < 2 * zeros - 1) return x > 0 ? 0 : -0
    const isScaled = scale === Infinity ? i % 1501 === 3 : (i % columns) % 16 === 3
    return isScaled ? x * scale : x
  })
}

const whole = (
  buffer: number,
  rowStride: number,
  columnStride: number,
  size: readonly number[],
) => ({
  buffer,
  at: { base: 0, terms: [] },
  rows: [{ count: size[0]!, stride: rowStride }],
  columns: [{ count: size[1]!, stride: columnStride }],
})

const skipped = (
  pair: Pair,
  dtype: 'float32' | 'float64',
  sparsity: keyof typeof sparsities,
  turned: boolean,
): void => {
  const { zeros, scales } = sparsities[sparsity]
  // a lies by columns
  const inputs = [
    scattered(dtype, [deep, many], zeros[0], scales[0]),
    scattered(dtype, [deep, broad], zeros[1], scales[1]),
  ]
  const statement: Statement = {
    kind: 'contract',
    dtype,
    rows: many,
    columns: broad,
    depth: deep,
    a: whole(0, 1, many, [many, deep]),
    b: whole(1, broad, 1, [deep, broad]),
    c: turned ? whole(2, 1, many, [many, broad]) : whole(2, broad, 1, [many, broad]),
  }
  const outputs = [{ dtype, length: many * broad }]
  expectAgreement(pair, programOf({ inputs, outputs, steps: [kernel(statement)] }), inputs)
}

/** Cases of reductions and contractions. */
export const reductionCases = (pair: Pair): Case[] => [
  ...numeric.flatMap((dtype) =>
    operations.flatMap((op) =>
      orders.map((order) => ({
        name: `reduce ${op} of ${dtype} in ${order}`,
        run: () => {
          reduced(pair, { op, order, dtype })
        },
      })),
    ),
  ),
  ...numeric.flatMap((dtype) =>
    layouts.flatMap((a) =>
      layouts.flatMap((b) =>
        layouts.slice(0, 2).map((c) => ({
          name: `contract ${dtype}: a ${a}, b ${b}, c ${c}`,
          run: () => {
            contracted(pair, dtype, { a, b, c })
          },
        })),
      ),
    ),
  ),
  ...(Object.keys(sparsities) as (keyof typeof sparsities)[]).flatMap((sparsity, i) =>
    (['float32', 'float64'] as const).map((dtype) => ({
      name: `zeros ${sparsity}, ${dtype}`,
      run: () => {
        skipped(pair, dtype, sparsity, i % 2 === 1)
      },
    })),
  ),
]
