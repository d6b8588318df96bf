/** Samples of every primitive: a primitive without an entry here does not compile. */
import type { PrimitiveName } from '../../primitives/all.ts'
import * as control from './control.ts'
import * as elementwise from './elementwise.ts'
import * as indexing from './indexing.ts'
import * as linear from './linear.ts'
import * as logic from './logic.ts'
import * as movement from './movement.ts'
import * as reduction from './reduction.ts'
import type { Sample } from './sample.ts'
import { scan } from './scan.ts'

/** Samples by primitive. */
export const samples: Record<PrimitiveName, readonly Sample[]> = {
  ...elementwise,
  ...logic,
  ...movement,
  ...reduction,
  ...indexing,
  ...linear,
  ...control,
  scan,
}
