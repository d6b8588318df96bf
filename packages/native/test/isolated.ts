/** What can only be seen in a process of its own: `node isolated.ts <what>` prints what it saw. */
import { setImmediate, setTimeout } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import {
  jit,
  matmul,
  random,
  setBackend,
  sum,
  type Tensor,
  tanh,
  withBackend,
} from '@rootstock/core'
import { nativeBackend } from '@rootstock/native'
import { createNativeBackend } from '../src/native.ts'

/** Products that two threads share, again and again; the same number every time. */
const work = jit((x: Tensor) => sum(matmul(matmul(x, x).mul(1e-3), x)))
const compute = (count: number): number => {
  const x = random.normal(random.key(1), [300, 300])
  let result = 0
  for (let i = 0; i < count; i++) result = work(x).item()
  return result
}

const { times, threads } = isMainThread
  ? { times: 0, threads: process.argv[2] === 'alone' ? 1 : 2 }
  : (workerData as { readonly times: number; readonly threads: number })

const found = await nativeBackend({ threads })()
if (found._tag === 'Left') throw new Error(found.left._tag)
setBackend(found.right)

const start = (count: number): Worker =>
  new Worker(new URL(import.meta.url), { workerData: { times: count, threads } })

const resultOf = (worker: Worker): Promise<number> =>
  new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })

const modes: Readonly<Record<string, () => Promise<unknown>>> = {
  /** Distinct results of the main thread and three others that compute at the same time. */
  together: async () => {
    const others = [300, 300, 300].map((count) => resultOf(start(count)))
    return new Set([compute(300), ...(await Promise.all(others))]).size
  },
  /** Share of a processor that a second of waiting takes, after the pool has worked. */
  idle: async () => {
    compute(50)
    await setTimeout(100)
    const before = process.cpuUsage()
    await setTimeout(1000)
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1e6
  },
  /** A thread is stopped in the middle of its work; the others go on. */
  terminated: async () => {
    const expected = compute(1)
    for (let i = 0; i < 5; i++) {
      const worker = start(1e9)
      await new Promise((resolve) => worker.once('online', resolve))
      await setTimeout(150)
      await worker.terminate()
    }
    return compute(100) === expected
  },
  /** Only a thread that has ended has used the pool. */
  ended: async () => {
    const worker = start(20)
    const result = await resultOf(worker)
    await worker.terminate()
    await setTimeout(200)
    return compute(20) === result
  },
  /** Threads that used native code for themselves alone come and go. */
  alone: async () => {
    const results = new Set<number>()
    for (let i = 0; i < 3; i++) {
      const worker = start(3)
      const ended = new Promise((resolve) => worker.once('exit', resolve))
      results.add(await resultOf(worker))
      await ended
    }
    return results.size
  },
  /** Functions are dropped, and their code with them, while threads that came late have not left it. */
  dropped: async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const crowd = await createNativeBackend({ threads: 8, always: true })()
    if (crowd._tag === 'Left') throw new Error(crowd.left._tag)
    for (let i = 0; i < 30; i++) {
      withBackend(crowd.right, () => {
        const f = jit((x: Tensor) => sum(tanh(sum(tanh(x)).add(x))))
        const x = random.normal(random.key(1), [256, 256])
        for (let run = 0; run < 20; run++) f(x)
      })
      await setImmediate()
      collect()
      await setTimeout(30)
    }
    return true
  },
  /** The process ends while a thread computes. */
  exit: async () => {
    start(1e9)
    await setTimeout(500)
    compute(10)
    process.exit(0)
  },
}

if (isMainThread) console.log(await modes[process.argv[2]!]!())
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port between threads has no origin
else parentPort!.postMessage(compute(times))
