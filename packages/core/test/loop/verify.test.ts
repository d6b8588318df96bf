import { describe, expect, test } from 'vitest'
import { lower } from '../../src/index.ts'
import type {
  Address,
  Buffer,
  Panel,
  Program,
  Scalar,
  Statement,
  Step,
  Steps,
} from '../../src/loop/loop.ts'
import { add, constant, indexValue, load, local, max, min, mul } from '../../src/loop/scalar.ts'
import { verifyProgram } from '../../src/loop/verify.ts'
import { models } from '../models.ts'

test.each(Object.keys(models))('the program of %s is well formed', (name) => {
  verifyProgram(lower(models[name]!().graph))
})

const at = (base: number, ...terms: readonly (readonly [index: number, stride: number])[]) => ({
  base,
  terms: terms.map(([index, stride]) => ({ index, stride })),
})

const float = (length: number, place: Buffer['place']): Buffer => ({
  dtype: 'float32',
  length,
  place,
})
const arena = (offset: number) => ({ kind: 'arena', offset }) as const

/** Buffers 0: input of 8, 1: output of 8, then the given ones. */
const program = (steps: readonly Step[], more: readonly Buffer[] = []): Program => ({
  buffers: [
    float(8, { kind: 'input', position: 0 }),
    float(8, { kind: 'output', position: 0 }),
    ...more,
  ],
  inputs: 1,
  outputs: [1],
  constants: [],
  arenaBytes: 128,
  steps,
})

const kernel = (...body: readonly Statement[]): Step => ({
  kind: 'kernel',
  kernel: { name: 'test', body },
})

const store = (buffer: number, where: Address, value: Scalar): Statement => ({
  kind: 'store',
  buffer,
  at: where,
  value,
})

const loop = (extent: number, body: readonly Statement[], index = 0): Statement => ({
  kind: 'for',
  index,
  extent,
  parallel: true,
  body,
})

const input = (where: Address): Scalar => load('float32', 0, where)
const one = constant('float32', 1)

/** Copies `from` to `to`, element by element. */
const copy = (from: number, to: number, extent = 8): Step =>
  kernel(loop(extent, [store(to, at(0, [0, 1]), load('float32', from, at(0, [0, 1])))]))

const mistake = (...args: Parameters<typeof program>): string => {
  try {
    verifyProgram(program(...args))
    return 'none'
  } catch (error) {
    return (error as Error).message
  }
}

test('a copy through the arena is well formed', () => {
  expect(mistake([copy(0, 2), copy(2, 1)], [float(8, arena(64))])).toBe('none')
})

