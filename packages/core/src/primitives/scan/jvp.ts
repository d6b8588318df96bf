/** Forward mode of a scan: a scan whose state carries tangents along, for just those values that move. */
import type { Abstract } from '../../graph/graph.ts'
import type { Tensor } from '../../tensor.ts'
import { type Traced, traceGraph } from '../../trace/graph.ts'
import { jvpGraph } from '../../trace/partial.ts'
import { zerosOf } from '../broadcast.ts'
import type { Primitive, ScanLoop, Structural } from '../define.ts'
import { bindScan, bodyTypes, rolesOf, settle } from './layout.ts'

type Maybe = Tensor | null

/** Values by role, each role followed by the tangents that are present. */
const interleave = <T>(
  primals: readonly T[],
  tangents: readonly (T | null)[],
  loop: ScanLoop,
): T[] => {
  const values = rolesOf(primals, loop)
  const moves = rolesOf(tangents, loop)
  return (['constants', 'carries', 'sequences'] as const).flatMap((role) => [
    ...values[role],
    ...moves[role].filter((x) => x !== null),
  ])
}

/** The inverse of `interleave`. */
const separate = (
  inputs: readonly Tensor[],
  moving: readonly boolean[],
  loop: ScanLoop,
): { readonly primals: readonly Tensor[]; readonly tangents: readonly Maybe[] } => {
  const primals: Tensor[] = []
  const tangents: Maybe[] = []
  let at = 0
  const roles = rolesOf(moving, loop)
  for (const flags of [roles.constants, roles.carries, roles.sequences]) {
    primals.push(...inputs.slice(at, at + flags.length))
    at += flags.length
    tangents.push(...flags.map((flag) => (flag ? inputs[at++]! : null)))
  }
  return { primals, tangents }
}

interface Forward {
  readonly traced: Traced
  /** Which body outputs have tangents. */
  readonly moved: readonly boolean[]
}

const traceForward = (
  loop: ScanLoop,
  types: readonly Abstract[],
  moving: readonly boolean[],
): Forward => {
  let moved: boolean[] = []
  const carryMoves = rolesOf(moving, loop).carries
  const run = (inputs: readonly Tensor[]): Tensor[] => {
    const { primals, tangents } = separate(inputs, moving, loop)
    const result = jvpGraph(loop.body, primals, tangents)
    moved = result.tangents.map((x) => x !== null)
    const present = result.tangents.map((x, i) =>
      x === null && carryMoves[i] === true ? zerosOf(result.outputs[i]!) : x,
    )
    const split = (from: number, to: number | undefined) => [
      ...result.outputs.slice(from, to),
      ...present.slice(from, to).filter((x) => x !== null),
    ]
    return [...split(0, loop.carries), ...split(loop.carries, undefined)]
  }
  const tangentTypes = types.map((type, i) => (moving[i] ? type : null))
  const traced = traceGraph(run, interleave(types, tangentTypes, loop))
  return { traced, moved }
}

/** Outputs and tangents of a scan. */
export const scanJvp =
  (self: () => Primitive<ScanLoop>): Structural<ScanLoop>['jvp'] =>
  (primals, tangents, loop) => {
    const types = bodyTypes(primals, loop)
    const given = tangents.map((x) => x !== null)
    const moving = settle(given, loop, (flags) => traceForward(loop, types, flags).moved)
    const { traced, moved } = traceForward(loop, types, moving)
    const present = tangents.map((x, i) => x ?? (moving[i] ? zerosOf(primals[i]!) : null))
    const flags = rolesOf(moving, loop)
    const count = (list: readonly boolean[]) => list.length + list.filter(Boolean).length
    const results = bindScan(
      self(),
      traced,
      { ...loop, constants: count(flags.constants), carries: count(flags.carries) },
      interleave(primals, present, loop),
    )
    const take = (from: number, list: readonly boolean[]) => {
      let at = from + list.length
      return {
        outputs: results.slice(from, from + list.length),
        tangents: list.map((flag) => (flag ? results[at++]! : null)),
      }
    }
    const carries = take(0, flags.carries)
    const sequences = take(count(flags.carries), moved.slice(loop.carries))
    return {
      outputs: [...carries.outputs, ...sequences.outputs],
      tangents: [...carries.tangents, ...sequences.tangents],
    }
  }
