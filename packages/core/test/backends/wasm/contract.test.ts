import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allocate, type TypedArray } from '../../../src/dtype.ts'
import type { Panel, Statement, Walk } from '../../../src/loop/loop.ts'
import { disagreements, integers, kernel, programOf } from './agree.ts'

type DType = 'float32' | 'float64' | 'int32'

/** How a matrix lies in its buffer; `windows` and `taps` are nested steps, neighbours along the columns or along the rows. */
type Layout = 'rows' | 'columns' | 'spread' | 'reversed' | 'repeated' | 'windows' | 'taps'

/** An axis as windows of at most `most` elements that overlap: each begins `stride` after the one before. */
const windows = (size: number, most: number, stride: number, step: number): Walk => {
  const inner = Array.from({ length: most }, (_, i) => most - i).find((n) => size % n === 0)!
  return size === 0
    ? [{ count: 0, stride }]
    : [
        { count: size / inner, stride },
        { count: inner, stride: step },
      ]
}

/** A matrix in a buffer of `length` elements. */
interface Place {
  readonly rows: Walk
  readonly columns: Walk
  readonly base: number
  readonly length: number
}

/** Where the elements of a rows x columns matrix are. */
const layOut = (layout: Layout, rows: number, columns: number): Place => {
  const one = (row: number, column: number, base: number, length: number): Place => ({
    rows: [{ count: rows, stride: row }],
    columns: [{ count: columns, stride: column }],
    base,
    length,
  })
  const whole = rows * columns
  if (layout === 'rows') return one(columns, 1, 0, whole)
  if (layout === 'columns') return one(1, rows, 0, whole)
  if (layout === 'spread') return one(3 * columns + 1, 3, 5, 5 + rows * (3 * columns + 1))
  if (layout === 'reversed') return one(-columns, 1, Math.max(0, rows - 1) * columns, whole)
  if (layout === 'repeated') return one(0, 1, 1, columns + 1)
  const near = windows(layout === 'windows' ? columns : rows, 12, 7, 1)
  const far = windows(layout === 'windows' ? rows : columns, 5, 60, -9)
  const [base, length] = [1 + 9 * 4, 40 + 8 * whole + 60 * Math.max(rows, columns)]
  return layout === 'windows'
    ? { rows: far, columns: near, base, length }
    : { rows: near, columns: far, base, length }
}

/** Elements of which a share is zeros, of both signs. */
const values = (dtype: DType, length: number, seed: number, zeros = 0): TypedArray => {
  const below = integers(seed)
  const array = allocate(dtype, length)
  for (let i = 0; i < length; i++) {
    const x = dtype === 'int32' ? below(2 ** 32) : below(4000) / 512 - 4
    const zero = x < 0 ? -0 : 0
    array[i] = zeros > 0 && below(1000) < 1000 * zeros ? zero : x
  }
  return array
}

interface Case {
  readonly dtype: DType
  readonly rows: number
  readonly columns: number
  readonly depth: number
  readonly a: Layout
  readonly b: Layout
  readonly c: 'rows' | 'columns' | 'spread'
  readonly batch: number
  /** Shares of zeros in a and b. */
  readonly zeros?: readonly [number, number]
}

const panelOf = (buffer: number, { base, rows, columns }: Place, batch: number): Panel => ({
  buffer,
  at: { base, terms: [{ index: 0, stride: batch }] },
  rows,
  columns,
})

const disagreementsOf = (x: Case): string[] => {
  const { dtype, rows, columns, depth, batch, zeros = [0, 0] } = x
  const [a, b, c] = [
    layOut(x.a, rows, depth),
    layOut(x.b, depth, columns),
    layOut(x.c, rows, columns),
  ]
  // batches of nothing would all start at the same place
  const spread = Math.max(1, c.length)
  const contract: Statement = {
    kind: 'contract',
    dtype,
    rows,
    columns,
    depth,
    a: panelOf(0, a, a.length),
    b: panelOf(1, b, 0),
    c: panelOf(2, c, spread),
  }
  const size = (length: number) => ({ dtype, length })
  const fill: Statement = {
    kind: 'for',
    index: 0,
    extent: batch * spread,
    parallel: true,
    body: [
      {
        kind: 'store',
        buffer: 2,
        at: { base: 0, terms: [{ index: 0, stride: 1 }] },
        value: { op: 'const', dtype, value: 9 },
      },
    ],
  }
  const loop: Statement = { kind: 'for', index: 0, extent: batch, parallel: true, body: [contract] }
  return disagreements(
    programOf(
      [size(batch * a.length), size(b.length)],
      [size(batch * spread)],
      [kernel(fill), kernel(loop)],
    ),
    [values(dtype, batch * a.length, 1, zeros[0]), values(dtype, b.length, 2, zeros[1])],
  )
}

