import { expect, test } from 'vitest'
import { lower } from '../../../src/index.ts'
import { printProgram } from '../../../src/loop/print.ts'
import { models } from '../../models.ts'

/** The program of a model, as text. */
const program = (name: string): string => printProgram(lower(models[name]!().graph))

test('a dense layer is a product and one loop for bias and activation', () => {
  expect(program('a dense layer')).toMatchInlineSnapshot(`
    "buffers in0: float32[15], in1: float32[12], in2: float32[4], out0: float32[20]
    kernel contract
      out0[0; 4, 1] = in0[0; 3, 1] @ in1[0; 4, 1] of float32, 5 x 3 x 4
    kernel add_select
      parallel for i0 < 5
        parallel for i1 < 4
          let v2: float32 = out0[4 i0 + i1] + in2[i1]
          out0[4 i0 + i1] = v2 <= 0.0 ? 0.0 : v2"
  `)
})

test('the gradient of a dense layer recomputes nothing and fuses what surrounds each product', () => {
  expect(program('its gradient')).toMatchInlineSnapshot(`
    "buffers in0: float32[12], in1: float32[15], out0: float32[12], t3: float32[20] at 0
    arena 128 bytes
    kernel contract
      t3[0; 4, 1] = in1[0; 3, 1] @ in0[0; 4, 1] of float32, 5 x 3 x 4
    kernel tanh_mul
      parallel for i0 < 20
        x0 = t3[i0]
        x1 = abs(x0)
        x2 = x0 * x0
        x3 = min(x1 + x1, 20.0)
        x4 = nearest(x3 * 1.442695)
        x5 = x3 - x4 * 0.6933594 - x4 * -0.00021219444
        x6 = x5 * x5
        x7 = 1.0 - 2.0 / ((x5 + x6 * (0.49999994 + 0.16666517 * x5 + (0.041668102 + 0.0083691925 * x5 + 0.0013838894 * x6) * x6) + 1.0) * pow2(x4) + 1.0)
        let v1: float32 = x1 < 0.55 ? x0 * (1.0 + x2 * ((((-0.006198724 * x2 + 0.021020554) * x2 + -0.053840518) * x2 + 0.1333248) * x2 + -0.33333313)) : x0 < 0.0 ? -x7 : x7
        let v2: float32 = 0.05 * (v1 - 1.0)
        t3[i0] = (v2 + v2) * (1.0 - v1 * v1)
    kernel contract
      out0[0; 4, 1] = in1[0; 1, 3] @ t3[0; 4, 1] of float32, 3 x 5 x 4"
  `)
})

test('softmax walks rows', () => {
  expect(program('softmax')).toMatchInlineSnapshot(`
    "buffers in0: float32[80], out0: float32[80], t2: float32[8] at 0, t3: float32[8] at 0
    arena 64 bytes
    kernel reduce_max
      parallel for i0 < 8
        let v2: float32 = reduce max in lanes for i1 < 10
          yield in0[10 i0 + i1]
        t2[i0] = v2
    kernel exp
      parallel for i0 < 8
        let v2: float32 = t2[i0]
        let v3: float32 = abs(v2) < Infinity ? v2 : 0.0
        parallel for i1 < 10
          x0 = max(in0[10 i0 + i1] - v3, -88.0)
          x1 = nearest(x0 * 1.442695)
          x2 = x0 - x1 * 0.6933594 - x1 * -0.00021219444
          x3 = x2 * x2
          out0[10 i0 + i1] = (x2 + x3 * (0.49999994 + 0.16666517 * x2 + (0.041668102 + 0.0083691925 * x2 + 0.0013838894 * x3) * x3) + 1.0) * pow2(x1)
    kernel reduce_add
      parallel for i0 < 8
        let v2: float32 = reduce add in lanes for i1 < 10
          yield out0[10 i0 + i1]
        t3[i0] = v2
    kernel mul
      parallel for i0 < 8
        let v2: float32 = 1.0 / t3[i0]
        parallel for i1 < 10
          out0[10 i0 + i1] = out0[10 i0 + i1] * v2"
  `)
})

test('layer norm stores two numbers per row', () => {
  expect(program('layer norm')).toMatchInlineSnapshot(`
    "buffers in0: float32[96], in1: float32[16], out0: float32[96], t3: float32[6] at 0, t4: float32[6] at 64
    arena 128 bytes
    kernel reduce_add
      parallel for i0 < 6
        let v2: float32 = reduce add in lanes for i1 < 16
          yield in0[16 i0 + i1]
        t3[i0] = v2
    kernel reduce_add
      parallel for i0 < 6
        let v2: float32 = t3[i0] / 16.0
        let v4: float32 = reduce add in lanes for i1 < 16
          let v3: float32 = in0[16 i0 + i1] - v2
          yield v3 * v3
        t4[i0] = v4
    kernel mul
      parallel for i0 < 6
        let v2: float32 = t3[i0] / 16.0
        let v3: float32 = sqrt(t4[i0] / 16.0 + 0.00001)
        parallel for i1 < 16
          out0[16 i0 + i1] = in1[i1] * ((in0[16 i0 + i1] - v2) / v3)"
  `)
})

