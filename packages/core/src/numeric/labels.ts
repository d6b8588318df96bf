/** Contraction by axis labels: the common ground of `matmul` and `einsum`. */
import { reduceSum } from '../primitives/broadcast.ts'
import { contract } from '../primitives/contract.ts'
import { reshape, transpose } from '../primitives/movement.ts'
import type { Tensor } from '../tensor.ts'

/** A tensor whose axes have names; no name occurs twice. */
export interface Labelled {
  readonly x: Tensor
  readonly labels: readonly string[]
}

const sizesOf = ({ x, labels }: Labelled): ReadonlyMap<string, number> =>
  new Map(labels.map((label, axis) => [label, x.shape[axis]!]))

/** Without the axes of size 1 that the other operand stretches. */
const unstretched = (operand: Labelled, other: Labelled): Labelled => {
  const sizes = sizesOf(other)
  const keeps = (label: string, axis: number) =>
    operand.x.shape[axis] !== 1 || (sizes.get(label) ?? 1) === 1
  const labels = operand.labels.filter(keeps)
  const shape = operand.x.shape.filter((_, axis) => keeps(operand.labels[axis]!, axis))
  return { x: reshape(operand.x, { shape }), labels }
}

/** Without the axes that neither the result nor the other operand names: they are summed alone. */
export const sumAlone = (operand: Labelled, wanted: ReadonlySet<string>): Labelled => {
  const axes = operand.labels.flatMap((label, axis) => (wanted.has(label) ? [] : [axis]))
  const labels = operand.labels.filter((label) => wanted.has(label))
  return { x: reduceSum(operand.x, { axes }), labels }
}

/** Axes in the order of `labels`, which names each of them. */
export const arrange = ({ x, labels: found }: Labelled, labels: readonly string[]): Tensor =>
  transpose(x, { permutation: labels.map((label) => found.indexOf(label)) })

/** Sum of products over the labels of both that are not in `kept`; axes come out in the order that costs nothing. */
export const contractPair = (
  left: Labelled,
  right: Labelled,
  kept: ReadonlySet<string>,
): Labelled => {
  const a = sumAlone(unstretched(left, right), new Set([...kept, ...right.labels]))
  const b = sumAlone(unstretched(right, left), new Set([...kept, ...left.labels]))
  const shared = a.labels.filter((label) => b.labels.includes(label))
  const both = (labels: readonly string[]) =>
    labels.map((label) => [a.labels.indexOf(label), b.labels.indexOf(label)] as const)
  const batch = shared.filter((label) => kept.has(label))
  const sum = shared.filter((label) => !kept.has(label))
  // a label that one side lost to stretching may be left over on the other without being wanted
  const free = (operand: Labelled) => operand.labels.filter((label) => !shared.includes(label))
  const x = contract(a.x, b.x, { batch: both(batch), sum: both(sum) })
  return sumAlone({ x, labels: [...batch, ...free(a), ...free(b)] }, kept)
}
