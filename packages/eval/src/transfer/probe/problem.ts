/**
 * The heads on frozen features as one function of one vector: what `lbfgs` minimises. Losses and gradients come from the heads
 * themselves, compiled; only the penalty is added here.
 */
import { add, flatten, jit, mul, paths, type Tensor, tensor, valueAndGrad } from '@rootstock/core'
import {
  type Batch,
  evaluation,
  gather,
  type Labels,
  type Losses,
  type Multitask,
  multitask,
  remember,
  trunkOf,
} from '@rootstock/heads'
import type { Encoded } from '../../features/encode.ts'
import type { Evaluated } from './lbfgs.ts'

// biome-ignore lint/suspicious/noExplicitAny: one memory serves models of all types
type AnyModel = Multitask<any, any>

/** The heads of a model on features instead of a trunk. */
const headsAlone = remember((model: AnyModel): AnyModel => {
  const nothing = trunkOf({ in: model.trunk.out, layers: [] })
  return multitask(nothing, model.heads)
})

/** Parameters of heads by task. */
type HeadsTree = Readonly<Record<string, unknown>>

/** Of each task, the share of its labelled rows that lie in a part. */
type Shares = Readonly<Record<string, number>>

/** Compiles `[combined loss, losses]` of the heads and its gradient, for one part of the rows. */
const lossOf = remember((model: AnyModel) => {
  const alone = headsAlone(model)
  const combined = (heads: HeadsTree, batch: Batch, shares: Shares) => {
    const losses: Losses<string> = alone.losses({ trunk: { layers: [] }, heads }, batch, evaluation)
    const terms = alone.tasks.map((task) => mul(losses[task]!, shares[task]!))
    return [terms.reduce((total, term) => add(total, term)), losses] as const
  }
  return jit(valueAndGrad(combined, { aux: true }))
})

/** Features and labels of the rows that are trained on. */
export interface ProbeData {
  readonly features: Encoded
  readonly targets: Readonly<Record<string, Labels>>
}

interface Part {
  readonly batch: Batch
  readonly shares: Shares
}

// Parts are filled up to a power of two with rows that have no label, so that few sizes are compiled.
const mostRows = 1024
const partSize = (rows: number): number =>
  Math.min(mostRows, 2 ** Math.max(4, Math.ceil(Math.log2(rows))))

const partsOf = (
  tasks: readonly string[],
  { features, targets }: ProbeData,
  counts: Readonly<Record<string, number>>,
): readonly Part[] => {
  const { rows, width } = features
  const size = partSize(rows)
  const filled = Math.ceil(rows / size) * size
  const inputs = new Float32Array(filled * width)
  inputs.set(features.inputs)
  const padded = tasks.map((task) => {
    const { values, mask } = targets[task]!
    const longer = values instanceof Int32Array ? new Int32Array(filled) : new Float32Array(filled)
    longer.set(values)
    const labelled = new Uint8Array(filled)
    labelled.set(mask)
    return [task, { values: longer, mask: labelled }] as const
  })
  const data = { rows: filled, width, inputs, targets: Object.fromEntries(padded) }
  return Array.from({ length: filled / size }, (_, k) => {
    const { batch, labelled } = gather(
      data,
      tasks,
      Int32Array.from({ length: size }, (_, i) => k * size + i),
    )
    const shares = tasks.map((task) => [task, labelled[task]! / Math.max(1, counts[task]!)])
    return { batch, shares: Object.fromEntries(shares) }
  })
}

/** What is minimised. */
export interface Problem {
  /** Rows with a label of each task. */
  readonly labelled: Readonly<Record<string, number>>
  /** Where the search starts: all zeros. */
  readonly start: Float64Array
  readonly at: (x: Float64Array) => Evaluated & {
    /** Mean loss of each task over its labelled rows, without the penalty. */
    readonly losses: Readonly<Record<string, number>>
  }
  /** Parameters of the heads at a place. */
  readonly heads: (x: Float64Array) => HeadsTree
}

/** Where a parameter lies in the vector, and how strongly it is drawn to zero. */
interface Slot {
  readonly from: number
  readonly shape: readonly number[]
  readonly penalty: number
}

const slotsOf = (
  heads: unknown,
  l2: number,
  counts: Readonly<Record<string, number>>,
): readonly Slot[] => {
  let from = 0
  return paths(heads).map(([path, leaf]) => {
    const { shape, size } = leaf as Tensor
    const task = path.slice(0, path.lastIndexOf('/dense/'))
    const penalty = path.endsWith('/weight') ? l2 / Math.max(1, counts[task]!) : 0
    const slot = { from, shape, penalty }
    from += size
    return slot
  })
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

/**
 * The sum over tasks of mean loss + l2 / (2 n) * sum of squared weights, for n labelled rows: as the sum of losses and half the
 * squared weights, in which the penalty counts as much as a fixed number of rows, and less the more rows there are.
 */
export const problemOf = (
  model: AnyModel,
  initial: unknown,
  data: ProbeData,
  l2: number,
): Problem => {
  const tasks: readonly string[] = model.tasks
  const counts = Object.fromEntries(
    tasks.map((task) => [
      task,
      data.targets[task]!.mask.reduce((sum, entry) => sum + (entry === 0 ? 0 : 1), 0),
    ]),
  )
  const slots = slotsOf(initial, l2, counts)
  const [, structure] = flatten(initial)
  const heads = (x: Float64Array) =>
    structure.build(
      slots.map(({ from, shape }) =>
        tensor(Float32Array.from(x.subarray(from, from + sizeOf(shape))), { shape }),
      ),
    ) as HeadsTree
  const parts = partsOf(tasks, data, counts)
  const lossAndGradient = lossOf(model)
  const addPart = (
    part: Part,
    params: HeadsTree,
    gradient: Float64Array,
    sums: Map<string, number>,
  ) => {
    const [[, losses], gradients] = lossAndGradient(params, part.batch, part.shares)
    for (const task of tasks)
      sums.set(task, sums.get(task)! + part.shares[task]! * losses[task]!.item())
    paths(gradients).forEach(([, leaf], i) => {
      const values = (leaf as Tensor).data()
      const { from } = slots[i]!
      for (let k = 0; k < values.length; k++) gradient[from + k]! += values[k]!
    })
  }
  return {
    labelled: counts,
    start: new Float64Array(slots.reduce((sum, { shape }) => sum + sizeOf(shape), 0)),
    heads,
    at: (x) => {
      const gradient = new Float64Array(x.length)
      const sums = new Map(tasks.map((task) => [task, 0]))
      const params = heads(x)
      for (const part of parts) addPart(part, params, gradient, sums)
      let value = tasks.reduce((total, task) => total + sums.get(task)!, 0)
      for (const { from, shape, penalty } of slots) {
        for (let i = from; i < from + sizeOf(shape); i++) {
          value += (penalty / 2) * x[i]! * x[i]!
          gradient[i]! += penalty * x[i]!
        }
      }
      return { value, gradient, losses: Object.fromEntries(sums) }
    },
  }
}
