/**
 * Reverse mode of a scan in two steps. `splitScan` runs everything known in one loop that also emits what the linear rest
 * needs (residuals, stacked; values that do not change from step to step are passed once). `transposeScan` runs that linear
 * rest backwards, carrying cotangents and summing those of the constants.
 */
import type { Abstract } from '../../graph/graph.ts'
import type { Tensor } from '../../tensor.ts'
import { isBeingTraced, type Traced, traceGraph } from '../../trace/graph.ts'
import type { TapeEntry } from '../../trace/linearize.ts'
import { placed, recordGraph, replay, residualsOf, transposeGraph } from '../../trace/partial.ts'
import { zerosOf } from '../broadcast.ts'
import type { Primitive, ScanLoop, Structural } from '../define.ts'
import { add } from '../elementwise.ts'
import { bindScan, bodyTypes, rolesOf, settle } from './layout.ts'

/** The body with some inputs unknown. */
interface Partial {
  /** The known part: known outputs, then residuals that change from step to step. */
  readonly known: Traced
  /** Residuals as tensors of the known part's trace, changing ones first. */
  readonly residuals: readonly Tensor[]
  /** For each residual that does not change: the number of the constant it is, or the tensor itself. */
  readonly fixed: readonly (number | Tensor)[]
  readonly unknownInputs: readonly Tensor[]
  readonly entries: readonly TapeEntry[]
  readonly outputs: readonly Tensor[]
  readonly unknownOutputs: readonly boolean[]
}

const partial = (
  loop: ScanLoop,
  types: readonly Abstract[],
  unknown: readonly boolean[],
): Partial => {
  let found: Omit<Partial, 'known'> | null = null
  const carryUnknown = rolesOf(unknown, loop).carries
  const isKnown = unknown.map((flag) => !flag)
  const run = (knownInputs: readonly Tensor[]): Tensor[] => {
    const given = placed(isKnown, knownInputs)
    const { result, tape } = recordGraph(loop.body, given, types)
    const { inputs, entries } = tape
    const unknownOutputs = tape.outputs.map((x, i) => x !== null || carryUnknown[i] === true)
    const constants = given.slice(0, loop.constants).filter((x) => x !== null)
    const all = residualsOf(
      tape,
      result.filter((_, i) => unknownOutputs[i]),
    )
    const isFixed = (x: Tensor) => constants.includes(x) || !isBeingTraced(x)
    const changing = all.filter((x) => !isFixed(x))
    const fixed = all.filter(isFixed)
    found = {
      residuals: [...changing, ...fixed],
      fixed: fixed.map((x) => (constants.includes(x) ? constants.indexOf(x) : x)),
      unknownInputs: inputs,
      entries,
      outputs: result,
      unknownOutputs,
    }
    return [...result.filter((_, i) => !unknownOutputs[i]), ...changing]
  }
  const known = traceGraph(
    run,
    types.filter((_, i) => isKnown[i]),
  )
  return { known, ...found! }
}

/** The linear part as a graph: inputs are fixed residuals, unknown inputs by role, changing residuals. */
const linearBody = (part: Partial): Traced => {
  const changing = part.residuals.length - part.fixed.length
  const [changed, fixed] = [part.residuals.slice(0, changing), part.residuals.slice(changing)]
  const order = [...fixed, ...part.unknownInputs, ...changed]
  return traceGraph((inputs) => {
    const valueOf = replay(part.entries, new Map(order.map((x, i) => [x, inputs[i]!])))
    return part.outputs.filter((_, i) => part.unknownOutputs[i]).map(valueOf)
  }, order)
}

