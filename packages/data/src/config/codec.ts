/**
 * The codecs that configs are made of. io-ts's own objects either let unknown keys pass or drop them; ours refuse them and
 * name the nearest valid one, report all errors at once, and never let `__proto__` become a key.
 */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { nearest } from '../nearest.ts'
import { note } from './problem.ts'

type Fields = Readonly<Record<string, t.Mixed>>
type Required<R extends Fields> = { readonly [K in keyof R]: t.TypeOf<R[K]> }
type Optional<O extends Fields> = { readonly [K in keyof O]?: t.TypeOf<O[K]> | undefined }

/** The type of an object codec. */
export type ObjectOf<R extends Fields, O extends Fields> = Required<R> & Optional<O>

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const fallbacks = new WeakMap<t.Mixed, unknown>()

/** A field that has a value even when it is absent. */
export const defaulted = <A>(codec: t.Type<A>, fallback: A): t.Type<A> => {
  const made = new t.Type<A>(codec.name, codec.is, codec.validate, codec.encode)
  fallbacks.set(made, fallback)
  return made
}

const unknownKeys = (value: object, keys: readonly string[], context: t.Context): t.Errors =>
  Object.keys(value)
    .filter((key) => !keys.includes(key))
    .map((key) => {
      const near = nearest(key, keys)
      const expected = keys.join(', ')
      const message = note({
        reason: 'unknown',
        expected,
        ...(near === undefined ? {} : { nearest: near }),
      })
      return { value: undefined, context: [...context, { key, type: t.unknown }], message }
    })

/** An object with required and optional fields and no others. A required field may be `defaulted`. */
export const object = <R extends Fields, O extends Fields>(
  name: string,
  required: R,
  optional: O,
): t.Type<ObjectOf<R, O>> => {
  const fields: Fields = { ...required, ...optional }
  const keys = Object.keys(fields)
  const validate = (value: unknown, context: t.Context): t.Validation<ObjectOf<R, O>> => {
    if (!isObject(value)) return t.failure(value, context)
    const errors: t.ValidationError[] = []
    const out: Record<string, unknown> = {}
    for (const key of keys) {
      const codec = fields[key]!
      const entry = Object.hasOwn(value, key) ? value[key] : undefined
      const inner = [...context, { key, type: codec, actual: entry }]
      if (entry === undefined) {
        if (fallbacks.has(codec)) out[key] = fallbacks.get(codec)
        else if (Object.hasOwn(required, key)) {
          errors.push({
            value: entry,
            context: inner,
            message: note({ reason: 'missing', expected: codec.name }),
          })
        }
        continue
      }
      const result = codec.validate(entry, inner)
      if (E.isLeft(result)) for (const error of result.left) errors.push(error)
      else out[key] = result.right
    }
    errors.push(...unknownKeys(value, keys, context))
    // The fields were put together one by one, so that only the loop above knows that they are all there.
    return errors.length > 0 ? t.failures(errors) : t.success(out as ObjectOf<R, O>)
  }
  const is = (value: unknown): value is ObjectOf<R, O> => E.isRight(validate(value, []))
  return new t.Type(name, is, validate, t.identity)
}

/** Names chosen by the user, each with a value of one kind. `__proto__` is refused. */
export const dictionary = <A>(
  name: string,
  codec: t.Type<A>,
): t.Type<Readonly<Record<string, A>>> => {
  const validate = (
    value: unknown,
    context: t.Context,
  ): t.Validation<Readonly<Record<string, A>>> => {
    if (!isObject(value)) return t.failure(value, context)
    const errors: t.ValidationError[] = []
    const out: Record<string, A> = {}
    for (const key of Object.keys(value)) {
      const inner = [...context, { key, type: codec, actual: value[key] }]
      if (key === '__proto__' || key === '') {
        const message = note({ reason: 'wrong', expected: 'another name' })
        errors.push({ value: key, context: inner, message })
        continue
      }
      const result = codec.validate(value[key], inner)
      if (E.isLeft(result)) for (const error of result.left) errors.push(error)
      else out[key] = result.right
    }
    return errors.length > 0 ? t.failures(errors) : t.success(out)
  }
  const is = (value: unknown): value is Readonly<Record<string, A>> =>
    E.isRight(validate(value, []))
  return new t.Type(name, is, validate, t.identity)
}

/** A list of at least `least` values of one kind. */
export const list = <A>(name: string, codec: t.Type<A>, least = 0): t.Type<readonly A[]> => {
  const validate = (value: unknown, context: t.Context): t.Validation<readonly A[]> => {
    if (!Array.isArray(value) || value.length < least) return t.failure(value, context)
    const errors: t.ValidationError[] = []
    const out: A[] = []
    for (const [index, entry] of value.entries()) {
      const result = codec.validate(entry, [
        ...context,
        { key: String(index), type: codec, actual: entry },
      ])
      if (E.isLeft(result)) for (const error of result.left) errors.push(error)
      else out.push(result.right)
    }
    return errors.length > 0 ? t.failures(errors) : t.success(out)
  }
  const is = (value: unknown): value is readonly A[] => E.isRight(validate(value, []))
  return new t.Type(name, is, validate, t.identity)
}

