/** What must hold for every layer and trunk, whatever it computes. */
import {
  add,
  arange,
  cast,
  concatenate,
  expandDims,
  flatten,
  grad,
  jit,
  leaves,
  map,
  mean,
  mul,
  paths,
  random,
  slice,
  square,
  stack,
  sum,
  type Tensor,
  tensor,
  valueAndGrad,
  vmap,
  wasmBackend,
  where,
  withBackend,
} from '@rootstock/core'
import { team } from '@rootstock/core/conformance'
import { evaluation, type Mode, maskOf } from '@rootstock/heads'
import { expect, it } from 'vitest'
import { inputOf, type Subject } from './subject.ts'

const training: Mode = { training: true, key: random.key(9) }

const tensorsOf = (tree: unknown): Tensor[] => leaves(tree) as Tensor[]
const valuesOf = (tree: unknown) => tensorsOf(tree).map((x) => [...x.data()])
const isStatistic = (path: string): boolean => path.split('/').includes('statistics')

/** A tree of the same shapes with normal entries; 0 for statistics, which have no gradient. */
const like = (tree: unknown, seed: number): unknown =>
  flatten(tree)[1].build(
    paths(tree).map(([path, leaf], i) => {
      const { shape, dtype } = leaf as Tensor
      return random.normal(random.key(seed * 100 + i), shape, {
        deviation: isStatistic(path) ? 0 : 1,
        dtype: dtype === 'float32' ? 'float32' : 'float64',
      })
    }),
  )

const moved = (tree: unknown, by: unknown, step: number): unknown =>
  map((x: Tensor, v: Tensor) => add(x, mul(v, step)), tree, by)

/** Fresh parameters; those that all start alike are moved, since relu has no derivative at their zeros. */
const paramsOf = (subject: Subject, dtype: 'float32' | 'float64'): unknown => {
  const drawn = map((x: Tensor) => cast(x, dtype), subject.init(random.key(1)))
  const constant = paths(drawn).map(([path, leaf]) => {
    const values = (leaf as Tensor).data()
    return !isStatistic(path) && values.every((value) => value === values[0])
  })
  const noise = tensorsOf(like(drawn, 4)).map((x, i) => (constant[i] ? x : mul(x, 0)))
  return moved(drawn, flatten(drawn)[1].build(noise), 0.1)
}

const weighed = (outputs: unknown, by: unknown): Tensor => {
  const products = map((y: Tensor, c: Tensor) => sum(mul(y, c)), outputs, by)
  return tensorsOf(products).reduce((total, one) => add(total, one))
}

/** The outputs of a subject against fixed random weights: one number that depends on all of them. */
const lossOf =
  (subject: Subject, mode: Mode) =>
  (params: unknown, x: Tensor): Tensor => {
    const outputs = subject.apply(params, { x }, mode)
    return weighed(outputs, like(outputs, 3))
  }

/** What a subject is differentiated by: codes have no derivative. */
const argumentsOf = ({ codes }: Subject): readonly [0] | readonly [0, 1] =>
  codes === undefined ? [0, 1] : [0]

/** Along a random direction of parameters and inputs together, the derivative and the central difference. */
const checkDerivative = (subject: Subject, mode: Mode): void => {
  const params = paramsOf(subject, 'float64')
  const x = inputOf(subject, random.key(2), 'float64')
  const loss = lossOf(subject, mode)
  const isCoded = subject.codes !== undefined
  const at = isCoded ? { params } : { params, x }
  const f = (place: typeof at): Tensor => loss(place.params, 'x' in place ? place.x : x)
  const direction = like(at, 5) as typeof at
  const slope = weighed(grad(f)(at), direction).item()
  const step = 1e-6
  const along = (by: number): number => f(moved(at, direction, by) as typeof at).item()
  const difference = (along(step) - along(-step)) / (2 * step)
  expect(Math.abs(slope - difference)).toBeLessThan(2e-6 * Math.max(1, Math.abs(difference)))
}

