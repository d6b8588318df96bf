/** The campaign on operations that are called one by one, outside `jit`. */
import { setImmediate } from 'node:timers/promises'
import { add, exp, jit, mul, type Tensor, tanh, tensor } from '@rootstock/core'
import { median } from '../statistics.ts'
import type { Campaign } from './campaign.ts'

const length = 10_000_000
const few = 16

/** How often each is called, after one call that compiles. */
const rounds = 31
const [batches, callsInBatch] = [20, 5000]

/** Microseconds that an operation may take to start, and how many times as long as compiled it may take on a large array. */
const most = { dispatch: 5, ratio: 3 }

const operations: Readonly<Record<string, (x: Tensor, y: Tensor) => Tensor>> = {
  add,
  mul,
  exp: (x) => exp(x),
  tanh: (x) => tanh(x),
}

const elapsed = (work: () => void): number => {
  const from = performance.now()
  work()
  return performance.now() - from
}

/** Microseconds from one call of a small operation to the next. */
const dispatch = (): number => {
  const x = tensor(new Float32Array(few))
  const batch = (): void => {
    for (let i = 0; i < callsInBatch; i++) add(x, x)
  }
  batch()
  const times = Array.from({ length: batches }, () => elapsed(batch))
  return (1000 * Math.min(...times)) / callsInBatch
}

/** What an operation costs to start, and on ten million elements beside the same one compiled, in turns. */
export const eager: Campaign = async (_, tell) => {
  const each = dispatch()
  tell(`addition of ${few} elements: ${each.toFixed(2)} microseconds a call`)
  const x = tensor(Float32Array.from({ length }, (_, i) => (i % 1000) / 500 - 1))
  let worst = 0
  for (const [name, operation] of Object.entries(operations)) {
    const compiled = jit(operation)
    const calls = [() => operation(x, x), () => compiled(x, x)]
    const times: [number[], number[]] = [[], []]
    for (let round = 0; round <= rounds; round++) {
      for (const [i, call] of calls.entries()) {
        const time = elapsed(call)
        if (round > 0) times[i]!.push(time)
        await setImmediate()
      }
    }
    const [own, beside] = times.map(median) as [number, number]
    worst = Math.max(worst, own / beside)
    tell(
      `${name} of ${length} elements: ${own.toFixed(1)} ms, compiled ${beside.toFixed(1)} ms, ${(own / beside).toFixed(2)} times as long`,
    )
  }
  return each <= most.dispatch && worst <= most.ratio
}
