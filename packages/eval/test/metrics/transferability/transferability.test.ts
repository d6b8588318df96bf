/** Scores of features before training, against their definitions and what they must not depend on. */
import {
  add,
  diagonal,
  div,
  eye,
  inverse,
  logDeterminant,
  matmul,
  random,
  sum,
  type Tensor,
  tensor,
  transpose,
} from '@rootstock/core'
import { hScore, leep, logMe, negativeConditionalEntropy } from '@rootstock/eval'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const normal = (seed: number, length: number): Float64Array =>
  Float64Array.from(random.normal(random.key(seed), [length], { dtype: 'float64' }).data(), Number)

/** Features of which the first `telling` follow the class, with noise in all. */
const planted = (seed: number, rows: number, width: number, strength: number) => {
  const targets = Array.from({ length: rows }, (_, row) => row % 3)
  const features = normal(seed, rows * width).map((noise, i) => {
    const [row, k] = [Math.floor(i / width), i % width]
    return noise + (k === targets[row] ? strength : 0)
  })
  return { targets, features }
}

const matrix = (data: Float64Array, rows: number): Tensor =>
  tensor(data, { shape: [rows, data.length / rows], dtype: 'float64' })

/** ln N(y; 0, I / beta + F F^T / alpha) / n, by the definition of the evidence. */
const evidence = (y: Float64Array, features: Float64Array, alpha: number, beta: number): number => {
  const n = y.length
  const f = matrix(features, n)
  const covariance = add(
    div(eye(n, n, { dtype: 'float64' }), beta),
    div(matmul(f, transpose(f)), alpha),
  )
  const column = matrix(y, n)
  const distance = matmul(transpose(column), matmul(inverse(covariance), column)).item()
  return (
    -(distance + logDeterminant(covariance).logAbs.item() + n * Math.log(2 * Math.PI)) / (2 * n)
  )
}

describe('LogME', () => {
  test.for([
    ['more rows than features', 24, 5],
    ['more features than rows', 8, 20],
  ] as const)('is the greatest evidence there is, with %s', ([, rows, width]) => {
    const features = normal(1, rows * width)
    const noise = normal(2, rows)
    const y = noise.map((value, row) => 0.5 * value + 2 * features[row * width]!)
    const found = logMe(y, features)
    let best = -Infinity
    for (let a = -8; a <= 8; a++)
      for (let b = -8; b <= 8; b++)
        best = Math.max(best, evidence(y, features, Math.exp(a / 2), Math.exp(b / 2)))
    expect(found).toBeGreaterThanOrEqual(best - 1e-6)
    expect(found).toBeLessThan(best + 0.05)
  })

  test('of classes is the mean over those that occur', () => {
    const { targets, features } = planted(3, 30, 6, 1)
    const each = [0, 1, 2].map((k) =>
      logMe(
        targets.map((target) => (target === k ? 1 : 0)),
        features,
      ),
    )
    const mean = (each[0]! + each[1]! + each[2]!) / 3
    expect(logMe(targets, features, { classes: 3 })).toBeCloseTo(mean, 10)
    expect(logMe(targets, features, { classes: 9 })).toBeCloseTo(mean, 10)
  })

  test('does not see a rotation of the features, one that is always 0, or masked rows', () => {
    const { targets, features } = planted(4, 30, 2, 1)
    const score = logMe(targets, features, { classes: 3 })
    const turned = features.map((value, i) =>
      i % 2 === 0 ? 0.6 * value - 0.8 * features[i + 1]! : 0.8 * features[i - 1]! + 0.6 * value,
    )
    expect(logMe(targets, turned, { classes: 3 })).toBeCloseTo(score, 8)
    const widened = Float64Array.from({ length: 90 }, (_, i) =>
      i % 3 === 2 ? 0 : features[Math.floor(i / 3) * 2 + (i % 3)]!,
    )
    expect(logMe(targets, widened, { classes: 3 })).toBeCloseTo(score, 8)
    const more = [...features, Number.NaN, Infinity]
    const mask = [...targets.map(() => true), false]
    expect(logMe([...targets, Number.NaN], more, { classes: 3, mask })).toBeCloseTo(score, 12)
  })

  test('stays finite where features say all, and where they say nothing', () => {
    const targets = [0, 1, 0, 1]
    expect(logMe(targets, [0, 1, 0, 1])).toBeGreaterThan(1)
    expect(logMe(targets, [0, 0, 0, 0])).toBeLessThan(0)
    expect(logMe(targets, [1, 0, -1, 0])).toBeLessThan(0)
    for (const features of [
      [0, 1, 0, 1],
      [0, 0, 0, 0],
      [1, 0, -1, 0],
    ])
      expect(logMe(targets, features)).toSatisfy(Number.isFinite)
    expect(logMe([], [])).toBeNaN()
  })
})

