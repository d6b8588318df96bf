import type { Scalar } from '@rootstock/core/backend'
import { expect, test } from 'vitest'
import { scalarWriter } from '../src/scalar.ts'

const int = (value: number): Scalar => ({ op: 'const', dtype: 'int32', value })
const local: Scalar = { op: 'local', dtype: 'int32', id: 0 }
const other: Scalar = { op: 'local', dtype: 'int32', id: 1 }

const turned = (left: number, right: number, of: Scalar = local): Scalar => ({
  op: 'or',
  dtype: 'int32',
  args: [
    { op: 'shl', dtype: 'int32', args: [local, int(left)] },
    { op: 'shr', dtype: 'int32', args: [of, int(right)] },
  ],
})

const text = (x: Scalar): string =>
  scalarWriter([x], { fresh: () => 't', buffer: () => 'b' }).write(x)

test('two shifts of one word that make a rotation are written as one, which compilers put on vectors', () => {
  expect(text(turned(13, 19))).toBe('rotate_i(v0, 13)')
})

test('other shifts are written as they are', () => {
  expect(text(turned(13, 18))).toBe('(shl_i(v0, (13)) | shr_i(v0, (18)))')
  expect(text(turned(0, 32))).toBe('(shl_i(v0, (0)) | shr_i(v0, (32)))')
  expect(text(turned(32, 0))).toBe('(shl_i(v0, (32)) | shr_i(v0, (0)))')
  expect(text(turned(13, 19, other))).toBe('(shl_i(v0, (13)) | shr_i(v1, (19)))')
})
