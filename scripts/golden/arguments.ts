/** What an adapter sees of a case: tensors and attributes by name, each checked where it is asked for. */
import { type Tensor, tensor } from '@rootstock/core'
import * as t from 'io-ts'
import type { GoldenCase, Values } from './family.ts'

/** The dtype that takes the place of float32 in a run. */
export type Precision = 'float32' | 'float64'

/** A case, or a part of one, that the framework has nothing for; `what` names it. */
export class Unsupported extends Error {
  override readonly name = 'Unsupported'
  readonly what: string
  constructor(what: string) {
    super(`there is no ${what} here`)
    this.what = what
  }
}

/** Inputs and attributes of one application. */
export interface Arguments {
  readonly precision: Precision
  /** An input by name. */
  readonly tensor: (name: string) => Tensor
  /** An input that may be absent. */
  readonly optional: (name: string) => Tensor | undefined
  /** All inputs in the order of the file. */
  readonly tensors: () => readonly Tensor[]
  readonly number: (name: string) => number
  /** A number, or undefined for null or nothing. */
  readonly numberOrNull: (name: string) => number | undefined
  readonly numbers: (name: string) => readonly number[]
  /** A list, or undefined for null or nothing. */
  readonly numbersOrNull: (name: string) => readonly number[] | undefined
  readonly flag: (name: string) => boolean
  readonly text: (name: string) => string
  /** Attributes within an attribute. */
  readonly record: (name: string) => Readonly<Record<string, unknown>>
  /** An attribute as it stands in the file. */
  readonly raw: (name: string) => unknown
}

/** An operation under its name in the golden files; one tensor stands for an output named y. */
export type Adapter = (args: Arguments) => Tensor | Readonly<Record<string, Tensor>>

/** Adapters by operation. */
export type Adapters = Readonly<Record<string, Adapter>>

/** Golden values as a tensor. */
export const toTensor = ({ dtype, shape, data }: Values, precision: Precision): Tensor =>
  tensor(Float64Array.from(data, Number), {
    shape,
    dtype: dtype === 'float32' ? precision : dtype,
  })

const isNumber = (value: unknown): value is number => typeof value === 'number'
const isNumbers = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every(isNumber)
const isFlag = (value: unknown): value is boolean => typeof value === 'boolean'
const isText = (value: unknown): value is string => typeof value === 'string'

/** The arguments of a case with some inputs replaced. */
export const argumentsOf = (
  { attrs }: Pick<GoldenCase, 'attrs'>,
  inputs: Readonly<Record<string, Tensor>>,
  precision: Precision,
): Arguments => {
  const raw = (name: string): unknown => (Object.hasOwn(attrs, name) ? attrs[name] : undefined)
  const read =
    <T>(is: (value: unknown) => value is T, words: string) =>
    (name: string): T => {
      const value = raw(name)
      if (is(value)) return value
      throw new Error(`attribute ${name} is ${JSON.stringify(value)}, expected ${words}`)
    }
  const unlessNull =
    <T>(of: (name: string) => T) =>
    (name: string): T | undefined =>
      raw(name) === null || raw(name) === undefined ? undefined : of(name)
  const optional = (name: string) => (Object.hasOwn(inputs, name) ? inputs[name] : undefined)
  const number = read(isNumber, 'a number')
  const numbers = read(isNumbers, 'a list of numbers')
  return {
    precision,
    optional,
    tensor: (name) => {
      const found = optional(name)
      if (found === undefined) throw new Error(`the case has no input ${name}`)
      return found
    },
    tensors: () => Object.values(inputs),
    number,
    numberOrNull: unlessNull(number),
    numbers,
    numbersOrNull: unlessNull(numbers),
    flag: read(isFlag, 'true or false'),
    text: read(isText, 'a text'),
    record: read(t.UnknownRecord.is, 'an object'),
    raw,
  }
}
