/** Derivatives of derivatives: Hessians, products with them, Jacobians, derivatives of high order, gradients of gradients. */
import * as core from '@rootstock/core'
import { add, div, dot, grad, jvp, mean, mul, square, sub, sum, type Tensor } from '@rootstock/core'
import {
  type Adapter,
  type Adapters,
  type Arguments,
  argumentsOf,
  Unsupported,
} from '../arguments.ts'
import { convolved1d } from './convolutions.ts'
import { elementwise } from './elementwise.ts'
import { crossEntropy, network } from './networks.ts'
import { type Formula, normalized, scalarFunctions } from './scalarFunctions.ts'

/** The entry of a table under the formula of a case. */
const byFormula = <T>(table: Readonly<Record<string, T>>, args: Arguments, op: string): T => {
  const formula = args.text('formula')
  if (!Object.hasOwn(table, formula)) throw new Unsupported(`${op} of "${formula}"`)
  return table[formula]!
}

const scalarFunction: Adapter = (args) => {
  const formula = byFormula(scalarFunctions, args, 'scalar_function')
  const f = (x: Tensor): Tensor => formula(x, args)
  const [x, v] = [args.tensor('x'), args.tensor('v')]
  const [value, gradient] = core.valueAndGrad(f)(x)
  const product = (y: Tensor): Tensor => core.hvp(f, [y], [v])[0]
  return {
    value,
    gradient,
    hessian: core.hessian(f)(x),
    hvp: product(x),
    third: grad((y: Tensor) => dot(v, product(y)))(x),
  }
}

const entries = (x: Tensor): Tensor[] =>
  core.split(x, { sections: x.size }).map((y) => core.squeeze(y))

const vectorFunctions: Readonly<Record<string, Formula>> = {
  'softmax(x)': (x) => core.softmax(x),
  'log_softmax(x)': (x) => core.logSoftmax(x),
  '[x0 x1, sin x1, e^{x2 x0}, x2/x1]': (x) => {
    const [a, b, c] = entries(x) as [Tensor, Tensor, Tensor]
    return core.stack([mul(a, b), core.sin(b), core.exp(mul(c, a)), div(c, b)])
  },
  '[x0^2, x0 x1, x1^2, x0/x1, tanh x0]': (x) => {
    const [a, b] = entries(x) as [Tensor, Tensor]
    return core.stack([square(a), mul(a, b), square(b), div(a, b), core.tanh(a)])
  },
  'LN(x), eps 1e-5': normalized,
  'tanh(cumsum x)': (x) => core.tanh(core.cumSum(x, { axis: 0 })),
  'x/|x|': (x) => div(x, core.norm(x)),
  'sort ascending': (x) => core.sort(x),
  'A^-1 x': (x, args) => core.solve(args.tensor('a'), x),
  'conv1d(x, k) flattened, padding 1': (x, args) =>
    convolved1d(core.pad(x, [[1, 1]]), core.squeeze(args.tensor('k'), [0, 1])),
  'gradient of sum_i x_i^3 x_{i+1} (cyclic) as a vector function': (x) =>
    grad((y: Tensor) => sum(mul(mul(square(y), y), core.roll(y, -1))))(x),
}

const vectorFunction: Adapter = (args) => {
  const formula = byFormula(vectorFunctions, args, 'vector_function')
  const f = (x: Tensor): Tensor => formula(x, args)
  const x = args.tensor('x')
  const [y, pullback] = core.vjp(f, x)
  return {
    y,
    jacobian: core.jacobian(f)(x),
    jvp: jvp(f, [x], [args.tensor('v')])[1],
    vjp: pullback(args.tensor('u'))[0],
  }
}

type Entrywise = (x: Tensor) => Tensor

/** The derivative at every entry of an entrywise function: even orders forward, odd ones in reverse. */
const derivative = (f: Entrywise, order: number): Entrywise => {
  if (order === 0) return f
  const before = derivative(f, order - 1)
  if (order % 2 === 1) return grad((x: Tensor) => sum(before(x)))
  return (x) => jvp(before, [x], [core.onesLike(x)])[1]
}

const elementwiseDerivatives: Adapter = (args) => {
  const name = args.text('function')
  if (!Object.hasOwn(elementwise, name)) throw new Unsupported(`derivatives of ${name}`)
  const attrs = args.record('args')
  const f: Entrywise = (x) =>
    elementwise[name]!(argumentsOf({ attrs }, { x }, args.precision)) as Tensor
  const x = args.tensor('x')
  return Object.fromEntries([0, 1, 2, 3].map((order) => [`d${order}`, derivative(f, order)(x)]))
}

const pointFunctions: Readonly<Record<string, Entrywise>> = {
  'sin x': core.sin,
  'e^{-x^2/2}': (x) => core.exp(mul(square(x), -0.5)),
  'tanh x': core.tanh,
  'x^6': (x) => core.pow(x, 6),
  '1/(1+x^2)': (x) => core.reciprocal(add(1, square(x))),
  'sigmoid(x)': core.sigmoid,
  'sin(e^x)': (x) => core.sin(core.exp(x)),
}

const nthDerivative: Adapter = (args) => {
  const f = byFormula(pointFunctions, args, 'nth_derivative')
  const x = args.tensor('x')
  return { d: core.stack([0, 1, 2, 3, 4, 5].map((order) => derivative(f, order)(x))) }
}

const classifier = { classes: 3, activation: core.tanh }

const perExampleGradients: Adapter = (args) => {
  const loss = (params: Tensor, x: Tensor, t: Tensor): Tensor =>
    crossEntropy(network(params, x, classifier), t)
  const each = core.vmap(core.valueAndGrad(loss), { in: [null, 0, 0] })
  const [losses, gradients] = each(args.tensor('p'), args.tensor('x'), args.tensor('t'))
  return { losses, gradients }
}

const gradientNormPenalty: Adapter = (args) => {
  const loss = (params: Tensor): Tensor =>
    crossEntropy(network(params, args.tensor('x'), classifier), args.tensor('t'))
  const penalized = (params: Tensor): Tensor => {
    const [value, gradient] = core.valueAndGrad(loss)(params)
    return add(value, mul(args.number('lambda'), sum(square(gradient))))
  }
  const [value, gradient] = core.valueAndGrad(penalized)(args.tensor('p'))
  return { value, gradient }
}

const hypergradient: Adapter = (args) => {
  const loss = (theta: Tensor, x: Tensor, t: Tensor): Tensor =>
    mean(square(sub(core.tanh(core.matmul(x, theta)), t)))
  const losses = core.vmap(loss, { in: [null, 0, 0] })
  const after = (theta: Tensor, alpha: Tensor, w: Tensor): Tensor => {
    const total = (y: Tensor): Tensor => dot(w, losses(y, args.tensor('xs'), args.tensor('ts')))
    const updated = sub(theta, mul(alpha, grad(total)(theta)))
    return loss(updated, args.tensor('xv'), args.tensor('tv'))
  }
  const [value, [theta, alpha, w]] = core.valueAndGrad(after, { argument: [0, 1, 2] })(
    args.tensor('theta'),
    args.tensor('alpha'),
    args.tensor('w'),
  )
  return { value, g_theta: theta, g_alpha: alpha, g_w: w }
}

export const higherOrder: Adapters = {
  scalar_function: scalarFunction,
  vector_function: vectorFunction,
  elementwise_derivatives: elementwiseDerivatives,
  nth_derivative: nthDerivative,
  per_example_gradients: perExampleGradients,
  gradient_norm_penalty: gradientNormPenalty,
  hypergradient,
}
