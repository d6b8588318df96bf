/** Threads of the host: workers of Node, which do not keep a process alive, or of a browser. */
import type { Message } from './control.ts'

/** A running worker. */
export interface HostThread {
  readonly send: (message: Message) => void
  readonly end: () => void
}

interface WebWorker {
  readonly postMessage: (message: Message, moved: readonly []) => void
  readonly terminate: () => void
  readonly addEventListener: (event: 'error', handle: () => void) => void
}

/** What a browser has and Node has not. */
interface Web {
  readonly Worker: new (url: URL, options: { readonly type: 'module' }) => WebWorker
  readonly crossOriginIsolated?: boolean
  readonly navigator?: { readonly hardwareConcurrency?: number }
  readonly addEventListener: (
    event: 'message',
    handle: (event: { readonly data: Message }) => void,
  ) => void
}

const web = globalThis as unknown as Web

const { process } = globalThis as { readonly process?: Partial<NodeJS.Process> }
const node = process?.getBuiltinModule?.('node:worker_threads')

/** True where threads can share memory: a page must be isolated from other origins, whatever else it may construct. */
export const canShareMemory = (): boolean =>
  typeof SharedArrayBuffer === 'function' &&
  (node !== undefined || web.crossOriginIsolated === true)

/** How many threads run at once here. */
export const threadsHere = (): number =>
  canShareMemory() ? (web.navigator?.hardwareConcurrency ?? 1) : 1

/** Starts a worker. `onFailure` is called when it could not be started. */
export const startThread = (onFailure: () => void): HostThread => {
  if (node === undefined) {
    const worker = new web.Worker(new URL('./worker.js', import.meta.url), { type: 'module' })
    worker.addEventListener('error', onFailure)
    return { send: (message) => worker.postMessage(message, []), end: () => worker.terminate() }
  }
  // the sources run as they are in the workspace
  const file = import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js'
  const worker = new node.Worker(new URL(file, import.meta.url), {
    execArgv: [],
    name: 'rootstock',
  })
  worker.on('error', onFailure)
  worker.unref()
  return { send: (message) => worker.postMessage(message, []), end: () => void worker.terminate() }
}

/** Handles the messages that this thread, a worker, is sent. */
export const listen = (handle: (message: Message) => void): void => {
  if (node?.parentPort) node.parentPort.on('message', handle)
  else web.addEventListener('message', ({ data }) => handle(data))
}