describe('statements', () => {
  const inLoop = (...body: readonly Statement[]) => mistake([kernel(loop(8, body))])

  test('must stay in bounds', () => {
    expect(inLoop(store(1, at(1, [0, 1]), one))).toMatchInlineSnapshot(
      `"loop IR: kernel test: a store reaches 1 .. 8 of buffer 1, which has 8 elements"`,
    )
    expect(inLoop(store(1, at(0, [0, 1]), input(at(7, [0, -2]))))).toMatchInlineSnapshot(
      `"loop IR: kernel test: a load reaches -7 .. 7 of buffer 0, which has 8 elements"`,
    )
  })

  test('may address by data when clamping proves them in bounds', () => {
    const numbers: Buffer = { dtype: 'int32', length: 1, place: arena(0) }
    const [low, width] = [constant('int32', 0), constant('int32', 4)]
    const gather = (last: number): Step[] => {
      const row = max(min(load('int32', 2, at(0)), constant('int32', last)), low)
      const value = input({ ...at(0, [0, 1]), offset: mul(row, width) })
      return [kernel(store(2, at(0), low)), kernel(loop(4, [store(1, at(0, [0, 1]), value)]))]
    }
    expect(mistake(gather(1), [numbers])).toBe('none')
    expect(mistake(gather(2), [numbers])).toMatchInlineSnapshot(
      `"loop IR: kernel test: a load reaches 0 .. 11 of buffer 0, which has 8 elements"`,
    )
  })

  test('must have the types of what they touch', () => {
    expect(inLoop(store(1, at(0, [0, 1]), indexValue(at(0, [0, 1]))))).toMatchInlineSnapshot(
      `"loop IR: kernel test: a store of int32 to a buffer of float32"`,
    )
    expect(inLoop(store(1, at(0, [0, 1]), load('int32', 0, at(0))))).toMatchInlineSnapshot(
      `"loop IR: kernel test: a load of int32 from a buffer of float32"`,
    )
    const mixed: Scalar = { op: 'add', dtype: 'float32', args: [one, constant('int32', 1)] }
    expect(inLoop(store(1, at(0, [0, 1]), mixed))).toMatchInlineSnapshot(
      `"loop IR: kernel test: add of float32, int32 gives no float32"`,
    )
    const inexact: Scalar = { op: 'const', dtype: 'float32', value: 0.1 }
    expect(inLoop(store(1, at(0, [0, 1]), inexact))).toMatchInlineSnapshot(
      `"loop IR: kernel test: 0.1 is not a value of float32"`,
    )
  })

  test('must use locals and indices where they are defined', () => {
    const inner = loop(1, [{ kind: 'let', id: 2, value: one }], 1)
    expect(inLoop(inner, store(1, at(0, [0, 1]), local('float32', 2)))).toMatchInlineSnapshot(
      `"loop IR: kernel test: local 2 is used outside its block"`,
    )
    expect(inLoop(store(1, at(0, [0, 1], [1, 0]), one))).toMatchInlineSnapshot(
      `"loop IR: kernel test: index 1 is used outside its loop"`,
    )
    expect(
      inLoop({ kind: 'let', id: 1, value: one }, { kind: 'let', id: 1, value: one }),
    ).toMatchInlineSnapshot(`"loop IR: kernel test: id 1 is defined twice"`)
    expect(
      inLoop({ kind: 'let', id: 1, value: one }, { kind: 'set', id: 1, value: one }),
    ).toMatchInlineSnapshot(`"loop IR: kernel test: local 1 is set, but it is no var"`)
  })

  test('must keep the iterations of a parallel loop apart', () => {
    expect(inLoop(store(1, at(0), one))).toMatchInlineSnapshot(
      `"loop IR: kernel test: iterations of parallel loop 0 store to the same element"`,
    )
    const total: Statement[] = [
      { kind: 'var', id: 1, value: one },
      loop(8, [{ kind: 'set', id: 1, value: add(local('float32', 1), one) }]),
    ]
    expect(mistake([kernel(...total)])).toMatchInlineSnapshot(
      `"loop IR: kernel test: local 1 is set by iterations of a parallel loop"`,
    )
  })

  test('must leave inputs alone', () => {
    expect(inLoop(store(0, at(0, [0, 1]), one))).toMatchInlineSnapshot(
      `"loop IR: kernel test: a store to buffer 0, which is input 0"`,
    )
  })

  test('of a reduction define locals and store elements of their own', () => {
    const reduce = (...body: readonly Statement[]): Statement => ({
      kind: 'reduce',
      id: 2,
      op: 'add',
      dtype: 'float32',
      order: 'sequence',
      index: 1,
      extent: 8,
      body,
      value: one,
    })
    expect(mistake([kernel(reduce(store(1, at(0, [1, 1]), one)))])).toBe('none')
    expect(mistake([kernel(reduce(store(1, at(0), one)))])).toMatchInlineSnapshot(
      `"loop IR: kernel test: iterations of parallel loop 1 store to the same element"`,
    )
    const inner: Statement = { kind: 'for', index: 3, extent: 2, parallel: true, body: [] }
    expect(mistake([kernel(reduce(inner))])).toMatchInlineSnapshot(
      `"loop IR: kernel test: a for inside a reduce"`,
    )
  })

  test('of a contraction stay in bounds with all their panels', () => {
    const panel = (buffer: number, rows: readonly Steps[], columns: readonly Steps[]): Panel => ({
      buffer,
      at: at(0),
      rows,
      columns,
    })
    const steps = (count: number, stride: number): Steps => ({ count, stride })
    const dense = (buffer: number, rows: number, columns: number): Panel =>
      panel(buffer, [steps(rows, columns)], [steps(columns, 1)])
    const contract = (b: Panel, depth = 2, c = dense(1, 2, 4)): Step =>
      kernel({
        kind: 'contract',
        dtype: 'float32',
        rows: 2,
        columns: 4,
        depth,
        a: dense(0, 2, depth),
        b,
        c,
      })
    expect(mistake([contract(dense(0, 2, 4))])).toBe('none')
    expect(
      mistake([contract(panel(0, [steps(2, 0)], [steps(2, 5), steps(2, -1)]))]),
    ).toMatchInlineSnapshot(
      `"loop IR: kernel test: panel b reaches -1 .. 5 of buffer 0, which has 8 elements"`,
    )
    expect(mistake([contract(panel(0, [steps(2, 1)], [steps(2, 4), steps(2, 2)]))])).toBe('none')
    expect(mistake([contract(dense(0, 2, 4), 3)])).toMatchInlineSnapshot(
      `"loop IR: kernel test: panel b does not walk 3 x 4 elements"`,
    )
    expect(mistake([contract(dense(0, 3, 4), 3)])).toMatchInlineSnapshot(
      `"loop IR: kernel test: panel b reaches 0 .. 11 of buffer 0, which has 8 elements"`,
    )
    const nested = panel(1, [steps(2, 4)], [steps(2, 2), steps(2, 1)])
    expect(mistake([contract(dense(0, 2, 4), 2, nested)])).toMatchInlineSnapshot(
      `"loop IR: kernel test: a contract onto nested steps"`,
    )
    expect(mistake([contract(dense(1, 2, 4))])).toMatchInlineSnapshot(
      `"loop IR: kernel test: a contract onto its own input"`,
    )
  })
})