/** tr(C^-1 B) with C shrunk, by its definition in matrices. */
const traceOf = (
  targets: readonly number[],
  features: Float64Array,
  width: number,
  shrinkage: number,
): number => {
  const rows = targets.length
  const column = (k: number, of: readonly number[]) =>
    of.reduce((all, row) => all + features[row * width + k]!, 0) / of.length
  const all = targets.map((_, row) => row)
  const members = (k: number) => all.filter((row) => targets[row] === k)
  const centre = features.map((value, i) => value - column(i % width, all))
  const means = features.map(
    (_, i) => column(i % width, members(targets[Math.floor(i / width)]!)) - column(i % width, all),
  )
  const covariance = (table: Float64Array) => {
    const x = matrix(table, rows)
    return div(matmul(transpose(x), x), rows)
  }
  const c = covariance(centre)
  const mean = sum(diagonal(c)).item() / width
  const shrunk = Float64Array.from(
    c.data(),
    (value, i) => (1 - shrinkage) * value + (i % (width + 1) === 0 ? shrinkage * mean : 0),
  )
  const product = matmul(inverse(matrix(shrunk, width)), covariance(means))
  return (1 - shrinkage) * sum(diagonal(product)).item()
}

describe('the H-score', () => {
  test.for([0, 0.1, 0.7, 1])('of shrinkage %d is a trace of matrices', (shrinkage) => {
    const { targets, features } = planted(5, 40, 4, 1)
    expect(hScore(targets, features, { classes: 3, shrinkage })).toBeCloseTo(
      traceOf(targets, features, 4, shrinkage),
      10,
    )
  })

  test('shrinks as Ledoit and Wolf say, more the fewer rows there are', () => {
    // shrinkage of these rows by the formula of the paper, element by element
    const shrinkageOf = (features: Float64Array, rows: number, width: number): number => {
      const mean = Array.from({ length: width }, (_, k) =>
        features.reduce((all, value, i) => (i % width === k ? all + value / rows : all), 0),
      )
      const x = (row: number, k: number) => features[row * width + k]! - mean[k]!
      const s = (a: number, b: number) =>
        Array.from({ length: rows }, (_, row) => x(row, a) * x(row, b)).reduce((p, q) => p + q, 0) /
        rows
      const cells = Array.from({ length: width ** 2 }, (_, i) => [Math.floor(i / width), i % width])
      const scale = cells.reduce((all, [a, b]) => (a === b ? all + s(a!, b!) / width : all), 0)
      const spread = cells.reduce(
        (all, [a, b]) => all + (s(a!, b!) - (a === b ? scale : 0)) ** 2 / width,
        0,
      )
      let noise = 0
      for (let row = 0; row < rows; row++)
        for (const [a, b] of cells)
          noise += (x(row, a!) * x(row, b!) - s(a!, b!)) ** 2 / (width * rows ** 2)
      return Math.min(noise, spread) / spread
    }
    const shrinkages = [12, 120].map((rows) => {
      const { targets, features } = planted(6, rows, 5, 2)
      const shrinkage = shrinkageOf(features, rows, 5)
      expect(hScore(targets, features, { classes: 3 })).toBeCloseTo(
        traceOf(targets, features, 5, shrinkage),
        10,
      )
      return shrinkage
    })
    expect(shrinkages[0]).toBeGreaterThan(shrinkages[1]!)
    expect(shrinkages[1]).toBeGreaterThan(0)
  })

  test('is the number of classes less one where they lie in points, and 0 where means agree', () => {
    const points = [0, 0, 1, 1, 2, 2]
    const corners = points.flatMap((k) => [0, 1, 2].map((j) => (j === k ? 5 : 0)))
    expect(hScore(points, corners, { classes: 3, shrinkage: 0 })).toBeCloseTo(2, 10)
    expect(hScore([0, 0, 1, 1], [-1, 1, -1, 1], { classes: 2 })).toBeCloseTo(0, 12)
    expect(hScore([0, 1], [3, 3], { classes: 2 })).toBe(0)
    expect(hScore([], [], { classes: 2 })).toBeNaN()
  })

  test('has more features than rows to work with, too', () => {
    const { targets, features } = planted(7, 9, 40, 1)
    // nine rows in general position: the class means are told apart perfectly
    expect(hScore(targets, features, { classes: 3, shrinkage: 0 })).toBeCloseTo(2, 10)
    const shrunk = hScore(targets, features, { classes: 3 })
    expect(shrunk).toBeGreaterThan(0)
    expect(shrunk).toBeLessThan(2)
    expect(shrunk).toBeCloseTo(
      hScore([...targets, 7], [...features, ...Array.from({ length: 40 }, () => Number.NaN)], {
        classes: 3,
        mask: [...targets.map(() => 1), 0],
      }),
      12,
    )
  })
})

