/** Random numbers by name: each column of the generated table has a stream of its own, so a new one changes no other. */
import { random } from '@rootstock/core'

/** Streams of a seed. Equal names give equal numbers. */
export interface Draws {
  /** Standard normal numbers. */
  readonly normal: (name: string, count: number) => Float32Array
  /** Numbers in [0, 1). */
  readonly uniform: (name: string, count: number) => Float32Array
}

/** FNV-1a: a whole number for a name. */
const streamOf = (name: string): number => {
  let hash = 0x811c9dc5
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193)
  return hash | 0
}

/** The streams of a seed. */
export const drawsOf = (seed: number): Draws => {
  const key = (name: string) => random.fold(random.key(seed), streamOf(name))
  return {
    normal: (name, count) => Float32Array.from(random.normal(key(name), [count]).data()),
    uniform: (name, count) => Float32Array.from(random.uniform(key(name), [count]).data()),
  }
}
