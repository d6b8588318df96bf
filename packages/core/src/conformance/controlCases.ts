/** Statements and steps that decide and repeat: while, if, mutable locals; loops over slices, branches, copies. */
import type { DType } from '../dtype.ts'
import type { Program, Scalar, Statement, Step } from '../loop/loop.ts'
import * as s from '../loop/scalar.ts'
import { type Case, expectAgreement, type Pair } from './agreement.ts'
import {
  along,
  arrayOf,
  edgesOf,
  kernel,
  loop,
  type Parts,
  programOf,
  spreadOf,
  store,
} from './programs.ts'

const int = (value: number): Scalar => s.constant('int32', value)
const local = (id: number): Scalar => s.local('int32', id)

const kernelCase = (name: string, parts: Omit<Parts, 'steps'>, ...body: Statement[]) => ({
  name,
  parts: { ...parts, steps: [kernel(...body)] },
})

/** How often n can be halved or made 3n + 1 until it is 1: a loop whose end only the data know. */
const collatz = kernelCase(
  'while and if',
  {
    inputs: [arrayOf('int32', [1, 2, 7, 27, 97, 0, -5])],
    outputs: [{ dtype: 'int32', length: 7 }],
  },
  loop(0, 7, [
    { kind: 'var', id: 10, value: s.load('int32', 0, along(0)) },
    { kind: 'var', id: 11, value: int(0) },
    {
      kind: 'while',
      condition: s.lt(int(1), local(10)),
      body: [
        { kind: 'let', id: 12, value: s.eq(s.rem(local(10), int(2)), int(0)) },
        {
          kind: 'if',
          condition: s.local('bool', 12),
          then: [{ kind: 'set', id: 10, value: s.div(local(10), int(2)) }],
          otherwise: [{ kind: 'set', id: 10, value: s.add(s.mul(local(10), int(3)), int(1)) }],
        },
        { kind: 'set', id: 11, value: s.add(local(11), int(1)) },
      ],
    },
    store(1, along(0), local(11)),
  ]),
)

/** A value stored only for some elements, after all were cleared; a branch that is empty. */
const conditional = kernelCase(
  'stores within if',
  { inputs: [spreadOf('float32', 9, 1)], outputs: [{ dtype: 'float32', length: 9 }] },
  loop(0, 9, [store(1, along(0), s.constant('float32', 0))]),
  loop(1, 9, [
    { kind: 'let', id: 10, value: s.load('float32', 0, along(1)) },
    {
      kind: 'if',
      condition: s.lt(s.constant('float32', 0), s.local('float32', 10)),
      then: [store(1, along(1), s.sqrt(s.local('float32', 10)))],
      otherwise: [],
    },
  ]),
)

/** A running sum in a mutable local that outlives its loop. */
const running = (dtype: 'float32' | 'float64') =>
  kernelCase(
    `a mutable local of ${dtype}`,
    {
      inputs: [spreadOf(dtype, 12, 2)],
      outputs: [
        { dtype, length: 12 },
        { dtype, length: 3 },
      ],
    },
    loop(0, 3, [
      { kind: 'var', id: 10, value: s.constant(dtype, 0.1) },
      loop(
        1,
        4,
        [
          {
            kind: 'set',
            id: 10,
            value: s.add(
              s.mul(s.local(dtype, 10), s.constant(dtype, 0.7)),
              s.load(dtype, 0, row(0, 1)),
            ),
          },
          store(1, row(0, 1), s.local(dtype, 10)),
        ],
        false,
      ),
      store(2, along(0), s.local(dtype, 10)),
    ]),
  )

const row = (outer: number, inner: number) => ({
  base: 0,
  terms: [
    { index: outer, stride: 4 },
    { index: inner, stride: 1 },
  ],
})

/** An expression of a hundred nodes whose parts are shared, so that without sharing it would never end. */
const shared = (dtype: 'float32' | 'int32') => {
  let x = s.load(dtype, 0, along(0))
  for (let i = 0; i < 50; i++)
    x = s.mul(s.add(x, x), s.constant(dtype, dtype === 'int32' ? 3 : 0.4999))
  const sizes = { inputs: [spreadOf(dtype, 11, 3)], outputs: [{ dtype, length: 11 }] }
  return kernelCase(`shared parts of ${dtype}`, sizes, loop(0, 11, [store(1, along(0), x)]))
}

