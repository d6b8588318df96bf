import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { referenceBackend, setBackend } from '@rootstock/core'
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { explain } from '../../golden/error.ts'
import { decodeFamily, type Family, type GoldenCase } from '../../golden/family.ts'
import { readFolder } from '../../golden/readFolder.ts'
import { checkFamily, reportText, summaryText } from '../../golden/report.ts'
import { root } from '../../source/sourceFile.ts'

const scalar = (value: number | string) => ({ dtype: 'float32', shape: [], data: [value] })

/** y = -x at 2, with the gradient. */
const negation = {
  name: 'neg/0',
  op: 'neg',
  attrs: {},
  inputs: { x: scalar(2) },
  outputs: { y: scalar(-2) },
  cotangent: { y: scalar(3) },
  grads: { x: scalar(-3) },
  tolerance: { rtol: 1e-6, atol: 0 },
}

const decode = (document: unknown): Family => {
  const decoded = decodeFamily(document, 'test.json')
  if (isRight(decoded)) return decoded.right
  throw new Error(explain(decoded.left))
}

const check = (...cases: readonly unknown[]): string =>
  reportText(checkFamily(decode({ family: 'elementwise', cases })))

beforeAll(() => {
  setBackend(referenceBackend())
})

describe('a case', () => {
  it('passes when values and gradients agree', () => {
    expect(check(negation)).toMatchInlineSnapshot(`"elementwise 1/1"`)
  })

  it('fails when a value differs', () => {
    expect(check({ ...negation, outputs: { y: scalar(-2.00001) } })).toMatchInlineSnapshot(`
      "elementwise 0/1
        failed neg/0: float32: element 0 of y is -2, expected -2.00001"
    `)
  })

  it('fails when only float64 is too far off', () => {
    expect(check({ ...negation, outputs: { y: scalar(-2.0000001) } })).toMatchInlineSnapshot(`
      "elementwise 0/1
        failed neg/0: float64: element 0 of y is -2, expected -2.0000001"
    `)
  })

  it('fails when a gradient differs', () => {
    expect(check({ ...negation, grads: { x: scalar(3) } })).toMatchInlineSnapshot(`
      "elementwise 0/1
        failed neg/0: float32: element 0 of the gradient to x is -3, expected 3"
    `)
  })

  it('takes a cotangent of 1 where none is given', () => {
    const { cotangent: _, ...rest } = negation
    expect(check({ ...rest, grads: { x: scalar(-1) } })).toMatchInlineSnapshot(`"elementwise 1/1"`)
  })

  it('fails when the shape or the dtype differs', () => {
    const row = { dtype: 'float32', shape: [1], data: [-2] }
    const whole = { dtype: 'int32', shape: [], data: [-2] }
    const only = { ...negation, cotangent: {}, grads: {} }
    expect(
      check({ ...only, outputs: { y: row } }, { ...only, outputs: { y: whole } }),
    ).toMatchInlineSnapshot(`
      "elementwise 0/2
        failed neg/0: float32: y is float32[], expected float32[1]
        failed neg/0: float32: y is float32[], expected int32[]"
    `)
  })

  it('fails when an output is missing', () => {
    const outputs = { ...negation.outputs, z: scalar(1) }
    expect(check({ ...negation, outputs })).toMatchInlineSnapshot(`
      "elementwise 0/1
        failed neg/0: float32: z is missing"
    `)
  })

  it('takes NaN and infinities where they belong, and nowhere else', () => {
    const { cotangent: _, grads: __, ...values } = negation
    const at = (x: string, y: string) => ({
      ...values,
      name: `${x} to ${y}`,
      inputs: { x: scalar(x) },
      outputs: { y: scalar(y) },
    })
    expect(
      check(at('NaN', 'NaN'), at('Infinity', '-Infinity'), at('Infinity', 'Infinity')),
    ).toMatchInlineSnapshot(`
      "elementwise 2/3
        failed Infinity to Infinity: float32: element 0 of y is -Infinity, expected Infinity"
    `)
  })

  it('fails, not the run, when the operation throws', () => {
    expect(check({ ...negation, inputs: { z: scalar(1) }, grads: {} })).toMatchInlineSnapshot(`
      "elementwise 0/1
        failed neg/0: float32: Error: the case has no input x"
    `)
    expect(check({ ...negation, op: 'elu', attrs: { alpha: 'one' } })).toMatchInlineSnapshot(`
      "elementwise 0/1
        failed neg/0: float32: Error: attribute alpha is "one", expected a number"
    `)
  })

  it('is unsupported when nothing does its operation, whatever its name', () => {
    expect(
      check(negation, { ...negation, op: 'constructor' }, { ...negation, op: 'zeta' }),
    ).toMatchInlineSnapshot(`"elementwise 1/3 (unsupported: constructor, zeta)"`)
  })
})

it('the last line counts all cases', () => {
  const report = checkFamily(decode({ family: 'elementwise', cases: [negation] }))
  expect(summaryText([report, report], 'reference')).toMatchInlineSnapshot(
    `"2 of 2 cases passed in float32 and float64 on the reference backend, 0 failed, 0 unsupported"`,
  )
})

