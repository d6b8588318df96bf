/** Drawing a traced function: its graph with every node's value and the derivative of the result with respect to it. */
import { isFloat } from '../dtype.ts'
import type { Box, Diagram } from '../graph/draw/diagram.ts'
import { diagramSvg, numberText } from '../graph/draw/svg.ts'
import type { Atom, Equation, Graph, Variable } from '../graph/graph.ts'
import { fullOf, zerosOf } from '../primitives/broadcast.ts'
import { add } from '../primitives/elementwise.ts'
import { describe } from '../shape.ts'
import { isConcrete, type Tensor } from '../tensor.ts'
import { evaluateVariables } from '../trace/graph.ts'
import type { Trace } from './trace.ts'
import { vjpFlat } from './vjp.ts'

/** How a graph is drawn. */
export interface DrawOptions {
  /** What the picture is of, for those who do not see it. */
  readonly title?: string
  /** Names of the arguments, in order; without them paths are shown. */
  readonly names?: readonly string[]
  /** Names of captured tensors, in order. */
  readonly captured?: readonly string[]
  /** Name of the result in the legend. */
  readonly result?: string
}

// ordinary spaces would be collapsed
const space = '\u00a0'

/** Elements of tensors up to this size are written out. */
const mostElements = 12

type Values = ReadonlyMap<Variable, Tensor>

/** The partial derivatives of the one scalar result: each float variable is moved by a zero whose cotangent is asked for. */
const partialsOf = (graph: Graph, values: Values, inputs: readonly Tensor[]): Values => {
  const [result] = graph.outputs
  if (graph.outputs.length !== 1 || result?.kind !== 'variable') return new Map()
  if (!isFloat(result.dtype) || values.get(result)!.size !== 1) return new Map()
  const moved = [...values.keys()].filter((x) => isFloat(x.dtype))
  const { pullback } = vjpFlat(
    (changes) => {
      const change = new Map(moved.map((x, i) => [x, changes[i]!]))
      const found = evaluateVariables(graph, inputs, (x, value) => {
        const by = change.get(x)
        return by === undefined ? value : add(value, by)
      })
      return [found.get(result)!]
    },
    moved.map((x) => zerosOf(x)),
  )
  const partials = pullback([fullOf(result, 1)])
  return new Map(moved.map((x, i) => [x, partials[i]!]))
}

/** Elements by rows; nothing for large tensors. */
const rowsOf = (x: Tensor | undefined): string[] => {
  if (x === undefined || x.size > mostElements) return []
  const texts = Array.from(x.data(), (value) =>
    x.dtype === 'bool' ? String(value !== 0) : numberText(value),
  )
  const width = Math.max(0, ...texts.map((text) => text.length))
  const columns = x.shape.at(-1) ?? 1
  return Array.from({ length: columns === 0 ? 0 : x.size / columns }, (_, row) =>
    texts
      .slice(row * columns, (row + 1) * columns)
      .map((text) => text.padStart(width, space))
      .join(space + space),
  )
}

/** True for a constant seen under another shape: one number, wherever it is used. */
const isConstant = ({ primitive, inputs }: Equation): boolean =>
  primitive.lower.kind === 'view' && inputs.every((x) => x.kind === 'literal')

const diagramOf = (
  { graph, captured, names }: Trace,
  options: DrawOptions,
  values: Values,
  partials: Values,
): Diagram => {
  const boxes: Box[] = []
  const arrows: { from: number; to: number; port: number }[] = []
  const numbers = new Map<Atom, number>()
  const results = new Set(graph.outputs)
  const put = (x: Variable, kind: Box['kind'], title: string): number => {
    numbers.set(x, boxes.length)
    return (
      boxes.push({
        kind,
        title,
        type: x.shape.length === 0 && x.dtype === 'float32' ? '' : describe(x),
        value: rowsOf(values.get(x)),
        partial: rowsOf(partials.get(x)),
        isResult: results.has(x),
      }) - 1
    )
  }
  const putLiteral = (value: number): number =>
    boxes.push({
      kind: 'constant',
      title: numberText(value),
      type: '',
      value: [],
      partial: [],
      isResult: false,
    }) - 1
  graph.inputs.forEach((x, i) => {
    const own = i - captured.length
    if (own < 0) put(x, 'captured', options.captured?.[i] ?? `captured ${i}`)
    else put(x, 'argument', options.names?.[own] ?? names[own]!.replace(/^0\//, ''))
  })
  const constants = new Map<Atom, number>()
  for (const equation of graph.equations) {
    const { primitive, inputs, outputs } = equation
    const [input] = inputs
    if (isConstant(equation) && input?.kind === 'literal') {
      constants.set(outputs[0]!, input.value)
      continue
    }
    const sources = inputs.map((x) => {
      const constant = x.kind === 'literal' ? x.value : constants.get(x)
      return constant === undefined ? numbers.get(x)! : putLiteral(constant)
    })
    for (const x of outputs) {
      const to = put(x, 'operation', primitive.symbol ?? primitive.name)
      sources.forEach((from, port) => {
        arrows.push({ from, to, port })
      })
    }
  }
  return { boxes, arrows }
}

/**
 * A traced function as an SVG document: its graph from left to right, in every box the value and, when the result is one
 * number, the partial derivative of the result with respect to it. Trace it with tensors; placeholders give a picture
 * without numbers.
 * @example
 * ```ts
 * import { draw, square, sub, type Tensor, tensor, trace } from '@rootstock/core'
 * const loss = trace((w: Tensor, y: Tensor) => square(sub(w, y)))(tensor(3), tensor(1))
 * console.log(draw(loss, { names: ['w', 'y'] }).startsWith('<svg')) // true
 * ```
 */
export const draw = (trace: Trace, options: DrawOptions = {}): string => {
  const inputs = [...trace.captured, ...trace.inputs]
  const isKnown = inputs.every(isConcrete)
  const values = isKnown ? evaluateVariables(trace.graph, inputs, (_, value) => value) : new Map()
  const partials = isKnown ? partialsOf(trace.graph, values, inputs) : new Map()
  return diagramSvg(diagramOf(trace, options, values, partials), {
    title: options.title ?? 'computation graph',
    result: options.result ?? 'result',
  })
}