/** One of several words. */
export const word = <const W extends readonly [string, ...string[]]>(
  ...words: W
): t.Type<W[number]> => {
  const name = `one of ${words.map((w) => JSON.stringify(w)).join(', ')}`
  const is = (value: unknown): value is W[number] =>
    typeof value === 'string' && words.includes(value)
  const validate = (value: unknown, context: t.Context): t.Validation<W[number]> => {
    if (is(value)) return t.success(value)
    const near = typeof value === 'string' ? nearest(value, words) : undefined
    if (near === undefined) return t.failure(value, context)
    return t.failure(value, context, note({ reason: 'wrong', expected: name, nearest: near }))
  }
  return new t.Type(name, is, validate, t.identity)
}

/** Objects told apart by the word under one key. */
export const variant = <K extends string, V extends Readonly<Record<string, t.Mixed>>>(
  name: string,
  key: K,
  variants: V,
): t.Type<t.TypeOf<V[keyof V]>> => {
  type A = t.TypeOf<V[keyof V]>
  const words = word(...(Object.keys(variants) as [string, ...string[]]))
  const validate = (value: unknown, context: t.Context): t.Validation<A> => {
    if (!isObject(value)) return t.failure(value, context)
    const entry = Object.hasOwn(value, key) ? value[key] : undefined
    const inner = [...context, { key, type: words, actual: entry }]
    if (entry === undefined) {
      return t.failure(entry, inner, note({ reason: 'missing', expected: words.name }))
    }
    const chosen = words.validate(entry, inner)
    return E.isLeft(chosen)
      ? chosen
      : (variants[chosen.right]!.validate(value, context) as t.Validation<A>)
  }
  const is = (value: unknown): value is A => E.isRight(validate(value, []))
  return new t.Type(name, is, validate, t.identity)
}

/** A text, or an object that says more. */
export const textOr = <A>(name: string, codec: t.Type<A>): t.Type<string | A> => {
  const validate = (value: unknown, context: t.Context): t.Validation<string | A> => {
    if (typeof value === 'string') return text.validate(value, context)
    return isObject(value) ? codec.validate(value, context) : t.failure(value, context)
  }
  const is = (value: unknown): value is string | A => typeof value === 'string' || codec.is(value)
  return new t.Type(name, is, validate, t.identity)
}

const checked = <A>(name: string, is: (value: unknown) => value is A): t.Type<A> =>
  new t.Type(name, is, (u, c) => (is(u) ? t.success(u) : t.failure(u, c)), t.identity)

const numberWhere = (name: string, holds: (x: number) => boolean): t.Type<number> =>
  checked(name, (u): u is number => typeof u === 'number' && Number.isFinite(u) && holds(u))

/** A text with at least one character. */
export const text: t.Type<string> = checked(
  'a text',
  (u): u is string => typeof u === 'string' && u !== '',
)

/** A name that can be the key of an object. */
export const nameText: t.Type<string> = checked(
  'a name',
  (u): u is string => text.is(u) && u !== '__proto__',
)

/** One value and no other. */
export const exactly = <const V extends number | string>(value: V): t.Type<V> =>
  checked(JSON.stringify(value), (u): u is V => u === value)

/** Any text, also the empty one. */
export const anyText: t.Type<string> = checked('a text', (u): u is string => typeof u === 'string')

/** One character that is one byte in any encoding, and ends no line. */
export const character: t.Type<string> = checked(
  'one ASCII character',
  (u): u is string => typeof u === 'string' && /^[\t\x20-\x7e]$/.test(u),
)

/** true or false. */
export const truth: t.Type<boolean> = checked(
  'true or false',
  (u): u is boolean => typeof u === 'boolean',
)

/** A finite number. */
export const real: t.Type<number> = numberWhere('a number', () => true)

/** A finite number above 0. */
export const positive: t.Type<number> = numberWhere('a number above 0', (x) => x > 0)

/** A number of at least 0. */
export const nonNegative: t.Type<number> = numberWhere('a number of at least 0', (x) => x >= 0)

/** A number from 0 to 1. */
export const probability: t.Type<number> = numberWhere(
  'a number from 0 to 1',
  (x) => x >= 0 && x <= 1,
)

/** A number between 0 and 1, both left out. */
export const share: t.Type<number> = numberWhere('a number between 0 and 1', (x) => x > 0 && x < 1)

/** 0, 1, 2 ... */
export const whole: t.Type<number> = numberWhere(
  'a whole number of at least 0',
  (x) => Number.isSafeInteger(x) && x >= 0,
)

/** 1, 2, 3 ... */
export const count: t.Type<number> = numberWhere(
  'a whole number of at least 1',
  (x) => Number.isSafeInteger(x) && x >= 1,
)
