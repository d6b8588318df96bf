/** What a backend may and may not do with storage cells: donation, residence, and the report of memory. */
import { hostStorage, readStorage, type Storage } from '../backends/storage.ts'
import type { TypedArray } from '../dtype.ts'
import type { Program } from '../loop/loop.ts'
import * as s from '../loop/scalar.ts'
import { type Case, cellsOf, expect, expectSame, type Pair } from './agreement.ts'
import { along, arrayOf, kernel, loop, programOf, spreadOf, store } from './programs.ts'

/** y = x + 1 and z = x read once more after y is complete: y may take the place of x only if nothing reads x again. */
const twice = (length: number): Program => {
  const x = spreadOf('float32', length, 1)
  const at = (buffer: number, stride = 1, base = 0) =>
    s.load('float32', buffer, along(0, stride, base))
  return programOf({
    inputs: [x],
    outputs: [
      { dtype: 'float32', length },
      { dtype: 'float32', length },
    ],
    steps: [
      kernel(loop(0, length, [store(1, along(0), s.add(at(0), s.constant('float32', 1)))])),
      kernel(loop(0, length, [store(2, along(0), at(0, -1, length - 1))])),
    ],
  })
}

/** y[i] = x[i] / 2 + 1 */
const step = (length: number): Program =>
  programOf({
    inputs: [spreadOf('float32', length, 1)],
    outputs: [{ dtype: 'float32', length }],
    steps: [
      kernel(
        loop(0, length, [
          store(
            1,
            along(0),
            s.add(
              s.mul(s.load('float32', 0, along(0)), s.constant('float32', 0.5)),
              s.constant('float32', 1),
            ),
          ),
        ]),
      ),
    ],
  })

const small = 5
const large = 20_000

const donatedAndRead = ({ backend, oracle }: Pair, length: number): void => {
  const program = twice(length)
  const x = spreadOf('float32', length, 2)
  const wanted = oracle
    .compile(program)
    .run(cellsOf([x]), [false])
    .map(readStorage)
  // resident first, since only a tensor in the backend's own memory can be taken over
  const [first] = backend.compile(step(length)).run(cellsOf([x]), [false])
  const [start] = oracle.compile(step(length)).run(cellsOf([x]), [false])
  const found = backend.compile(program).run([first!], [true]).map(readStorage)
  const expected = oracle.compile(program).run([start!], [false]).map(readStorage)
  expected.forEach((output, i) => {
    expectSame(`output ${i} of a donated input`, found[i]!, output)
  })
  const fresh = backend
    .compile(program)
    .run(cellsOf([x]), [true])
    .map(readStorage)
  wanted.forEach((output, i) => {
    expectSame(`output ${i} of a donated host array`, fresh[i]!, output)
  })
}

/** State that is donated step after step; what is reported must not grow. */
const flat = ({ backend, oracle }: Pair, length: number): void => {
  const program = step(length)
  const [executable, expected] = [backend.compile(program), oracle.compile(program)]
  const x = spreadOf('float32', length, 3)
  let [state, wanted] = [cellsOf([x]), cellsOf([x])]
  const total = () => backend.memory().resident + backend.memory().arena
  let settled = 0
  for (let i = 0; i < 50; i++) {
    state = executable.run(state, [true])
    wanted = expected.run(wanted, [false])
    if (i === 9) settled = total()
  }
  expect(total() <= settled, `live bytes grew from ${settled} to ${total()} over forty steps`)
  expectSame('the state after fifty steps', readStorage(state[0]!), readStorage(wanted[0]!))
}

const reported = ({ backend }: Pair): void => {
  const executable = backend.compile(step(large))
  const kept: Storage[] = executable.run(cellsOf([spreadOf('float32', large, 4)]), [false])
  const report = backend.memory()
  for (const [name, bytes] of Object.entries(report)) {
    expect(Number.isInteger(bytes) && bytes >= 0, `${name} is ${bytes} bytes`)
  }
  const { resident, arena, reserved } = report
  expect(resident + arena <= reserved, 'more is in use than was reserved')
  expect(kept[0]!.resident === null || resident >= 4 * large, 'a resident tensor is not counted')
}

