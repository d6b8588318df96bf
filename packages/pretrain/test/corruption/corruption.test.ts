import { jit, type Key, random, type Tensor, tensor, zeros } from '@rootstock/core'
import { type Corruption, gaussian, masking, saltAndPepper, swap } from '@rootstock/pretrain'
import { describe, expect, it } from 'vitest'
import { columns, planted, width } from '../table.ts'

const rows = 2000
const { inputs } = planted(rows)
const x = tensor(inputs, { shape: [rows, width] })

const corrupt = (corruption: Corruption, seed = 5) => {
  const { corrupted, mask } = corruption(random.key(seed), x, columns)
  return { after: corrupted.data(), mask: mask.data(), corrupted, touched: mask }
}

/** Units as lists of features. */
const units = [[0, 1], [2, 3, 4], [5], [6], [7], [8], [9]]

const expectRate = (count: number, trials: number, probability: number): void => {
  const deviation = Math.sqrt(trials * probability * (1 - probability))
  expect(Math.abs(count - trials * probability)).toBeLessThan(5 * deviation)
}

describe('every corruption', () => {
  const all = {
    gaussian: gaussian({ deviation: 0.5 }),
    masking: masking({ probability: 0.4 }),
    saltAndPepper: saltAndPepper({ probability: 0.4 }),
    swap: swap({ probability: 0.4 }),
  }
  it.each(Object.entries(all))('is the same compiled: %s', (_, corruption) => {
    const square = random.uniform(random.key(5), [64, 64])
    const wide = [{ name: 'wide', kind: 'numeric', from: 0, to: 64 }] as const
    for (const [table, layout] of [[x, columns] as const, [square, wide] as const]) {
      const draw = (key: Key, clean: Tensor) => corruption(key, clean, layout)
      const [eager, compiled] = [draw, jit(draw)].map((f) => f(random.key(7), table))
      expect(compiled!.mask.data()).toEqual(eager!.mask.data())
      expect(compiled!.corrupted.data()).toEqual(eager!.corrupted.data())
    }
  })
})

const byUnit = { masking, saltAndPepper, swap }

for (const [name, make] of Object.entries(byUnit)) {
  describe(`${name}, unit by unit`, () => {
    it('draws every unit at its rate, as a whole', () => {
      const { mask } = corrupt(make({ probability: 0.3 }))
      for (const unit of units) {
        let count = 0
        for (let row = 0; row < rows; row++) {
          const drawn = unit.map((feature) => mask[row * width + feature]!)
          expect(new Set(drawn).size).toBe(1)
          count += drawn[0]!
        }
        expectRate(count, rows, 0.3)
      }
    })

    it('changes what the encoder sees, and only where it says so', () => {
      const { after, mask } = corrupt(make({ probability: 0.3 }))
      let changed = 0
      for (let i = 0; i < after.length; i++) {
        if (after[i] === inputs[i]) continue
        changed++
        expect(mask[i]).toBe(1)
      }
      expect(changed).toBeGreaterThan(0.1 * after.length)
    })

    it('does nothing at probability 0 and draws the same from the same key', () => {
      expect(corrupt(make({ probability: 0 })).after).toEqual(inputs)
      const draw = (seed: number) => corrupt(make({ probability: 0.3 }), seed).after
      expect(draw(1)).toEqual(draw(1))
      expect(draw(1)).not.toEqual(draw(2))
    })

    it('refuses what is no probability', () => {
      expect(() => make({ probability: 1.5 })).toThrow(`in ${name}`)
    })
  })
}

describe('masking', () => {
  it('blanks values and groups, and raises the mask feature', () => {
    const { after } = corrupt(masking({ probability: 1 }))
    expect([...after.subarray(0, width)]).toEqual([0, 1, 0, 0, 0, 0, 0, 0, 0, 0])
  })
})

