import {
  type Dataset,
  type Labels,
  labelCounts,
  labelSubset,
  type Prepared,
  parseCsv,
  prepare,
  select,
} from '@rootstock/data'
import { expectTypeOf, test } from 'vitest'
import { right } from './right.ts'

const menu = right(parseCsv('price,dish,stars\n5,soup,3\n7,fish,4\n'))
const selection = { inputs: ['price'], targets: { dish: 'dish', quality: { column: 'stars' } } }
const selected = right(select(selection)(menu))
const data = right(prepare(selected, { by: 'modulo', divisor: 2, test: 1 }))

test('the tasks of a selection are those of its data sets', () => {
  expectTypeOf(data).toEqualTypeOf<Prepared<'dish' | 'quality'>>()
  expectTypeOf(data.train.targets.quality).toEqualTypeOf<Labels>()
  expectTypeOf(labelCounts(data.train)).toEqualTypeOf<{
    readonly dish: number
    readonly quality: number
  }>()
  // @ts-expect-error there is no such task
  data.train.targets.price
})

test('labels are hidden for tasks that there are', () => {
  labelSubset(data.train, ['dish', 'quality'], 1, 0)
  // @ts-expect-error there is no such task
  labelSubset(data.train, 'price', 1, 0)
})

test('tasks of a config are known when it is read', () => {
  const targets: Record<string, string> = { dish: 'dish' }
  const read = right(select({ inputs: ['price'], targets })(menu))
  expectTypeOf(
    right(prepare(read, { by: 'modulo', divisor: 2, test: 1 })).train,
  ).toEqualTypeOf<Dataset>()
})

test('a selection without targets has no tasks', () => {
  const read = right(select({ inputs: ['price'] })(menu))
  expectTypeOf(read.targets[0]!.task).toEqualTypeOf<never>()
})