describe('steps', () => {
  test('must write before they read', () => {
    expect(mistake([copy(2, 1)], [float(8, arena(0))])).toMatchInlineSnapshot(
      `"loop IR: kernel test reads buffer 2, which holds no value"`,
    )
    expect(mistake([])).toMatchInlineSnapshot(
      `"loop IR: the caller reads buffer 1, which holds no value"`,
    )
  })

  test('must not read what another buffer has overwritten', () => {
    const steps = [copy(0, 2), copy(0, 3), copy(2, 1)]
    expect(mistake(steps, [float(8, arena(0)), float(8, arena(64))])).toBe('none')
    expect(mistake(steps, [float(8, arena(0)), float(8, arena(0))])).toMatchInlineSnapshot(
      `"loop IR: kernel test reads buffer 2, which holds no value"`,
    )
    const overlap = [float(8, arena(0)), float(8, arena(0))]
    expect(mistake([copy(0, 2), copy(2, 3)], overlap)).toMatchInlineSnapshot(
      `"loop IR: kernel test uses buffers 2 and 3 in one place"`,
    )
  })

  test('of a loop must leave what its next iteration reads', () => {
    const body = [copy(2, 3), copy(3, 1), copy(0, 4)]
    const looped = (count: number): Step[] => [
      copy(0, 2),
      { kind: 'loop', count, reverse: false, slices: [], carries: [], body },
    ]
    // buffer 4 lies where 2 does
    const buffers = [float(8, arena(0)), float(8, arena(64)), float(8, arena(0))]
    expect(mistake(looped(1), buffers)).toBe('none')
    expect(mistake(looped(2), buffers)).toMatchInlineSnapshot(
      `"loop IR: kernel test reads buffer 2, which holds no value"`,
    )
  })

  test('may use slices only inside the loop that declares them, and within their source', () => {
    const slice = float(2, { kind: 'slice' })
    const write = kernel(loop(2, [store(2, at(0, [0, 1]), one)]))
    const looped = (count: number): Step => ({
      kind: 'loop',
      count,
      reverse: false,
      slices: [{ buffer: 2, source: 1, stride: 2 }],
      carries: [],
      body: [write],
    })
    expect(mistake([looped(4)], [slice])).toBe('none')
    expect(mistake([looped(5)], [slice])).toMatchInlineSnapshot(
      `"loop IR: slice 2 does not fit 5 times into buffer 1"`,
    )
    expect(mistake([looped(4), write], [slice])).toMatchInlineSnapshot(
      `"loop IR: kernel test uses slice 2 outside the loop that declares it"`,
    )
  })

  test('must hold a value whichever branch was taken', () => {
    const branch = (otherwise: readonly Step[]): Step => ({
      kind: 'branch',
      predicate: 2,
      then: [copy(0, 1)],
      otherwise,
    })
    const flag: Buffer = { dtype: 'bool', length: 1, place: arena(0) }
    const decide = kernel(store(2, at(0), constant('bool', 1)))
    expect(mistake([decide, branch([copy(0, 1)])], [flag])).toBe('none')
    expect(mistake([decide, branch([])], [flag])).toMatchInlineSnapshot(
      `"loop IR: the caller reads buffer 1, which holds no value"`,
    )
  })
})

test('buffers must exist where they say', () => {
  expect(mistake([], [float(8, arena(4))])).toMatchInlineSnapshot(
    `"loop IR: buffer 2 lies at 4 of an arena of 128 bytes"`,
  )
  expect(mistake([], [float(32, arena(64))])).toMatchInlineSnapshot(
    `"loop IR: buffer 2 lies at 64 of an arena of 128 bytes"`,
  )
  expect(mistake([], [float(8, { kind: 'input', position: 0 })])).toMatchInlineSnapshot(
    `"loop IR: two buffers are input 0"`,
  )
  expect(mistake([], [float(8, { kind: 'output', position: 1 })])).toMatchInlineSnapshot(
    `"loop IR: buffer 2 is output 1, but the program names buffer undefined"`,
  )
  expect(mistake([], [float(8, { kind: 'constant', position: 0 })])).toMatchInlineSnapshot(
    `"loop IR: buffer 2 is constant 0, which is not float32[8]"`,
  )
})
