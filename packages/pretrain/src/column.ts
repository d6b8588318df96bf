/**
 * What the features of a row mean, as far as corrupting and reconstructing them needs to know: which features stand or fall
 * together, and by which likelihood each is scored. The columns that `@rootstock/data` describes fit as they are.
 */
import { ArgumentError } from '@rootstock/core'

/** Features `[from, to)` of the input that come from one column. */
export interface Column {
  readonly name: string
  /**
   * `numeric`: standardised numbers; an image is one column of many, each on its own. `binary`: numbers between 0 and 1, each on
   * its own. `mask`: 1 where the value of the column before it is missing. `categorical`: one of its features is 1.
   */
  readonly kind: 'numeric' | 'binary' | 'mask' | 'categorical'
  readonly from: number
  readonly to: number
}

/** How a feature is scored: `mask` columns count as binary. */
export type Scored = 'numeric' | 'categorical' | 'binary'

/** Everything about a feature that does not depend on the row. */
export interface Feature {
  /** The corruption unit it belongs to: a number with its mask, a categorical group, a pixel. */
  readonly unit: number
  readonly scored: Scored
  readonly isMask: boolean
  /** Position in its categorical group, else 0. */
  readonly position: number
  /** Size of its categorical group, else 1. */
  readonly size: number
  /** Index of the mask feature that says whether its value is missing, or -1. */
  readonly mask: number
}

/** Columns taken apart into features. */
export interface Layout {
  readonly features: readonly Feature[]
  readonly units: number
  /** First features of categorical groups. */
  readonly groups: readonly { readonly from: number; readonly size: number }[]
}

const expectGapless = (columns: readonly Column[]): void => {
  let from = 0
  columns.forEach((column, i) => {
    const previous = columns[i - 1]
    const isNumber = (kind: Column['kind'] | undefined) => kind === 'numeric' || kind === 'binary'
    const isMaskAlone =
      column.kind === 'mask' &&
      !(isNumber(previous?.kind) && column.to - column.from === 1 && from - previous.from === 1)
    const rule =
      column.from !== from || column.to <= column.from
        ? `columns must follow each other without gaps; this one must start at ${from} and not be empty`
        : isMaskAlone
          ? 'a mask column is one feature behind the number that may be missing'
          : null
    if (rule !== null) {
      const { name, kind, to } = column
      throw new ArgumentError({
        operation: 'denoise',
        inputs: { column: name, kind, from: column.from, to },
        rule,
      })
    }
    from = column.to
  })
}

/**
 * The features of columns, in order. Throws when the columns leave gaps or a mask has nothing to mask.
 * @example
 * ```ts
 * import { layoutOf } from '@rootstock/pretrain'
 * const columns = [
 *   { name: 'age', kind: 'numeric', from: 0, to: 1 },
 *   { name: 'age is missing', kind: 'mask', from: 1, to: 2 },
 *   { name: 'colour', kind: 'categorical', from: 2, to: 5 },
 * ] as const
 * console.log(layoutOf(columns).features.map(({ unit }) => unit)) // [0, 0, 1, 1, 1]
 * ```
 */
export const layoutOf = (columns: readonly Column[]): Layout => {
  expectGapless(columns)
  const features: Feature[] = []
  const groups: { from: number; size: number }[] = []
  let units = 0
  columns.forEach(({ kind, from, to }, i) => {
    const next = columns[i + 1]
    const mask = next?.kind === 'mask' ? next.from : -1
    const isGroup = kind === 'categorical'
    if (isGroup) groups.push({ from, size: to - from })
    for (let at = from; at < to; at++) {
      // a mask stays in the unit of the number before it, a group is one unit
      const isNew = kind !== 'mask' && (!isGroup || at === from)
      if (isNew) units++
      features.push({
        unit: units - 1,
        scored: kind === 'mask' ? 'binary' : kind,
        isMask: kind === 'mask',
        position: isGroup ? at - from : 0,
        size: isGroup ? to - from : 1,
        mask,
      })
    }
  })
  return { features, units, groups }
}
