/** Composition of layers by records, so that the path of a parameter says which layer it belongs to. */
import { ArgumentError, add, random, ShapeError, type Tensor, within } from '@rootstock/core'
import { type Layer, modeOf, observe, observing, type ParamsOf } from './layer.ts'

/** A function without parameters, such as `relu`, where a layer may stand. */
export type Activation = (x: Tensor) => Tensor

// biome-ignore lint/suspicious/noExplicitAny: a part's parameters are inferred from the record, not constrained by it
type Part = Layer<any> | Activation

/** Parameters of a sequence: those of its layers by name; functions have none. */
export type SequenceParams<Parts> = {
  readonly [K in keyof Parts as Parts[K] extends Activation ? never : K]: ParamsOf<Parts[K]>
}

/**
 * Applies layers and functions in the order they are written; parameters are keyed by their names.
 * @example
 * ```ts
 * import { ones, random, relu } from '@rootstock/core'
 * import { dense, evaluation, sequence } from '@rootstock/heads'
 * const net = sequence({ inner: dense({ in: 4, out: 8 }), relu, outer: dense({ in: 8, out: 1 }) })
 * const params = net.init(random.key(0))
 * console.log(Object.keys(params)) // [ 'inner', 'outer' ]
 * console.log(net.apply(params, ones([2, 4]), evaluation).shape) // [2, 1]
 * ```
 */
export const sequence = <const Parts extends Readonly<Record<string, Part>>>(
  parts: Parts,
): Layer<SequenceParams<Parts>> => {
  const entries = Object.entries(parts)
  const numeric = entries.find(([name]) => /^\d+$/.test(name))
  if (numeric !== undefined) {
    throw new ArgumentError({
      operation: 'sequence',
      inputs: { name: numeric[0] },
      rule: 'layers must not be named by numbers, which JavaScript moves before all other names',
    })
  }
  return observing<SequenceParams<Parts>>(
    (key) => {
      const params = entries.flatMap(([name, part], i) =>
        typeof part === 'function' ? [] : [[name, part.init(random.fold(key, i))] as const],
      )
      return Object.fromEntries(params) as SequenceParams<Parts>
    },
    (params, x, mode) => {
      const after: Record<string, unknown> = { ...params }
      const y = entries.reduce(
        (value, [name, part], i) =>
          within(name, () => {
            if (typeof part === 'function') return part(value)
            const [next, learned] = observe(part, after[name], value, modeOf(mode, i))
            after[name] = learned
            return next
          }),
        x,
      )
      return [y, after as SequenceParams<Parts>]
    },
  )
}

/**
 * `x + inner(x)`: the layer learns a correction to its input (He et al., Deep Residual Learning, 2016).
 * @example
 * ```ts
 * import { ones, random } from '@rootstock/core'
 * import { dense, evaluation, residual } from '@rootstock/heads'
 * const layer = residual(dense({ in: 3, out: 3 }))
 * console.log(layer.apply(layer.init(random.key(0)), ones([2, 3]), evaluation).shape) // [2, 3]
 * ```
 */
export const residual = <Params>(inner: Layer<Params>): Layer<Params> =>
  observing(inner.init, (params, x, mode) => {
    const [y, after] = observe(inner, params, x, mode)
    if (y.shape.join() !== x.shape.join()) {
      throw new ShapeError({
        operation: 'residual',
        inputs: { x, inner: y },
        rule: 'the inner layer must keep the shape of its input',
      })
    }
    return [add(x, y), after]
  })
