import { expect, test } from 'vitest'
import { lower } from '../../../src/index.ts'
import { printProgram } from '../../../src/loop/print.ts'
import { models } from '../../models.ts'

/** The program of a model, as text. */
const program = (name: string): string => printProgram(lower(models[name]!().graph))

test('sums walk memory forwards whichever axis they are over', () => {
  expect(program('sums of rows and columns')).toMatchInlineSnapshot(`
    "buffers in0: float32[200], out0: float32[10], out1: float32[20], out2: float32[1]
    kernel reduce_add
      parallel for i0 < 10
        out0[i0] = 0.0
      for i1 < 20
        parallel for i2 < 10
          out0[i2] = out0[i2] + in0[10 i1 + i2]
    kernel reduce_add
      parallel for i0 < 20
        let v2: float32 = reduce add in lanes for i1 < 10
          yield in0[10 i0 + i1]
        out1[i0] = v2
    kernel reduce_add
      let v1: float32 = reduce add in lanes for i0 < 200
        yield in0[i0]
      out2[0] = v1"
  `)
})

test('an Adam update is one loop per parameter', () => {
  expect(program('an Adam update')).toMatchInlineSnapshot(`
    "buffers in0: float32[12], in1: float32[4], in2: float32[12], in3: float32[4], out0: float32[12], out1: float32[4], out2: int32[1], out3: float32[12], out4: float32[4], out5: float32[12], out6: float32[4], t11: float32[1] at 0, t12: float32[1] at 64
    arena 128 bytes
    kernel div_div_fill
      x0 = min(max(-0.10536051541566849, -18.0), 89.0)
      x1 = nearest(x0 * 1.442695)
      x2 = pow2(x1 - 1.0)
      x3 = x0 - x1 * 0.6933594 - x1 * -0.00021219444
      x4 = x3 * x3
      x5 = x2 * (x3 + x4 * (0.5 + 0.16666667 * x3 + (0.04166635 + 0.008333272 * x3 + (0.0013941276 + 0.00019914625 * x3) * x4) * x4)) + (x2 - 0.5)
      t11[0] = 1.0 / -(x5 + x5)
      x0 = min(max(-0.0010005003, -18.0), 89.0)
      x1 = nearest(x0 * 1.442695)
      x2 = pow2(x1 - 1.0)
      x3 = x0 - x1 * 0.6933594 - x1 * -0.00021219444
      x4 = x3 * x3
      x5 = x2 * (x3 + x4 * (0.5 + 0.16666667 * x3 + (0.04166635 + 0.008333272 * x3 + (0.0013941276 + 0.00019914625 * x3) * x4) * x4)) + (x2 - 0.5)
      t12[0] = 1.0 / sqrt(-(x5 + x5))
      out2[0] = 1
    kernel add_add_add
      let v4: float32 = t11[0]
      let v5: float32 = t12[0]
      parallel for i0 < 12
        let v1: float32 = in0[i0]
        let v2: float32 = 0.0 + v1 * 0.1
        out3[i0] = v2
        let v3: float32 = 0.0 + v1 * v1 * 0.001
        out5[i0] = v3
        out0[i0] = in2[i0] + v2 * v4 / (sqrt(v3) * v5 + 1e-8) * -0.001
    kernel add_add_add
      let v4: float32 = t11[0]
      let v5: float32 = t12[0]
      parallel for i0 < 4
        let v1: float32 = in1[i0]
        let v2: float32 = 0.0 + v1 * 0.1
        out4[i0] = v2
        let v3: float32 = 0.0 + v1 * v1 * 0.001
        out6[i0] = v3
        out1[i0] = in3[i0] + v2 * v4 / (sqrt(v3) * v5 + 1e-8) * -0.001"
  `)
})

