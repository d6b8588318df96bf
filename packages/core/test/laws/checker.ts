/**
 * The laws every primitive keeps. A law takes a flat function of tensors and a point, and throws with the numbers when it
 * does not hold. Derivatives are checked in float64 against central differences, so the checker trusts nothing of ours but
 * plain evaluation.
 */
import { Tensor } from '../../src/tensor.ts'
import { isFloat } from '../../src/dtype.ts'
import { tensor } from '../../src/numeric/creation.ts'
import { evalShape } from '../../src/transforms/placeholder.ts'
import { jvp } from '../../src/transforms/jvp.ts'
import { vjp } from '../../src/transforms/vjp.ts'
import { vmap } from '../../src/transforms/vmap.ts'
import { jit } from '../../src/transforms/jit.ts'

/** A function of tensors as flat lists. */
export type Flat = (inputs: readonly Tensor[]) => readonly Tensor[]

/** A small generator of reproducible numbers in [-1, 1). */
export const numbers = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  }
}

/** Random tensor of the type of another. */
const like = (x: Tensor, next: () => number): Tensor =>
  tensor(Float64Array.from({ length: x.size }, next), { shape: x.shape })

const values = (x: Tensor): number[] => Array.from(x.data(), Number)

const dot = (a: readonly Tensor[], b: readonly Tensor[]): number => {
  let sum = 0
  a.forEach((x, i) => {
    const other = values(b[i]!)
    values(x).forEach((value, k) => {
      sum += value * other[k]!
    })
  })
  return sum
}

const close = (a: number, b: number, tolerance: number): boolean =>
  Object.is(a, b) || a === b || Math.abs(a - b) <= tolerance * (1 + Math.abs(a) + Math.abs(b))

const expectClose = (
  law: string,
  got: readonly number[],
  wanted: readonly number[],
  tolerance: number,
): void => {
  const at = wanted.findIndex((value, i) => !close(got[i]!, value, tolerance))
  if (got.length === wanted.length && at < 0) return
  throw new Error(
    `${law}: element ${at}: got ${got[at]}, expected ${wanted[at]} (all: ${got} and ${wanted})`,
  )
}

/** Positions of the inputs that derivatives are taken of. */
const moving = (inputs: readonly Tensor[]): number[] =>
  inputs.flatMap((x, i) => (isFloat(x.dtype) ? [i] : []))

/** `f` as a function of its float inputs, to its float outputs. */
const floatPart = (f: Flat, inputs: readonly Tensor[]) => {
  const positions = moving(inputs)
  const points = positions.map((i) => inputs[i]!)
  const run = (...floats: readonly Tensor[]): readonly Tensor[] => {
    const all = inputs.map((x, i) => (positions.includes(i) ? floats[positions.indexOf(i)]! : x))
    return f(all).filter((y) => isFloat(y.dtype))
  }
  return { points, run }
}

/** The shape rule says what comes out. */
export const shapeLaw = (f: Flat, inputs: readonly Tensor[]): void => {
  const promised = evalShape((...xs: Tensor[]) => [...f(xs)])(...inputs)
  const found = f(inputs)
  if (promised.length !== found.length)
    throw new Error(`shape: ${promised.length} outputs promised`)
  found.forEach((y, i) => {
    const type = promised[i]!
    const data = y.data()
    if (
      String(type.shape) !== String(y.shape) ||
      type.dtype !== y.dtype ||
      data.length !== type.size
    ) {
      throw new Error(
        `shape: promised ${type.dtype}[${type.shape}], got ${y.dtype}[${y.shape}] of ${data.length}`,
      )
    }
  })
}

const moved = (points: readonly Tensor[], tangents: readonly Tensor[], step: number): Tensor[] =>
  points.map((x, i) => {
    const direction = values(tangents[i]!)
    return tensor(
      Float64Array.from(values(x), (value, k) => value + step * direction[k]!),
      { shape: x.shape },
    )
  })

/** Forward mode agrees with central differences. */
export const jvpLaw = (f: Flat, inputs: readonly Tensor[], seed: number): void => {
  const { points, run } = floatPart(f, inputs)
  if (points.length === 0) return
  const next = numbers(seed)
  const tangents = points.map((x) => like(x, next))
  const [, derivative] = jvp(run, points, tangents)
  const step = 1e-5
  const ahead = run(...moved(points, tangents, step))
  const behind = run(...moved(points, tangents, -step))
  derivative.forEach((dy, k) => {
    const after = values(ahead[k]!)
    const before = values(behind[k]!)
    const quotient = after.map((value, i) => (value - before[i]!) / (2 * step))
    expectClose('jvp against central differences', values(dy), quotient, 1e-6)
  })
}