describe('a file that cannot be used is explained', () => {
  const folder = mkdtempSync(join(tmpdir(), 'golden-'))
  afterAll(() => {
    rmSync(folder, { recursive: true })
  })
  const explained = (text: string): string => {
    writeFileSync(join(folder, 'bad.json'), text)
    const read = readFolder(folder)
    return isLeft(read) ? explain(read.left).replaceAll(folder, '') : 'it was read'
  }
  const withCase = (change: Partial<Record<keyof GoldenCase, unknown>>): string =>
    explained(JSON.stringify({ family: 'f', cases: [{ ...negation, ...change }] }))

  it('that is not JSON', () => {
    expect(explained('{"family": ')).toMatchInlineSnapshot(
      `"/bad.json: is not JSON: Unexpected end of JSON input"`,
    )
  })

  it('that holds something else', () => {
    expect(explained('[1, 2]')).toMatchInlineSnapshot(`
      "/bad.json: is not a file of golden values
        the whole file: [1,2] where a family { family, cases } is expected"
    `)
    expect(explained('{"family": 3, "cases": [null]}')).toMatchInlineSnapshot(`
      "/bad.json: is not a file of golden values
        family: 3 where string is expected
        cases/0: null where a case is expected"
    `)
    expect(withCase({ op: 7 })).toMatchInlineSnapshot(`
      "/bad.json: is not a file of golden values
        cases/0/op: 7 where string is expected"
    `)
    expect(withCase({ inputs: { x: 2 } })).toMatchInlineSnapshot(`
      "/bad.json: is not a file of golden values
        cases/0/inputs/x: 2 where an array { dtype, shape, data } is expected"
    `)
  })

  it('whose elements do not fill their shape', () => {
    const x = { dtype: 'float32', shape: [2, 3], data: [1, 2] }
    expect(withCase({ inputs: { x } })).toMatchInlineSnapshot(`
      "/bad.json: is not a file of golden values
        cases/0 (neg/0)/inputs/x/data: 2 elements where shape [2,3] needs 6
        cases/0 (neg/0)/grads/x: shape [] where the input has [2,3]"
    `)
  })

  it('whose shapes are no shapes', () => {
    const x = { dtype: 'float32', shape: [-1, 1e99], data: [] }
    expect(withCase({ inputs: { x } })).toMatchInlineSnapshot(`
      "/bad.json: is not a file of golden values
        cases/0 (neg/0)/inputs/x/shape: [-1,1e+99] where sizes of at least 0 are expected
        cases/0 (neg/0)/grads/x: shape [] where the input has [-1,1e+99]"
    `)
  })

  it('whose elements are not of their dtype', () => {
    const x = { dtype: 'int32', shape: [2], data: [1, 0.5] }
    const y = { dtype: 'bool', shape: [1], data: [2] }
    expect(withCase({ inputs: { x, y }, grads: {} })).toMatchInlineSnapshot(`
      "/bad.json: is not a file of golden values
        cases/0 (neg/0)/inputs/x/data/1: 0.5 where a whole number of 32 bits is expected
        cases/0 (neg/0)/inputs/y/data/0: 2 where 0 or 1 is expected"
    `)
  })

  it('whose gradients belong to nothing', () => {
    expect(withCase({ grads: { z: scalar(1), ['__proto__']: scalar(1) } })).toMatchInlineSnapshot(`
      "/bad.json: is not a file of golden values
        cases/0 (neg/0)/grads/z: there is no such input
        cases/0 (neg/0)/grads/__proto__: there is no such input"
    `)
    const row = { dtype: 'float32', shape: [1], data: [1] }
    expect(withCase({ cotangent: { y: row } })).toMatchInlineSnapshot(`
      "/bad.json: is not a file of golden values
        cases/0 (neg/0)/cotangent/y: shape [1] where the output has []"
    `)
  })

  it('or a folder that is absent or empty', () => {
    const absent = readFolder(join(folder, 'nowhere'))
    expect(isLeft(absent) && absent.left._tag).toBe('Unreadable')
    const empty = readFolder(mkdtempSync(join(folder, 'empty-')))
    expect(isLeft(empty) && empty.left._tag).toBe('Empty')
  })
})

describe('the command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'golden-'))
  afterAll(() => {
    rmSync(folder, { recursive: true })
  })
  const golden = (...parameters: readonly string[]) => {
    const main = join(root, 'scripts/golden/main.ts')
    const options = { cwd: root, encoding: 'utf8' } as const
    return spawnSync(process.execPath, ['--import', 'tsx', main, ...parameters], options)
  }
  const withValue = (value: number): void => {
    const cases = [{ ...negation, outputs: { y: scalar(value) } }]
    writeFileSync(join(folder, 'one.json'), JSON.stringify({ family: 'elementwise', cases }))
  }

  it('exits with 0 when all cases pass', () => {
    withValue(-2)
    const { status, stdout } = golden(folder, '--backend', 'reference')
    expect(stdout).toMatchInlineSnapshot(`
      "elementwise 1/1
      1 of 1 cases passed in float32 and float64 on the reference backend, 0 failed, 0 unsupported
      "
    `)
    expect(status).toBe(0)
  })

  it('exits with 1 when a case differs', () => {
    withValue(2)
    const { status, stdout } = golden(folder)
    expect(stdout).toMatchInlineSnapshot(`
      "elementwise 0/1
        failed neg/0: float32: element 0 of y is -2, expected 2
      0 of 1 cases passed in float32 and float64 on the wasm backend, 1 failed, 0 unsupported
      "
    `)
    expect(status).toBe(1)
  })

  it('exits with 2 when there is nothing to compare with', () => {
    expect(golden('no/such/folder').status).toBe(2)
    const other = golden(folder, '--family', 'elementary')
    expect(other.stderr).toMatchInlineSnapshot(`
      "there is no family elementary, but elementwise
      "
    `)
    expect(other.status).toBe(2)
  })

  it('exits with 2 when it is called wrongly', () => {
    const { status, stderr } = golden(folder, '--backend', 'constructor')
    expect(stderr).toMatchInlineSnapshot(`
      "usage: npm run golden -- <folder> [--backend reference|wasm|native] [--family name]
      "
    `)
    expect(status).toBe(2)
  })
})
