import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { everyFunction } from './everyFunction.ts'
import { everyLayer } from './everyLayer.ts'
import { testLaws } from './laws.ts'

const subjects = Object.entries({ ...everyLayer, ...everyFunction }).flatMap(([name, variants]) =>
  Object.entries(variants).map(([variant, one]) => [`${name} ${variant}`.trim(), one] as const),
)

describe.each(subjects)('%s', (_, subject) => {
  testLaws(subject)
})

it('are held by every file of the folder of layers', () => {
  const parts = ['cell', 'masked', 'normalization', 'sinusoidalPositions']
  const known = [...Object.keys(everyLayer), ...Object.keys(everyFunction), ...parts]
  const files = readdirSync(new URL('../../src/layers', import.meta.url))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -3))
  expect(files.filter((file) => !known.includes(file))).toEqual([])
})
