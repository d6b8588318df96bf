/** Products, systems, factorisations. */

import type { Tensor } from '@rootstock/core'
import * as core from '@rootstock/core'
import type { Adapter, Adapters } from '../arguments.ts'

const one =
  (f: (a: Tensor) => Tensor, name = 'a'): Adapter =>
  (args) =>
    f(args.tensor(name))

const two =
  (f: (a: Tensor, b: Tensor) => Tensor): Adapter =>
  (args) =>
    f(args.tensor('a'), args.tensor('b'))

const turned = (x: Tensor): Tensor => core.swapAxes(x, -1, -2)

const eigenvalues = (a: Tensor): Tensor => core.eigh(a).values

export const linalg: Adapters = {
  matmul: two(core.matmul),
  einsum: (args) => core.einsum(args.text('equation'), ...args.tensors()),
  outer: two(core.outer),
  dot: two(core.dot),
  trace: one(core.matrixTrace, 'x'),
  triangular_solve: (args) => {
    const [a, b] = [args.tensor('a'), args.tensor('b')]
    const options = {
      lower: args.flag('lower'),
      transposed: args.flag('transpose'),
      unitDiagonal: args.flag('unit_diagonal'),
    }
    if (args.flag('left')) return core.solveTriangular(a, b, options)
    // Y op(A) = B is op(A)^T Y^T = B^T
    const other = { ...options, transposed: !options.transposed }
    return turned(core.solveTriangular(a, turned(b), other))
  },
  cholesky: one(core.cholesky),
  cholesky_gram: (args) => {
    const x = args.tensor('x')
    const shift = core.eye(x.shape[0]!, x.shape[0], { dtype: x.dtype }).mul(args.number('shift'))
    return core.cholesky(core.add(core.matmul(x, turned(x)), shift))
  },
  inverse: one(core.inverse),
  solve: two(core.solve),
  det: one(core.determinant),
  slogdet: (args) => {
    const { sign, logAbs } = core.logDeterminant(args.tensor('a'))
    return { sign, logabsdet: logAbs }
  },
  eigvalsh: one(eigenvalues),
  eigvalsh_sym: one(eigenvalues, 'x'),
  svdvals: one(core.singularValues),
  pinv: one(core.pseudoInverse),
  diag: (args) => core.diag(args.tensor('x'), args.number('k')),
  diagonal: (args) => core.diagonal(args.tensor('x'), args.number('k')),
  matrix_power: (args) => core.matrixPower(args.tensor('a'), args.number('n')),
  kron: two(core.kron),
}
