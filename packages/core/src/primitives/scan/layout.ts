/** How the flat inputs of a scan divide into constants, carries and sequences. */
import type { Abstract } from '../../graph/graph.ts'
import type { Tensor } from '../../tensor.ts'
import type { Traced } from '../../trace/graph.ts'
import { bind } from '../../trace/interpreter.ts'
import type { Primitive, ScanLoop } from '../define.ts'

/** Inputs of a scan, or of its body, by role. */
export interface Roles<T> {
  readonly constants: readonly T[]
  readonly carries: readonly T[]
  readonly sequences: readonly T[]
}

type Counts = Pick<ScanLoop, 'constants' | 'carries'>

/** Divides flat inputs. */
export const rolesOf = <T>(inputs: readonly T[], { constants, carries }: Counts): Roles<T> => ({
  constants: inputs.slice(0, constants),
  carries: inputs.slice(constants, constants + carries),
  sequences: inputs.slice(constants + carries),
})

/** Types of the body's inputs: sequences lose their first axis. */
export const bodyTypes = (
  inputs: readonly Abstract[],
  { constants, carries }: Counts,
): Abstract[] =>
  inputs.map((x, i) => ({
    dtype: x.dtype,
    shape: i < constants + carries ? x.shape : x.shape.slice(1),
  }))

/** Grows `flags` of the carries until an iteration yields no flag that is not there already. */
export const settle = (
  flags: readonly boolean[],
  { constants, carries }: Counts,
  outputFlags: (flags: readonly boolean[]) => readonly boolean[],
): readonly boolean[] => {
  let settled = flags
  for (;;) {
    const produced = outputFlags(settled)
    const next = settled.map((flag, i) => {
      const carry = i - constants
      return flag || (carry >= 0 && carry < carries && produced[carry]!)
    })
    if (next.every((flag, i) => flag === settled[i])) return settled
    settled = next
  }
}

/** Applies a scan to a traced body; what the body captured becomes leading constants. */
export const bindScan = (
  scan: Primitive<ScanLoop>,
  { graph, captured }: Traced,
  loop: Omit<ScanLoop, 'body'>,
  inputs: readonly Tensor[],
): readonly Tensor[] =>
  bind(scan, [...captured, ...inputs], {
    body: graph,
    length: loop.length,
    reverse: loop.reverse,
    constants: loop.constants + captured.length,
    carries: loop.carries,
  })
