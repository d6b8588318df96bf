/** Compilation of a user's function: trace once per input signature, then run one program per call. */
import type { Storage } from '../backends/storage.ts'
import { runCells } from '../engine/evaluate.ts'
import { ArgumentError } from '../errors.ts'
import type { Abstract, Graph } from '../graph/graph.ts'
import { equalShapes } from '../shape.ts'
import { Tensor } from '../tensor.ts'
import { traceGraph } from '../trace/graph.ts'
import { isEager } from '../trace/interpreter.ts'
import { flatten, leaves, type Structure } from '../tree.ts'
import { flatFunction, leafTensor } from './flat.ts'

/** How `jit` treats its arguments. */
export interface JitOptions {
  /**
   * Positions of arguments whose memory the results may take over. A donated tensor cannot be used afterwards; using it
   * is a clear error. Donate the state of a training step.
   */
  readonly donate?: readonly number[]
}

/** Programs that a function keeps; the least recently used goes first. More signatures than this are better padded to fewer. */
const capacity = 64

/** A program and the arguments it was traced for. */
interface Compiled {
  readonly arguments: Structure
  readonly types: readonly Abstract[] // of the leaves of the arguments
  readonly graph: Graph
  readonly captured: readonly Tensor[]
  /** By input of the graph: the captured tensors, then the leaves. */
  readonly donated: readonly boolean[]
  readonly output: Structure
}

const isOfType = (leaf: unknown, { dtype, shape }: Abstract): boolean => {
  if (leaf instanceof Tensor) return leaf.dtype === dtype && equalShapes(leaf.shape, shape)
  if (shape.length > 0) return false
  return typeof leaf === 'number'
    ? dtype === 'float32'
    : typeof leaf === 'boolean' && dtype === 'bool'
}

/** The leaves of the arguments, or null when the program was made for others. */
const leavesFor = ({ arguments: structure, types }: Compiled, args: unknown): unknown[] | null => {
  const found: unknown[] = []
  if (!structure.read(args, found)) return null
  for (let i = 0; i < types.length; i++) if (!isOfType(found[i], types[i]!)) return null
  return found
}

const shared = (position: number): ArgumentError =>
  new ArgumentError({
    operation: 'jit',
    inputs: { donated: `leaf ${position}` },
    rule: 'a donated tensor must not be passed twice in one call',
  })

/** Marks donated cells, so that using one a second time shows itself: in this call at once, later as an error. */
const mark = (cells: readonly Storage[], { donated, captured }: Compiled): void => {
  for (let i = 0; i < cells.length; i++) {
    if (!donated[i]) continue
    if (cells[i]!.donated) throw shared(i - captured.length)
    cells[i]!.donated = true
  }
  for (let i = 0; i < cells.length; i++) {
    if (!donated[i] && cells[i]!.donated) throw shared(cells.indexOf(cells[i]!) - captured.length)
  }
}

const unmark = (cells: readonly Storage[], donated: readonly boolean[]): void => {
  cells.forEach((cell, i) => {
    if (donated[i]) cell.donated = false
  })
}

/** Runs a program on cells of which the donated ones are marked, and lets go of these. */
const runDonating = (program: Compiled, cells: readonly Storage[]): Tensor[] => {
  const { graph, donated } = program
  try {
    mark(cells, program)
    const results = runCells(graph, cells, donated)
    for (let i = 0; i < cells.length; i++) {
      if (!donated[i]) continue
      cells[i]!.host = null
      cells[i]!.resident = null
    }
    return results
  } catch (error) {
    unmark(cells, donated)
    throw error
  }
}

/**
 * f compiled: the first call with new structures, shapes or dtypes traces f and compiles one program, later calls run it.
 * Numbers among the arguments are float32 scalars and do not cause new programs. The 64 programs used last are kept, so a loop
 * over ever new shapes takes no ever growing memory. Inside another transformation a jitted function is simply part of it.
 * The results have the same bits as f has eagerly.
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
  // the one used last first: loops call with the same types again and again
  const programs: Compiled[] = []
  const build = (args: readonly unknown[]): Compiled => {
    const [found, structure] = flatten(args)
    const inputs = found.map((leaf) => leafTensor('jit', leaf))
    const flat = flatFunction('jit', f, structure)
    const { graph, captured } = traceGraph(flat.run, inputs)
    return {
      arguments: structure,
      types: inputs.map(({ dtype, shape }) => ({ dtype, shape })),
      graph,
      captured,
      donated: [
        ...captured.map(() => false),
        ...args.flatMap((arg, i) => leaves(arg).map(() => donate.includes(i))),
      ],
      output: flat.structure(),
    }
  }
  const prepare = (args: readonly unknown[]): readonly [Compiled, unknown[]] => {
    for (let i = 0; i < programs.length; i++) {
      const program = programs[i]!
      const found = leavesFor(program, args)
      if (found === null) continue
      if (i > 0) programs.unshift(...programs.splice(i, 1))
      return [program, found]
    }
    const program = build(args)
    programs.unshift(program)
    if (programs.length > capacity) programs.pop()
    return [program, leaves(args)]
  }
  return (...args) => {
    if (!isEager()) return f(...args)
    const [program, found] = prepare(args)
    const cells: Storage[] = []
    for (const x of program.captured) cells.push(x.storage('jit'))
    for (const leaf of found) cells.push(leafTensor('jit', leaf).storage('jit'))
    const results =
      donate.length > 0
        ? runDonating(program, cells)
        : runCells(program.graph, cells, program.donated)
    return program.output.build(results) as R
  }
}
