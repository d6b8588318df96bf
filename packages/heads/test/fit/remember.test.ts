import { describe, expect, it } from 'vitest'
import { remember } from '../../src/fit/remember.ts'

describe('remember', () => {
  it('makes once for the same objects, and anew for others', () => {
    let made = 0
    const pair = remember((_a: object, _b: object) => {
      made++
      return made
    })
    const [x, y] = [{}, {}]
    expect([pair(x, y), pair(x, y), pair(y, x), pair(x, {}), pair(x, y)]).toEqual([1, 1, 2, 3, 1])
  })
})
