/** @rootstock/native: a backend that compiles programs with the machine's C compiler. */
export { type NativeOptions, nativeBackend } from './native.ts'
export { type BackendChoice, selectBackend } from './select.ts'
export { type BackendUnavailable, explainUnavailable } from './unavailable.ts'
