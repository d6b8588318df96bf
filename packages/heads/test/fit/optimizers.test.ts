import {
  accumulate,
  adadelta,
  adagrad,
  adam,
  adamax,
  chain,
  clipAdaptively,
  cosineRestarts,
  lamb,
  leaves,
  lion,
  lookahead,
  muon,
  nadam,
  oneCycle,
  oneCycleMomentum,
  radam,
  rmsProp,
  sgd,
  type Tensor,
  type Transform,
  withAverage,
} from '@rootstock/core'
import { fit, mlp, multitask, regression } from '@rootstock/heads'
import { isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'

const rows = 48
const inputs = Float32Array.from({ length: 2 * rows }, (_, i) => Math.sin(5 * i + 1))
const values = Float32Array.from({ length: rows }, (_, i) => inputs[2 * i]! - inputs[2 * i + 1]!)
const mask = new Uint8Array(rows).fill(1)
const model = multitask(mlp({ in: 2, hidden: [16] }), { y: regression() })
const data = { rows, width: 2, inputs, targets: { y: { values, mask } } }

// biome-ignore lint/suspicious/noExplicitAny: the states of the optimisers under test differ
const optimizers: Readonly<Record<string, Transform<any>>> = {
  nadam: nadam({ learningRate: 0.02 }),
  radam: radam({ learningRate: 0.02 }),
  adamax: adamax({ learningRate: 0.02 }),
  adagrad: adagrad({ learningRate: 0.1 }),
  adadelta: adadelta({ learningRate: 5 }),
  rmsProp: rmsProp({ learningRate: 0.01, momentum: 0.5, centered: true }),
  lion: lion({ learningRate: cosineRestarts({ rate: 0.01, steps: 30 }) }),
  lamb: lamb({ learningRate: 0.02 }),
  muon: muon({ selects: (path, { rank }) => rank === 2 && path.includes('trunk') }),
  'one cycle': sgd({
    learningRate: oneCycle({ rate: 0.2, steps: 90 }),
    momentum: oneCycleMomentum({ steps: 90 }),
  }),
  accumulate: accumulate(2, adam({ learningRate: 0.02 })),
  'lookahead and an average': withAverage(lookahead(adam({ learningRate: 0.02 }))),
  'adaptive clipping': chain(clipAdaptively({ limit: 0.1 }), adam({ learningRate: 0.02 })),
}

describe.each(Object.entries(optimizers))('fit with %s', (_, optimizer) => {
  const options = { model, data, optimizer, batchSize: 16, seed: 1 }

  it('learns, and goes on from a state to the same bits', async () => {
    const whole = await fit({ ...options, epochs: 30 })()
    const part = await fit({ ...options, epochs: 13 })()
    if (!isRight(whole) || !isRight(part)) throw new Error('training failed')
    const { history, params } = whole.right
    expect(history.at(-1)!.losses.y! / history[0]!.losses.y!).toBeLessThan(0.3)
    const rest = await fit({ ...options, epochs: 30, state: part.right.state })()
    if (!isRight(rest)) throw new Error('training failed')
    const numbers = (tree: unknown) => leaves(tree).map((leaf) => (leaf as Tensor).data())
    expect(numbers(rest.right.params)).toEqual(numbers(params))
  })
})
