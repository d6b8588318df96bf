/** Losses of boxes `[rows, 4]`, each `x1, y1, x2, y2` with x1 <= x2 and y1 <= y2. Targets are constants. One loss a row. */
import {
  add,
  div,
  greater,
  maximum,
  minimum,
  mul,
  relu,
  slice,
  squeeze,
  stopGradient,
  sub,
  type Tensor,
  where,
} from '@rootstock/core'
import { expectSameShape } from './expect.ts'
import { type LossOptions, lossOf } from './reduction.ts'

type Box = readonly [left: Tensor, top: Tensor, right: Tensor, bottom: Tensor]

const sidesOf = (boxes: Tensor): Box =>
  [0, 1, 2, 3].map((side) =>
    squeeze(slice(boxes, { start: [0, side], stop: [boxes.shape[0]!, side + 1] }), 1),
  ) as unknown as Box

const areaOf = ([left, top, right, bottom]: Box): Tensor =>
  mul(relu(sub(right, left)), relu(sub(bottom, top)))

/** a / b, 0 where b is 0: boxes without an area overlap nothing. */
const ratio = (a: Tensor, b: Tensor): Tensor => {
  const isSome = greater(b, 0)
  return where(isSome, div(a, where(isSome, b, 1)), 0)
}

interface Overlap {
  readonly union: Tensor
  readonly iou: Tensor
  /** Area of the smallest box around both. */
  readonly enclosing: Tensor
}

const overlapOf = (a: Box, b: Box): Overlap => {
  const shared = areaOf([
    maximum(a[0], b[0]),
    maximum(a[1], b[1]),
    minimum(a[2], b[2]),
    minimum(a[3], b[3]),
  ])
  const union = sub(add(areaOf(a), areaOf(b)), shared)
  const enclosing = areaOf([
    minimum(a[0], b[0]),
    minimum(a[1], b[1]),
    maximum(a[2], b[2]),
    maximum(a[3], b[3]),
  ])
  return { union, iou: ratio(shared, union), enclosing }
}

const ofOverlap = (
  operation: string,
  boxes: Tensor,
  targets: Tensor,
  options: LossOptions,
  each: (overlap: Overlap) => Tensor,
): Tensor => {
  expectSameShape(operation, { boxes, targets })
  return lossOf(operation, [boxes, targets], options, (x, t) =>
    each(overlapOf(sidesOf(x), sidesOf(stopGradient(t)))),
  )
}

/**
 * `1 - IoU`, IoU the shared area by that of the union (Yu et al., UnitBox, 2016). Its gradient is 0 where the boxes are apart.
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { boxIouLoss } from '@rootstock/heads'
 * console.log(boxIouLoss(tensor([[0, 0, 2, 2]]), tensor([[0, 0, 2, 4]])).item()) // 0.5
 * ```
 */
export const boxIouLoss = (boxes: Tensor, targets: Tensor, options: LossOptions = {}): Tensor =>
  ofOverlap('boxIouLoss', boxes, targets, options, ({ iou }) => sub(1, iou))

/**
 * `1 - (IoU - (C - U) / C)`, U the area of the union, C that of the smallest box around both, so that boxes that are apart are drawn
 * together (Rezatofighi et al., Generalized intersection over union, 2019).
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { boxGiouLoss } from '@rootstock/heads'
 * console.log(boxGiouLoss(tensor([[0, 0, 1, 1]]), tensor([[3, 0, 4, 1]])).item()) // 1.5
 * ```
 */
export const boxGiouLoss = (boxes: Tensor, targets: Tensor, options: LossOptions = {}): Tensor =>
  ofOverlap('boxGiouLoss', boxes, targets, options, ({ iou, union, enclosing }) =>
    add(sub(1, iou), ratio(sub(enclosing, union), enclosing)),
  )
