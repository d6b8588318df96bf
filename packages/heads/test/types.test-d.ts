import { random, relu, sgd, type Tensor, zeros } from '@rootstock/core'
import {
  classification,
  type Diverged,
  dense,
  equal,
  evaluation,
  fit,
  fixed,
  mlp,
  multitask,
  type Rows,
  regression,
  sequence,
} from '@rootstock/heads'
import { expectTypeOf, test } from 'vitest'

const model = multitask(mlp({ in: 4, hidden: [64, 64], out: 32 }), {
  species: classification({ classes: ['setosa', 'versicolor', 'virginica'] }),
  width: regression(),
})
const params = model.init(random.key(0))
const data: Rows<'species' | 'width'> = {
  rows: 0,
  width: 4,
  inputs: new Float32Array(0),
  targets: {
    species: { values: new Int32Array(0), mask: new Uint8Array(0) },
    width: { values: new Float32Array(0), mask: new Uint8Array(0) },
  },
}
const options = {
  model,
  data,
  optimizer: sgd({ learningRate: 1 }),
  epochs: 1,
  batchSize: 1,
  seed: 0,
}

test('predictions are keyed by task and class names', () => {
  const predicted = model.apply(params, zeros([1, 4]), evaluation)
  expectTypeOf(predicted.species.classes).toEqualTypeOf<
    readonly ('setosa' | 'versicolor' | 'virginica')[]
  >()
  expectTypeOf(predicted.species.logits).toEqualTypeOf<Tensor>()
  expectTypeOf(predicted.width).toEqualTypeOf<Tensor>()
  // @ts-expect-error a regression has no logits
  predicted.width.logits
  // @ts-expect-error there is no such task
  predicted.length
})

test('parameters are keyed by trunk and task', () => {
  expectTypeOf(params.heads.width.dense.weight).toEqualTypeOf<Tensor>()
  expectTypeOf(params.trunk.layers[0]!.weight).toEqualTypeOf<Tensor>()
  // @ts-expect-error there is no such task
  params.heads.length
})

test('losses are keyed by task', () => {
  const batch = {
    inputs: zeros([1, 4]),
    targets: { species: { values: zeros([1]), mask: zeros([1]) } },
  }
  // @ts-expect-error the targets of width are missing
  model.losses(params, batch, evaluation)
})

test('weights name every task and no other', () => {
  fit({ ...options, weighting: equal() })
  fit({ ...options, weighting: fixed({ species: 1, width: 0.5 }) })
  // @ts-expect-error width is missing
  fit({ ...options, weighting: fixed({ species: 1 }) })
  // @ts-expect-error there is no task named length
  fit({ ...options, weighting: fixed({ species: 1, width: 1, length: 1 }) })
})

test('data name every task', () => {
  const { species } = data.targets
  // @ts-expect-error the labels of width are missing
  fit({ ...options, data: { ...data, targets: { species } } })
})

test('events and errors name tasks', () => {
  fit({
    ...options,
    onEvent: (event) => {
      if (event._tag === 'Stepped') {
        expectTypeOf(event.losses.species).toEqualTypeOf<number>()
        // @ts-expect-error there is no such task
        event.losses.length
      }
      if (event._tag === 'EpochEnded') {
        expectTypeOf(event.losses.width).toEqualTypeOf<number | null>()
      }
    },
  })
  expectTypeOf<Diverged<unknown, 'species' | 'width'>['task']>().toEqualTypeOf<
    'species' | 'width' | null
  >()
})

test('a sequence has the parameters of its layers', () => {
  const net = sequence({ inner: dense({ in: 2, out: 3 }), relu, outer: dense({ in: 3, out: 1 }) })
  const found = net.init(random.key(0))
  expectTypeOf<keyof typeof found>().toEqualTypeOf<'inner' | 'outer'>()
  // @ts-expect-error relu has no parameters
  found.relu
})
