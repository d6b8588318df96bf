/**
 * `scan`: a loop that carries state over slices, as one operation, so that a recurrent net over a thousand steps is a loop
 * in the program. Inputs are constants, then carries, then sequences (first axis: the step); outputs are the last carries,
 * then sequences. Its derivatives are scans again, see jvp.ts and linear.ts beside this file.
 */
import type { Abstract } from '../../graph/graph.ts'
import { describe, sameType } from '../../shape.ts'
import type { Tensor } from '../../tensor.ts'
import { repeat, runBatched } from '../../trace/batch.ts'
import { evaluateGraph, type Traced, traceGraph } from '../../trace/graph.ts'
import { otherAxes } from '../broadcast.ts'
import { define, type Primitive, type ScanLoop } from '../define.ts'
import { transpose } from '../movement.ts'
import { expectShape } from '../rules.ts'
import { scanJvp } from './jvp.ts'
import { bindScan, bodyTypes, rolesOf, settle } from './layout.ts'
import { splitScan, transposeScan } from './linear.ts'

const outputTypes = (inputs: readonly Abstract[], loop: ScanLoop): readonly Abstract[] => {
  const types = bodyTypes(inputs, loop)
  loop.body.inputs.forEach((expected, i) => {
    expectShape(
      sameType(expected, types[i]!),
      'scan',
      { given: types[i], body: expected },
      `input ${i} must have the type the body was traced for`,
    )
  })
  rolesOf(inputs, loop).sequences.forEach((x) => {
    expectShape(
      x.shape[0] === loop.length,
      'scan',
      { sequence: x, length: loop.length },
      'the first axis of every sequence must be the length of the loop',
    )
  })
  return loop.body.outputs.map((output, i) => {
    if (i >= loop.carries) return { dtype: output.dtype, shape: [loop.length, ...output.shape] }
    const before = inputs[loop.constants + i]!
    expectShape(
      sameType(before, output),
      'scan',
      { before, after: output },
      `the body must return carry ${i} with the type it was given: ${describe(before)}`,
    )
    return { dtype: output.dtype, shape: output.shape }
  })
}

/** Batch axis of a sequence moved behind, or back in front of, the axis of steps. */
const swap = (x: Tensor): Tensor =>
  transpose(x, { permutation: [1, 0, ...otherAxes(x.rank, [0, 1])] })

const traceBatched = (
  loop: ScanLoop,
  types: readonly Abstract[],
  flags: readonly boolean[],
  size: number,
): { readonly traced: Traced; readonly batched: readonly boolean[] } => {
  let batched: readonly boolean[] = []
  const carries = rolesOf(flags, loop).carries
  const traced = traceGraph(
    (inputs) => {
      const result = runBatched((xs) => evaluateGraph(loop.body, xs), inputs, flags, size)
      batched = result.batched.map((flag, i) => flag || carries[i] === true)
      return result.values.map((x, i) => (batched[i] && !result.batched[i] ? repeat(x, size) : x))
    },
    types.map((type, i) => (flags[i] ? { dtype: type.dtype, shape: [size, ...type.shape] } : type)),
  )
  return { traced, batched }
}

const batchScan = (
  inputs: readonly Tensor[],
  given: readonly boolean[],
  loop: ScanLoop,
  size: number,
): readonly Tensor[] => {
  const isSequence = (i: number) => i >= loop.constants + loop.carries
  const types = inputs.map((x, i) => {
    const shape = given[i] ? x.shape.slice(1) : x.shape
    return { dtype: x.dtype, shape: isSequence(i) ? shape.slice(1) : shape }
  })
  const flags = settle(given, loop, (trial) => traceBatched(loop, types, trial, size).batched)
  const { traced, batched } = traceBatched(loop, types, flags, size)
  const aligned = inputs.map((x, i) => {
    if (isSequence(i)) return given[i] ? swap(x) : x
    return flags[i] && !given[i] ? repeat(x, size) : x
  })
  const results = bindScan(scanPrimitive, traced, loop, aligned)
  return results.map((x, i) => {
    if (!batched[i]) return repeat(x, size)
    return i < loop.carries ? x : swap(x)
  })
}

const self = (): Primitive<ScanLoop> => scanPrimitive

export const scanPrimitive: Primitive<ScanLoop> = define<ScanLoop>({
  name: 'scan',
  shape: outputTypes,
  derivative: {
    kind: 'structural',
    jvp: scanJvp(self),
    split: splitScan(self),
    transpose: transposeScan(self),
  },
  batch: batchScan,
  lower: { kind: 'scan', loop: (params) => params },
})