describe('swap', () => {
  const { after, mask } = corrupt(swap({ probability: 0.5 }))

  it('keeps categorical groups one-hot', () => {
    for (let row = 0; row < rows; row++) {
      const group = [...after.subarray(row * width + 2, row * width + 5)]
      expect(group.toSorted((a, b) => a - b)).toEqual([0, 0, 1])
    }
  })

  it('takes a number and its mask from one donor, never from the row itself', () => {
    const { corrupted } = swap({ probability: 1 })(random.key(1), x, columns)
    const swapped = corrupted.data()
    const spectrum = new Map<number, number>()
    for (let row = 0; row < rows; row++) spectrum.set(inputs[row * width + 6]!, row)
    for (let row = 0; row < rows; row++) {
      expect(spectrum.get(swapped[row * width + 6]!)).not.toBe(row)
      // a missing number is 0, and no other is
      expect(swapped[row * width] === 0).toBe(swapped[row * width + 1] === 1)
    }
  })

  it('draws the donor for each cell, so that no whole rows are carried over', () => {
    const donorOf = (column: number) => {
      const known = new Map<number, number>()
      for (let row = 0; row < rows; row++) known.set(inputs[row * width + column]!, row)
      return (row: number) => known.get(after[row * width + column]!)
    }
    const [first, second] = [donorOf(6), donorOf(7)]
    let both = 0
    let together = 0
    for (let row = 0; row < rows; row++) {
      if (mask[row * width + 6] === 0 || mask[row * width + 7] === 0) continue
      both++
      if (first(row) === second(row)) together++
    }
    expect(both).toBeGreaterThan(300)
    expect(together / both).toBeLessThan(0.05)
  })

  it('leaves a single row as it is', () => {
    const alone = tensor(inputs.slice(0, width), { shape: [1, width] })
    const { corrupted } = swap({ probability: 1 })(random.key(0), alone, columns)
    expect(corrupted.toArray()).toEqual(alone.toArray())
  })
})

describe('saltAndPepper', () => {
  const { after, mask } = corrupt(saltAndPepper({ probability: 0.5 }))

  it('puts numbers at the least or greatest of their column, with equal chances', () => {
    let least = 0
    let count = 0
    for (let row = 0; row < rows; row++) {
      const at = row * width + 7
      if (mask[at] === 0) continue
      count++
      if (after[at]! < -0.9) least++
      else expect(after[at]).toBeGreaterThan(0.9)
    }
    expectRate(least, count, 0.5)
  })

  it('keeps groups one-hot, with every class equally likely, and values present', () => {
    const counts = [0, 0, 0]
    for (let row = 0; row < rows; row++) {
      const group = [...after.subarray(row * width + 2, row * width + 5)]
      expect(group.toSorted((a, b) => a - b)).toEqual([0, 0, 1])
      if (mask[row * width + 2] === 1) counts[group.indexOf(1)]!++
      if (mask[row * width] === 1) expect(after[row * width + 1]).toBe(0)
    }
    const total = counts.reduce((a, b) => a + b)
    for (const count of counts) expectRate(count, total, 1 / 3)
  })
})

describe('gaussian', () => {
  it('adds noise of its deviation to numbers and leaves the rest', () => {
    const { after, mask } = corrupt(gaussian({ deviation: 0.5 }))
    let squares = 0
    for (let row = 0; row < rows; row++) {
      for (const at of [1, 2, 3, 4, 5]) {
        expect(after[row * width + at]).toBe(inputs[row * width + at])
        expect(mask[row * width + at]).toBe(0)
      }
      squares += (after[row * width + 8]! - inputs[row * width + 8]!) ** 2
    }
    expect(Math.abs(squares / rows / 0.25 - 1)).toBeLessThan(0.15)
  })

  it('refuses a negative deviation', () => {
    expect(() => gaussian({ deviation: -1 })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in gaussian
        deviation  -1
        rule       deviation must be finite and at least 0]
    `)
  })
})

describe('columns', () => {
  const run = (wrong: Parameters<Corruption>[2]) => () =>
    masking({ probability: 0.5 })(random.key(0), zeros([2, 3]), wrong)

  it('must not leave gaps', () => {
    expect(
      run([
        { name: 'a', kind: 'numeric', from: 0, to: 1 },
        { name: 'b', kind: 'numeric', from: 2, to: 3 },
      ]),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in denoise
        column  b
        kind    numeric
        from    2
        to      3
        rule    columns must follow each other without gaps; this one must start at 1 and not be empty]
    `)
  })

  it('must not hold a mask of nothing', () => {
    expect(run([{ name: 'a', kind: 'mask', from: 0, to: 1 }])).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in denoise
        column  a
        kind    mask
        from    0
        to      1
        rule    a mask column is one feature behind the number that may be missing]
    `)
  })
})
