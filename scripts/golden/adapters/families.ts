/** The adapters of each family. A family that is not here is reported as unsupported, operation by operation. */
import type { Adapters } from '../arguments.ts'
import { activations } from './activations.ts'
import { attention } from './attention.ts'
import { elementwise } from './elementwise.ts'
import { embeddings } from './embeddings.ts'
import { higherOrder } from './higherOrder.ts'
import { linalg } from './linalg.ts'
import { losses } from './losses.ts'
import { metrics } from './metrics.ts'
import { models } from './models.ts'
import { movement } from './movement.ts'
import { norms } from './norms.ts'
import { optimization } from './optimizers.ts'
import { recurrent } from './recurrent.ts'
import { reductions } from './reductions.ts'
import { schedules } from './schedules.ts'
import { spatial } from './spatial.ts'

const families: Readonly<Record<string, Adapters>> = {
  elementwise,
  reductions,
  linalg,
  movement,
  higher_order: higherOrder,
  activations,
  norms,
  conv: spatial,
  embedding: embeddings,
  recurrent,
  attention,
  models,
  optimizers: optimization,
  losses,
  schedules,
  metrics,
}

/** Adapters of a family by its name. */
export const adaptersOf = (family: string): Adapters =>
  Object.hasOwn(families, family) ? families[family]! : {}
