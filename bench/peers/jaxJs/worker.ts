/**
 * Web workers as jax-js starts them, from the address of a blob, over Node's. Not something that its user has in Node
 * unasked; here it shows what its threads are worth.
 */
import { resolveObjectURL } from 'node:buffer'
import { Worker } from 'node:worker_threads'

// what a script finds in a web worker
const prelude = `const { parentPort } = require('node:worker_threads')
globalThis.self = globalThis
globalThis.postMessage = (data) => parentPort.postMessage(data)
parentPort.on('message', (data) => globalThis.onmessage({ data }))
`

class WebWorker {
  onmessage: ((event: { readonly data: unknown }) => void) | null = null
  onerror: ((error: Error) => void) | null = null
  readonly #worker: Promise<Worker>

  constructor(address: string) {
    this.#worker = this.#start(address)
  }

  async #start(address: string): Promise<Worker> {
    const script = await resolveObjectURL(address)!.text()
    const worker = new Worker(prelude + script, { eval: true })
    worker.on('message', (data) => this.onmessage?.({ data }))
    worker.on('error', (error: Error) => this.onerror?.(error))
    return worker
  }

  postMessage(data: unknown): void {
    void this.#worker.then((worker) => worker.postMessage(data))
  }
}

/** Makes workers known to whoever looks for them, as many as there shall be threads. */
export const provideWorkers = (threads: number): void => {
  Object.assign(globalThis, { Worker: WebWorker })
  Object.defineProperty(globalThis.navigator, 'hardwareConcurrency', { value: threads })
}
