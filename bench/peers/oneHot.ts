/** Class codes as rows with a single 1, made before time is taken. */
import type { Named } from '../src/problem.ts'

/** Replaces the int32 codes of a batch by float32 rows. */
export const withRows = (batch: Named, names: readonly string[], classes: number): Named => {
  const rows = names.map((name) => {
    const codes = batch[name]!.data
    const data = new Float32Array(codes.length * classes)
    codes.forEach((code: number, row: number) => {
      data[row * classes + code] = 1
    })
    return [name, { shape: [codes.length, classes], data }] as const
  })
  return { ...batch, ...Object.fromEntries(rows) }
}
