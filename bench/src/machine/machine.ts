/** What a reader must know of the machine to read the figures. */
import { cpus, loadavg } from 'node:os'
import type { Limits } from './limits.ts'

/** The machine and the state it was in. */
export interface Machine extends Readonly<Limits> {
  readonly cpu: string
  readonly cores: number
  readonly node: string
  /** Load averages over 1, 5 and 15 minutes at the start. */
  readonly load: readonly number[]
}

/** This machine, now. */
export const machineNow = (limits: Limits): Machine => ({
  ...limits,
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  node: process.versions.node,
  load: loadavg(),
})
