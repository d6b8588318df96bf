/**
 * Eager execution: each application is a graph of one equation, lowered and compiled like any other and kept by signature.
 * So an operation has the same bits whether it runs alone or inside a jitted program.
 */
import { readStorage, type Storage } from '../backends/storage.ts'
import { TraceError } from '../errors.ts'
import { type Abstract, type Graph, variable } from '../graph/graph.ts'
import { paramsText } from '../graph/print.ts'
import { contiguous, isContiguous } from '../graph/view.ts'
import type { Primitive } from '../primitives/define.ts'
import { sizeOf } from '../shape.ts'
import { Concrete, isConcrete, type Tensor } from '../tensor.ts'
import { evaluateGraph } from '../trace/graph.ts'
import { installEvaluator } from '../trace/interpreter.ts'
import { compile } from './compile.ts'

/** Signatures in a generation. Two are kept, so what was used among the last thousand is still there, without a note of each use. */
const generation = 1000
let recent = new Map<string, Graph>()
let older = new Map<string, Graph>()

const keep = (key: string, graph: Graph): Graph => {
  if (recent.size >= generation) [older, recent] = [recent, new Map()]
  recent.set(key, graph)
  return graph
}

const signature = (primitive: Primitive, inputs: readonly Abstract[], params: unknown): string => {
  let key = primitive.name
  for (const { dtype, shape } of inputs) key += ` ${dtype}[${shape.join()}]`
  return params === null ? key : `${key} ${paramsText(params)}`
}

const graphOf = (primitive: Primitive, inputs: readonly Abstract[], params: never): Graph => {
  const key = signature(primitive, inputs, params)
  const known = recent.get(key)
  if (known !== undefined) return known
  const old = older.get(key)
  if (old !== undefined) return keep(key, old)
  const given = inputs.map(variable)
  const outputs = primitive.shape(inputs, params).map(variable)
  return keep(key, {
    inputs: given,
    equations: [{ primitive, inputs: given, params, outputs }],
    outputs,
  })
}

const expectConcrete = (primitive: Primitive, x: Tensor): Concrete => {
  if (isConcrete(x)) return x
  throw new TraceError({
    operation: primitive.name,
    inputs: { x },
    rule: 'x was made inside a transformation that has ended',
    hint: 'return it from the transformed function instead of keeping it in an outer variable',
  })
}

/** Runs a graph on storage cells; `donated` are those whose memory the backend may take over. */
export const runCells = (
  graph: Graph,
  cells: readonly Storage[],
  donated: readonly boolean[],
): Tensor[] => {
  const results = compile(graph).run(cells, donated)
  return results.map((cell, i) => new Concrete(cell, graph.outputs[i]!.shape))
}

const nothingDonated: readonly boolean[] = []

const evaluate = (
  primitive: Primitive,
  inputs: readonly Tensor[],
  params: never,
): readonly Tensor[] => {
  const given = inputs.map((x) => expectConcrete(primitive, x))
  const rule = primitive.lower
  if (rule.kind === 'inline') return evaluateGraph(rule.graph(params), given)
  if (rule.kind === 'cond') {
    primitive.shape(inputs, params)
    const { then, otherwise } = rule.branches(params)
    const chosen = readStorage(given[0]!.storage('cond'))[0] !== 0 ? then : otherwise
    return evaluateGraph(chosen, given.slice(1))
  }
  const graph = graphOf(primitive, given, params)
  if (rule.kind === 'view') {
    // a view that is dense already, as most reshapes are, shares its storage
    const output = graph.outputs[0]!
    const view = rule.view(contiguous(given[0]!.shape), params, output)
    if (view !== null && isContiguous(view) && given[0]!.size === sizeOf(view.shape)) {
      return [new Concrete(given[0]!.storage(primitive.name), output.shape)]
    }
  }
  const cells = given.map((x) => x.storage(primitive.name))
  return runCells(graph, cells, nothingDonated)
}

installEvaluator({ process: evaluate })
