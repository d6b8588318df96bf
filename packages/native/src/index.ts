/** @rootstock/native: a backend that compiles programs with the machine's C compiler. */
export { type NativeOptions, nativeBackend } from './native.ts'
export { explain } from './profile/explain.ts'
export { profileSvg } from './profile/flame.ts'
export type { Limits } from './profile/limits.ts'
export { type KernelProfile, type Profile, profile } from './profile/profile.ts'
export { profileTable } from './profile/table.ts'
export { type BackendChoice, selectBackend } from './select.ts'
export { type BackendUnavailable, explainUnavailable } from './unavailable.ts'
