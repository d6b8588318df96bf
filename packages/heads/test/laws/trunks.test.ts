import { readdirSync } from 'node:fs'
import { paths, random, type Tensor } from '@rootstock/core'
import { evaluation, multitask, regression } from '@rootstock/heads'
import { describe, expect, it } from 'vitest'
import { everyTrunk } from './everyTrunk.ts'
import { testLaws } from './laws.ts'
import { inputOf } from './subject.ts'

const subjects = Object.entries(everyTrunk).flatMap(([name, variants]) =>
  Object.entries(variants).map(([variant, one]) => [`${name} ${variant}`.trim(), one] as const),
)

const numbersOf = (tree: unknown) =>
  paths(tree).map(([path, leaf]) => [path, (leaf as Tensor).toArray()] as const)

describe.each(subjects)('%s', (_, { trunk, subject }) => {
  testLaws(subject)

  const rows = inputOf({ ...subject, shape: [3, trunk.in] }, random.key(2), 'float32')

  it('offers a tap of the promised width after every stage', () => {
    const params = trunk.init(random.key(1))
    const outputs = trunk.outputs(params, rows, evaluation)
    expect(outputs.map((y) => y.shape)).toEqual(trunk.taps.map((tap) => [3, tap.width]))
    trunk.taps.forEach((tap, i) => {
      for (const name of [i, tap.name]) {
        expect(trunk.tap(params, rows, evaluation, name).toArray()).toEqual(outputs[i]!.toArray())
      }
    })
    expect(trunk.apply(params, rows, evaluation).shape).toEqual([3, trunk.out])
  })

  it('gives the same when it is observed, and moves its statistics and nothing else', () => {
    const params = trunk.init(random.key(1))
    const mode = { training: true, key: random.key(3) } as const
    const [outputs, after] = trunk.observeOutputs(params, rows, mode)
    const expected = trunk.outputs(params, rows, mode)
    expect(outputs.map((y) => y.toArray())).toEqual(expected.map((y) => y.toArray()))
    const [y, alike] = trunk.observe!(params, rows, mode)
    expect(y.toArray()).toEqual(trunk.apply(params, rows, mode).toArray())
    expect(numbersOf(alike)).toEqual(numbersOf(after))
    const before = numbersOf(params)
    numbersOf(after).forEach(([path, numbers], i) => {
      const isLooking = path.split('/').includes('statistics')
      expect([path, String(numbers) !== String(before[i]![1])]).toEqual([path, isLooking])
    })
  })

  it('carries a head', () => {
    const model = multitask(trunk, { y: regression() })
    expect(model.apply(model.init(random.key(0)), rows, evaluation).y.shape).toEqual([3])
  })
})

it('are held by every file of the folder of trunks', () => {
  const known = [...Object.keys(everyTrunk), 'trunk', 'sequenceInput']
  const files = readdirSync(new URL('../../src/trunks', import.meta.url))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -3))
  expect(files.filter((file) => !known.includes(file))).toEqual([])
})
