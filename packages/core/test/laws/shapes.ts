/**
 * The law of shapes. A result has the shape its rule promises because memory is laid out by the rule, so agreement of the
 * two proves nothing; what has to agree is the rule and the loops that fill the memory.
 */
import {
  describe,
  evalShape,
  referenceBackend,
  type Tensor,
  trace,
  withBackend,
} from '@rootstock/core'
import type { Equation } from '../../src/graph/graph.ts'
import { contiguous } from '../../src/graph/view.ts'
import { constant } from '../../src/loop/scalar.ts'
import { otherAxes } from '../../src/primitives/broadcast.ts'
import type { Lowering } from '../../src/primitives/define.ts'
import type { Shape } from '../../src/shape.ts'
import { expectSameTypes } from './closeness.ts'
import type { Point } from './flat.ts'

/** The shapes that a lowering could give without knowing the rule; null where it fills what it is given. */
const loweredShape = ({ primitive, inputs, params, outputs }: Equation): Shape | null => {
  const rule: Lowering<never> = primitive.lower
  const [x, y] = inputs.map(({ shape }) => shape)
  switch (rule.kind) {
    case 'map':
      return x ?? null
    case 'view':
      return rule.view(contiguous(x!), params as never, outputs[0]!)?.shape ?? null
    case 'reduce':
      return otherAxes(x!.length, rule.axes(params as never)).map((axis) => x![axis]!)
    case 'contract': {
      const { batch, sum } = rule.axes(params as never)
      const margin = rule.margin?.(params as never) ?? x!.map(() => [0, 0] as const)
      const framed = x!.map((size, i) => size + margin[i]![0] + margin[i]![1])
      const left = rule.left?.(contiguous(framed), params as never, inputs[1]!).shape ?? framed
      const free = (shape: Shape, side: 0 | 1): number[] => {
        const used = [...batch, ...sum].map((pair) => pair[side])
        return otherAxes(shape.length, used).map((axis) => shape[axis]!)
      }
      return [...batch.map(([axis]) => left[axis]!), ...free(left, 0), ...free(y!, 1)]
    }
    default:
      return null
  }
}

const scalarDType = ({ primitive, inputs, params, outputs }: Equation): string => {
  const rule: Lowering<never> = primitive.lower
  if (rule.kind !== 'map') return outputs[0]!.dtype
  const ones = inputs.map(({ dtype }) => constant(dtype, 1))
  return rule.scalar(ones, params as never, outputs[0]!).dtype
}

const expectFitting = (equation: Equation): void => {
  const { primitive, inputs, params } = equation
  const [promised] = primitive.shape(inputs, params as never)
  const shape = loweredShape(equation) ?? promised!.shape
  const given = describe({ dtype: scalarDType(equation), shape })
  if (given === describe(promised!)) return
  throw new Error(`the rule promises ${describe(promised!)}, the loops give ${given}`)
}

/** Fresh memory of the reference backend is all ones, which no computation leaves in a float or a bool. */
const isWritten = (y: Tensor): boolean => {
  const data = y.data()
  if (y.dtype === 'int32') return true
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  const width = data.BYTES_PER_ELEMENT
  return Array.from(data, (_, i) => bytes.subarray(i * width, (i + 1) * width)).every((element) =>
    element.some((byte) => byte !== 255),
  )
}

/** What the shape rules promise is what the loops fill: no element is missing, none is outside. */
export const shapeLaw = ({ run, inputs }: Point): void => {
  const listed = (...xs: Tensor[]): Tensor[] => [...run(xs)]
  const promised = evalShape(listed)(...inputs)
  const found = withBackend(referenceBackend(), () => run(inputs))
  expectSameTypes(found, promised)
  trace(listed)(...inputs).graph.equations.forEach(expectFitting)
  if (!found.every(isWritten)) throw new Error('an element of the result was not written')
}