const alone = wasmBackend({ threads: 1 })
const teams = [alone, ...[2, 4].map(team)]

/** Outputs and gradients: eager, compiled, and compiled for 2 and 4 threads. */
const checkBits = (subject: Subject): void => {
  const params = paramsOf(subject, 'float32')
  const x = inputOf(subject, random.key(2), 'float32')
  const f = (p: unknown, y: Tensor) => [
    subject.apply(p, { x: y }, evaluation),
    subject.apply(p, { x: y }, training),
    valueAndGrad(lossOf(subject, training), { argument: argumentsOf(subject) })(p, y),
  ]
  const eager = withBackend(alone, () => valuesOf(f(params, x)))
  for (const backend of teams) {
    expect(withBackend(backend, () => valuesOf(jit(f)(params, x)))).toEqual(eager)
  }
}

const exampleOf = (x: Tensor, i: number): Tensor => slice(x, { start: [i], stop: [i + 1] })

/** The outputs of each example alone, against those of all together. */
const checkAlone = (subject: Subject): void => {
  const mode = subject.mixes ? evaluation : training
  const params = paramsOf(subject, 'float64')
  const x = inputOf(subject, random.key(2), 'float64')
  const together = subject.apply(params, { x }, mode)
  const apart = [0, 1, 2].map((i) => subject.apply(params, { x: exampleOf(x, i) }, mode))
  const joined = map(
    (a: Tensor, b: Tensor, c: Tensor) => concatenate([a, b, c]),
    ...(apart as [unknown, unknown, unknown]),
  )
  expectClose(joined, together, 1e-12)
}

const expectClose = (found: unknown, wanted: unknown, within: number): void => {
  const differences = map((a: Tensor, b: Tensor) => a.sub(b), found, wanted)
  for (const values of valuesOf(differences)) {
    for (const value of values) expect(Math.abs(value)).toBeLessThan(within)
  }
}

const lengths = (count: number): Tensor => tensor([count, 2, 1], { dtype: 'int32' })

/** A mask for outputs that have places, of the rank of the output. */
const overPlaces = (mask: Tensor, y: Tensor): Tensor =>
  Array.from({ length: y.rank - mask.rank }).reduce<Tensor>((m) => expandDims(m, -1), mask)

/** Outputs where they mean something. */
const realOf = (outputs: unknown, mask: Tensor, { masking }: Subject): unknown =>
  masking === 'pools'
    ? outputs
    : map((y: Tensor) => (y.rank < 3 ? y : where(overPlaces(mask, y), y, 0)), outputs)

/** What places that are not real hold changes no bit of any output or gradient, and gets a gradient of exactly 0. */
const checkMask = (subject: Subject, mode: Mode): void => {
  const count = subject.shape[1]!
  const mask = maskOf(lengths(count), count)
  const params = paramsOf(subject, 'float32')
  const x = inputOf(subject, random.key(2), 'float32')
  const isReal = overPlaces(mask, x)
  const poison = subject.masking === 'passes' ? x.mul(-7).add(3) : Number.NaN
  const poisoned = where(isReal, x, poison)
  const outputs = (input: Tensor) =>
    realOf(subject.apply(params, { x: input, mask }, mode), mask, subject)
  expect(valuesOf(outputs(poisoned))).toEqual(valuesOf(outputs(x)))
  const loss = (p: unknown, input: Tensor): Tensor => {
    const found = realOf(subject.apply(p, { x: input, mask }, mode), mask, subject)
    return weighed(found, like(found, 3))
  }
  const gradients = (input: Tensor) => grad(loss, { argument: [0, 1] })(params, input)
  const found = gradients(poisoned)
  expect(valuesOf(found)).toEqual(valuesOf(gradients(x)))
  expect([...where(isReal, 0, found[1]).data()].every((value) => value === 0)).toBe(true)
  if (subject.masking !== 'zeros') return
  for (const y of tensorsOf(subject.apply(params, { x: poisoned, mask }, mode))) {
    if (y.rank < 3) continue
    const outside = where(overPlaces(mask, y), 0, y).data()
    expect([...outside].every((value) => value === 0)).toBe(true)
  }
}

