/** Tracing: run a function on abstract values and keep what it did as a closed graph. */
import { readStorage } from '../backends/storage.ts'
import {
  type Abstract,
  type Atom,
  type Equation,
  type Graph,
  literal,
  type Variable,
  variable,
} from '../graph/graph.ts'
import { scalarOf } from '../primitives/broadcast.ts'
import { isConcrete, type Tensor, Tracer } from '../tensor.ts'
import { bind, currentInterpreter, type Interpreter, under } from './interpreter.ts'

/** A value of a graph under construction. */
class GraphTracer extends Tracer {
  readonly owner: Interpreter
  readonly variable: Variable
  constructor(owner: Interpreter, of: Variable) {
    super()
    this.owner = owner
    this.variable = of
  }
  get shape() {
    return this.variable.shape
  }
  get dtype() {
    return this.variable.dtype
  }
}

/** True when x is a value of the graph that is being built now. */
export const isBeingTraced = (x: Tensor): boolean =>
  x instanceof GraphTracer && x.owner === currentInterpreter()

/** What tracing found: `graph` takes the captured tensors first, then the explicit inputs. */
export interface Traced {
  readonly graph: Graph
  readonly captured: readonly Tensor[]
}

/** Runs `f` on abstract inputs. Tensors of outer scopes that `f` uses become leading inputs of the graph. */
export const traceGraph = (
  f: (inputs: readonly Tensor[]) => readonly Tensor[],
  types: readonly Abstract[],
): Traced => {
  const equations: Equation[] = []
  const captured = new Map<Tensor, Variable>()
  const atomOf = (x: Tensor): Atom => {
    if (x instanceof GraphTracer && x.owner === builder) return x.variable
    if (x.shape.length === 0 && isConcrete(x)) {
      return literal(Number(readStorage(x.storage('trace'))[0]), x.dtype)
    }
    const known = captured.get(x) ?? variable(x)
    captured.set(x, known)
    return known
  }
  const builder: Interpreter = {
    process: (primitive, inputs, params) => {
      const outputs = primitive.shape(inputs, params).map(variable)
      equations.push({ primitive, inputs: inputs.map(atomOf), params, outputs })
      return outputs.map((x) => new GraphTracer(builder, x))
    },
  }
  const inputs = types.map(variable)
  const results = under(builder, () => f(inputs.map((x) => new GraphTracer(builder, x))))
  const outputs = results.map(atomOf)
  return {
    graph: { inputs: [...captured.values(), ...inputs], equations, outputs },
    captured: [...captured.keys()],
  }
}

const tensorOf = (atom: Atom, values: ReadonlyMap<Variable, Tensor>): Tensor =>
  atom.kind === 'literal' ? scalarOf(atom.value, atom.dtype) : values.get(atom)!

/** Values of all variables of a graph; `through` may replace each as soon as it is known. */
export const evaluateVariables = (
  graph: Graph,
  inputs: readonly Tensor[],
  through: (x: Variable, value: Tensor) => Tensor,
): ReadonlyMap<Variable, Tensor> => {
  const values = new Map(graph.inputs.map((x, i) => [x, through(x, inputs[i]!)]))
  for (const { primitive, inputs: atoms, params, outputs } of graph.equations) {
    const given = atoms.map((atom) => tensorOf(atom, values))
    const results = bind(primitive, given, params as never)
    outputs.forEach((x, i) => {
      values.set(x, through(x, results[i]!))
    })
  }
  return values
}

/** Applies a graph's equations to tensors under the current interpreter. */
export const evaluateGraph = (graph: Graph, inputs: readonly Tensor[]): Tensor[] => {
  const values = evaluateVariables(graph, inputs, (_, value) => value)
  return graph.outputs.map((atom) => tensorOf(atom, values))
}
