/** Digits so small and plain that a few steps learn them: each class lights a pixel of its own, and chance lights others. */
import { numberColumn, type Prepared, prepare, select, stringColumn, table } from '@rootstock/data'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { idxClasses } from '../../fits/idxImages.ts'

const pixels = 16

/** So many images, every fourth to test on. */
export const imagesOf = (count: number): Prepared<'class'> => {
  const digits = Array.from({ length: count }, (_, i) => (7 * i + (i >> 3)) % 10)
  const columns = Array.from({ length: pixels }, (_, pixel) =>
    numberColumn(
      `pixel${pixel}`,
      digits.map((digit, i) =>
        Number(pixel < idxClasses.length ? digit === pixel : (i * 31 + pixel * 17) % 11 === 0),
      ),
    ),
  )
  const prepared = pipe(
    table([...columns, stringColumn('digit', digits.map(String))]),
    E.flatMap(
      select({
        inputs: [
          { column: `pixel0..pixel${pixels - 1}`, kind: 'image', shape: [4, 4], scale: 'unit' },
        ],
        targets: { class: { column: 'digit', classes: idxClasses } },
      }),
    ),
    E.flatMap((selected) => prepare(selected, { by: 'modulo', divisor: 4, test: 3 })),
  )
  if (prepared._tag === 'Left') throw new Error(prepared.left._tag)
  return prepared.right
}
