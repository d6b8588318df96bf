/** Transposition: run a tape backwards, turning cotangents of the outputs into cotangents of the inputs. */
import { NotDifferentiable } from '../errors.ts'
import { zerosOf } from '../primitives/broadcast.ts'
import type { Primitive, Transpose } from '../primitives/define.ts'
import { add } from '../primitives/elementwise.ts'
import type { Tensor } from '../tensor.ts'
import { isOnTape, type Tape } from './linearize.ts'

const transposeOf = (primitive: Primitive): Transpose<never> => {
  const rule = primitive.derivative
  if ('transpose' in rule && rule.transpose !== undefined) return rule.transpose
  throw new NotDifferentiable({
    operation: primitive.name,
    rule: 'it is not linear, so it cannot be part of a derivative that is transposed',
  })
}

/** Cotangents of the tape's inputs; null is zero. */
export const transposeTape = (
  tape: Tape,
  cotangents: readonly (Tensor | null)[],
): (Tensor | null)[] => {
  const found = new Map<Tensor, Tensor>()
  const give = (x: Tensor, cotangent: Tensor | null): void => {
    if (cotangent === null) return
    const before = found.get(x)
    found.set(x, before === undefined ? cotangent : add(before, cotangent))
  }
  tape.outputs.forEach((x, i) => {
    if (x !== null) give(x, cotangents[i] ?? null)
  })
  for (const { primitive, inputs, params, outputs } of tape.entries.toReversed()) {
    const arriving = outputs.map((x) => found.get(x) ?? null)
    if (arriving.every((x) => x === null)) continue
    const known = inputs.map((x) => (isOnTape(tape, x) ? null : x))
    const results = transposeOf(primitive)(
      arriving.map((x, i) => x ?? zerosOf(outputs[i]!)),
      known,
      params,
      inputs,
    )
    inputs.forEach((x, i) => {
      if (known[i] === null) give(x, results[i] ?? null)
    })
    for (const x of outputs) found.delete(x)
  }
  return tape.inputs.map((x) => found.get(x) ?? null)
}
