/** Least squares by gradient descent, compiled: what a web page would do with core alone. It is bundled, and then run. */
import { jit, mean, type Tensor, tensor, valueAndGrad } from '@rootstock/core'

const x = tensor([[1], [2], [3], [4]])
const y = tensor([[3], [5], [7], [9]])

interface Line {
  readonly slope: Tensor
  readonly offset: Tensor
}

const loss = ({ slope, offset }: Line): Tensor => {
  const error = x.matmul(slope).add(offset).sub(y)
  return mean(error.mul(error))
}

const step = jit((line: Line) => {
  const [value, gradient] = valueAndGrad(loss)(line)
  const slope = line.slope.sub(gradient.slope.mul(0.05))
  const offset = line.offset.sub(gradient.offset.mul(0.05))
  return { line: { slope, offset }, value }
})

let line: Line = { slope: tensor([[0]]), offset: tensor([0]) }
let last = Number.POSITIVE_INFINITY
for (let i = 0; i < 500; i++) {
  const next = step(line)
  line = next.line
  last = next.value.item()
}
if (!(last < 1e-3)) throw new Error(`loss ${last}: training did not work`)
console.log(`y = ${line.slope.item()} x + ${line.offset.item()}`)
