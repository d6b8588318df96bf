/**
 * @rootstock/core: tensors, transformations of functions of tensors, and the compiler and backends that run them.
 */
import './engine/evaluate.ts'
import './numeric/methods.ts'

// Backends
export type { Backend, Executable, MemoryReport } from './backends/backend.ts'
export { referenceBackend } from './backends/reference/backend.ts'
export { wasmBackend } from './backends/wasm/backend.ts'
// Tensors, their types and trees of them
export { type DType, type ElementSource, promote, type TypedArray } from './dtype.ts'
export { currentBackend, memory, setBackend, withBackend } from './engine/backend.ts'
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
// Graphs
export {
  type Abstract,
  type Atom,
  type Equation,
  type Graph,
  type Literal,
  literal,
  type Variable,
  variable,
} from './graph/graph.ts'
export { lower } from './graph/lower.ts'
export { type PeakBytes, peakBytes } from './graph/peak.ts'
export { paramsText, print } from './graph/print.ts'
export { verify } from './graph/verify.ts'
// Initial weights and optimisers
export { orthogonal } from './init/orthogonal.ts'
export {
  fanInUniform,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  type Initializer,
  type VarianceScalingOptions,
  varianceScaling,
} from './init/variance.ts'
export type { Program } from './loop/loop.ts'
export { printProgram } from './loop/print.ts'
export { verifyProgram } from './loop/verify.ts'
// Activations
export {
  elu,
  gelu,
  hardSigmoid,
  hardSwish,
  hardTanh,
  leakyRelu,
  logSigmoid,
  logSoftmax,
  mish,
  relu,
  relu6,
  selu,
  silu,
  softmax,
  softplus,
  softsign,
} from './numeric/activations.ts'
// Arithmetic
export {
  add,
  div,
  floorDiv,
  lerp,
  maximum,
  minimum,
  mod,
  mul,
  pow,
  rem,
  squaredDifference,
  sub,
  truncDiv,
} from './numeric/arithmetic.ts'
// Comparison and choice
export {
  equal,
  greater,
  greaterEqual,
  isFinite,
  isInfinite,
  isNaN,
  less,
  lessEqual,
  logicalAnd,
  logicalNot,
  logicalOr,
  logicalXor,
  notEqual,
  where,
} from './numeric/comparison.ts'
// Convolution
export {
  type Convolution,
  convolution,
  type TransposedConvolution,
  transposedConvolution,
} from './numeric/convolution.ts'
// Making tensors
export {
  arange,
  type Creation,
  eye,
  full,
  fullLike,
  linspace,
  ones,
  onesLike,
  tensor,
  zeros,
  zerosLike,
} from './numeric/creation.ts'
// Running reductions
export { cumMax, cumProd, cumSum, logCumSumExp, type Running } from './numeric/cumulative.ts'
// Diagonals
export { diag, diagonal } from './numeric/diagonal.ts'
// Einsum
export { einsum } from './numeric/einsum.ts'
// Exponentials and logarithms
export {
  erf,
  erfc,
  exp,
  expm1,
  hypot,
  log,
  log1p,
  log2,
  log10,
  logAddExp,
  rsqrt,
  sigmoid,
  sqrt,
  xlogy,
} from './numeric/exponential.ts'
// Indexing
export {
  type AlongAxis,
  binCount,
  oneHot,
  scatterAdd,
  scatterAddAlongAxis,
  take,
  takeAlongAxis,
} from './numeric/indexing.ts'
// Cutting and joining
export {
  type Cut,
  concatenate,
  type Padding,
  pad,
  type Slicing,
  slice,
  split,
  stack,
} from './numeric/joining.ts'

// Linear algebra
export {
  cholesky,
  determinant,
  eigh,
  inverse,
  logDeterminant,
  pseudoInverse,
  singularValues,
  solve,
  solveTriangular,
  type TriangularOptions,
} from './numeric/linalg.ts'
// Products
export { dot, kron, matmul, matrixPower, matrixTrace, outer } from './numeric/linear.ts'
// Movement
export {
  broadcastTo,
  expandDims,
  flip,
  moveAxis,
  repeat,
  reshape,
  roll,
  squeeze,
  swapAxes,
  tile,
  transpose,
  tril,
  triu,
} from './numeric/movement.ts'
export type { Operand } from './numeric/operand.ts'
// Patches
export { type Folding, fold, type Patches, unfold } from './numeric/patches.ts'
// Pooling
export {
  type AdaptivePooling,
  type AveragePooling,
  adaptiveAveragePool,
  adaptiveMaxPool,
  averagePool,
  type MaxPooling,
  maxPool,
} from './numeric/pooling.ts'
// Random tensors
export { type Key, type NormalOptions, random, type UniformOptions } from './numeric/random.ts'
// Reductions
export {
  type Along,
  all,
  any,
  argMax,
  argMin,
  countNonzero,
  logSumExp,
  max,
  mean,
  min,
  type Norm,
  norm,
  prod,
  type Reduction,
  type Spread,
  std,
  sum,
  variance,
} from './numeric/reductions.ts'
// Resolution
export { pixelShuffle, type Resampling, resample } from './numeric/resampling.ts'
// Signs, rounding and limits
export {
  abs,
  type Bounds,
  cast,
  ceil,
  clamp,
  floor,
  neg,
  reciprocal,
  round,
  sign,
  square,
  trunc,
} from './numeric/rounding.ts'
// Scattering
export { gatherNd, replaceAlongAxis, segmentSum } from './numeric/scattering.ts'
// Sorting
export { argSort, type Ordering, searchSorted, sort, topK } from './numeric/sorting.ts'
export type { PerAxis, SpatialPadding } from './numeric/spatial.ts'
// Trigonometry
export { acos, asin, atan, atan2, cos, cosh, sin, sinh, tan, tanh } from './numeric/trigonometry.ts'
// Windows
export { type Windows, windows } from './numeric/windows.ts'
export * from './optim/index.ts'
export { describe, type Shape } from './shape.ts'
export { type Nested, Tensor } from './tensor.ts'
export { cond, type ScanOptions, scan } from './transforms/control.ts'
// Transformations of functions
export { type CustomRule, checkpoint, customVjp, stopGradient } from './transforms/custom.ts'
export { type DrawOptions, draw } from './transforms/draw.ts'
export { grad, valueAndGrad } from './transforms/grad.ts'
export { hessian, type JacobianOptions, jacobian } from './transforms/jacobian.ts'
export { type JitOptions, jit } from './transforms/jit.ts'
export { hvp, jvp } from './transforms/jvp.ts'
export { evalShape, placeholder } from './transforms/placeholder.ts'
export { type Trace, trace } from './transforms/trace.ts'
export { vjp } from './transforms/vjp.ts'
export { type Axes, vmap } from './transforms/vmap.ts'
export { flatten, leaves, type Mapped, map, paths, type Structure, type Tree } from './tree.ts'
