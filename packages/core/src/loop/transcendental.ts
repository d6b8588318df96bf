/**
 * Transcendental functions as expressions of the loop IR's plain arithmetic. Backends never call a mathematical library:
 * each renders these expressions, so a function has the same bits everywhere.
 */
export { erf, erfc } from './transcendental/error.ts'
export {
  exp,
  expAbrupt,
  expm1,
  expNonPositive,
  sigmoid,
  tanh,
} from './transcendental/exponential.ts'
export { atan2 } from './transcendental/inverseTangent.ts'
export { log, log1p } from './transcendental/logarithm.ts'
export { pow } from './transcendental/power.ts'
export { cos, sin } from './transcendental/trigonometric.ts'
