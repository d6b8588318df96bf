import { describe, expect, test } from 'vitest'
import {
  add,
  evalShape,
  matmul,
  mul,
  placeholder,
  random,
  relu,
  softmax,
  type Tensor,
  tensor,
  trace,
  variable,
  verify,
  withBackend,
} from '../../src/index.ts'
import { recordingBackend } from '../recording.ts'

describe('evalShape', () => {
  test('gives shapes and dtypes of any tree, without computing anything', () => {
    const backend = recordingBackend()
    withBackend(backend, () => {
      const model = (p: { w: Tensor }, x: Tensor) => ({ y: relu(matmul(x, p.w)), x })
      const found = evalShape(model)({ w: placeholder([10, 4]) }, placeholder([32, 10]))
      expect([String(found.y), String(found.x)]).toEqual(['float32[32, 4]', 'float32[32, 10]'])
    })
    expect(backend.ran).toEqual([])
  })

  test('finds shape mistakes', () => {
    const product = evalShape((a: Tensor, b: Tensor) => matmul(a, b))
    expect(() =>
      product(placeholder([32, 10]), placeholder([4, 10])),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in matmul
        left   float32[32, 10]
        right  float32[4, 10]
        rule   columns of left (10) must equal rows of right (4)
        hint   right fits after swapAxes(right, -1, -2)]
    `)
  })

  test('accepts tensors and keys beside placeholders', () => {
    const draw = evalShape((key: Tensor, n: Tensor) => random.normal(key, [3]).add(n))
    expect(String(draw(random.key(0), placeholder([], { dtype: 'float64' })))).toBe('float64[3]')
  })
})

test('a placeholder has no elements, and its sizes are counts', () => {
  expect(() => placeholder([2]).toArray()).toThrowErrorMatchingInlineSnapshot(`
    [TraceError: TraceError in toArray
      x     float32[2]
      rule  x is traced: it stands for every possible value and has no elements yet
      hint  use where or cond to depend on a value, or return it from the traced function and read it outside]
  `)
  expect(() => placeholder([2.5])).toThrowErrorMatchingInlineSnapshot(`
    [ArgumentError: ArgumentError in placeholder
      shape  [2.5]
      rule   sizes must be whole numbers of at least 0]
  `)
})

describe('trace', () => {
  const line = (p: { w: Tensor; b: Tensor }, x: Tensor) => add(mul(p.w, x), p.b)

  test('prints the function, names its inputs and verifies', () => {
    const found = trace(line)({ w: placeholder([3]), b: placeholder([]) }, placeholder([3]))
    expect(String(found)).toMatchInlineSnapshot(`
      "inputs a: float32[3], b: float32[], c: float32[3]
      d: float32[3] = mul a c
      e: float32[3] = broadcast b {shape: [3], axes: []}
      f: float32[3] = add d e
      outputs f"
    `)
    expect(found.names).toEqual(['0/w', '0/b', '1'])
    found.verify()
  })

  test('makes inputs of the tensors it captures', () => {
    const w = tensor([1, 2])
    const found = trace((x: Tensor) => mul(x, w))(placeholder([2]))
    expect(found.captured).toEqual([w])
    expect(found.graph.inputs).toHaveLength(2)
  })

  test('of the same function is the same text', () => {
    const once = () => String(trace((x: Tensor) => softmax(x))(placeholder([2, 3])))
    expect(once()).toBe(once())
    expect(once()).toMatchInlineSnapshot(`
      "inputs a: float32[2, 3]
      b: float32[2, 3] = stopGradient a
      c: float32[2] = reduce b {op: "max", axes: [1]}
      d: float32[2] = abs c
      e: float32[2] = broadcast float32(Infinity) {shape: [2], axes: []}
      f: bool[2] = compare d e {op: "lt"}
      g: float32[2] = broadcast float32(0) {shape: [2], axes: []}
      h: float32[2] = select f c g
      i: float32[2, 3] = broadcast h {shape: [2, 3], axes: [0]}
      j: float32[2, 3] = sub a i
      k: float32[2, 3] = exp j {atMost: 0, underflow: "abrupt"}
      l: float32[2] = reduceSum k {axes: [1]}
      m: float32[2] = broadcast float32(1) {shape: [2], axes: []}
      n: float32[2] = div m l
      o: float32[2, 3] = broadcast n {shape: [2, 3], axes: [0]}
      p: float32[2, 3] = mul k o
      outputs p"
    `)
  })
})

describe('verify', () => {
  const { graph } = trace((x: Tensor) => add(mul(x, x), 1))(placeholder([2]))
  const [first] = graph.equations

  test('finds uses before definitions, double definitions and wrong types', () => {
    const broken = [
      { ...graph, equations: graph.equations.toReversed() },
      { ...graph, equations: [first!, first!, ...graph.equations.slice(1)] },
      { ...graph, inputs: [...graph.inputs, ...graph.inputs] },
      { ...graph, outputs: [variable({ shape: [2], dtype: 'float32' })] },
      {
        ...graph,
        equations: [{ ...first!, outputs: [variable({ shape: [3], dtype: 'float32' })] }],
      },
      { ...graph, equations: [{ ...first!, outputs: [] }], outputs: [] },
    ]
    const messages = broken.map((each) => {
      try {
        verify(each)
        return 'well formed'
      } catch (error) {
        return (error as Error).message
      }
    })
    expect(messages).toMatchInlineSnapshot(`
      [
        "graph: input 0 of equation 0 (add) is used before its definition",
        "graph: output 0 of equation 1 (mul) is defined twice",
        "graph: input 1 is defined twice",
        "graph: output 0 of the graph is used before its definition",
        "graph: output 0 of equation 0 (mul) is float32[3], its shape rule says float32[2]",
        "graph: 0 outputs of equation 0 (mul), its shape rule says 1",
      ]
    `)
  })

  test('looks into nested graphs', () => {
    const body = { ...graph, outputs: [variable({ shape: [2], dtype: 'float32' })] }
    const equation = { ...first!, params: { inside: [{ body }] } }
    expect(() => {
      verify({ ...graph, equations: [equation] })
    }).toThrowErrorMatchingInlineSnapshot(
      `[Error: graph: output 0 of the graph is used before its definition]`,
    )
  })
})