describe('scores of source labels', () => {
  const rows = fc.array(fc.tuple(fc.nat(2), fc.nat(3), fc.nat(3)), { minLength: 1, maxLength: 30 })
  const options = { classes: 3, sourceClasses: 4 }

  test('LEEP of sure probabilities is the negative conditional entropy', () => {
    fc.assert(
      fc.property(rows, (given) => {
        const targets = given.map(([t]) => t)
        const labels = given.map(([, z]) => z)
        const sure = labels.flatMap((z) => [0, 1, 2, 3].map((k) => (k === z ? 1 : 0)))
        const entropy = negativeConditionalEntropy(targets, labels)
        expect(leep(targets, sure, options)).toBeCloseTo(entropy, 12)
        expect(entropy).toBeLessThanOrEqual(0)
        // more negative than not knowing the source label at all it cannot be
        const nothing = negativeConditionalEntropy(
          targets,
          targets.map(() => 0),
        )
        expect(entropy).toBeGreaterThanOrEqual(nothing - 1e-12)
      }),
      { seed: 1 },
    )
  })

  test('LEEP counts weights as rows, leaves masked rows out and ignores the order', () => {
    fc.assert(
      fc.property(rows, (given) => {
        const soft = (z: number) => [0, 1, 2, 3].map((k) => (k === z ? 0.7 : 0.1))
        const score = (kept: typeof given, more = {}) =>
          leep(
            kept.map(([t]) => t),
            kept.flatMap(([, z]) => soft(z)),
            { ...options, ...more },
          )
        const weights = given.map(([, , w]) => w)
        const repeated = given.flatMap((row) => Array.from({ length: row[2] }, () => row))
        const weighted = score(given, { weights })
        if (repeated.length === 0) expect(weighted).toBeNaN()
        else expect(weighted).toBeCloseTo(score(repeated), 10)
        const mask = weights.map((w) => w > 0)
        const kept = given.filter(([, , w]) => w > 0)
        if (kept.length > 0) expect(score(given, { mask })).toBeCloseTo(score(kept), 10)
        expect(score(given.toReversed())).toBeCloseTo(score(given), 10)
        expect(score(given)).toBeLessThanOrEqual(1e-12)
      }),
      { seed: 2 },
    )
  })
})

describe('features that tell more score higher', () => {
  test.for([
    ['logMe', logMe],
    ['hScore', hScore],
  ] as const)('%s ranks planted features', ([, score]) => {
    const found = [0, 0.5, 1, 2, 4].map((strength) => {
      const { targets, features } = planted(8, 90, 6, strength)
      return score(targets, features, { classes: 3 })
    })
    expect(found).toEqual(found.toSorted((a, b) => a - b))
  })
})

describe('mistakes are named', () => {
  test('features that do not fit', () => {
    expect(() => logMe([0, 1], [1, 2, 3])).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in logMe
        targets   2 numbers
        features  3 numbers
        rule      features must hold equally many numbers for each target]
    `)
    expect(() =>
      hScore([0, 1], [1, Number.NaN], { classes: 2 }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in hScore
        targets   2 numbers
        features  2 numbers
        rule      features must be finite, but feature 0 of row 1 is NaN]
    `)
    expect(() =>
      leep([0], [1, -1], { classes: 1, sourceClasses: 2 }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in leep
        probabilities  2 numbers
        rule           probabilities must be finite and not negative, but row 0 has -1]
    `)
  })
})