/** Reverse mode is the adjoint of forward mode: <u, J v> = <J' u, v>. */
export const adjointLaw = (f: Flat, inputs: readonly Tensor[], seed: number): void => {
  const { points, run } = floatPart(f, inputs)
  if (points.length === 0) return
  const next = numbers(seed)
  const tangents = points.map((x) => like(x, next))
  const [outputs, derivative] = jvp(run, points, tangents)
  const cotangents = outputs.map((y) => like(y, next))
  const [, pullback] = vjp(run, ...points)
  const found = pullback(cotangents)
  expectClose("<u, Jv> = <J'u, v>", [dot(found, tangents)], [dot(cotangents, derivative)], 1e-9)
}

/** The pullback is a function like any other, and keeps the same laws. */
export const secondOrderLaw = (f: Flat, inputs: readonly Tensor[], seed: number): void => {
  const { points, run } = floatPart(f, inputs)
  if (points.length === 0) return
  const next = numbers(seed)
  const cotangents = run(...points).map((y) => like(y, next))
  const gradient: Flat = (xs) => vjp(run, ...xs)[1](cotangents)
  jvpLaw(gradient, points, seed + 1)
  adjointLaw(gradient, points, seed + 2)
}

/** A batch of variations of an input. */
const variations = (x: Tensor, next: () => number): Tensor[] =>
  [0, 1, 2].map((k) => {
    if (k === 0 || !isFloat(x.dtype)) return x
    const shifted = Float64Array.from(values(x), (value) => value + next() * 1e-3)
    return tensor(shifted, { shape: x.shape })
  })

const stacked = (xs: readonly Tensor[]): Tensor => {
  const [first] = xs
  const size = first!.size
  const data = first!.dtype === 'float64' ? new Float64Array(size * xs.length) : null
  if (data === null) {
    const flat = xs.flatMap(values)
    return tensor(flat, { shape: [xs.length, ...first!.shape], dtype: first!.dtype })
  }
  xs.forEach((x, k) => {
    data.set(values(x), k * size)
  })
  return tensor(data, { shape: [xs.length, ...first!.shape] })
}

/** Batching is looping: for every choice of inputs that carry a batch axis. */
export const batchLaw = (f: Flat, inputs: readonly Tensor[], seed: number): void => {
  const next = numbers(seed)
  const varied = inputs.map((x) => variations(x, next))
  const alone = inputs.map((_, k) => inputs.map((__, i) => i === k))
  const choices = inputs.length > 1 ? [...alone, inputs.map(() => true)] : alone
  for (const batched of choices) {
    const given = inputs.map((x, i) => (batched[i] ? stacked(varied[i]!) : x))
    const axes = { in: batched.map((flag) => (flag ? 0 : null)) }
    const all = vmap((...xs: Tensor[]) => [...f(xs)], axes)(...given)
    const each = [0, 1, 2].map((k) => f(inputs.map((x, i) => (batched[i] ? varied[i]![k]! : x))))
    all.forEach((y, o) => {
      const loop = each.flatMap((outputs) => values(outputs[o]!))
      expectClose(`batching inputs ${batched}`, values(y), loop, 1e-12)
    })
  }
}

/** f(a x + b y) = a f(x) + b f(y) in the inputs at `positions` together. */
export const linearLaw = (
  f: Flat,
  inputs: readonly Tensor[],
  positions: readonly number[],
  seed: number,
): void => {
  const next = numbers(seed)
  const a = positions.map((i) => like(inputs[i]!, next))
  const b = positions.map((i) => like(inputs[i]!, next))
  const at = (xs: readonly Tensor[]) =>
    f(inputs.map((x, i) => (positions.includes(i) ? xs[positions.indexOf(i)]! : x)))
  const mixed = a.map((x, i) => {
    const other = values(b[i]!)
    return tensor(
      Float64Array.from(values(x), (value, k) => 2 * value - 3 * other[k]!),
      { shape: x.shape },
    )
  })
  const [fa, fb, fm] = [at(a), at(b), at(mixed)]
  fm.forEach((y, o) => {
    const second = values(fb[o]!)
    const combined = values(fa[o]!).map((value, k) => 2 * value - 3 * second[k]!)
    expectClose('linearity', values(y), combined, 1e-10)
  })
}

/** One compiled program has the bits of one operation at a time. */
export const compiledLaw = (f: Flat, inputs: readonly Tensor[]): void => {
  const eager = f(inputs)
  const compiled = jit((...xs: Tensor[]) => [...f(xs)])(...inputs)
  eager.forEach((y, i) => {
    const got = values(compiled[i]!)
    values(y).forEach((value, k) => {
      if (!Object.is(got[k], value))
        throw new Error(`jit: element ${k}: ${got[k]}, eagerly ${value}`)
    })
  })
}
