/**
 * Metrics of rows that come in batches. What a metric has to remember is a monoid: the state of one batch, and a way to merge
 * two states. Adding is merging, so batches may be counted anywhere, in any order, and put together at the end.
 */

/**
 * A metric in one pass: `result(add(add(init(), a), b))` is the metric of the rows of `a` and `b` together, up to
 * rounding, and so is `result(merge(add(init(), a), add(init(), b)))`. States are plain data and are never changed.
 */
export interface Stream<Batch, State, Result> {
  /** The state of no rows. */
  readonly init: () => State
  /** The state with the rows of one more batch. */
  readonly add: (state: State, batch: Batch) => State
  /** The state of the rows of both. */
  readonly merge: (left: State, right: State) => State
  /** The metric of all rows so far. */
  readonly result: (state: State) => Result
}

/** What a stream is made of. */
export interface Monoid<Batch, State> {
  readonly empty: State
  /** The state of one batch alone. */
  readonly measure: (batch: Batch) => State
  readonly merge: (left: State, right: State) => State
}

/** The stream that counts as `monoid` says and reads its metric off the state. */
export const streamOf = <Batch, State, Result>(
  { empty, measure, merge }: Monoid<Batch, State>,
  result: (state: State) => Result,
): Stream<Batch, State, Result> => ({
  init: () => empty,
  add: (state, batch) => merge(state, measure(batch)),
  merge,
  result,
})

/** The metric of a single batch. */
export const once = <Batch, State, Result>(
  { init, add, result }: Stream<Batch, State, Result>,
  batch: Batch,
): Result => result(add(init(), batch))

/** Streams by name. A stream takes states in and gives them out, so only `any` holds all of them. */
// biome-ignore lint/suspicious/noExplicitAny: states and batches differ from stream to stream
type Streams = Readonly<Record<string, Stream<any, any, any>>>

/** What every one of the streams can take. */
type BatchOf<S extends Streams> = {
  [K in keyof S]: (batch: Parameters<S[K]['add']>[1]) => void
}[keyof S] extends (batch: infer Batch) => void
  ? Batch
  : never

type StatesOf<S extends Streams> = { readonly [K in keyof S]: ReturnType<S[K]['init']> }
type ResultsOf<S extends Streams> = { readonly [K in keyof S]: ReturnType<S[K]['result']> }

/**
 * Several metrics of the same batches as one stream; a batch holds what any of them reads.
 *
 * @example
 * ```ts
 * import { streaming, together } from '@rootstock/eval'
 * const scores = together({ accuracy: streaming.accuracy(), f1: streaming.f1({ classes: 2 }) })
 * const state = scores.add(scores.init(), { targets: [0, 1], predictions: [0, 1] })
 * console.log(scores.result(state)) // { accuracy: 1, f1: 1 }
 * ```
 */
export const together = <S extends Streams>(
  streams: S,
): Stream<BatchOf<S>, StatesOf<S>, ResultsOf<S>> => {
  const each = <T>(of: (stream: S[keyof S], name: keyof S) => unknown): T =>
    Object.fromEntries(
      Object.keys(streams).map((name) => [name, of(streams[name as keyof S], name)]),
    ) as T
  return {
    init: () => each(({ init }) => init()),
    add: (states, batch) => each(({ add }, name) => add(states[name], batch)),
    merge: (left, right) => each(({ merge }, name) => merge(left[name], right[name])),
    result: (states) => each(({ result }, name) => result(states[name])),
  }
}
