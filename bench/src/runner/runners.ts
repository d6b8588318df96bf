/** Who takes part. Every runner is a process of its own, so that memories and thread pools do not mix. */
import { fileURLToPath } from 'node:url'
import type { Workload } from '../workload.ts'
import { floorProgram } from './floor.ts'
import type { Command } from './start.ts'

/** A contestant and how to start it on a workload. */
export interface Runner {
  /** As in the tables of the peers: `jax-js-wasm`. */
  readonly name: string
  /** What `--peers` calls it. */
  readonly family: string
  /** What must be there: a C compiler, OpenBLAS with it, packages of the folder of peers, or a module of `python3`. */
  readonly needs: 'nothing' | 'compiler' | 'openblas' | 'packages' | { readonly module: string }
  /** Whether it can use more than one thread. */
  readonly isThreaded: boolean
  /** Factor on the tolerance, for a method that is known to differ a little; 1 unless said otherwise. */
  readonly slack?: number
  readonly command: (workload: Workload, problemFile: string, threads: number) => Command
}

/** A runner with a number of threads. */
export interface Entrant {
  readonly runner: Runner
  readonly threads: number
}

/** Every runner with each number of threads; once with a single one where it knows no other. */
export const entrantsOf = (runners: readonly Runner[], threads: readonly number[]): Entrant[] =>
  runners.flatMap((runner) =>
    (runner.isThreaded ? threads : [1]).map((count) => ({ runner, threads: count })),
  )

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

/** The folder of the peers' own package. */
export const peersFolder = path('../../peers')

const node = (script: string, file: string, threads: number, ...rest: string[]): Command => ({
  file: process.execPath,
  args: [path(script), file, String(threads), ...rest],
})

const ours = (
  backend: 'wasm' | 'native' | 'reference',
  rest: Pick<Runner, 'family' | 'needs' | 'isThreaded'>,
): Runner => ({
  ...rest,
  name: `rootstock-${backend}`,
  command: (workload, file, threads) =>
    node('./rootstock.ts', file, threads, workload.name, backend),
})

const peer = (
  name: string,
  family: string,
  isThreaded: boolean,
  script: string,
  ...rest: string[]
): Runner => ({
  name,
  family,
  needs: 'packages',
  isThreaded,
  command: (_, file, threads) => node(`../../peers/${script}`, file, threads, ...rest),
})

/** The Python that is asked for its packages. */
export const pythonFile = process.env.PYTHON ?? 'python3'

const python = (
  name: string,
  family: string,
  module: string,
  script: string,
  rest: readonly string[],
  env: Command['env'] = {},
): Runner => ({
  name,
  family,
  needs: { module },
  isThreaded: true,
  command: (_, file, threads) => ({
    file: pythonFile,
    args: [path(`../../peers/python/${script}`), file, String(threads), ...rest],
    env: { ...products(threads), ...env },
  }),
})

/** Threads of NumPy's and PyTorch's matrix products; which of their kernels suit the processor is theirs to choose. */
const products = (threads: number): Command['env'] => ({
  OMP_NUM_THREADS: String(threads),
  OPENBLAS_NUM_THREADS: String(threads),
  OPENBLAS_CORETYPE: undefined,
  OPENBLAS_L2_SIZE: undefined,
})

// keeps freed blocks: in a virtual machine a fresh page costs more than the arithmetic on it
const keepMemory = {
  MALLOC_MMAP_THRESHOLD_: String(2 ** 33),
  MALLOC_TRIM_THRESHOLD_: String(2 ** 33),
  MALLOC_TOP_PAD_: String(2 ** 26),
}

/** What a machine can do: everything fused by hand, products by OpenBLAS, which each thread asks for a part. */
const floor: Runner = {
  name: 'c-floor',
  family: 'c',
  needs: 'openblas',
  isThreaded: true,
  command: (_, file, threads) => ({
    file: floorProgram()!,
    args: [file, String(threads)],
    env: { ...products(threads), OPENBLAS_NUM_THREADS: '1' },
  }),
}

/** Rootstock on its backends. */
export const backends: readonly Runner[] = [
  ours('wasm', { family: 'rootstock', needs: 'nothing', isThreaded: true }),
  ours('native', { family: 'rootstock', needs: 'compiler', isThreaded: true }),
]

/** Whom it is compared with. */
export const peers: readonly Runner[] = [
  peer('jax-js-wasm', 'jax-js', true, 'jaxJs.ts'),
  peer('tfjs-wasm', 'tfjs', false, 'tfjs.ts', 'wasm'),
  peer('tfjs-cpu', 'tfjs', false, 'tfjs.ts', 'cpu'),
  peer('onnxruntime', 'onnxruntime', true, 'onnxruntime.ts'),
  python('pytorch-eager', 'pytorch', 'torch', 'pytorch_runner.py', ['eager']),
  python('pytorch-traced', 'pytorch', 'torch', 'pytorch_runner.py', ['traced'], keepMemory),
  // its Adam corrects the step size and not the moments, so that epsilon weighs differently
  { ...python('scikit-learn', 'scikit-learn', 'sklearn', 'sklearn_runner.py', []), slack: 10 },
  floor,
]

/** Correct and slow, for a look at what compiling buys; takes part only where it is named. */
export const oracle: Runner = ours('reference', {
  family: 'reference',
  needs: 'nothing',
  isThreaded: false,
})
