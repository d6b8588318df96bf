/** Compilation of a user's function: trace once per input signature, then run one program per call. */
import { ArgumentError } from '../errors.ts'
import { runGraph } from '../engine/evaluate.ts'
import type { Graph } from '../graph/graph.ts'
import type { Storage } from '../backends/storage.ts'
import type { Tensor } from '../tensor.ts'
import { traceGraph } from '../trace/graph.ts'
import { isEager } from '../trace/interpreter.ts'
import { flatten, type Structure } from '../tree.ts'
import { flatFunction, leafTensor } from './flat.ts'

/** How `jit` treats its arguments. */
export interface JitOptions {
  /**
   * Positions of arguments whose memory the results may take over. A donated tensor cannot be used afterwards; using it
   * is a clear error. Donate the state of a training step.
   */
  readonly donate?: readonly number[]
}

interface Compiled {
  readonly graph: Graph
  readonly captured: readonly Tensor[]
  readonly output: Structure
}

const signature = (structure: Structure, inputs: readonly Tensor[]): string => {
  let key = structure.key
  for (const { dtype, shape } of inputs) key += ` ${dtype}[${shape.join()}]`
  return key
}

/** Cells that a donated argument shares with another input must stay. */
const expectUnshared = (cells: readonly Storage[], donated: readonly boolean[]): void => {
  cells.forEach((cell, i) => {
    if (!donated[i] || cells.indexOf(cell) === i) {
      const again = donated[i] ? cells.indexOf(cell, i + 1) : -1
      if (again < 0) return
    }
    throw new ArgumentError({
      operation: 'jit',
      inputs: { donated: `leaf ${i}` },
      rule: 'a donated tensor must not be passed twice in one call',
    })
  })
}

const release = (cell: Storage): void => {
  cell.donated = true
  cell.host = null
  cell.resident = null
}

/**
 * f compiled: the first call with new structures, shapes or dtypes traces f and compiles one program, later calls run it.
 * Numbers among the arguments are float32 scalars and do not cause new programs. Inside another transformation a jitted
 * function is simply part of it. The results have the same bits as f has eagerly.
 * @example
 * ```ts
 * import { type Tensor, add, jit, mul, tensor } from '@rootstock/core'
 * const step = jit((x: Tensor) => add(mul(x, x), 1))
 * console.log(step(tensor([1, 2, 3])).toArray()) // [ 2, 5, 10 ]
 * ```
 */
export const jit = <A extends readonly unknown[], R>(
  f: (...args: A) => R,
  { donate = [] }: JitOptions = {},
): ((...args: A) => R) => {
  const programs = new Map<string, Compiled>()
  const build = (inputs: readonly Tensor[], structure: Structure): Compiled => {
    const flat = flatFunction('jit', f as (...args: never[]) => unknown, structure)
    const { graph, captured } = traceGraph(flat.run, inputs)
    return { graph, captured, output: flat.structure() }
  }
  return (...args) => {
    if (!isEager()) return f(...args)
    const [found, structure] = flatten(args)
    const inputs = found.map((leaf) => leafTensor('jit', leaf))
    const key = signature(structure, inputs)
    const program = programs.get(key) ?? build(inputs, structure)
    programs.set(key, program)
    const own = args.flatMap((arg, i) => flatten(arg)[0].map(() => donate.includes(i)))
    const all = [...program.captured, ...inputs]
    const donated = [...program.captured.map(() => false), ...own]
    const cells = all.map((x) => x.storage('jit'))
    if (donate.length > 0) expectUnshared(cells, donated)
    const results = runGraph(program.graph, all, donated)
    cells.forEach((cell, i) => {
      if (donated[i]) release(cell)
    })
    return program.output.build(results) as R
  }
}
