/**
 * A process of its own that trains on two threads: `training.ts idle` tells how many milliseconds of processor time it takes
 * in a second without work, the least of ten, `training.ts workers` trains in two worker threads of its own at the same time
 * as here and tells how many different results there are. It calls no exit: it must end by itself.
 */
import { once } from 'node:events'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { createWasmBackend } from '../../../../src/backends/wasm/backend.ts'
import { matmul, random, setBackend } from '../../../../src/index.ts'

/** A number that depends on every bit of many products of growing matrices. */
const trained = (): number => {
  let x = random.normal(random.key(1), [200, 200])
  // memory grows while the threads are there
  for (let i = 0; i < 30; i++)
    x = matmul(x.div(20), random.normal(random.key(i), [200, 200 + i]))
      .sum({ axis: 1, keepDims: true })
      .add(x)
  return x.sum().item()
}

/**
 * The numbers of ten trainings with pauses between them, in which threads can take part as soon as they have started. A
 * thread that only waited for its own team would hold up those that other threads are starting.
 */
const trainedOften = async (): Promise<number[]> => {
  setBackend(createWasmBackend({ threads: 2 }))
  const found: number[] = []
  for (let i = 0; i < 10; i++) {
    found.push(trained())
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return found
}

const idle = async (): Promise<void> => {
  setBackend(createWasmBackend({ threads: 2, always: true }))
  trained()
  let least = Number.POSITIVE_INFINITY
  // on a busy machine V8 may still be compiling what has run, for seconds; threads that spin never stop
  for (let second = 0; second < 10 && least > 30; second++) {
    const before = process.cpuUsage()
    await new Promise((resolve) => setTimeout(resolve, 1000))
    const { user, system } = process.cpuUsage(before)
    least = Math.min(least, (user + system) / 1000)
  }
  console.log(least)
}

const workers = async (): Promise<void> => {
  const others = [0, 1].map(() => new Worker(new URL(import.meta.url)))
  const results = others.map((worker) => once(worker, 'message'))
  const own = await trainedOften()
  const found = (await Promise.all(results)).flat(2) as number[]
  console.log(new Set([...own, ...found]).size)
}

if (!isMainThread) parentPort!.postMessage(await trainedOften(), [])
else await (process.argv[2] === 'idle' ? idle() : workers())