test('attention keeps the batch as an outer loop of its products', () => {
  expect(program('attention over a batch')).toMatchInlineSnapshot(`
    "buffers in0: float32[40], in1: float32[48], in2: float32[36], out0: float32[30], t4: float32[60] at 0, t5: float32[10] at 256, t6: float32[10] at 256
    arena 320 bytes
    kernel contract
      parallel for i0 < 2
        t4[30 i0; 6, 1] = in0[20 i0; 4, 1] @ in1[24 i0; 1, 4] of float32, 5 x 4 x 6
    kernel reduce_max
      parallel for i0 < 10
        let v2: float32 = reduce max in lanes for i1 < 6
          yield t4[6 i0 + i1] * 0.5
        t5[i0] = v2
    kernel exp
      parallel for i0 < 10
        let v2: float32 = t5[i0]
        let v3: float32 = abs(v2) < Infinity ? v2 : 0.0
        parallel for i1 < 6
          x0 = max(t4[6 i0 + i1] * 0.5 - v3, -88.0)
          x1 = nearest(x0 * 1.442695)
          x2 = x0 - x1 * 0.6933594 - x1 * -0.00021219444
          x3 = x2 * x2
          t4[6 i0 + i1] = (x2 + x3 * (0.49999994 + 0.16666517 * x2 + (0.041668102 + 0.0083691925 * x2 + 0.0013838894 * x3) * x3) + 1.0) * pow2(x1)
    kernel reduce_add
      parallel for i0 < 10
        let v2: float32 = reduce add in lanes for i1 < 6
          yield t4[6 i0 + i1]
        t6[i0] = v2
    kernel mul
      parallel for i0 < 10
        let v2: float32 = 1.0 / t6[i0]
        parallel for i1 < 6
          t4[6 i0 + i1] = t4[6 i0 + i1] * v2
    kernel contract
      parallel for i0 < 2
        out0[15 i0; 3, 1] = t4[30 i0; 6, 1] @ in2[18 i0; 3, 1] of float32, 5 x 6 x 3"
  `)
})

test('gradients of single examples share one batched product', () => {
  expect(program('gradients of single examples')).toMatchInlineSnapshot(`
    "buffers in0: float32[12], in1: float32[15], out0: float32[60], t3: float32[20] at 0
    arena 128 bytes
    kernel contract
      t3[0; 4, 1] = in1[0; 3, 1] @ in0[0; 4, 1] of float32, 5 x 3 x 4
    kernel sub
      parallel for i0 < 20
        x0 = t3[i0]
        x1 = abs(x0)
        x2 = x0 * x0
        x3 = min(x1 + x1, 20.0)
        x4 = nearest(x3 * 1.442695)
        x5 = x3 - x4 * 0.6933594 - x4 * -0.00021219444
        x6 = x5 * x5
        x7 = 1.0 - 2.0 / ((x5 + x6 * (0.49999994 + 0.16666517 * x5 + (0.041668102 + 0.0083691925 * x5 + 0.0013838894 * x6) * x6) + 1.0) * pow2(x4) + 1.0)
        let v1: float32 = x1 < 0.55 ? x0 * (1.0 + x2 * ((((-0.006198724 * x2 + 0.021020554) * x2 + -0.053840518) * x2 + 0.1333248) * x2 + -0.33333313)) : x0 < 0.0 ? -x7 : x7
        t3[i0] = 1.0 - v1 * v1
    kernel contract
      parallel for i0 < 5
        out0[12 i0; 4, 1] = in1[3 i0; 1, 0] @ t3[4 i0; 0, 1] of float32, 3 x 1 x 4"
  `)
})

test('a checkpointed block is computed again', () => {
  expect(program('a block computed again for its gradient')).toMatchInlineSnapshot(`
    "buffers in0: float32[16], in1: float32[12], out0: float32[16], t3: float32[12] at 0
    arena 64 bytes
    kernel contract
      t3[0; 4, 1] = in1[0; 4, 1] @ in0[0; 4, 1] of float32, 3 x 4 x 4
    kernel sub
      parallel for i0 < 12
        x0 = t3[i0]
        x1 = abs(x0)
        x2 = x0 * x0
        x3 = min(x1 + x1, 20.0)
        x4 = nearest(x3 * 1.442695)
        x5 = x3 - x4 * 0.6933594 - x4 * -0.00021219444
        x6 = x5 * x5
        x7 = 1.0 - 2.0 / ((x5 + x6 * (0.49999994 + 0.16666517 * x5 + (0.041668102 + 0.0083691925 * x5 + 0.0013838894 * x6) * x6) + 1.0) * pow2(x4) + 1.0)
        let v1: float32 = x1 < 0.55 ? x0 * (1.0 + x2 * ((((-0.006198724 * x2 + 0.021020554) * x2 + -0.053840518) * x2 + 0.1333248) * x2 + -0.33333313)) : x0 < 0.0 ? -x7 : x7
        t3[i0] = 1.0 - v1 * v1
    kernel contract
      out0[0; 4, 1] = in1[0; 1, 4] @ t3[0; 4, 1] of float32, 4 x 3 x 4"
  `)
})
