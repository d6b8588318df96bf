/**
 * The heads on frozen features as one function of one vector: what L-BFGS minimises. Losses and gradients come from the heads
 * themselves, compiled; only the penalty is added here.
 */
import {
  add,
  type Evaluated,
  flatten,
  jit,
  mul,
  paths,
  type Tensor,
  tensor,
  valueAndGrad,
} from '@rootstock/core'
import {
  type Batch,
  evaluation,
  type Losses,
  type Multitask,
  multitask,
  remember,
  trunkOf,
} from '@rootstock/heads'
import { type Counts, countsOf, type ProbeData, partsOf, type Shares } from './parts.ts'

// biome-ignore lint/suspicious/noExplicitAny: one memory serves models of all types
type AnyModel = Multitask<any, any>

/** The heads of a model on features instead of a trunk. */
const headsAlone = remember((model: AnyModel): AnyModel => {
  const nothing = trunkOf({ in: model.trunk.out, layers: [] })
  return multitask(nothing, model.heads)
})

/** Parameters of heads by task. */
type HeadsTree = Readonly<Record<string, unknown>>

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

/** What is minimised. */
export interface Problem {
  /** Rows with a label of each task. */
  readonly labelled: Counts
  /** Where the search starts: all zeros. */
  readonly start: Float64Array
  readonly at: (x: Float64Array) => Evaluated & {
    /** Mean loss of each task over its labelled rows, without the penalty. */
    readonly losses: Readonly<Record<string, number>>
  }
  /** Parameters of the heads at a place. */
  readonly heads: (x: Float64Array) => HeadsTree
}

/** Where a parameter lies in the vector, `[from, to)`, and how strongly it is drawn to zero. */
interface Slot {
  readonly from: number
  readonly to: number
  readonly shape: readonly number[]
  readonly penalty: number
}

const slotsOf = (heads: unknown, l2: number, counts: Counts): readonly Slot[] => {
  let to = 0
  return paths(heads).map(([path, leaf]) => {
    const { shape, size } = leaf as Tensor
    const task = path.slice(0, path.lastIndexOf('/dense/'))
    const penalty = path.endsWith('/weight') ? l2 / Math.max(1, counts[task]!) : 0
    const from = to
    to += size
    return { from, to, shape, penalty }
  })
}

/** Adds the penalty's gradient, and gives its value. */
const penalise = (slots: readonly Slot[], x: Float64Array, gradient: Float64Array): number => {
  let value = 0
  for (const { from, to, penalty } of slots) {
    for (let i = from; i < to; i++) {
      value += (penalty / 2) * x[i]! * x[i]!
      gradient[i]! += penalty * x[i]!
    }
  }
  return value
}

/** Adds a tree of gradients to a vector. */
const addGradients = (slots: readonly Slot[], gradients: unknown, sum: Float64Array): void => {
  paths(gradients).forEach(([, leaf], i) => {
    const values = (leaf as Tensor).data()
    const { from } = slots[i]!
    for (let k = 0; k < values.length; k++) sum[from + k]! += values[k]!
  })
}

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
  const labelled = countsOf(tasks, data)
  const slots = slotsOf(initial, l2, labelled)
  const [, structure] = flatten(initial)
  const parts = partsOf(tasks, data, labelled)
  const lossAndGradient = lossOf(model)
  const heads = (x: Float64Array) =>
    structure.build(
      slots.map(({ from, to, shape }) =>
        tensor(Float32Array.from(x.subarray(from, to)), { shape }),
      ),
    ) as HeadsTree
  const at: Problem['at'] = (x) => {
    const gradient = new Float64Array(x.length)
    const sums = new Map(tasks.map((task) => [task, 0]))
    const params = heads(x)
    for (const { batch, shares } of parts) {
      const [[, losses], gradients] = lossAndGradient(params, batch, shares)
      for (const task of tasks)
        sums.set(task, sums.get(task)! + shares[task]! * losses[task]!.item())
      addGradients(slots, gradients, gradient)
    }
    const loss = tasks.reduce((total, task) => total + sums.get(task)!, 0)
    const value = loss + penalise(slots, x, gradient)
    return { value, gradient, losses: Object.fromEntries(sums) }
  }
  return { labelled, start: new Float64Array(slots.at(-1)!.to), heads, at }
}
