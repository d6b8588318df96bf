/**
 * Simplification: equations that compute nothing new, the same as another one, or nothing anyone reads go away. Everything
 * is decided from lowerings, so that a new primitive takes part without being named here.
 */
import type { Scalar } from '../loop/loop.ts'
import { constant, local } from '../loop/scalar.ts'
import type { Lowering, Primitive } from '../primitives/define.ts'
import { equalShapes, sizeOf } from '../shape.ts'
import { fold } from './fold.ts'
import {
  type Atom,
  type Equation,
  type Graph,
  type Literal,
  literal,
  type Variable,
} from './graph.ts'
import { paramsText } from './print.ts'
import { contiguous, isContiguous } from './view.ts'

type MapLowering = Extract<Lowering<never>, { kind: 'map' }>

/** What is known so far: replacements, and variables all of whose elements are one literal. */
interface Known {
  readonly replaced: Map<Variable, Atom>
  readonly uniform: Map<Variable, Literal>
}

const uniformOf = (known: Known, x: Atom): Literal | null =>
  x.kind === 'literal' ? x : (known.uniform.get(x) ?? null)

/** The atom that a `map` equation equals, if folding shows one. */
const foldMap = (equation: Equation, lower: MapLowering, known: Known): Atom | null => {
  const { inputs, params } = equation
  const output = equation.outputs[0]!
  const scalars = new Map<Atom, Scalar>()
  inputs.forEach((x, i) => {
    const value = uniformOf(known, x)
    if (!scalars.has(x))
      scalars.set(x, value === null ? local(x.dtype, i) : constant(x.dtype, value.value))
  })
  const result = fold(
    lower.scalar(
      inputs.map((x) => scalars.get(x)!),
      params as never,
      output,
    ),
  )
  if (result.op === 'local') return inputs[result.id]!
  if (result.op !== 'const') return null
  const value = literal(result.value, result.dtype)
  if (output.shape.length === 0) return value
  known.uniform.set(output, value)
  return null
}

/** The atom that a `view` equation equals: its input, seen as it lies. */
const foldView = (
  { inputs, params, outputs }: Equation,
  lower: Extract<Lowering<never>, { kind: 'view' }>,
  known: Known,
): Atom | null => {
  const [input, output] = [inputs[0]!, outputs[0]!]
  const value = uniformOf(known, input)
  if (value !== null && sizeOf(output.shape) > 0) {
    if (output.shape.length === 0) return value
    known.uniform.set(output, value)
  }
  if (!equalShapes(input.shape, output.shape)) return null
  const view = lower.view(contiguous(input.shape), params as never, output)
  return view !== null && isContiguous(view) ? input : null
}

const foldEquation = (equation: Equation, known: Known): Atom | null => {
  const { lower } = equation.primitive
  if (lower.kind === 'map') return foldMap(equation, lower, known)
  return lower.kind === 'view' ? foldView(equation, lower, known) : null
}

/** Keys of equations: equal keys mean equal values. */
const equationKeys = (): ((equation: Equation) => string) => {
  const numbers = new Map<Primitive | Variable, number>()
  const numberOf = (x: Primitive | Variable): number => {
    const known = numbers.get(x) ?? numbers.size
    numbers.set(x, known)
    return known
  }
  const atomKey = (x: Atom): string =>
    x.kind === 'literal' ? `${x.dtype}${paramsText(x.value)}` : `v${numberOf(x)}`
  return ({ primitive, inputs, params }) =>
    `${numberOf(primitive)} ${inputs.map(atomKey).join(' ')}${params === null ? '' : paramsText(params)}`
}

/** Removes equations none of whose outputs is used. */
const eliminateDead = (graph: Graph): Graph => {
  const used = new Set<Atom>(graph.outputs)
  const equations: Equation[] = []
  for (const equation of graph.equations.toReversed()) {
    if (!equation.outputs.some((x) => used.has(x))) continue
    for (const x of equation.inputs) used.add(x)
    equations.push(equation)
  }
  return { ...graph, equations: equations.reverse() }
}

const rewrite = (graph: Graph, shares: boolean): Graph => {
  const known: Known = { replaced: new Map(), uniform: new Map() }
  const found = new Map<string, Equation>()
  const keyOf = equationKeys()
  const resolve = (x: Atom): Atom => (x.kind === 'literal' ? x : (known.replaced.get(x) ?? x))
  const equations: Equation[] = []
  for (const original of eliminateDead(graph).equations) {
    const equation = { ...original, inputs: original.inputs.map(resolve) }
    const same = foldEquation(equation, known)
    if (same !== null) {
      known.replaced.set(equation.outputs[0]!, same)
      continue
    }
    const key = shares ? keyOf(equation) : ''
    const earlier = shares ? found.get(key) : undefined
    if (earlier === undefined) {
      found.set(key, equation)
      equations.push(equation)
    } else {
      equation.outputs.forEach((x, i) => {
        known.replaced.set(x, earlier.outputs[i]!)
      })
    }
  }
  return eliminateDead({ inputs: graph.inputs, equations, outputs: graph.outputs.map(resolve) })
}

/** The same function, bit for bit, with fewer equations. */
export const simplify = (graph: Graph): Graph => rewrite(graph, true)

/** Like `simplify`, but equations that compute the same stay apart: where a checkpoint computes again, it was asked to. */
export const simplifyApart = (graph: Graph): Graph => rewrite(graph, false)
