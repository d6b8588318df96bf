import { describe, expect, it } from 'vitest'
import { parseOptions } from '../src/options.ts'
import { workloads } from '../src/workloads/all.ts'

const namesOf = (...args: readonly string[]) =>
  parseOptions(args)?.workloads.map(({ name }) => name)
const runnersOf = (...args: readonly string[]) =>
  parseOptions(args)?.runners.map(({ name }) => name)

describe('the command line', () => {
  it('takes workloads by number, by letter and by name', () => {
    expect(namesOf('--only', 'W2,W10')).toEqual(['W2_mlp_small', 'W10_multitask'])
    expect(namesOf('--only', 'W9d')).toEqual(['W9d_softmax'])
    expect(namesOf('--only', 'W1_matmul_64')).toEqual(['W1_matmul_64'])
    expect(namesOf('--only', 'W1')).toHaveLength(5)
    expect(namesOf('--only', 'W9')).toHaveLength(5)
    expect(namesOf()).toHaveLength(workloads.length)
  })

  it('takes peers by family and always Rootstock first', () => {
    expect(runnersOf('--peers', 'none')).toEqual(['rootstock-wasm'])
    expect(runnersOf('--peers', 'tfjs')).toEqual(['rootstock-wasm', 'tfjs-wasm', 'tfjs-cpu'])
    expect(runnersOf('--peers', 'tfjs-wasm,reference')).toEqual([
      'rootstock-wasm',
      'tfjs-wasm',
      'rootstock-reference',
    ])
    expect(runnersOf()).not.toContain('rootstock-reference')
  })

  it('asks for help, or says what is wrong', () => {
    expect(parseOptions(['--help'])).toBe(null)
    expect(() => parseOptions(['--only', 'W77'])).toThrowErrorMatchingInlineSnapshot(
      `[Error: no workload is called W77]`,
    )
    expect(() => parseOptions(['--peers', 'numpy'])).toThrowErrorMatchingInlineSnapshot(
      `[Error: no peer is called numpy]`,
    )
    expect(() => parseOptions(['--rounds', 'many'])).toThrowErrorMatchingInlineSnapshot(
      `[Error: --rounds must be a number greater than 0, not many]`,
    )
    expect(() => parseOptions(['--trial=-5'])).toThrowErrorMatchingInlineSnapshot(
      `[Error: --trial must be a number greater than 0, not -5]`,
    )
    expect(() => parseOptions(['--onyl', 'W2'])).toThrow(/onyl/)
  })
})
