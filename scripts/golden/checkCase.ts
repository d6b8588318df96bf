/** Runs one case: its outputs and, where it has them, its gradients. */
import { ones, Tensor, vjp } from '@rootstock/core'
import { type Adapter, argumentsOf, type Precision, toTensor, Unsupported } from './arguments.ts'
import type { GoldenCase, Values } from './family.ts'
import { mismatchOf } from './mismatch.ts'

type Named = Readonly<Record<string, Tensor>>

const named = (result: ReturnType<Adapter>): Named =>
  result instanceof Tensor ? { y: result } : result

const mapValues = (
  list: Readonly<Record<string, Values>>,
  make: (values: Values) => Tensor,
): Named => Object.fromEntries(Object.entries(list).map(([name, one]) => [name, make(one)]))

const tensorsOf = (list: Readonly<Record<string, Values>>, precision: Precision): Named =>
  mapValues(list, (one) => toTensor(one, precision))

/** Outputs, and cotangents of the inputs that have gradients; where the file gives no cotangent it is 1. */
const run = (test: GoldenCase, adapter: Adapter, precision: Precision) => {
  const inputs = tensorsOf(test.inputs, precision)
  const apply = (given: Named): Named =>
    named(adapter(argumentsOf(test, { ...inputs, ...given }, precision)))
  const grads = test.grads ?? {}
  if (Object.keys(grads).length === 0) return { outputs: apply(inputs), found: {} }
  const cotangent =
    test.cotangent === undefined
      ? mapValues(test.outputs, (output) => ones(output.shape, { dtype: precision }))
      : tensorsOf(test.cotangent, precision)
  const moving = Object.fromEntries(
    Object.entries(inputs).filter(([name]) => Object.hasOwn(grads, name)),
  )
  const differentiated = (given: Named): Named => {
    const all = apply(given)
    return Object.fromEntries(Object.keys(cotangent).map((name) => [name, all[name]!]))
  }
  const [, pullback] = vjp(differentiated, moving)
  const [found] = pullback(cotangent)
  return { outputs: apply(inputs), found }
}

/** How a case went. */
export type Verdict =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'unsupported'; readonly what: string }

const compare = (
  test: GoldenCase,
  { outputs, found }: ReturnType<typeof run>,
  precision: Precision,
): string | null => {
  for (const [name, wanted] of Object.entries(test.outputs)) {
    const mismatch = mismatchOf(test, name, outputs[name], wanted, precision)
    if (mismatch !== null) return mismatch
  }
  for (const [name, wanted] of Object.entries(test.grads ?? {})) {
    const mismatch = mismatchOf(test, `the gradient to ${name}`, found[name], wanted, precision)
    if (mismatch !== null) return mismatch
  }
  return null
}

/** Runs a case in one precision and compares. */
export const checkCase = (test: GoldenCase, adapter: Adapter, precision: Precision): Verdict => {
  try {
    const why = compare(test, run(test, adapter, precision), precision)
    return why === null ? { kind: 'passed' } : { kind: 'failed', why: `${precision}: ${why}` }
  } catch (error) {
    if (error instanceof Unsupported) return { kind: 'unsupported', what: error.what }
    return { kind: 'failed', why: `${precision}: ${String(error)}` }
  }
}