/** Results stay what they are, however much is computed after them. */
const lasting = ({ backend, oracle }: Pair): void => {
  const program = step(large)
  const [executable, expected] = [backend.compile(program), oracle.compile(program)]
  const runs = Array.from({ length: 40 }, (_, seed) => {
    const x = spreadOf('float32', large, seed)
    const [found] = executable.run(cellsOf([x]), [false])
    const [wanted] = expected.run(cellsOf([x]), [false])
    return { found: found!, wanted: wanted! }
  })
  for (const { found, wanted } of runs.toReversed()) {
    expectSame('an earlier result', readStorage(found), readStorage(wanted))
    expectSame('the same result, read again', readStorage(found), readStorage(wanted))
  }
}

/** out = x - y */
const difference = (x: TypedArray): Program =>
  programOf({
    inputs: [x, x],
    outputs: [{ dtype: 'float32', length: x.length }],
    steps: [
      kernel(
        loop(0, x.length, [
          store(2, along(0), s.sub(s.load('float32', 0, along(0)), s.load('float32', 1, along(0)))),
        ]),
      ),
    ],
  })

/** A backend may move what is used again and again, even in the middle of a call that uses it twice. */
const reused = ({ backend }: Pair): void => {
  const x = spreadOf('float32', large, 6)
  const [cell] = cellsOf([x])
  const executable = backend.compile(difference(x))
  for (let i = 0; i < 20; i++) {
    const [nothing] = executable.run([cell!, cell!], [false, false])
    expectSame(`x - x for the ${i + 1}th time`, readStorage(nothing!), new Float32Array(large))
  }
  expectSame('x after all', readStorage(cell!), x)
}

/** Cells that another backend made, and one cell passed twice, are inputs like any other. */
const foreign = ({ backend, oracle }: Pair): void => {
  const x = spreadOf('float32', large, 5)
  const [there] = oracle.compile(step(large)).run(cellsOf([x]), [false])
  const [here] = backend.compile(step(large)).run([there!], [false])
  const [back] = oracle.compile(step(large)).run([here!], [false])
  let wanted = cellsOf([x])
  for (let i = 0; i < 3; i++) wanted = oracle.compile(step(large)).run(wanted, [false])
  expectSame('a tensor that changed backends', readStorage(back!), readStorage(wanted[0]!))
  const [nothing] = backend.compile(difference(x)).run([here!, here!], [false, false])
  expectSame('x - x', readStorage(nothing!), new Float32Array(large))
}

/** Outputs are cells of their own, also where they have equal elements. */
const separate = ({ backend }: Pair): void => {
  const program = programOf({
    inputs: [arrayOf('int32', [1, 2, 3])],
    outputs: [
      { dtype: 'int32', length: 3 },
      { dtype: 'int32', length: 3 },
    ],
    steps: [
      { kind: 'copy', from: 0, to: 1 },
      { kind: 'copy', from: 0, to: 2 },
    ],
  })
  const input = hostStorage('int32', arrayOf('int32', [1, 2, 3]))
  const [a, b] = backend.compile(program).run([input], [false])
  expect(a !== b && a !== input && b !== input, 'two positions share one cell')
  expect(readStorage(a!) !== readStorage(b!), 'two positions share one array')
  expect(readStorage(a!) !== readStorage(input), 'an output shares the array of an input')
  expect(
    [a, b].every((cell) => !cell!.donated),
    'an output is marked as donated',
  )
}

/** Cases of storage cells. */
export const storageCases = (pair: Pair): Case[] => {
  const named: Readonly<Record<string, (pair: Pair) => void>> = {
    'memory is reported': reported,
    'results last': lasting,
    'one input again and again': reused,
    'cells of other backends are read': foreign,
    'outputs are cells of their own': separate,
  }
  const sized: Readonly<Record<string, (pair: Pair, length: number) => void>> = {
    'donated inputs give the same results': donatedAndRead,
    'donated state takes no more memory': flat,
  }
  return [
    ...Object.entries(named).map(([name, check]) => ({ name, run: () => check(pair) })),
    ...Object.entries(sized).flatMap(([name, check]) =>
      [small, large].map((length) => ({
        name: `${name}: ${length} elements`,
        run: () => check(pair, length),
      })),
    ),
  ]
}
