/**
 * For authors of backends: programs, what they are made of, and the storage cells they run on. `@rootstock/core/conformance`
 * holds the suite that a backend must pass.
 */
export type { Backend, Executable, MemoryReport } from './backends/backend.ts'
export { hostStorage, type Residence, readStorage, type Storage } from './backends/storage.ts'
export { adaptiveSize, fixedSize, type TeamSize } from './backends/teamSize.ts'
export { type ArrayOf, allocate, bytesOf, viewOf } from './dtype.ts'
export { type Access, contractionAxes, extentsOf, loadsOf, storesOf } from './loop/access.ts'
export {
  type Address,
  type BinaryOp,
  type Buffer,
  identityOf,
  type Kernel,
  laneCount,
  type Panel,
  type Place,
  type Program,
  type ReduceOp,
  type Scalar,
  type Slice,
  type Statement,
  type Step,
  type UnaryOp,
  type Walk,
} from './loop/loop.ts'
export { type Partials, splitFolds } from './loop/partials.ts'
export { type Phase, phasesOf } from './loop/share.ts'
export { type Takeovers, takeoversOf } from './loop/takeover.ts'
export { strideOfWalk } from './loop/walk.ts'
export { workOf, workOfSteps } from './loop/work.ts'
