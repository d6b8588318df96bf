/** Overlap of what is predicted with what is there: of label sets, of areas of an image, of boxes. */
import { ShapeError } from '@rootstock/core'
import { type AverageOptions, type Averaging, averageOf, ratio } from './average.ts'
import type { PredictionBatch } from './batch.ts'
import {
  type ClassCount,
  type Classes,
  type ClassOptions,
  type Counts,
  counting,
  occurs,
  perClass,
} from './counts.ts'
import { checkRows, type Numbers, type Weighted } from './rows.ts'
import { once, type Stream } from './stream.ts'

const overlapOf = ({ right, targets, predictions }: ClassCount): number =>
  ratio(right, targets + predictions - right)

/** `jaccard` of batches. */
export const jaccardStream = (options: Averaging = {}): Stream<PredictionBatch, Counts, number> =>
  counting('jaccard', options, (counts) => averageOf(counts, options, overlapOf))

/**
 * Jaccard's index of the rows of a class and the rows called so: intersection over union, where 0/0 is 0; classes are
 * averaged as `average` says. `macro` without `classes` is the mean IoU of segmentation maps, over the classes that occur.
 * NaN when no row counts. (Jaccard, The distribution of the flora in the alpine zone, 1912.)
 *
 * @example
 * ```ts
 * import { jaccard } from '@rootstock/eval'
 * console.log(jaccard([0, 1, 1, 1], [0, 1, 0, 1], { average: 'binary' })) // 0.666...
 * ```
 */
export const jaccard = (
  targets: Numbers,
  predictions: Numbers,
  options: AverageOptions = {},
): number => once(jaccardStream(options), { ...options, targets, predictions })

/** `iouPerClass` of batches. */
export const iouPerClassStream = (
  options: Classes = {},
): Stream<PredictionBatch, Counts, readonly number[]> =>
  counting('iouPerClass', options, (counts) =>
    perClass(counts).map((count) => (occurs(count) ? overlapOf(count) : Number.NaN)),
  )

/**
 * Intersection over union of each class of a segmentation map, each pixel a row; NaN for a class in neither map.
 *
 * @example
 * ```ts
 * import { iouPerClass } from '@rootstock/eval'
 * console.log(iouPerClass([0, 0, 1, 1], [0, 1, 1, 1], { classes: 3 })) // [0.5, 0.666..., NaN]
 * ```
 */
export const iouPerClass = (
  targets: Numbers,
  predictions: Numbers,
  options: ClassOptions = {},
): readonly number[] => once(iouPerClassStream(options), { ...options, targets, predictions })

/** `meanIou` of batches. */
export const meanIouStream = (options: Classes = {}): Stream<PredictionBatch, Counts, number> =>
  counting('meanIou', options, (counts) => averageOf(counts, {}, overlapOf))

/**
 * The mean over classes of intersection over union of segmentation maps, each pixel a row: right / (targets + predictions -
 * right). Classes in neither map do not count. NaN when no pixel counts.
 * (Everingham et al., The PASCAL visual object classes challenge, 2010.)
 *
 * @example
 * ```ts
 * import { meanIou } from '@rootstock/eval'
 * console.log(meanIou([0, 0, 1, 1], [0, 1, 1, 1])) // 0.583...
 * ```
 */
export const meanIou = (
  targets: Numbers,
  predictions: Numbers,
  options: ClassOptions = {},
): number => once(meanIouStream(options), { ...options, targets, predictions })

const boxes = (operation: string, name: string, corners: Numbers): number => {
  if (corners.length % 4 === 0) return corners.length / 4
  throw new ShapeError({
    operation,
    inputs: { [name]: `${corners.length} numbers` },
    rule: 'a box is four numbers: x1, y1, x2, y2',
  })
}

const side = (from: number, to: number): number => Math.max(0, to - from)

const areaOf = (corners: Numbers, box: number): number =>
  side(corners[4 * box]!, corners[4 * box + 2]!) *
  side(corners[4 * box + 1]!, corners[4 * box + 3]!)

const intersectionOf = (a: Numbers, i: number, b: Numbers, j: number): number =>
  [0, 1].reduce(
    (area, axis) =>
      area *
      side(
        Math.max(a[4 * i + axis]!, b[4 * j + axis]!),
        Math.min(a[4 * i + axis + 2]!, b[4 * j + axis + 2]!),
      ),
    1,
  )

const iouOf = (a: Numbers, i: number, b: Numbers, j: number): number => {
  const shared = intersectionOf(a, i, b, j)
  return ratio(shared, areaOf(a, i) + areaOf(b, j) - shared)
}

/**
 * Intersection over union of each box of `a` with each of `b`, as rows [boxes of a, boxes of b]. A box is x1, y1, x2, y2 with
 * x1 <= x2 and y1 <= y2; one that is turned round has no area. Two boxes without area have 0.
 *
 * @example
 * ```ts
 * import { boxIou } from '@rootstock/eval'
 * console.log(boxIou([0, 0, 2, 2], [1, 0, 3, 2, 5, 5, 6, 6])) // [[0.333..., 0]]
 * ```
 */
export const boxIou = (a: Numbers, b: Numbers): number[][] => {
  const columns = boxes('boxIou', 'b', b)
  return Array.from({ length: boxes('boxIou', 'a', a) }, (_, i) =>
    Array.from({ length: columns }, (__, j) => iouOf(a, i, b, j)),
  )
}

/**
 * The mean over rows of the intersection over union of the box that is there and the box predicted, four numbers each as for `boxIou`. NaN
 * when no row counts.
 *
 * @example
 * ```ts
 * import { meanBoxIou } from '@rootstock/eval'
 * console.log(meanBoxIou([0, 0, 2, 2, 0, 0, 1, 1], [1, 0, 3, 2, 0, 0, 1, 1])) // 0.666...
 * ```
 */
export const meanBoxIou = (
  targets: Numbers,
  predictions: Numbers,
  options: Weighted = {},
): number => {
  const rows = boxes('meanBoxIou', 'targets', targets)
  const columns = { targets: { length: rows }, name: 'predictions', second: predictions, width: 4 }
  const weights = checkRows('meanBoxIou', columns, options)
  let total = 0
  let sum = 0
  for (let row = 0; row < rows; row++) {
    const weight = weights === undefined ? 1 : weights[row]!
    if (weight === 0) continue
    total += weight
    sum += weight * iouOf(targets, row, predictions, row)
  }
  return sum / total
}