/** Splits a scan by which inputs are known. */
export const splitScan =
  (self: () => Primitive<ScanLoop>): NonNullable<Structural<ScanLoop>['split']> =>
  (inputs, given, loop) => {
    const types = bodyTypes(inputs, loop)
    const unknown = settle(given, loop, (flags) => partial(loop, types, flags).unknownOutputs)
    const part = partial(loop, types, unknown)
    const roles = rolesOf(
      inputs.map((x, i) => ({ x, unknown: unknown[i]! })),
      loop,
    )
    const pick = (list: readonly { x: Tensor; unknown: boolean }[], wanted: boolean) =>
      list.filter((entry) => entry.unknown === wanted).map(({ x }) => x)
    const knownConstants = pick(roles.constants, false)
    const knownCarries = pick(roles.carries, false)
    const results = bindScan(
      self(),
      part.known,
      { ...loop, constants: knownConstants.length, carries: knownCarries.length },
      [...knownConstants, ...knownCarries, ...pick(roles.sequences, false)],
    )
    const knownCount = part.unknownOutputs.filter((flag) => !flag).length
    const body = linearBody(part)
    const fixed = part.fixed.map((x) => (typeof x === 'number' ? knownConstants[x]! : x))
    const linearConstants = pick(roles.constants, true)
    const linearCarries = pick(roles.carries, true)
    return {
      known: results.slice(0, knownCount),
      inputs: [
        ...body.captured,
        ...fixed,
        ...linearConstants,
        ...linearCarries,
        ...pick(roles.sequences, true),
        ...results.slice(knownCount),
      ],
      rest: {
        primitive: self(),
        params: {
          body: body.graph,
          length: loop.length,
          reverse: loop.reverse,
          constants: body.captured.length + fixed.length + linearConstants.length,
          carries: linearCarries.length,
        } satisfies ScanLoop,
      },
      unknownOutputs: part.unknownOutputs,
    }
  }

/** Hands out the next so many of a list. */
const takeFrom = <T>(given: readonly T[]): ((count: number) => readonly T[]) => {
  let at = 0
  return (count) => {
    at += count
    return given.slice(at - count, at)
  }
}

/** Cotangents of a linear scan's unknown inputs. Its carries are all linear, even where they start at a known zero. */
export const transposeScan =
  (self: () => Primitive<ScanLoop>): Structural<ScanLoop>['transpose'] =>
  (cotangents, inputs, loop, types) => {
    const bodyIn = bodyTypes(types, loop)
    const isCarry = (i: number) => i >= loop.constants && i < loop.constants + loop.carries
    const linear = inputs.map((x, i) => x === null || isCarry(i))
    const roles = rolesOf(
      inputs.map((x, i) => ({ x, linear: linear[i]!, type: bodyIn[i]! })),
      loop,
    )
    const fixed = roles.constants.filter((entry) => !entry.linear)
    const sums = roles.constants.filter((entry) => entry.linear)
    const residuals = roles.sequences.filter((entry) => !entry.linear)
    const sequences = cotangents.slice(loop.carries)
    const run = (given: readonly Tensor[]): Tensor[] => {
      const take = takeFrom(given)
      const [constants, carried, totals] = [
        take(fixed.length),
        take(loop.carries),
        take(sums.length),
      ]
      const [arriving, stacked] = [take(sequences.length), take(residuals.length)]
      let c = 0
      let r = 0
      const known = linear.map((flag, i) =>
        flag ? null : i < loop.constants ? constants[c++]! : stacked[r++]!,
      )
      const found = transposeGraph(loop.body, known, bodyIn, [...carried, ...arriving])
      const unknownTypes = bodyIn.filter((_, i) => linear[i])
      const all = found.map((x, i) => x ?? zerosOf(unknownTypes[i]!))
      const [forSums, forCarries] = [
        all.slice(0, sums.length),
        all.slice(sums.length, sums.length + loop.carries),
      ]
      return [
        ...forCarries,
        ...totals.map((total, i) => (found[i] === null ? total : add(total, forSums[i]!))),
        ...all.slice(sums.length + loop.carries),
      ]
    }
    const traced = traceGraph(run, [
      ...fixed.map(({ type }) => type),
      ...roles.carries.map(({ type }) => type),
      ...sums.map(({ type }) => type),
      ...sequences.map((x) => ({ dtype: x.dtype, shape: x.shape.slice(1) })),
      ...residuals.map(({ type }) => type),
    ])
    const results = bindScan(
      self(),
      traced,
      {
        ...loop,
        reverse: !loop.reverse,
        constants: fixed.length,
        carries: loop.carries + sums.length,
      },
      [
        ...fixed.map(({ x }) => x!),
        ...cotangents.slice(0, loop.carries),
        ...sums.map(({ type }) => zerosOf(type)),
        ...sequences,
        ...residuals.map(({ x }) => x!),
      ],
    )
    let carry = 0
    let sum = loop.carries
    let sequence = loop.carries + sums.length
    return inputs.map((_, i) => {
      if (!linear[i]) return null
      if (i < loop.constants) return results[sum++]!
      return isCarry(i) ? results[carry++]! : results[sequence++]!
    })
  }
