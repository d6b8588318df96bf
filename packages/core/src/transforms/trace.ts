/** The graph of a function, as something to print, verify and draw. */
import type { Graph } from '../graph/graph.ts'
import { print } from '../graph/print.ts'
import { verify } from '../graph/verify.ts'
import type { Tensor } from '../tensor.ts'
import { traceGraph } from '../trace/graph.ts'
import { flatten, paths, type Structure } from '../tree.ts'
import { flatFunction, leafTensor } from './flat.ts'

/** A function as data. */
export interface Trace {
  /** Single-assignment equations; captured tensors are leading inputs. */
  readonly graph: Graph
  /** Tensors from outside that the function used. */
  readonly captured: readonly Tensor[]
  /** The arguments it was traced with: placeholders, or tensors with elements. */
  readonly inputs: readonly Tensor[]
  /** Paths of the arguments' leaves. */
  readonly names: readonly string[]
  /** Structure of the result. */
  readonly output: Structure
  /** Throws when the graph is not well formed. */
  readonly verify: () => void
  readonly toString: () => string
}

/**
 * Runs f on abstract values and returns its graph. Arguments are trees of placeholders, or of tensors when the graph is to
 * be drawn with values.
 * @example
 * ```ts
 * import { type Tensor, add, mul, placeholder, trace } from '@rootstock/core'
 * const line = trace((w: Tensor, x: Tensor) => add(mul(w, x), 1))
 * console.log(line(placeholder([]), placeholder([])).graph.equations.length) // 2
 * ```
 */
export const trace =
  <A extends readonly unknown[]>(f: (...args: A) => unknown) =>
  (...args: A): Trace => {
    const [found, structure] = flatten(args)
    const inputs = found.map((leaf) => leafTensor('trace', leaf))
    const flat = flatFunction('trace', f, structure)
    const { graph, captured } = traceGraph(flat.run, inputs)
    return {
      graph,
      captured,
      inputs,
      names: paths(args).map(([path]) => path),
      output: flat.structure(),
      verify: () => {
        verify(graph)
      },
      toString: () => print(graph),
    }
  }
