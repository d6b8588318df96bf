/** Inlining: equations that only stand for a graph are replaced by its equations, so that passes see through them. */
import type { Atom, Equation, Graph, Variable } from './graph.ts'
import { variable } from './graph.ts'
import { simplify } from './simplify.ts'

/** The same function without equations whose lowering is `inline`. */
export const inline = (graph: Graph): Graph => {
  if (!graph.equations.some(isCall)) return graph
  const equations: Equation[] = []
  const outputs = copyInto(graph, graph.inputs, equations)
  return { inputs: graph.inputs, equations, outputs }
}

const isCall = ({ primitive }: Equation): boolean => primitive.lower.kind === 'inline'

/** Appends a graph's equations with its inputs replaced by `given`; yields its outputs. */
const copyInto = (graph: Graph, given: readonly Atom[], equations: Equation[]): Atom[] => {
  const values = new Map<Variable, Atom>(graph.inputs.map((x, i) => [x, given[i]!]))
  const valueOf = (x: Atom): Atom => (x.kind === 'literal' ? x : values.get(x)!)
  for (const equation of graph.equations) {
    const inputs = equation.inputs.map(valueOf)
    const { lower } = equation.primitive
    const results =
      lower.kind === 'inline'
        ? copyInto(simplify(lower.graph(equation.params as never)), inputs, equations)
        : equation.outputs.map(variable)
    if (lower.kind !== 'inline') {
      equations.push({ ...equation, inputs, outputs: results as readonly Variable[] })
    }
    equation.outputs.forEach((x, i) => {
      values.set(x, results[i]!)
    })
  }
  return graph.outputs.map(valueOf)
}
