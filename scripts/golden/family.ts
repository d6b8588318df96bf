/** The format of golden values: one family of operations to a file, one case to a line. */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { GoldenError } from './error.ts'

const special = t.keyof({ NaN: null, Infinity: null, '-Infinity': null })

const values = t.type(
  {
    dtype: t.keyof({ float32: null, int32: null, bool: null }),
    shape: t.array(t.number),
    data: t.array(t.union([t.number, special])),
  },
  'an array { dtype, shape, data }',
)

/** Elements with shape and dtype; numbers that JSON cannot write are strings. */
export type Values = t.TypeOf<typeof values>

const arrays = t.record(t.string, values, 'arrays by name')

const known = t.type(
  {
    name: t.string,
    op: t.string,
    attrs: t.UnknownRecord,
    inputs: arrays,
    outputs: arrays,
    tolerance: t.type({ rtol: t.number, atol: t.number }, 'a tolerance { rtol, atol }'),
  },
  'a case',
)

const extra = t.partial(
  { cotangent: arrays, grads: arrays, convention: t.string, note: t.string },
  'a case',
)

const goldenCase = t.intersection([known, extra], 'a case')

/** One application of an operation: what goes in and what comes out. */
export type GoldenCase = t.TypeOf<typeof goldenCase>

const family = t.type(
  { family: t.string, cases: t.array(goldenCase, 'a list of cases') },
  'a family { family, cases }',
)

/** All cases of one file. */
export type Family = t.TypeOf<typeof family>

const brief = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 40 ? `${text.slice(0, 37)}...` : text
}

const problemOf = ({ context, value }: t.ValidationError): string => {
  // an intersection adds the number of its part to the path
  const keys = context.filter(({ key }, i) => key !== '' && context[i - 1]?.type !== goldenCase)
  const path = keys.map(({ key }) => key).join('/')
  const expected = context.at(-1)?.type.name ?? 'something else'
  return `${path === '' ? 'the whole file' : path}: ${brief(value)} where ${expected} is expected`
}

const isWhole = (value: unknown): boolean =>
  Number.isInteger(value) && Number(value) >= -(2 ** 31) && Number(value) < 2 ** 31

const elementRule = {
  float32: { holds: () => true, words: 'a number' },
  int32: { holds: isWhole, words: 'a whole number of 32 bits' },
  bool: { holds: (value: unknown) => value === 0 || value === 1, words: '0 or 1' },
} as const

const problemsOfValues = ({ dtype, shape, data }: Values, path: string): string[] => {
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    return [`${path}/shape: ${brief(shape)} where sizes of at least 0 are expected`]
  }
  const size = shape.reduce((product, length) => product * length, 1)
  if (size !== data.length) {
    return [`${path}/data: ${data.length} elements where shape ${brief(shape)} needs ${size}`]
  }
  const { holds, words } = elementRule[dtype]
  const wrong = data.findIndex((value) => !holds(value))
  return wrong < 0
    ? []
    : [`${path}/data/${wrong}: ${brief(data[wrong])} where ${words} is expected`]
}

/** Entries of `part` must be entries of `whole`, with the same shape. */
const problemsOfPart = (
  part: Readonly<Record<string, Values>> | undefined,
  whole: Readonly<Record<string, Values>>,
  path: string,
  of: string,
): string[] =>
  Object.entries(part ?? {}).flatMap(([name, { shape }]) => {
    if (!Object.hasOwn(whole, name)) return [`${path}/${name}: there is no such ${of}`]
    if (String(shape) === String(whole[name]!.shape)) return []
    return [
      `${path}/${name}: shape ${brief(shape)} where the ${of} has ${brief(whole[name]!.shape)}`,
    ]
  })

const problemsOfCase = (given: GoldenCase, index: number): string[] => {
  const { inputs, outputs, cotangent = {}, grads } = given
  const path = `cases/${index} (${given.name})`
  const groups = Object.entries({ inputs, outputs, cotangent, grads: grads ?? {} })
  return [
    ...groups.flatMap(([group, list]) =>
      Object.entries(list).flatMap(([name, one]) =>
        problemsOfValues(one, `${path}/${group}/${name}`),
      ),
    ),
    ...problemsOfPart(cotangent, outputs, `${path}/cotangent`, 'output'),
    ...problemsOfPart(grads, inputs, `${path}/grads`, 'input'),
  ]
}

/** A parsed JSON document as a family, or everything that is wrong with it. */
export const decodeFamily = (document: unknown, file: string): E.Either<GoldenError, Family> => {
  const decoded = family.decode(document)
  if (E.isLeft(decoded)) {
    return E.left({ _tag: 'Invalid', file, problems: [...new Set(decoded.left.map(problemOf))] })
  }
  const problems = decoded.right.cases.flatMap(problemsOfCase)
  return problems.length === 0 ? decoded : E.left({ _tag: 'Invalid', file, problems })
}
