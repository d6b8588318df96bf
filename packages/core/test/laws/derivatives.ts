/** The laws of derivatives of functions of floats. They trust nothing of ours but plain evaluation, in float64. */
import { jvp, type Tensor, vjp } from '@rootstock/core'
import { generator } from '../../src/conformance/generator.ts'
import { dot, expectClose, expectSameTypes } from './closeness.ts'
import { drawn, elementsOf, filled, type Point } from './flat.ts'

const step = 2 ** -11

/** The derivative along tangents by differences of fourth order (five-point stencil), for each output. */
const differences = ({ run, inputs }: Point, tangents: readonly Tensor[]): number[][] => {
  const directions = tangents.map(elementsOf)
  const at = (steps: number): number[][] =>
    run(
      inputs.map((x, k) => {
        const elements = elementsOf(x)
        return filled(x, (i) => elements[i]! + steps * step * directions[k]![i]!)
      }),
    ).map(elementsOf)
  const [farBehind, behind, ahead, farAhead] = [at(-2), at(-1), at(1), at(2)] as const
  return ahead.map((output, o) =>
    output.map(
      (value, i) =>
        (8 * (value - behind[o]![i]!) - (farAhead[o]![i]! - farBehind[o]![i]!)) / (12 * step),
    ),
  )
}

const listed =
  (run: Point['run']) =>
  (...xs: Tensor[]): Tensor[] => [...run(xs)]

/** Forward mode agrees with differences. */
export const tangentLaw = ({ run, inputs }: Point, seed: number): void => {
  const next = generator(seed)
  const tangents = inputs.map((x) => drawn(x, next))
  const [outputs, found] = jvp(listed(run), [...inputs], tangents)
  expectSameTypes(found, outputs)
  const wanted = differences({ run, inputs }, tangents)
  found.forEach((dy, o) => {
    expectClose(elementsOf(dy), wanted[o]!, 1e-6)
  })
}

/** Reverse mode agrees with differences: <J'u, v> = <u, (f(x + hv) - f(x - hv)) / 2h>. */
export const cotangentLaw = ({ run, inputs }: Point, seed: number): void => {
  const next = generator(seed)
  const tangents = inputs.map((x) => drawn(x, next))
  const cotangents = run(inputs).map((y) => drawn(y, next))
  const found = vjp(listed(run), ...inputs)[1](cotangents)
  expectSameTypes(found, inputs)
  const moved = differences({ run, inputs }, tangents).flat()
  const wanted = cotangents.flatMap(elementsOf).reduce((sum, u, i) => sum + u * moved[i]!, 0)
  expectClose([dot(found, tangents)], [wanted], 1e-6)
}

/** Reverse mode is the adjoint of forward mode: <u, J v> = <J'u, v>. */
export const adjointLaw = ({ run, inputs }: Point, seed: number): void => {
  const next = generator(seed)
  const tangents = inputs.map((x) => drawn(x, next))
  const [outputs, moved] = jvp(listed(run), [...inputs], tangents)
  const cotangents = outputs.map((y) => drawn(y, next))
  const found = vjp(listed(run), ...inputs)[1](cotangents)
  expectSameTypes(moved, outputs)
  expectSameTypes(found, inputs)
  const precise = [...inputs, ...outputs].every((x) => x.dtype === 'float64')
  expectClose([dot(found, tangents)], [dot(cotangents, moved)], precise ? 1e-10 : 1e-5)
}

/** f(2a - 3b) = 2 f(a) - 3 f(b), in the inputs at `positions` together, the others held fixed. */
export const linearLaw = (
  { run, inputs }: Point,
  positions: readonly number[],
  seed: number,
): void => {
  const next = generator(seed)
  const [a, b] = [0, 1].map(() => positions.map((i) => drawn(inputs[i]!, next)))
  const at = (xs: readonly Tensor[]): readonly Tensor[] =>
    run(inputs.map((x, i) => xs[positions.indexOf(i)] ?? x))
  const mixed = a!.map((x, k) => {
    const [mine, other] = [elementsOf(x), elementsOf(b![k]!)]
    return filled(x, (i) => 2 * mine[i]! - 3 * other[i]!)
  })
  const [fa, fb, fm] = [at(a!), at(b!), at(mixed)]
  fm.forEach((y, o) => {
    const [mine, other] = [elementsOf(fa[o]!), elementsOf(fb[o]!)]
    const wanted = mine.map((value, i) => 2 * value - 3 * other[i]!)
    expectClose(elementsOf(y), wanted, y.dtype === 'float64' ? 1e-10 : 1e-5)
  })
}
