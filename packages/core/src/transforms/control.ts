/** Loops and branches that stay one operation when traced. */
import { ArgumentError, ShapeError } from '../errors.ts'
import { scalarOf } from '../primitives/broadcast.ts'
import { bindCond } from '../primitives/cond.ts'
import { bindScan } from '../primitives/scan/layout.ts'
import { scanPrimitive } from '../primitives/scan/scan.ts'
import { Tensor } from '../tensor.ts'
import { traceGraph } from '../trace/graph.ts'
import type { Structure } from '../tree.ts'
import { flatFunction, flattenTensors } from './flat.ts'

/** Direction of a scan, and its length where there are no sequences to tell it. */
export interface ScanOptions {
  readonly length?: number
  readonly reverse?: boolean
}

const lengthOf = (sequences: readonly Tensor[], length: number | undefined): number => {
  const sizes = new Set(sequences.map((x) => x.shape[0]))
  if (length !== undefined) sizes.add(length)
  const [only] = sizes
  if (only !== undefined && sizes.size === 1) return only
  throw new ArgumentError({
    operation: 'scan',
    inputs: { sequences, length },
    rule: 'all sequences must have the same first axis, which is the length of the loop; without sequences give length',
  })
}

const expectSame = (before: Structure, after: Structure): void => {
  if (before.key === after.key) return
  throw new ShapeError({
    operation: 'scan',
    inputs: { given: before.key, returned: after.key },
    rule: 'the step must return a carry of the structure it was given, where * is a leaf',
  })
}

/**
 * A loop over the first axis of `sequences` that carries state: step t computes
 * `[carry, output] = step(carry, slice t of sequences)`. Returns the last carry and all outputs stacked. However long, it is
 * one operation of the graph, and its derivatives are scans too.
 * @example
 * ```ts
 * import { type Tensor, add, scan, tensor } from '@rootstock/core'
 * const sums = (total: Tensor, x: Tensor) => [add(total, x), add(total, x)] as const
 * const [last, all] = scan(sums, tensor(0), tensor([1, 2, 3]))
 * console.log(last.item(), all.toArray()) // 6 [ 1, 3, 6 ]
 * ```
 */
export const scan = <Carry, Slice, Output>(
  step: (carry: Carry, slice: Slice) => readonly [Carry, Output],
  carry: Carry,
  sequences: Slice,
  { length, reverse = false }: ScanOptions = {},
): readonly [carry: Carry, outputs: Output] => {
  const [state, stateStructure] = flattenTensors('scan', carry)
  const [inputs, inputStructure] = flattenTensors('scan', sequences)
  const count = lengthOf(inputs, length)
  let outputStructure: Structure | null = null
  const traced = traceGraph(
    (given) => {
      const [next, output] = step(
        stateStructure.build(given.slice(0, state.length)) as Carry,
        inputStructure.build(given.slice(state.length)) as Slice,
      )
      const [nextState, nextStructure] = flattenTensors('scan', next)
      expectSame(stateStructure, nextStructure)
      const [outputs, structure] = flattenTensors('scan', output)
      outputStructure = structure
      return [...nextState, ...outputs]
    },
    [...state, ...inputs.map((x) => ({ dtype: x.dtype, shape: x.shape.slice(1) }))],
  )
  const results = bindScan(
    scanPrimitive,
    traced,
    { length: count, reverse, constants: 0, carries: state.length },
    [...state, ...inputs],
  )
  return [
    stateStructure.build(results.slice(0, state.length)) as Carry,
    outputStructure!.build(results.slice(state.length)) as Output,
  ]
}

/**
 * `then(...operands)` where the scalar predicate is true, else `otherwise(...operands)`. Both are traced and must return the
 * same types; only one runs. Under `vmap` with a batched predicate both run, and each example chooses.
 * @example
 * ```ts
 * import { type Tensor, cond, less, mul, neg, tensor } from '@rootstock/core'
 * const x = tensor(-3)
 * console.log(cond(less(x, 0), (v: Tensor) => neg(v), (v: Tensor) => mul(v, 2), x).item()) // 3
 * ```
 */
export const cond = <A extends readonly unknown[], R>(
  predicate: Tensor | boolean,
  then: (...operands: A) => R,
  otherwise: (...operands: A) => R,
  ...operands: A
): R => {
  const [inputs, structure] = flattenTensors('cond', operands)
  const branches = [then, otherwise].map((branch) => {
    const flat = flatFunction('cond', branch, structure)
    return { traced: traceGraph(flat.run, inputs), output: flat.structure() }
  })
  const [a, b] = branches
  if (a!.output.key !== b!.output.key) {
    throw new ShapeError({
      operation: 'cond',
      inputs: { then: a!.output.key, otherwise: b!.output.key },
      rule: 'both branches must return the same structure, where * is a leaf',
    })
  }
  const chosen = predicate instanceof Tensor ? predicate : scalarOf(predicate ? 1 : 0, 'bool')
  return a!.output.build(bindCond(chosen, [a!.traced, b!.traced], inputs)) as R
}
