/** Running a program on a backend and on the oracle, and comparing every element of every output. */
import type { Backend } from '../backends/backend.ts'
import { hostStorage, readStorage, type Storage } from '../backends/storage.ts'
import { dtypeOf, type TypedArray } from '../dtype.ts'
import type { Program } from '../loop/loop.ts'
import { verifyProgram } from '../loop/verify.ts'

/** One thing a backend must do: throws when it does not. Any test runner can run it. */
export interface Case {
  readonly name: string
  readonly run: () => void
}

/** A backend under test, and the reference that says what is right. */
export interface Pair {
  readonly backend: Backend
  readonly oracle: Backend
}

/** Cells over copies of arrays. */
export const cellsOf = (arrays: readonly TypedArray[]): Storage[] =>
  arrays.map((array) => hostStorage(dtypeOf(array)!, array.slice()))

/** Throws unless both hold the same numbers: every bit counts, except which NaN it is. */
export const expectSame = (what: string, found: TypedArray, wanted: TypedArray): void => {
  if (found.length !== wanted.length || dtypeOf(found) !== dtypeOf(wanted)) {
    const of = (x: TypedArray) => `${dtypeOf(x)}[${x.length}]`
    throw new Error(`${what} is ${of(found)}, expected ${of(wanted)}`)
  }
  for (let i = 0; i < wanted.length; i++) {
    if (Object.is(found[i], wanted[i])) continue
    throw new Error(`element ${i} of ${what} is ${found[i]}, expected ${wanted[i]}`)
  }
}

/** Throws when something is not as the contract says. */
export const expect = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what)
}

const nothing = (cells: readonly Storage[]): boolean[] => cells.map(() => false)

/** What a program gives on one backend. */
const outputsOn = (
  backend: Backend,
  program: Program,
  inputs: readonly TypedArray[],
): TypedArray[] => {
  const cells = cellsOf(inputs)
  return backend.compile(program).run(cells, nothing(cells)).map(readStorage)
}

/** Runs a program on both, twice on the backend, and compares; inputs must be left as they were. */
export const expectAgreement = (
  { backend, oracle }: Pair,
  program: Program,
  inputs: readonly TypedArray[],
): void => {
  verifyProgram(program)
  const wanted = outputsOn(oracle, program, inputs)
  const executable = backend.compile(program)
  const cells = cellsOf(inputs)
  for (const time of ['first', 'second']) {
    const found = executable.run(cells, nothing(cells)).map(readStorage)
    expect(found.length === wanted.length, `${found.length} outputs of ${wanted.length}`)
    wanted.forEach((output, i) => {
      expectSame(`output ${i} of the ${time} run`, found[i]!, output)
    })
  }
  inputs.forEach((input, i) => {
    expectSame(`input ${i} after the run`, readStorage(cells[i]!), input)
  })
}