test('a recurrent unit is a loop over slices with its state carried', () => {
  expect(program('a recurrent unit over a sequence')).toMatchInlineSnapshot(`
    "buffers in0: float32[36], in1: float32[48], in2: float32[4], in3: float32[21], out0: float32[28], t5: float32[4] at 0, s6: float32[3], s7: float32[4], t8: float32[12] at 64, t9: float32[12] at 128, t10: float32[4] at 192
    arena 256 bytes
    copy in2 to t5
    loop 7 times
      s6 = 3 of in3
      s7 = 4 of out0
      kernel contract
        t8[0; 0, 1] = s6[0; 0, 1] @ in0[0; 12, 1] of float32, 1 x 3 x 12
      kernel contract
        t9[0; 0, 1] = t5[0; 0, 1] @ in1[0; 12, 1] of float32, 1 x 4 x 12
      kernel sigmoid_add_copy
        parallel for i0 < 4
          x0 = t8[i0] + t9[i0]
          x1 = max(-abs(x0), -104.0)
          x2 = nearest(x1 * 1.442695)
          x3 = x1 - x2 * 0.6933594 - x2 * -0.00021219444
          x4 = x3 * x3
          x5 = (x3 + x4 * (0.49999994 + 0.16666517 * x3 + (0.041668102 + 0.0083691925 * x3 + 0.0013838894 * x4) * x4) + 1.0) * (pow2(x2 + 30.0) * 9.313226e-10)
          let v1: float32 = (x0 < 0.0 ? x5 : 1.0) / (x5 + 1.0)
          x0 = t8[i0 + 4] + t9[i0 + 4]
          x1 = max(-abs(x0), -104.0)
          x2 = nearest(x1 * 1.442695)
          x3 = x1 - x2 * 0.6933594 - x2 * -0.00021219444
          x4 = x3 * x3
          x5 = (x3 + x4 * (0.49999994 + 0.16666517 * x3 + (0.041668102 + 0.0083691925 * x3 + 0.0013838894 * x4) * x4) + 1.0) * (pow2(x2 + 30.0) * 9.313226e-10)
          x6 = t8[i0 + 8] + (x0 < 0.0 ? x5 : 1.0) / (x5 + 1.0) * t9[i0 + 8]
          x7 = abs(x6)
          x8 = x6 * x6
          x9 = min(x7 + x7, 20.0)
          x10 = nearest(x9 * 1.442695)
          x11 = x9 - x10 * 0.6933594 - x10 * -0.00021219444
          x12 = x11 * x11
          x13 = 1.0 - 2.0 / ((x11 + x12 * (0.49999994 + 0.16666517 * x11 + (0.041668102 + 0.0083691925 * x11 + 0.0013838894 * x12) * x12) + 1.0) * pow2(x10) + 1.0)
          let v2: float32 = v1 * t5[i0] + (1.0 - v1) * (x7 < 0.55 ? x6 * (1.0 + x8 * ((((-0.006198724 * x8 + 0.021020554) * x8 + -0.053840518) * x8 + 0.1333248) * x8 + -0.33333313)) : x6 < 0.0 ? -x13 : x13)
          t10[i0] = v2
          s7[i0] = v2
      carry t10 to t5"
  `)
})

test('a choice runs one branch', () => {
  expect(program('a choice')).toMatchInlineSnapshot(`
    "buffers in0: float32[5], out0: float32[5], t2: bool[1] at 0
    arena 64 bytes
    kernel reduce_add_compare
      let v1: float32 = reduce add in lanes for i0 < 5
        yield in0[i0]
      t2[0] = v1 < 0.0
    branch on t2
      kernel neg
        parallel for i0 < 5
          out0[i0] = -in0[i0]
    else
      kernel mul
        parallel for i0 < 5
          out0[i0] = in0[i0] * 2.0"
  `)
})

test('the gradient of a choice branches again on the same predicate', () => {
  expect(program('the gradient of a choice')).toMatchInlineSnapshot(`
    "buffers in0: float32[5], out0: float32[5], t2: bool[1] at 0
    arena 64 bytes
    kernel reduce_add_compare
      let v1: float32 = reduce add in lanes for i0 < 5
        yield in0[i0]
      t2[0] = v1 < 0.0
    branch on t2
      kernel add
        parallel for i0 < 5
          let v1: float32 = in0[i0]
          out0[i0] = v1 + v1
    else
      kernel fill
        parallel for i0 < 5
          out0[i0] = 1.0"
  `)
})

test('an embedding gathers rows and its gradient scatters them back', () => {
  expect(program('an embedding and its gradient')).toMatchInlineSnapshot(`
    "buffers in0: float32[100], in1: int32[7], out0: float32[100], t3: float32[35] at 448, t4: float32[100] at 0
    arena 640 bytes
    kernel gather
      parallel for i0 < 7
        parallel for i1 < 5
          t3[5 i0 + i1] = in0[i1 + max(min(in1[i0], 19), 0) * 5]
    kernel fill
      parallel for i0 < 100
        t4[i0] = 0.0
    kernel add
      parallel for i0 < 35
        let v1: float32 = t3[i0]
        t3[i0] = v1 + v1
    kernel scatterAdd
      parallel for i0 < 20
        parallel for i1 < 5
          out0[5 i0 + i1] = t4[5 i0 + i1]
      for i2 < 7
        parallel for i3 < 5
          x0 = max(min(in1[i2], 19), 0) * 5
          out0[i3 + x0] = out0[i3 + x0] + t3[5 i2 + i3]"
  `)
})