/** The second example, of which two places are real, has the outputs of these two alone. */
const checkShorter = (subject: Subject): void => {
  const count = subject.shape[1]!
  const mask = maskOf(lengths(count), count)
  const params = paramsOf(subject, 'float64')
  const x = inputOf(subject, random.key(2), 'float64')
  const own = map(
    (y: Tensor) => {
      const one = exampleOf(y, 1)
      return subject.masking === 'pools' || y.rank < 3 ? one : slice(one, { stop: [null, 2] })
    },
    subject.apply(params, { x, mask }, evaluation),
  )
  const short = slice(x, { start: [1], stop: [2, 2] })
  expectClose(own, subject.apply(params, { x: short }, evaluation), 1e-12)
}

/** Mean squares of the outputs of many fresh draws, each with an input of its own, by output: their mean and its standard error. */
const meanSquaresOf = (subject: Subject): readonly (readonly [value: number, error: number])[] => {
  const draws = 400
  const one = (draw: Tensor): Tensor => {
    const key = random.fold(random.key(7), draw)
    const x = inputOf(subject, random.fold(key, 1), 'float32')
    const outputs = subject.apply(subject.init(random.fold(key, 0)), { x }, evaluation)
    return stack(tensorsOf(outputs).map((y) => mean(square(y))))
  }
  const found = jit(vmap(one))(arange(draws))
  const [centre, squares] = [mean(found, { axis: 0 }), mean(square(found), { axis: 0 })]
  return [...centre.data()].map((value, i) => {
    const variance = Math.max(0, squares.data()[i]! - value ** 2)
    return [value, Math.sqrt(variance / draws)] as const
  })
}

const checkMeanSquare = (subject: Subject): void => {
  const { meanSquare } = subject
  for (const [value, error] of meanSquaresOf(subject)) {
    if (typeof meanSquare === 'number') {
      // five standard errors, of which there must not be many in a value; epsilons of normalisations are seen in the third digit
      expect(error).toBeLessThan(0.1 * meanSquare)
      expect(Math.abs(value - meanSquare)).toBeLessThan(5 * error + 2e-3 * meanSquare)
    } else {
      expect(value).toBeGreaterThan(meanSquare[0])
      expect(value).toBeLessThan(meanSquare[1])
    }
  }
}

const checkDraws = (subject: Subject): void => {
  const draw = (seed: number): Tensor[] => tensorsOf(subject.init(random.key(seed)))
  expect(valuesOf(draw(1))).toEqual(valuesOf(draw(1)))
  expect(draw(1).every((x) => x.dtype === 'float32')).toBe(true)
  // constants start alike whatever the key
  const isRandom = draw(1).map((x) => x.data().some((value) => value !== x.data()[0]))
  const others = draw(2)
  draw(1).forEach((x, i) => {
    if (isRandom[i]) expect(x.toArray()).not.toEqual(others[i]!.toArray())
  })
}

/** Tests that every subject must pass. */
export const testLaws = (subject: Subject): void => {
  it('has the derivatives of its outputs, in evaluation and in training', () => {
    checkDerivative(subject, evaluation)
    checkDerivative(subject, training)
  })

  it('has one set of bits: eager, compiled, on 1, 2 and 4 threads', () => {
    checkBits(subject)
  })

  it('treats every example of a batch as if it were alone', () => {
    checkAlone(subject)
  })

  it('draws its parameters from the key, in float32, of the designed size', () => {
    checkDraws(subject)
    checkMeanSquare(subject)
  })

  if (subject.masking === undefined) return
  it('does not look at what is not real, in values or gradients', () => {
    checkMask(subject, evaluation)
    checkMask(subject, training)
  })

  if (subject.isFixed) return
  it('gives for what is partly real what it gives for the real part', () => {
    checkShorter(subject)
  })
}
