/**
 * The suite that every backend must pass: it runs programs on a backend and on the reference, which interprets the loop IR as
 * it is defined, and compares every bit. Cases are plain functions that throw, so any test runner can run them.
 */
import type { Backend } from '../backends/backend.ts'
import { referenceBackend } from '../backends/reference/backend.ts'
import { accessCases } from './accessCases.ts'
import type { Case } from './agreement.ts'
import { controlCases } from './controlCases.ts'
import { graphCases } from './graphCases.ts'
import { reductionCases } from './reductionCases.ts'
import { scalarCases } from './scalarCases.ts'
import { storageCases } from './storageCases.ts'

export type { Case } from './agreement.ts'
export { team } from './team.ts'
export { type Training, trained, trainings } from './trainings.ts'

/** How much to check. */
export interface ConformanceOptions {
  /** Random graphs of up to 30 operations, and as many random bodies of loops, each with its gradient. Default 50. */
  readonly graphs?: number
}

/**
 * The cases of a backend. `create` is called once, when the first case runs.
 * @example
 * ```ts
 * import { wasmBackend } from '@rootstock/core'
 * import { conformance } from '@rootstock/core/conformance'
 * for (const { name, run } of conformance(wasmBackend, { graphs: 1 }).slice(0, 3)) {
 *   run()
 *   console.log(name) // scalar neg of int32 scalar neg of float32 scalar neg of float64
 * }
 * ```
 */
export const conformance = (
  create: () => Backend,
  { graphs = 50 }: ConformanceOptions = {},
): readonly Case[] => {
  let backend: Backend | null = null
  let oracle: Backend | null = null
  const pair = {
    get backend(): Backend {
      backend ??= create()
      return backend
    },
    get oracle(): Backend {
      oracle ??= referenceBackend({ fused: pair.backend.fused })
      return oracle
    },
  }
  return [
    ...scalarCases(pair),
    ...accessCases(pair),
    ...reductionCases(pair),
    ...controlCases(pair),
    ...storageCases(pair),
    ...graphCases(pair, { graphs }),
  ]
}