test('sorting merges runs of growing width', () => {
  expect(program('order and running sums')).toMatchInlineSnapshot(`
    "buffers in0: float32[18], out0: float32[18], out1: float32[18], t3: int32[18] at 0, t4: int32[18] at 128
    arena 256 bytes
    kernel sort
      parallel for i0 < 3
        parallel for i1 < 6
          t4[6 i0 + i1] = i1
        parallel for i3 < 3
          var v4: int32 = (2 i3)
          var v5: int32 = min((2 i3 + 1), 6)
          var v6: int32 = (2 i3)
          while v6 < min((2 i3 + 2), 6)
            x0 = in0[6 i0 + t4[6 i0 + min(v5, 5)]]
            let v7: bool = v4 < min((2 i3 + 1), 6) & (!(v5 < min((2 i3 + 2), 6)) | (in0[6 i0 + t4[6 i0 + min(v4, 5)]] <= x0 | !(x0 == x0)))
            t3[6 i0 + v6] = v7 ? t4[6 i0 + min(v4, 5)] : t4[6 i0 + min(v5, 5)]
            v4 = v4 + int32(v7)
            v5 = v5 + int32(!v7)
            v6 = v6 + 1
        parallel for i8 < 2
          var v9: int32 = (4 i8)
          var v10: int32 = min((4 i8 + 2), 6)
          var v11: int32 = (4 i8)
          while v11 < min((4 i8 + 4), 6)
            x0 = in0[6 i0 + t3[6 i0 + min(v10, 5)]]
            let v12: bool = v9 < min((4 i8 + 2), 6) & (!(v10 < min((4 i8 + 4), 6)) | (in0[6 i0 + t3[6 i0 + min(v9, 5)]] <= x0 | !(x0 == x0)))
            t4[6 i0 + v11] = v12 ? t3[6 i0 + min(v9, 5)] : t3[6 i0 + min(v10, 5)]
            v9 = v9 + int32(v12)
            v10 = v10 + int32(!v12)
            v11 = v11 + 1
        parallel for i13 < 1
          var v14: int32 = (8 i13)
          var v15: int32 = min((8 i13 + 4), 6)
          var v16: int32 = (8 i13)
          while v16 < min((8 i13 + 8), 6)
            x0 = in0[6 i0 + t4[6 i0 + min(v15, 5)]]
            let v17: bool = v14 < min((8 i13 + 4), 6) & (!(v15 < min((8 i13 + 8), 6)) | (in0[6 i0 + t4[6 i0 + min(v14, 5)]] <= x0 | !(x0 == x0)))
            t3[6 i0 + v16] = v17 ? t4[6 i0 + min(v14, 5)] : t4[6 i0 + min(v15, 5)]
            v14 = v14 + int32(v17)
            v15 = v15 + int32(!v17)
            v16 = v16 + 1
        parallel for i2 < 6
          out0[6 i0 + i2] = in0[6 i0 + t3[6 i0 + i2]]
    kernel cumulativeSum
      parallel for i0 < 1
        parallel for i1 < 6
          var v2: float32 = 0.0
          for i3 < 3
            v2 = v2 + in0[18 i0 + i1 + 6 i3]
            out1[18 i0 + i1 + 6 i3] = v2"
  `)
})

test('concatenation writes each part to its place', () => {
  expect(program('parts put together')).toMatchInlineSnapshot(`
    "buffers in0: float32[6], in1: float32[12], out0: float32[18]
    kernel concatenate
      parallel for i0 < 3
        parallel for i1 < 2
          out0[6 i0 + i1] = in0[2 i0 + i1] * 2.0
      parallel for i2 < 3
        parallel for i3 < 4
          out0[6 i2 + i3 + 2] = in1[4 i2 + i3]
    kernel mul
      parallel for i0 < 18
        let v1: float32 = out0[i0]
        out0[i0] = v1 * v1"
  `)
})
