import {
  arange,
  equal,
  grad,
  leaves,
  mul,
  random,
  sum,
  type Tensor,
  tensor,
  where,
} from '@rootstock/core'
import {
  columns,
  type EntryParams,
  evaluation,
  patches,
  rnn,
  series,
  type Trunk,
  tokens,
  transformer,
} from '@rootstock/heads'
import { describe, expect, it } from 'vitest'

const largest = (x: Tensor): number => Math.max(...x.data().map(Math.abs))
const values = (tree: unknown) => (leaves(tree) as Tensor[]).map((x) => x.toArray())

const text = (length: number) => tokens({ length, count: 6, padding: 0 })
// biome-ignore lint/suspicious/noExplicitAny: trunks of all parameters stand in one table
const readers: Readonly<Record<string, (length: number) => Trunk<any>>> = {
  gru: (length) => rnn({ in: text(length), hidden: [4, 3] }),
  'lstm both ways': (length) =>
    rnn({ in: text(length), hidden: [4], cell: 'lstm', bidirectional: true }),
  transformer: (length) => transformer({ in: text(length), width: 8, heads: 2, depth: 2 }),
  'causal transformer': (length) =>
    transformer({ in: text(length), width: 8, heads: 2, positions: 'rotary', causal: true }),
}

describe.each(Object.entries(readers))('%s over tokens', (_, make) => {
  const params = make(5).init(random.key(0))
  const rows = tensor([
    [1, 2, 3, 0, 0],
    [4, 5, 1, 2, 3],
  ])

  it('reads a padded text as the shorter text', () => {
    const padded = make(5).apply(params, rows, evaluation).toArray() as number[][]
    const short = make(3)
      .apply(params, tensor([[1, 2, 3]]), evaluation)
      .data()
    padded[0]!.forEach((value, i) => {
      expect(value).toBeCloseTo(short[i]!, 5)
    })
  })

  it('does not care what the row of padding holds, and gives it no gradient', () => {
    const tableOf = (p: typeof params): Tensor =>
      'entry' in p.layers[0] ? p.layers[0].entry.weight : p.layers[0].weight
    const withTable = (weight: Tensor): typeof params => {
      const [first, ...rest] = params.layers
      const entry: EntryParams | { entry: EntryParams } =
        'entry' in first ? { ...first, entry: { weight } } : { weight }
      return { layers: [entry, ...rest] }
    }
    const table = tableOf(params)
    const isPadding = equal(arange(6).reshape([6, 1]), 0)
    const changed = withTable(where(isPadding, 7, table))
    const run = (p: typeof params) => make(5).apply(p, rows, evaluation)
    expect(run(changed).toArray()).toEqual(run(params).toArray())
    const gradient = grad((weight: Tensor) => sum(mul(run(withTable(weight)), run(params))))(table)
    expect(largest(gradient)).toBeGreaterThan(0)
    expect((gradient.toArray() as number[][])[0]!.every((value) => value === 0)).toBe(true)
  })
})

describe('series', () => {
  const numbers = series({ length: 4, features: 2, patch: 2, masked: true })
  const trunks = {
    rnn: rnn({ in: numbers, hidden: [3] }),
    transformer: transformer({ in: numbers, width: 4, heads: 2, depth: 1 }),
  }
  // the last two steps of the first row are not real
  const row = (missing: number) => [1, 1, 2, 1, missing, 0, missing, 0, 5, 1, 6, 1, 7, 1, 8, 1]
  const rows = (missing: number) => tensor(row(missing), { shape: [2, 8] })

  it.each(Object.entries(trunks))(
    'have no influence where they are not real, not even NaN: %s',
    (_, one) => {
      // biome-ignore lint/suspicious/noExplicitAny: trunks of different parameters
      const trunk = one as Trunk<any>
      const params = trunk.init(random.key(0))
      const run = (p: unknown, missing: number) => trunk.apply(p, rows(missing), evaluation)
      expect(run(params, Number.NaN).toArray()).toEqual(run(params, 3).toArray())
      const gradients = (missing: number) =>
        values(grad((p: unknown) => sum(mul(run(p, missing), run(p, missing))))(params))
      expect(gradients(Number.NaN)).toEqual(gradients(3))
    },
  )

  it('take steps together in the order of the row', () => {
    const { x, mask } = numbers.read(rows(9))
    expect(x.toArray()).toEqual([
      [
        [1, 1, 2, 1],
        [0, 0, 0, 0],
      ],
      [
        [5, 1, 6, 1],
        [7, 1, 8, 1],
      ],
    ])
    expect(mask?.toArray()).toEqual([
      [true, false],
      [true, true],
    ])
  })

  it('must be a whole number of patches', () => {
    expect(() => series({ length: 5, features: 1, patch: 2 })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in series
        length  5
        patch   2
        rule    patch must divide length]
    `)
    expect(() => series({ length: 0, features: 1 })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in series
        length    0
        features  1
        patch     1
        rule      all of these must be whole numbers of at least 1]
    `)
  })
})

describe('patches', () => {
  it('are squares of the image, row by row', () => {
    const { x } = patches({ image: [2, 4, 1], size: 2 }).read(arange(8).reshape([1, 8]))
    expect(x.toArray()).toEqual([
      [
        [0, 1, 4, 5],
        [2, 3, 6, 7],
      ],
    ])
  })

  it('must fill the image', () => {
    expect(() => patches({ image: [5, 4, 1], size: 2 })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in patches
        height  5
        width   4
        size    2
        rule    size must divide height and width]
    `)
  })
})

describe('columns', () => {
  it('are steps that hold their own features only', () => {
    const table = columns({
      columns: [
        { from: 0, to: 1 },
        { from: 1, to: 3 },
      ],
    })
    expect(table.read(tensor([[1, 2, 3]])).x.toArray()).toEqual([
      [
        [1, 0, 0],
        [0, 2, 3],
      ],
    ])
  })

  it('must cover the features', () => {
    expect(() =>
      columns({
        columns: [
          { from: 0, to: 1 },
          { from: 2, to: 3 },
        ],
      }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in columns
        columns  [0-1, 2-3]
        rule     columns must follow each other from feature 0 on, each with at least one feature]
    `)
  })
})

describe('mistakes', () => {
  it('are told when the trunk is made', () => {
    expect(() => rnn({ in: text(3), hidden: [] })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in rnn
        hidden  []
        rule    there must be at least one hidden width, all whole numbers of at least 1]
    `)
    expect(() =>
      transformer({ in: text(3), width: 6, heads: 4 }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in transformer
        width  6
        heads  4
        depth  2
        rule   width, heads and depth must be whole numbers of at least 1, and heads must divide width]
    `)
  })
})
