import { random } from '@rootstock/core'
import { encode, features } from '@rootstock/eval'
import { mlp } from '@rootstock/heads'
import { tableFromIPC, tableToIPC } from 'apache-arrow'
import { describe, expect, test } from 'vitest'
import { menu } from '../menu.ts'

const { train } = menu(40)
const trunk = mlp({ in: train.width, hidden: [8, 4] })
const params = trunk.init(random.key(0))

const plain = (value: unknown): unknown =>
  value !== null && typeof value === 'object' && 'toArray' in value
    ? [...(value as { toArray: () => Iterable<number> }).toArray()]
    : value

describe('features', () => {
  test('hold a list of numbers for each row, and survive being written as Arrow', () => {
    const table = tableFromIPC(tableToIPC(features(trunk, params, train)))
    const encoded = encode(trunk, params, train)
    expect(table.numRows).toBe(train.rows)
    for (const row of [0, 1, train.rows - 1])
      expect(plain(table.getChild('features')!.get(row))).toEqual([
        ...encoded.inputs.subarray(row * 4, (row + 1) * 4),
      ])
  })

  test('have classes by name, numbers in their original units, and nulls for missing labels', () => {
    const table = tableFromIPC(tableToIPC(features(trunk, params, train)))
    const { kind, price } = train.targets
    if (kind?.kind !== 'classification' || price?.kind !== 'regression') throw new Error('targets')
    for (let row = 0; row < train.rows; row++) {
      const isKind = kind.mask[row] === 1
      expect(table.getChild('kind')!.get(row)).toBe(isKind ? kind.classes[kind.values[row]!] : null)
      const value = table.getChild('price')!.get(row) as number | null
      if (price.mask[row] === 0) expect(value).toBeNull()
      else expect(value).toBeCloseTo(price.values[row]! * price.deviation + price.mean, 6)
    }
    expect(kind.mask.includes(0) && price.mask.includes(0)).toBe(true)
  })

  test('are one column each when asked, of any tap, without labels', () => {
    const table = features(trunk, params, train, { layout: 'columns', labels: false, tap: [0, 1] })
    const encoded = encode(trunk, params, train, { tap: [0, 1] })
    expect(table.schema.fields.map((field) => field.name)).toEqual(
      Array.from({ length: 12 }, (_, i) => `feature ${i}`),
    )
    expect(table.getChild('feature 9')!.get(3)).toBe(encoded.inputs[3 * 12 + 9])
  })

  test('keep plain labels as they are', () => {
    const targets = {
      code: { values: Int32Array.of(2, 1), mask: Uint8Array.of(1, 0) },
      size: { values: Float32Array.of(0.5, 7), mask: Uint8Array.of(0, 1) },
    }
    const data = {
      rows: 2,
      width: train.width,
      inputs: train.inputs.slice(0, 2 * train.width),
      targets,
    }
    const table = features(trunk, params, data)
    expect([table.getChild('code')!.get(0), table.getChild('code')!.get(1)]).toEqual([2, null])
    expect([table.getChild('size')!.get(0), table.getChild('size')!.get(1)]).toEqual([null, 7])
  })

  test('refuse a task that has the name of a column of features', () => {
    const labels = { values: Int32Array.of(0), mask: Uint8Array.of(1) }
    const data = {
      rows: 1,
      width: train.width,
      inputs: new Float32Array(train.width),
      targets: { features: labels },
    }
    expect(() => features(trunk, params, data)).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in features
        task  features
        rule  a task must not have the name of a column of features
        hint  labels: false leaves labels out; layout: 'columns' and 'list' name features differently]
    `)
    expect(features(trunk, params, data, { layout: 'columns' }).numCols).toBe(5)
  })
})
