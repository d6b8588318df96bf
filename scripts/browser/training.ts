/** What Node and every page compute: the trainings of the conformance suite, and a number for all bits of each. */
import { setBackend, type Tensor, wasmBackend } from '@rootstock/core'
import { trained, trainings } from '@rootstock/core/conformance'

/** A number that depends on every bit of losses and parameters: FNV-1a. */
const digest = (tensors: readonly Tensor[]): string => {
  let h = 0x811c9dc5
  for (const x of tensors) {
    const bytes = new Uint8Array(Float32Array.from(x.data()).buffer)
    for (const byte of bytes) h = Math.imul(h ^ byte, 0x01000193)
  }
  return (h >>> 0).toString(16).padStart(8, '0')
}

/** Digests by the name of the training, after thirty steps of Adam each. */
export type Digests = Readonly<Record<string, string>>

/** All trainings on at most that many threads, with a pause after each, so that threads can start meanwhile. */
export const trainAll = async (threads: number): Promise<Digests> => {
  setBackend(wasmBackend({ threads }))
  const digests: Record<string, string> = {}
  for (const [name, training] of Object.entries(trainings)) {
    digests[name] = digest(trained(training(), 30))
    await new Promise((resolve) => setTimeout(resolve, 0))
  }
  return digests
}
