import { describe, expect, it } from 'vitest'
import { parseOptions } from '../src/options.ts'
import { entrantsOf } from '../src/runner/runners.ts'
import { workloads } from '../src/workloads/all.ts'

const namesOf = (...args: readonly string[]) =>
  parseOptions(args)?.workloads.map(({ name }) => name)
const runnersOf = (...args: readonly string[]) =>
  parseOptions(args)?.runners.map(({ name }) => name)

describe('the command line', () => {
  it('takes workloads by number, by letter and by name', () => {
    expect(namesOf('--only', 'W2,W10')).toEqual(['W2_mlp_small', 'W10_multitask', 'W10p_pcgrad'])
    expect(namesOf('--only', 'W10p')).toEqual(['W10p_pcgrad'])
    expect(namesOf('--only', 'W9d')).toEqual(['W9d_softmax'])
    expect(namesOf('--only', 'W1_matmul_64')).toEqual(['W1_matmul_64'])
    expect(namesOf('--only', 'W1')).toHaveLength(5)
    expect(namesOf('--only', 'W9')).toHaveLength(5)
    expect(namesOf()).toHaveLength(workloads.length)
  })

  it('takes backends by name, peers by family and always Rootstock first', () => {
    expect(runnersOf('--peers', 'none')).toEqual(['rootstock-wasm', 'rootstock-native'])
    expect(runnersOf('--peers', 'tfjs', '--backends', 'native')).toEqual([
      'rootstock-native',
      'tfjs-wasm',
      'tfjs-cpu',
    ])
    expect(runnersOf('--peers', 'tfjs-wasm,reference', '--backends', 'wasm')).toEqual([
      'rootstock-wasm',
      'tfjs-wasm',
      'rootstock-reference',
    ])
    expect(runnersOf('--peers', 'c', '--backends', 'native')).toEqual([
      'rootstock-native',
      'c-floor',
    ])
    expect(runnersOf()).not.toContain('rootstock-reference')
  })

  it('takes one-threaded runners once, whatever threads others have', () => {
    const options = parseOptions([
      '--peers',
      'tfjs-cpu',
      '--threads',
      '2,4',
      '--backends',
      'native',
    ])!
    expect(
      entrantsOf(options.runners, options.threads).map(({ runner, threads }) => [
        runner.name,
        threads,
      ]),
    ).toEqual([
      ['rootstock-native', 2],
      ['rootstock-native', 4],
      ['tfjs-cpu', 1],
    ])
    expect(parseOptions([])!.threads).toEqual([1, 2])
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
    expect(() => parseOptions(['--threads', '1,1.5'])).toThrowErrorMatchingInlineSnapshot(
      `[Error: --threads must be whole numbers, not 1.5]`,
    )
    expect(() => parseOptions(['--backends', 'gpu'])).toThrowErrorMatchingInlineSnapshot(
      `[Error: no backend is called gpu]`,
    )
    expect(() => parseOptions(['--onyl', 'W2'])).toThrow(/onyl/)
  })
})
