/**
 * Graphs as text. Two graphs print alike exactly when they are the same function written the same way, so the text serves
 * people, snapshots and cache keys at once: variables are named by order of appearance, numbers keep every bit that counts.
 */
import { describe } from '../shape.ts'
import type { Atom, Graph, Variable } from './graph.ts'

const letters = 'abcdefghijklmnopqrstuvwxyz'

/** a, b, ..., z, aa, ab, ... */
const nameOf = (n: number): string =>
  (n < 26 ? '' : nameOf(Math.floor(n / 26) - 1)) + letters[n % 26]!

const identities = new WeakMap<object, number>()
let identityCount = 0

/** A number that stays with an object; for functions and instances inside params. */
const identityOf = (x: object): number => {
  const known = identities.get(x) ?? identityCount++
  identities.set(x, known)
  return known
}

const numberText = (x: number): string => (Object.is(x, -0) ? '-0' : String(x))

/** True for objects that are graphs. */
const isGraph = (x: unknown): x is Graph =>
  typeof x === 'object' &&
  x !== null &&
  'equations' in x &&
  Array.isArray(x.equations) &&
  'inputs' in x &&
  Array.isArray(x.inputs) &&
  'outputs' in x &&
  Array.isArray(x.outputs)

const isPlain = (x: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(x)
  return prototype === Object.prototype || prototype === null
}

/** All graphs directly inside params. */
export const graphsIn = (params: unknown): Graph[] => {
  if (isGraph(params)) return [params]
  if (Array.isArray(params)) return params.flatMap(graphsIn)
  if (typeof params !== 'object' || params === null || !isPlain(params)) return []
  return Object.values(params).flatMap(graphsIn)
}

const indent = (text: string, by: string): string => text.replaceAll('\n', `\n${by}`)

/**
 * Params as text, the same for equal params only. Functions and class instances, which cannot be compared, print as a
 * number of their own.
 *
 * @example
 * ```ts
 * import { paramsText } from '@rootstock/core'
 * console.log(paramsText({ axes: [0, 1], fill: -0 })) // {axes: [0, 1], fill: -0}
 * ```
 */
export const paramsText = (params: unknown): string => {
  if (typeof params === 'number') return numberText(params)
  if (typeof params === 'string') return JSON.stringify(params)
  if (typeof params === 'function') return `function#${identityOf(params)}`
  if (typeof params !== 'object' || params === null) return String(params)
  if (isGraph(params)) return `{\n  ${indent(print(params), '  ')}\n}`
  if (Array.isArray(params)) return `[${params.map(paramsText).join(', ')}]`
  if (!isPlain(params)) return `object#${identityOf(params)}`
  const entries = Object.entries(params).map(
    ([key, value]) => `${fieldText(key)}: ${paramsText(value)}`,
  )
  return `{${entries.join(', ')}}`
}

const fieldText = (key: string): string => (/^\w+$/.test(key) ? key : JSON.stringify(key))

/**
 * One line for the inputs, one per equation, one for the outputs. Graphs inside params are indented. Literals print as
 * `float32(0.1)`.
 *
 * @example
 * ```ts
 * import { print, variable } from '@rootstock/core'
 * const x = variable({ shape: [2], dtype: 'float32' })
 * console.log(print({ inputs: [x], equations: [], outputs: [x] }))
 * ```
 */
export const print = (graph: Graph): string => {
  const names = new Map<Variable, string>()
  const name = (x: Variable): string => {
    const known = names.get(x) ?? nameOf(names.size)
    names.set(x, known)
    return known
  }
  const atom = (x: Atom): string =>
    x.kind === 'literal' ? `${x.dtype}(${numberText(x.value)})` : name(x)
  const typed = (x: Variable): string => `${name(x)}: ${describe(x)}`
  const head = `inputs ${graph.inputs.map(typed).join(', ')}`.trimEnd()
  const equations = graph.equations.map(({ primitive, inputs, params, outputs }) => {
    const left = outputs.map(typed).join(', ')
    const right = [primitive.name, ...inputs.map(atom)]
    if (params !== null && params !== undefined) right.push(paramsText(params))
    return `${left} = ${right.join(' ')}`
  })
  return [head, ...equations, `outputs ${graph.outputs.map(atom).join(', ')}`.trimEnd()].join('\n')
}
