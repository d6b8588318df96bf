/** The scalar functions of the higher-order family by formula: x is differentiated, everything else is constant. */
import * as core from '@rootstock/core'
import { add, div, matmul, mean, mul, square, sub, sum, type Tensor } from '@rootstock/core'
import type { Arguments } from '../arguments.ts'
import { convolved1d, convolved2d } from './convolutions.ts'
import { crossEntropy, network } from './networks.ts'

/** A function of x; other inputs of the case are read by name. */
export type Formula = (x: Tensor, args: Arguments) => Tensor

const cube = (x: Tensor): Tensor => mul(mul(x, x), x)
const at = (x: Tensor, i: number): Tensor => core.take(x, i)
const butLast = (x: Tensor): Tensor => core.slice(x, { stop: [-1] })
const butFirst = (x: Tensor): Tensor => core.slice(x, { start: [1] })
const cyclic = (x: Tensor): Tensor => core.roll(x, -1)

/** X X^T + I */
const gram = (x: Tensor): Tensor => {
  const n = x.shape[0]!
  return add(matmul(x, core.transpose(x)), core.eye(n, n, { dtype: x.dtype }))
}

/** Zero mean and unit variance over the last axis. */
export const normalized = (x: Tensor): Tensor => {
  const centred = sub(x, mean(x))
  return mul(centred, core.rsqrt(add(mean(square(centred)), 1e-5)))
}

const rosenbrock: Formula = (x) => {
  const curve = sub(butFirst(x), square(butLast(x)))
  return sum(add(square(sub(1, butLast(x))), mul(100, square(curve))))
}

const recurrence: Formula = (x, args) => {
  const step = (h: Tensor, s: Tensor) => {
    const next = core.tanh(add(add(mul(at(x, 0), h), mul(at(x, 1), s)), at(x, 2)))
    return [next, square(next)] as const
  }
  return sum(core.scan(step, core.full([], 0.5, { dtype: x.dtype }), args.tensor('s'))[1])
}

const attention: Formula = (x, args) => {
  const scores = matmul(core.reshape(x, [2, 2]), core.transpose(args.tensor('k')))
  return sum(square(matmul(core.softmax(div(scores, Math.SQRT2)), args.tensor('v2'))))
}

const classifierLoss =
  (activation: (x: Tensor) => Tensor): Formula =>
  (x, args) => {
    const logits = network(x, args.tensor('data'), { classes: 3, activation })
    return crossEntropy(logits, args.tensor('labels'))
  }

const regressionLoss: Formula = (x, args) => {
  const outputs = network(x, args.tensor('data'), { classes: 1, activation: core.softplus })
  return mean(square(sub(core.squeeze(outputs, -1), args.tensor('t'))))
}

const logistic: Formula = (x, args) => {
  const z = matmul(args.tensor('data'), x)
  // -(t log s(z) + (1 - t) log(1 - s(z))) is softplus(z) - t z
  const loss = mean(sub(core.softplus(z), mul(args.tensor('t'), z)))
  return add(loss, mul(0.125, sum(square(x))))
}

const entropy: Formula = (x) => core.neg(sum(mul(core.softmax(x), core.logSoftmax(x))))

const cosine: Formula = (x, args) => {
  const c = args.tensor('c')
  return div(core.dot(x, c), mul(core.norm(x), core.norm(c)))
}

const networkText = 'W1=p[0:hd] as [h,d], b1, W2 [c,h], b2 follow; h=3, '

const algebra: Readonly<Record<string, Formula>> = {
  'log det(X X^T + I), X = x as [2,n/2]': (x) =>
    core.logDeterminant(gram(core.reshape(x, [2, -1]))).logAbs,
  'b^T (X^T X + I)^-1 b, X = x as [2,2]': (x, args) => {
    const b = args.tensor('b')
    return core.dot(b, core.solve(gram(core.transpose(core.reshape(x, [2, 2]))), b))
  },
  'sum of entries of the Cholesky factor of X X^T + I, X = x as [2,2]': (x) =>
    sum(core.cholesky(gram(core.reshape(x, [2, 2])))),
}

