/** Who takes part. Every runner is a process of its own, so that memories and thread pools do not mix. */
import { fileURLToPath } from 'node:url'
import type { Workload } from '../workload.ts'
import type { Command } from './start.ts'

/** A contestant and how to start it on a workload. */
export interface Runner {
  /** As in the tables of the peers: `jax-js-wasm`. */
  readonly name: string
  /** What `--peers` calls it. */
  readonly family: string
  /** What must be there: packages of the folder of peers, or a module of `python3`. */
  readonly needs: 'nothing' | 'packages' | { readonly module: string }
  /** Factor on the tolerance, for a method that is known to differ a little; 1 unless said otherwise. */
  readonly slack?: number
  readonly command: (workload: Workload, problemFile: string, threads: number) => Command
}

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

/** The folder of the peers' own package. */
export const peersFolder = path('../../peers')

const node = (script: string, file: string, threads: number, ...rest: string[]): Command => ({
  file: process.execPath,
  args: [path(script), file, String(threads), ...rest],
})

const ours = (backend: 'wasm' | 'reference'): Runner => ({
  name: `rootstock-${backend}`,
  family: backend === 'wasm' ? 'rootstock' : 'reference',
  needs: 'nothing',
  command: (workload, file, threads) =>
    node('./rootstock.ts', file, threads, workload.name, backend),
})

const peer = (name: string, family: string, script: string, ...rest: string[]): Runner => ({
  name,
  family,
  needs: 'packages',
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
  env: Readonly<Record<string, string>> = {},
): Runner => ({
  name,
  family,
  needs: { module },
  command: (_, file, threads) => ({
    file: pythonFile,
    args: [path(`../../peers/python/${script}`), file, String(threads), ...rest],
    env: { OMP_NUM_THREADS: String(threads), OPENBLAS_NUM_THREADS: String(threads), ...env },
  }),
})

// keeps freed blocks: in a virtual machine a fresh page costs more than the arithmetic on it
const keepMemory = {
  MALLOC_MMAP_THRESHOLD_: String(2 ** 33),
  MALLOC_TRIM_THRESHOLD_: String(2 ** 33),
  MALLOC_TOP_PAD_: String(2 ** 26),
}

/** All contestants; the first is what the others are compared with. */
export const runners: readonly Runner[] = [
  ours('wasm'),
  peer('jax-js-wasm', 'jax-js', 'jaxJs.ts'),
  peer('tfjs-wasm', 'tfjs', 'tfjs.ts', 'wasm'),
  peer('tfjs-cpu', 'tfjs', 'tfjs.ts', 'cpu'),
  peer('onnxruntime', 'onnxruntime', 'onnxruntime.ts'),
  python('pytorch-eager', 'pytorch', 'torch', 'pytorch_runner.py', ['eager']),
  python('pytorch-traced', 'pytorch', 'torch', 'pytorch_runner.py', ['traced'], keepMemory),
  // its Adam corrects the step size and not the moments, so that epsilon weighs differently
  { ...python('scikit-learn', 'scikit-learn', 'sklearn', 'sklearn_runner.py', []), slack: 10 },
]

/** Correct and slow, for a look at what compiling buys; takes part only where it is named. */
export const oracle: Runner = ours('reference')
