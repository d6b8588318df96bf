import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { flatten, leaves, map, paths, tensor } from '../src/index.ts'
import { tensors } from '../src/tree.ts'

const { tree: trees } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    fc.integer(),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(fc.string({ maxLength: 3 }), tie('tree'), { maxKeys: 4 }),
  ),
}))

describe('any tree', () => {
  test('is rebuilt from its leaves', () => {
    fc.assert(
      fc.property(trees, (tree) => {
        const [found, structure] = flatten(tree)
        expect(structure.build(found)).toEqual(tree)
        expect(found).toHaveLength(structure.leaves)
      }),
    )
  })

  test('keeps its structure when its leaves are mapped', () => {
    fc.assert(
      fc.property(trees, (tree) => {
        const mapped = map((x: number) => String(x), tree)
        expect(flatten(mapped)[1].key).toBe(flatten(tree)[1].key)
        expect(leaves(mapped)).toEqual(leaves(tree).map(String))
      }),
    )
  })

  test('has as many paths as leaves, in the same order', () => {
    fc.assert(
      fc.property(trees, (tree) => {
        expect(paths(tree).map(([, leaf]) => leaf)).toEqual(leaves(tree))
      }),
    )
  })
})

test('leaves come in the order they were written, and undefined entries are absent', () => {
  expect(leaves({ b: 1, a: [2, { c: 3 }], gone: undefined })).toEqual([1, 2, 3])
  expect(paths({ trunk: { layers: [{ weight: 1 }] } })).toEqual([['trunk/layers/0/weight', 1]])
})

test('class instances, dates and null are leaves', () => {
  const date = new Date(0)
  expect(leaves([tensor([1, 2]), date, null])).toHaveLength(3)
})

test('a key named __proto__ is an ordinary key', () => {
  const tree = JSON.parse('{"__proto__": 1, "a": 2}') as unknown
  const doubled = map((x: number) => 2 * x, tree) as object
  expect(Object.entries(doubled)).toEqual([
    ['__proto__', 2],
    ['a', 4],
  ])
  expect(Object.getPrototypeOf(doubled)).toBe(Object.prototype)
})

test('structures with other keys, lengths or key order differ', () => {
  const keys = [{ a: 1, b: 2 }, { b: 2, a: 1 }, { a: 1 }, [1, 2], [1, [2]], { 'a":*,"b': 1 }].map(
    (tree) => flatten(tree)[1].key,
  )
  expect(new Set(keys).size).toBe(keys.length)
})

test('several trees are mapped together, and must be alike', () => {
  expect(map((a: number, b: number) => a + b, { x: 1, y: [2] }, { x: 10, y: [20] })).toEqual({
    x: 11,
    y: [22],
  })
  expect(() => map((a: number) => a, { x: 1 }, { y: 1 })).toThrowErrorMatchingInlineSnapshot(
    `
    [ArgumentError: ArgumentError in map
      first  {"x":*}
      other  {"y":*}
      rule   all trees must have the same structure, where * is a leaf]
  `,
  )
  expect(() => tensors({ a: { b: 1 } }, 'globalNorm')).toThrowErrorMatchingInlineSnapshot(
    `
    [ArgumentError: ArgumentError in globalNorm
      a/b   1
      rule  every leaf must be a tensor]
  `,
  )
})