const learning: Readonly<Record<string, Formula>> = {
  [`${networkText}c=3; cross_entropy(tanh(data W1^T+b1) W2^T+b2, labels), mean`]: classifierLoss(
    core.tanh,
  ),
  [`${networkText}c=3; cross_entropy(relu(data W1^T+b1) W2^T+b2, labels), mean`]: classifierLoss(
    core.relu,
  ),
  [`${networkText}c=1; mean (net - t)^2, softplus activation`]: regressionLoss,
  'mean bce_with_logits(data x, t) + 0.125 |x|^2': logistic,
  'sum_i c_i LN(x)_i^3, LN with eps 1e-5, no affine': (x, args) =>
    sum(mul(args.tensor('c'), cube(normalized(x)))),
  '-sum p log p, p=softmax(x)': entropy,
  'x.c/(|x||c|)': cosine,
  'sum tanh(conv1d(data, x as [1,1,n]))^2': (x, args) =>
    sum(square(core.tanh(convolved1d(args.tensor('data'), x)))),
  'sum conv2d(x as [1,1,3,3], kernel)^3 with padding 1': (x, args) => {
    const padded = core.pad(core.reshape(x, [3, 3]), [
      [1, 1],
      [1, 1],
    ])
    return sum(cube(convolved2d(padded, core.squeeze(args.tensor('kernel'), [0, 1]))))
  },
  'sum max_pool1d(x as [1,1,n], 2, 2)^3': (x) =>
    sum(cube(core.max(core.windows(x, { size: 2, step: 2 }), { axis: -1 }))),
  'sum (softmax(Q k^T/sqrt 2) v)^2, Q = x as [2,2]': attention,
  'h_0=0.5; h_t=tanh(x_0 h_{t-1}+x_1 s_t+x_2), t=1..5; sum_t h_t^2': recurrence,
}

const calculus: Readonly<Record<string, Formula>> = {
  'prod_i x_i': (x) => core.prod(x),
  'log sum_i e^x_i': (x) => core.logSumExp(x),
  'sqrt(sum x_i^2), x not 0': (x) => core.norm(x),
  'sum_i (1-x_i)^2 + 100 (x_{i+1}-x_i^2)^2': rosenbrock,
  'sum_i e^{sin x_i} x_{i+1}, indices cyclic': (x) => sum(mul(core.exp(core.sin(x)), cyclic(x))),
  'sum_i x_i^x_{i+1}, i<n-1, all x>0': (x) => sum(core.pow(butLast(x), butFirst(x))),
  'sum_i atan2(x_i,x_{i+1})*sqrt(x_i^2+x_{i+1}^2), i<n-1': (x) =>
    sum(mul(core.atan2(butLast(x), butFirst(x)), core.hypot(butLast(x), butFirst(x)))),
  'sqrt(sum (x-mean)^2/(n-1))': (x) => core.std(x, { correction: 1 }),
  'sum_i gelu(x_i x_{i+1}), i<n-1, exact gelu': (x) => sum(core.gelu(mul(butLast(x), butFirst(x)))),
  'sum cumprod(x)': (x) => sum(core.cumProd(x, { axis: 0 })),
  'sum x[index]^3, index repeats': (x, args) => sum(cube(core.take(x, args.tensor('index')))),
  'sum max(x_i, x_i^2) + clamp(x_i,-1,1)^3': (x) =>
    sum(add(core.maximum(x, square(x)), cube(core.clamp(x, { min: -1, max: 1 })))),
  'x^2-y^2 at 0': (x) => sub(square(at(x, 0)), square(at(x, 1))),
  'x^3-3xy^2': (x) => sub(cube(at(x, 0)), mul(mul(3, at(x, 0)), square(at(x, 1)))),
  '(x_0 x_1 x_2 - 1)^2 at 0 (degenerate saddle)': (x) => square(sub(core.prod(x), 1)),
  'c.x (Hessian 0)': (x, args) => core.dot(args.tensor('c'), x),
  'sum where(x>0, x^2, sin x)': (x) => sum(core.where(core.greater(x, 0), square(x), core.sin(x))),
}

/** All of them. */
export const scalarFunctions: Readonly<Record<string, Formula>> = {
  ...calculus,
  ...algebra,
  ...learning,
}
