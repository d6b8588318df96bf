import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Backend, referenceBackend, setBackend, wasmBackend } from '@rootstock/core'
import { isLeft } from 'fp-ts/lib/Either.js'
import { beforeAll, describe, expect, it } from 'vitest'
import { explain } from '../../golden/error.ts'
import { readFolder } from '../../golden/readFolder.ts'
import { checkFamily } from '../../golden/report.ts'
import { root } from '../../source/sourceFile.ts'

const folder = join(root, '../shared/golden')
const isHere = existsSync(folder)
if (!isHere)
  console.log('golden values: ../shared/golden is absent, so nothing is compared with it')

const read = isHere ? readFolder(folder) : undefined
if (read !== undefined && isLeft(read)) throw new Error(explain(read.left))
const families = read === undefined ? [] : read.right

const complete = [
  'elementwise',
  'reductions',
  'linalg',
  'movement',
  'higher_order',
  'conv',
  'norms',
  'embedding',
  'recurrent',
  'attention',
  'models',
  'metrics',
  'activations',
  'losses',
  'optimizers',
  'schedules',
]

const backends: Readonly<Record<string, () => Backend>> = {
  reference: referenceBackend,
  wasm: wasmBackend,
}

describe.skipIf(!isHere).each(Object.entries(backends))('on the %s backend', (_, create) => {
  beforeAll(() => {
    setBackend(create())
  })

  it.each(families.map((family) => [family.family, family] as const))(
    '%s agrees with the golden values wherever it is supported',
    (name, family) => {
      const report = checkFamily(family)
      expect(report.failures).toEqual([])
      if (complete.includes(name)) expect(report.passed).toBe(report.total)
    },
  )
})
