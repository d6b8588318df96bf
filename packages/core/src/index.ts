/**
 * @rootstock/core: tensors, transformations of functions of tensors, and the compiler and backends that run them.
 */
import './engine/evaluate.ts'
import './numeric/methods.ts'

// Tensors, their types and trees of them
export { type DType, promote, type TypedArray } from './dtype.ts'
export { describe, type Shape } from './shape.ts'
export { type Nested, Tensor } from './tensor.ts'
export { flatten, leaves, type Mapped, map, paths, type Structure, type Tree } from './tree.ts'

// Errors of the programmer
export {
  ArgumentError,
  DTypeError,
  type ErrorParts,
  NotDifferentiable,
  ShapeError,
  TraceError,
  within,
} from './errors.ts'

// Transformations of functions
export { grad, valueAndGrad } from './transforms/grad.ts'
export { type JacobianOptions, hessian, jacobian } from './transforms/jacobian.ts'
export { type JitOptions, jit } from './transforms/jit.ts'
export { hvp, jvp } from './transforms/jvp.ts'
export { checkpoint, type CustomRule, customVjp, stopGradient } from './transforms/custom.ts'
export { cond, scan, type ScanOptions } from './transforms/control.ts'
export { evalShape, placeholder } from './transforms/placeholder.ts'
export { type Trace, trace } from './transforms/trace.ts'
export { vjp } from './transforms/vjp.ts'
export { type Axes, vmap } from './transforms/vmap.ts'

// Backends
export type { Backend, Executable, MemoryReport } from './backends/backend.ts'
export { referenceBackend } from './backends/reference/backend.ts'
export { wasmBackend } from './backends/wasm/backend.ts'
export { currentBackend, memory, setBackend, withBackend } from './engine/backend.ts'
