import { describe, expect, it } from 'vitest'
import { along } from '../../../src/conformance/programs.ts'
import type { Scalar, Statement, Step } from '../../../src/loop/loop.ts'
import * as s from '../../../src/loop/scalar.ts'
import { disagreements, float, kernel, programOf } from './agree.ts'

/** to[i] = f(from[i], ...) for a number of elements. */
const map = (
  extent: number,
  to: number,
  from: readonly number[],
  f: (...x: Scalar[]) => Scalar,
): Step =>
  kernel({
    kind: 'for',
    index: 0,
    extent,
    parallel: true,
    body: [
      {
        kind: 'store',
        buffer: to,
        at: along(0),
        value: f(...from.map((buffer) => s.load('float32', buffer, along(0)))),
      },
    ],
  })

const one = s.constant('float32', 1)
const ramp = (length: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length }, (_, i) => i / 4 - 2)

describe('steps', () => {
  it.each([false, true])('run a scan over slices, reversed: %s', (reverse) => {
    // carry = carry * 2 + x[t]; y[t] = carry: input 0 is x, outputs 1 and 2 are the carry and y
    for (const [count, width] of [
      [1, 3],
      [5, 1],
      [7, 40],
      [4, 256],
    ] as const) {
      const loop: Step = {
        kind: 'loop',
        count,
        reverse,
        slices: [
          { buffer: 4, source: 0, stride: width },
          { buffer: 5, source: 2, stride: width },
        ],
        body: [
          map(width, 3, [1, 4], (carry, x) => s.add(s.mul(carry, s.constant('float32', 2)), x)),
          { kind: 'copy', from: 3, to: 5 },
        ],
        carries: [{ from: 3, to: 1 }],
      }
      const program = programOf(
        [float(count * width)],
        [float(width), float(count * width)],
        [map(width, 1, [], () => one), loop],
        [float(width)],
        [float(width), float(width)],
      )
      expect(disagreements(program, [ramp(count * width)])).toEqual([])
    }
  })

  it('read all carries before any is written', () => {
    // three buffers rotate, two exchange
    for (const width of [1, 4, 300]) {
      const loop: Step = {
        kind: 'loop',
        count: 4,
        reverse: false,
        slices: [],
        body: [map(width, 3, [3], (x) => s.add(x, one))],
        carries: [
          { from: 4, to: 3 },
          { from: 5, to: 4 },
          { from: 3, to: 5 },
          { from: 7, to: 6 },
          { from: 6, to: 7 },
        ],
      }
      const starts = [3, 4, 5, 6, 7].map((buffer, i) =>
        map(width, buffer, [0], (x) => s.add(x, s.constant('float32', 10 * i))),
      )
      const program = programOf(
        [float(width)],
        [
          float(width),
          float(width),
          float(width),
          float(width),
          float(width),
          float(width),
          float(width),
        ],
        [...starts, loop, { kind: 'copy', from: 3, to: 1 }, { kind: 'copy', from: 6, to: 2 }],
      )
      expect(disagreements(program, [ramp(width)])).toEqual([])
    }
  })

  it('run loops inside loops over slices of slices', () => {
    const inner: Step = {
      kind: 'loop',
      count: 3,
      reverse: true,
      slices: [
        { buffer: 4, source: 2, stride: 5 },
        { buffer: 5, source: 3, stride: 5 },
      ],
      body: [map(5, 5, [4], (x) => s.mul(x, x))],
      carries: [],
    }
    const outer: Step = {
      kind: 'loop',
      count: 4,
      reverse: false,
      slices: [
        { buffer: 2, source: 0, stride: 15 },
        { buffer: 3, source: 1, stride: 15 },
      ],
      body: [inner],
      carries: [],
    }
    const program = programOf(
      [float(60)],
      [float(60)],
      [outer],
      [],
      [float(15), float(15), float(5), float(5)],
    )
    expect(disagreements(program, [ramp(60)])).toEqual([])
  })

  it('take a branch by a bool or an int32', () => {
    for (const dtype of ['bool', 'int32'] as const) {
      for (const choice of [0, 1]) {
        const branch: Step = {
          kind: 'branch',
          predicate: 0,
          then: [map(9, 2, [1], (x) => s.add(x, one))],
          otherwise: [map(9, 2, [1], (x) => s.neg(x))],
        }
        const program = programOf([{ dtype, length: 1 }, float(9)], [float(9)], [branch])
        const predicate = dtype === 'bool' ? Uint8Array.of(choice) : Int32Array.of(choice)
        expect(disagreements(program, [predicate, ramp(9)])).toEqual([])
      }
    }
  })

  it('run while and if statements: Collatz lengths', () => {
    const [n, steps] = [s.local('int32', 1), s.local('int32', 2)]
    const int = (value: number): Scalar => s.constant('int32', value)
    const body: Statement[] = [
      { kind: 'var', id: 1, value: s.add(s.indexValue(along(0)), int(1)) },
      { kind: 'var', id: 2, value: int(0) },
      {
        kind: 'while',
        condition: s.lt(int(1), n),
        body: [
          {
            kind: 'if',
            condition: s.eq(s.and(n, int(1)), int(0)),
            then: [{ kind: 'set', id: 1, value: s.shr(n, int(1)) }],
            otherwise: [{ kind: 'set', id: 1, value: s.add(s.mul(n, int(3)), int(1)) }],
          },
          { kind: 'set', id: 2, value: s.add(steps, int(1)) },
        ],
      },
      { kind: 'store', buffer: 0, at: along(0), value: steps },
    ]
    const loop: Statement = { kind: 'for', index: 0, extent: 97, parallel: true, body }
    expect(
      disagreements(programOf([], [{ dtype: 'int32', length: 97 }], [kernel(loop)]), []),
    ).toEqual([])
  })

  it('read constants of the program and run kernels with equal code on different buffers', () => {
    const program = programOf(
      [float(50)],
      [float(50), float(50)],
      [map(50, 1, [0, 3], (x, y) => s.sub(x, y)), map(50, 2, [1, 3], (x, y) => s.sub(x, y))],
    )
    const withConstant = {
      ...program,
      buffers: [
        ...program.buffers,
        { ...float(50), place: { kind: 'constant', position: 0 } as const },
      ],
      constants: [ramp(50).map((x) => x * x)],
    }
    expect(disagreements(withConstant, [ramp(50)])).toEqual([])
  })

  it('do nothing for loops without iterations and buffers without elements', () => {
    const empty: Step = {
      kind: 'loop',
      count: 0,
      reverse: false,
      slices: [],
      body: [],
      carries: [],
    }
    const program = programOf(
      [float(0), float(3)],
      [float(0), float(3)],
      [
        empty,
        map(0, 2, [0], (x) => x),
        { kind: 'copy', from: 0, to: 2 },
        { kind: 'copy', from: 1, to: 3 },
      ],
    )
    expect(disagreements(program, [ramp(0), ramp(3)])).toEqual([])
  })
})
