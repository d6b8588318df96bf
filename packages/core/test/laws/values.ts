/** The laws of values: what is promised comes out, however the function is run. */
import { jit, placeholder, type Tensor, tensor, trace } from '@rootstock/core'
import { generator } from '../../src/conformance/generator.ts'
import { evaluateGraph } from '../../src/trace/graph.ts'
import { expectClose, expectSameBits, expectSameTypes } from './closeness.ts'
import { batchedOf, elementsOf, type Point, variations } from './flat.ts'

/** Eager, traced and compiled runs give the same bits, and the trace is well formed. */
export const modesLaw = ({ run, inputs }: Point): void => {
  const listed = (...xs: Tensor[]): Tensor[] => [...run(xs)]
  const eager = run(inputs)
  const traced = trace(listed)(...inputs)
  traced.verify()
  expectSameBits(evaluateGraph(traced.graph, [...traced.captured, ...inputs]), eager)
  expectSameBits(jit(listed)(...inputs), eager)
}

/** A batch gives what its examples give one by one. */
export const batchLaw = (point: Point, batched: readonly boolean[]): void => {
  const { run, inputs } = point
  const next = generator(1)
  const varied = inputs.map((x, i) => (batched[i] === true ? variations(x, next) : [x, x, x]))
  const whole = batchedOf(point, batched)
  const together = whole.run(whole.inputs)
  const alone = [0, 1, 2].map((k) => run(varied.map((each) => each[k]!)))
  together.forEach((y, o) => {
    const each = alone.map((outputs) => outputs[o]!)
    const precise = y.dtype !== 'float32'
    expectSameTypes([y], [placeholder([3, ...each[0]!.shape], { dtype: y.dtype })])
    expectClose(elementsOf(y), each.flatMap(elementsOf), precise ? 1e-12 : 1e-6)
  })
}

/** The same point with float32 in place of float64. */
export const inFloat32 = ({ run, inputs }: Point): Point => ({
  run,
  inputs: inputs.map((x) =>
    x.dtype === 'float64' ? tensor(x.data(), { shape: x.shape, dtype: 'float32' }) : x,
  ),
})

/** float32 follows float64 up to its rounding. */
export const precisionLaw = (point: Point): void => {
  const narrow = inFloat32(point)
  const found = narrow.run(narrow.inputs)
  const wide = narrow.inputs.map((x) =>
    x.dtype === 'float32' ? tensor(x.data(), { shape: x.shape, dtype: 'float64' }) : x,
  )
  const wanted = point.run(wide)
  found.forEach((y, o) => {
    expectClose(elementsOf(y), elementsOf(wanted[o]!), 1e-4)
  })
}