/** carry = carry * 0.5 + slice; the carries change places; every step's value is stacked. */
const recurrence = (count: number, reverse: boolean) => {
  const dtype: DType = 'float32'
  const n = 5
  const each = (value: Scalar, buffer: number): Statement =>
    loop(0, n, [store(buffer, along(0), value)])
  const at = (buffer: number): Scalar => s.load(dtype, buffer, along(0))
  // 0 sequence, 1 start; 2 and 3 carries, 4 stack; 5 and 6 next carries; 7 and 8 slices
  const body: Step[] = [
    kernel(each(s.add(s.mul(at(2), s.constant(dtype, 0.5)), at(7)), 5)),
    { kind: 'copy', from: 2, to: 6 },
    kernel(each(s.sub(at(5), at(3)), 8)),
  ]
  const steps: Step[] = [
    { kind: 'copy', from: 1, to: 2 },
    { kind: 'copy', from: 1, to: 3 },
    {
      kind: 'loop',
      count,
      reverse,
      slices: [
        { buffer: 7, source: 0, stride: n },
        { buffer: 8, source: 4, stride: n },
      ],
      carries: [
        { from: 6, to: 2 },
        { from: 5, to: 3 },
      ],
      body,
    },
  ]
  const size = { dtype, length: n }
  const parts: Parts = {
    inputs: [spreadOf(dtype, n * count, 4), spreadOf(dtype, n, 5)],
    outputs: [size, size, { dtype, length: n * count }],
    scratch: [size, size],
    slices: [size, size],
    steps,
  }
  return { name: `a loop of ${count} steps${reverse ? ', reversed' : ''}`, parts }
}

/** A loop in a loop: the inner one runs over a slice of the slice. */
const nestedLoop = () => {
  const dtype: DType = 'float64'
  const next = s.add(
    s.mul(s.load(dtype, 1, along(0)), s.constant(dtype, 0.5)),
    s.load(dtype, 3, along(0)),
  )
  const add: Step = kernel(loop(0, 2, [store(1, along(0), next)]))
  const inner: Step = {
    kind: 'loop',
    count: 3,
    reverse: true,
    slices: [{ buffer: 3, source: 2, stride: 2 }],
    carries: [],
    body: [add],
  }
  const outer: Step = {
    kind: 'loop',
    count: 4,
    reverse: false,
    slices: [{ buffer: 2, source: 0, stride: 6 }],
    carries: [],
    body: [inner],
  }
  const clear = kernel(loop(0, 2, [store(1, along(0), s.constant(dtype, 0))]))
  const parts: Parts = {
    inputs: [spreadOf(dtype, 24, 6)],
    outputs: [{ dtype, length: 2 }],
    slices: [
      { dtype, length: 6 },
      { dtype, length: 2 },
    ],
    steps: [clear, outer],
  }
  return { name: 'a loop in a loop', parts }
}

const branch = (dtype: 'bool' | 'int32', value: number) => ({
  name: `a branch on ${value} of ${dtype}`,
  parts: {
    inputs: [arrayOf(dtype, [value, 1 - value]), spreadOf('float32', 6, 7)],
    outputs: [{ dtype: 'float32', length: 6 } as const],
    steps: [
      {
        kind: 'branch',
        predicate: 0,
        then: [kernel(loop(0, 6, [store(2, along(0), s.neg(s.load('float32', 1, along(0))))]))],
        otherwise: [{ kind: 'copy', from: 1, to: 2 }],
      } satisfies Step,
    ],
  },
})

const copies = (['bool', 'int32', 'float32', 'float64'] as const).map((dtype) => ({
  name: `constants and copies of ${dtype}`,
  parts: {
    inputs: [edgesOf(dtype, 13)],
    outputs: [
      { dtype, length: 13 },
      { dtype, length: 13 },
      { dtype, length: 0 },
    ],
    scratch: [{ dtype, length: 13 }],
    constants: [spreadOf(dtype, 13, 3)],
    steps: [
      { kind: 'copy', from: 5, to: 4 },
      { kind: 'copy', from: 4, to: 1 },
      { kind: 'copy', from: 0, to: 2 },
    ] satisfies Step[],
  },
}))

/** Cases of statements and steps that decide and repeat. */
export const controlCases = (pair: Pair): Case[] => {
  const all: readonly { readonly name: string; readonly parts: Parts }[] = [
    collatz,
    conditional,
    running('float32'),
    running('float64'),
    shared('float32'),
    shared('int32'),
    ...[0, 1, 3].flatMap((count) => [recurrence(count, false), recurrence(count, true)]),
    nestedLoop(),
    branch('bool', 1),
    branch('bool', 0),
    branch('int32', -7),
    branch('int32', 0),
    ...copies,
  ]
  return all.map(({ name, parts }) => ({
    name,
    run: () => {
      const program: Program = programOf(parts)
      expectAgreement(pair, program, parts.inputs)
    },
  }))
}
