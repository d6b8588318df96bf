/**
 * The verifier: what every pass must preserve. It runs between passes in tests, so that a wrong rewrite is found where it
 * happened and not three passes later as a wrong number.
 */
import { describe, sameType } from '../shape.ts'
import type { Atom, Equation, Graph, Variable } from './graph.ts'
import { graphsIn } from './print.ts'

const fail = (what: string): never => {
  throw new Error(`graph: ${what}`)
}

/**
 * Throws unless the graph is well formed: every variable is defined exactly once and before its use, literals are
 * scalars, and outputs have the types that the primitive's shape rule says; nested graphs likewise.
 *
 * @example
 * ```ts
 * import { variable, verify } from '@rootstock/core'
 * const x = variable({ shape: [2], dtype: 'float32' })
 * verify({ inputs: [x], equations: [], outputs: [x] })
 * ```
 */
export const verify = (graph: Graph): void => {
  const defined = new Set<Variable>()
  const define = (x: Variable, where: string): void => {
    if (defined.has(x)) fail(`${where} is defined twice`)
    defined.add(x)
  }
  const use = (x: Atom, where: string): void => {
    if (x.kind === 'literal' ? x.shape.length > 0 : !defined.has(x)) {
      fail(
        `${where} is ${x.kind === 'literal' ? 'a literal with axes' : 'used before its definition'}`,
      )
    }
  }
  graph.inputs.forEach((x, i) => {
    define(x, `input ${i}`)
  })
  graph.equations.forEach((equation, at) => {
    const where = `of equation ${at} (${equation.primitive.name})`
    equation.inputs.forEach((x, i) => {
      use(x, `input ${i} ${where}`)
    })
    verifyTypes(equation, where)
    for (const nested of graphsIn(equation.params)) verify(nested)
    equation.outputs.forEach((x, i) => {
      define(x, `output ${i} ${where}`)
    })
  })
  graph.outputs.forEach((x, i) => {
    use(x, `output ${i} of the graph`)
  })
}

const verifyTypes = ({ primitive, inputs, params, outputs }: Equation, where: string): void => {
  const expected = primitive.shape(inputs, params as never)
  if (expected.length !== outputs.length) {
    fail(`${outputs.length} outputs ${where}, its shape rule says ${expected.length}`)
  }
  outputs.forEach((x, i) => {
    if (!sameType(x, expected[i]!)) {
      fail(`output ${i} ${where} is ${describe(x)}, its shape rule says ${describe(expected[i]!)}`)
    }
  })
}
