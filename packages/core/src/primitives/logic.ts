/** Comparisons, bits and choice. */
import * as s from '../loop/scalar.ts'
import { equalShapes } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { bind1 } from '../trace/interpreter.ts'
import { fullOf, zerosOf } from './broadcast.ts'
import { define } from './define.ts'
import { anything, expectDType, expectPair, expectShape, sameForBoth, truths } from './rules.ts'

/** Which relation `compare` tests. */
export interface Comparing {
  readonly op: 'eq' | 'lt' | 'le'
}

export const comparePrimitive = define<Comparing>({
  name: 'compare',
  shape: sameForBoth('compare', anything, 'bool'),
  derivative: { kind: 'constant', because: 'a truth value does not move' },
  batch: 'elementwise',
  lower: {
    kind: 'map',
    scalar: ([a, b], { op }) =>
      s[op](
        a!.dtype === 'bool' ? s.convert(a!, 'int32') : a!,
        b!.dtype === 'bool' ? s.convert(b!, 'int32') : b!,
      ),
  },
})
/** Truth of a = b, a < b or a <= b, element by element; false where either is NaN. */
export const compare = (a: Tensor, b: Tensor, params: Comparing): Tensor =>
  bind1(comparePrimitive, [a, b], params)

/** Which operation `bitwise` does. */
export interface Bitwise {
  readonly op: 'and' | 'or' | 'xor' | 'shl' | 'shr'
}

export const bitwisePrimitive = define<Bitwise>({
  name: 'bitwise',
  shape: ([a, b], { op }) => {
    const shifts = op === 'shl' || op === 'shr'
    const accepts = shifts
      ? { words: 'int32', test: (dtype: string) => dtype === 'int32' }
      : { words: 'int32 or bool', test: (dtype: string) => dtype === 'int32' || dtype === 'bool' }
    return sameForBoth('bitwise', accepts)([a!, b!])
  },
  derivative: { kind: 'constant', because: 'bits have no derivative' },
  batch: 'elementwise',
  lower: { kind: 'map', scalar: ([a, b], { op }) => s[op](a!, b!) },
})
/** Bits of int32, or truth values; shifts count modulo 32, `shr` fills with zeros. */
export const bitwise = (a: Tensor, b: Tensor, params: Bitwise): Tensor =>
  bind1(bitwisePrimitive, [a, b], params)

/** The opposite truth value. */
export const not = (x: Tensor): Tensor => bitwise(x, fullOf(x, 1), { op: 'xor' })

export const selectPrimitive = define<null>({
  name: 'select',
  shape: ([condition, then, otherwise]) => {
    expectDType('select', 'condition', condition!, truths)
    expectPair('select', then!, otherwise!)
    expectShape(
      equalShapes(condition!.shape, then!.shape),
      'select',
      { condition, then, otherwise },
      'all inputs must have the same shape',
    )
    return [{ shape: then!.shape, dtype: then!.dtype }]
  },
  derivative: {
    kind: 'linear',
    of: [1, 2],
    transpose: ([ct], [condition]) => [
      null,
      select(condition!, ct!, zerosOf(ct!)),
      select(condition!, zerosOf(ct!), ct!),
    ],
  },
  batch: 'elementwise',
  lower: {
    kind: 'map',
    scalar: ([condition, then, otherwise]) => s.select(condition!, then!, otherwise!),
  },
})
/** `condition ? then : otherwise`, element by element. */
export const select = (condition: Tensor, then: Tensor, otherwise: Tensor): Tensor =>
  bind1(selectPrimitive, [condition, then, otherwise], null)