const layouts: readonly Layout[] = [
  'rows',
  'columns',
  'spread',
  'reversed',
  'repeated',
  'windows',
  'taps',
]
const plain = { a: 'rows', b: 'rows', c: 'rows', batch: 1 } as const
const sizes = [0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 31, 33]

describe('contractions', () => {
  it.each(['float32', 'float64', 'int32'] as const)('of %s agree for every layout', (dtype) => {
    for (const a of layouts) {
      for (const b of layouts) {
        for (const c of ['rows', 'columns', 'spread'] as const) {
          const one = { dtype, a, b, c, batch: 1 }
          expect(disagreementsOf({ ...one, rows: 13, columns: 11, depth: 19 })).toEqual([])
          expect(disagreementsOf({ ...one, rows: 35, columns: 21, depth: 6 })).toEqual([])
          expect(disagreementsOf({ ...one, rows: 3, columns: 5, depth: 2 })).toEqual([])
        }
      }
    }
  })

  it.each(['float32', 'float64', 'int32'] as const)(
    'of %s agree for small and odd sizes',
    (dtype) => {
      for (const rows of sizes) {
        for (const columns of sizes) {
          for (const depth of [0, 1, 5, 24]) {
            expect(disagreementsOf({ ...plain, dtype, rows, columns, depth })).toEqual([])
          }
        }
      }
    },
  )

  it('agree when the depth takes several blocks', () => {
    for (const [rows, columns, depth] of [
      [5, 9, 1000],
      [20, 20, 769],
      [1, 40, 500],
      [40, 1, 500],
      [130, 20, 400],
      [20, 270, 400],
    ] as const) {
      const one = { ...plain, dtype: 'float32', rows, columns, depth } as const
      for (const c of ['rows', 'columns'] as const) {
        expect(disagreementsOf({ ...one, c, a: 'columns' })).toEqual([])
        expect(disagreementsOf({ ...one, c, a: 'windows', b: 'taps' })).toEqual([])
        expect(disagreementsOf({ ...one, c, a: 'taps', b: 'windows' })).toEqual([])
      }
    }
  })

  it('agree for arbitrary sizes, layouts and batches', () => {
    const layout = fc.constantFrom<Layout[]>(...layouts)
    const cases = fc.record({
      dtype: fc.constantFrom<DType[]>('float32', 'float64', 'int32'),
      rows: fc.nat(40),
      columns: fc.nat(40),
      depth: fc.nat(40),
      a: layout,
      b: layout,
      c: fc.constantFrom<('rows' | 'columns' | 'spread')[]>('rows', 'columns', 'spread'),
      batch: fc.integer({ min: 1, max: 3 }),
    })
    fc.assert(
      fc.property(cases, (x) => {
        expect(disagreementsOf(x)).toEqual([])
      }),
      { numRuns: 200, seed: 3 },
    )
  })

  it('agree where zeros are passed over, for arbitrary sizes and layouts', () => {
    const layout = fc.constantFrom<Layout[]>('rows', 'columns', 'spread', 'reversed')
    const share = fc.constantFrom(0, 0.5, 0.9, 1)
    const cases = fc.record({
      dtype: fc.constant('float32' as const),
      rows: fc.integer({ min: 32, max: 140 }),
      columns: fc.integer({ min: 32, max: 140 }),
      depth: fc.integer({ min: 1024, max: 1100 }),
      a: layout,
      b: layout,
      c: fc.constantFrom<('rows' | 'columns' | 'spread')[]>('rows', 'columns', 'spread'),
      batch: fc.constant(1),
      zeros: fc.tuple(share, share),
    })
    fc.assert(
      fc.property(cases, (x) => {
        expect(disagreementsOf(x)).toEqual([])
      }),
      { numRuns: 16, seed: 5 },
    )
  })
})
