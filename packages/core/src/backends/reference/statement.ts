/** Statements of the loop IR as closures: plain loops that do exactly what `loop.ts` says, in that order. */
import type { DType, TypedArray } from '../../dtype.ts'
import {
  identityOf,
  type Kernel,
  laneCount,
  type Panel,
  type Statement,
  type Walk,
} from '../../loop/loop.ts'
import { positionIn, sizeOfWalk } from '../../loop/walk.ts'
import { fusedFloat32, fusedFloat64 } from './fusedMultiplyAdd.ts'
import { binaryOf } from './operations.ts'
import {
  compileAddress,
  compileScalar,
  compileStore,
  type Frame,
  indexSlot,
  localSlot,
  newFrame,
} from './scalar.ts'

type Run = () => void
type Of<K extends Statement['kind']> = Extract<Statement, { readonly kind: K }>

const block = (frame: Frame, statements: readonly Statement[]): Run => {
  const runs = statements.map((statement) => compileStatement(frame, statement))
  return () => {
    for (let i = 0; i < runs.length; i++) runs[i]!()
  }
}

const compileFor = (frame: Frame, { index, extent, body }: Of<'for'>): Run => {
  const slot = indexSlot(frame, index)
  const run = block(frame, body)
  return () => {
    for (let i = 0; i < extent; i++) {
      frame.values[slot] = i
      run()
    }
  }
}

const compileReduce = (frame: Frame, statement: Of<'reduce'>): Run => {
  const { op, dtype, order, extent } = statement
  const result = localSlot(frame, statement.id)
  const slot = indexSlot(frame, statement.index)
  const run = block(frame, statement.body)
  const value = compileScalar(frame, statement.value)
  const combine = binaryOf(op, dtype)
  const width = order === 'lanes' ? laneCount : 1
  const lanes = new Float64Array(width)
  return () => {
    lanes.fill(identityOf(op, dtype))
    for (let i = 0; i < extent; i++) {
      frame.values[slot] = i
      run()
      lanes[i % width] = combine(lanes[i % width]!, value())
    }
    for (let w = width / 2; w >= 1; w /= 2) {
      for (let j = 0; j < w; j++) lanes[j] = combine(lanes[j]!, lanes[j + w]!)
    }
    frame.values[result] = lanes[0]!
  }
}

/** The element at a row and a column of an operand, as a flat position. */
const placesIn = (frame: Frame, { buffer, at, rows, columns }: Panel) => {
  const start = compileAddress(frame, at)
  const positions = (walk: Walk) =>
    Float64Array.from({ length: sizeOfWalk(walk) }, (_, i) => positionIn(walk, i))
  const [byRow, byColumn] = [positions(rows), positions(columns)]
  return (row: number, column: number): number => {
    const i = start() + byRow[row]! + byColumn[column]!
    const { length } = frame.buffers[buffer]!
    if (i < 0 || i >= length) {
      throw new Error(
        `kernel ${frame.kernel}: contract reaches element ${i} of buffer ${buffer}, which has ${length}`,
      )
    }
    return i
  }
}

const multiplyAddOf = (
  fused: boolean,
  dtype: DType,
): ((a: number, b: number, c: number) => number) => {
  if (fused && dtype === 'float32') return fusedFloat32
  if (fused && dtype === 'float64') return fusedFloat64
  const add = binaryOf('add', dtype)
  const mul = binaryOf('mul', dtype)
  return (a, b, c) => add(c, mul(a, b))
}

const compileContract = (frame: Frame, statement: Of<'contract'>): Run => {
  const { a, b, c, dtype, rows, columns, depth } = statement
  const [inA, inB, inC] = [placesIn(frame, a), placesIn(frame, b), placesIn(frame, c)]
  const multiplyAdd = multiplyAddOf(frame.fused, dtype)
  return () => {
    const x = frame.buffers[a.buffer]!
    const y = frame.buffers[b.buffer]!
    const z = frame.buffers[c.buffer]!
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        let sum = 0
        for (let l = 0; l < depth; l++) {
          sum = multiplyAdd(x[inA(i, l)]!, y[inB(l, j)]!, sum)
        }
        z[inC(i, j)] = sum
      }
    }
  }
}

const compileAssignment = (frame: Frame, statement: Of<'let' | 'var' | 'set'>): Run => {
  const slot = localSlot(frame, statement.id)
  const value = compileScalar(frame, statement.value)
  return () => {
    frame.values[slot] = value()
  }
}

const compileIf = (frame: Frame, statement: Of<'if'>): Run => {
  const condition = compileScalar(frame, statement.condition)
  const then = block(frame, statement.then)
  const otherwise = block(frame, statement.otherwise)
  return () => (condition() !== 0 ? then() : otherwise())
}

const compileWhile = (frame: Frame, statement: Of<'while'>): Run => {
  const condition = compileScalar(frame, statement.condition)
  const body = block(frame, statement.body)
  return () => {
    while (condition() !== 0) body()
  }
}

const compileStatement = (frame: Frame, statement: Statement): Run => {
  switch (statement.kind) {
    case 'let':
    case 'var':
    case 'set':
      return compileAssignment(frame, statement)
    case 'store':
      return compileStore(frame, statement.buffer, statement.at, statement.value)
    case 'for':
      return compileFor(frame, statement)
    case 'reduce':
      return compileReduce(frame, statement)
    case 'while':
      return compileWhile(frame, statement)
    case 'if':
      return compileIf(frame, statement)
    case 'contract':
      return compileContract(frame, statement)
  }
}

/** A closure that runs a kernel on whatever `buffers` holds at that time. */
export const compileKernel = (kernel: Kernel, fused: boolean, buffers: TypedArray[]): Run => {
  const frame = newFrame(kernel.name, fused, buffers)
  const run = block(frame, kernel.body)
  frame.values = new Float64Array(frame.slots)
  return run
}
