/** Watching a function run: which programs it runs, and on what. */

import {
  type Backend,
  currentBackend,
  map,
  Tensor,
  type TypedArray,
  tensor,
  withBackend,
} from '@rootstock/core'
import { type Executable, type Program, readStorage } from '@rootstock/core/backend'

/** One run of a program. */
export interface Call {
  readonly program: Program
  /** Copies of its inputs, by position. */
  readonly inputs: readonly TypedArray[]
}

interface Recorder {
  readonly backend: Backend
  calls: Call[]
}

// one for each backend, so that what it has compiled serves the next time
const recorders = new WeakMap<Backend, Recorder>()

const recorderOf = (backend: Backend): Recorder => {
  const known = recorders.get(backend)
  if (known !== undefined) return known
  const compile = (program: Program): Executable => {
    const { run } = backend.compile(program)
    return {
      run: (cells, donated) => {
        recorder.calls.push({ program, inputs: cells.map((cell) => readStorage(cell).slice()) })
        return run(cells, donated)
      },
    }
  }
  const recorder: Recorder = { backend: { ...backend, compile }, calls: [] }
  recorders.set(backend, recorder)
  return recorder
}

const copied = (leaf: unknown): unknown =>
  leaf instanceof Tensor ? tensor(leaf.data(), { shape: leaf.shape, dtype: leaf.dtype }) : leaf

/**
 * Runs `f` once on the backend in force and tells which programs ran. The arguments are copied first: what `f` donates is
 * not lost to the caller.
 */
export const record = <A extends readonly unknown[]>(
  f: (...args: A) => unknown,
  args: A,
): readonly Call[] => {
  const recorder = recorderOf(currentBackend())
  const own = map(copied, args) as A
  recorder.calls = []
  withBackend(recorder.backend, () => f(...own))
  const { calls } = recorder
  recorder.calls = []
  return calls
}
