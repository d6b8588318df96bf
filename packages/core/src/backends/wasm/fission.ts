/**
 * Loops with long bodies in passes. A processor looks ahead a hundred or two instructions; where one vector takes as many, its
 * results wait for one another with nothing else to do. So such a loop is run in chunks, and a chunk in passes: each computes
 * a part of the body for all vectors of the chunk and leaves in scratch memory what later passes take (loop distribution; Kuck
 * et al., 1981).
 */
import { laneCount, type Scalar, type Statement } from '../../loop/loop.ts'
import type { Code } from './encode.ts'
import { type Flat, flatten } from './flatten.ts'
import { advance, at, load, type Place, set, store } from './instructions.ts'
import { v128 } from './opcodes.ts'
import { type Action, type Pass, passesOf } from './passes.ts'
import { type Shared, sharedIn } from './scalar.ts'
import { halvesOf, storeVector, varies, vectorCode } from './vector.ts'
import type { BodyPlan } from './vectorize.ts'
import type { Half } from './vectorTable.ts'
import {
  inVectors,
  type Loop,
  type Segment,
  scratchPlace,
  unrolled,
  vectorLength,
  type Writer,
  writeLoop,
} from './writer.ts'

/** What a loop does: statements, and a value that its iterations have for somebody else. */
interface Given {
  readonly extent: number
  readonly body: readonly Statement[]
  readonly value?: Scalar
}

/** About how many iterations a chunk has: what its passes leave stays in the nearest cache. */
const chunkLength = 128

/** Vectors that an iteration of a pass computes, one after the other: as many as a reduction has accumulators. */
const turns = laneCount / vectorLength

/** A loop's chunks, for which a short one has no use. */
const chunksOf = (extent: number): Pick<Segment, 'count' | 'width'> => {
  const most = Math.ceil(extent / chunkLength)
  const width = Math.floor(extent / most / laneCount) * laneCount
  return { count: width < 2 * laneCount ? 0 : Math.floor(extent / width), width }
}

/** What is done with the value of a vector, which is one of several in turn. */
type Use = (value: Scalar, shared: Shared, turn: number) => Code

const isDefined = (node: Scalar | undefined): node is Scalar => node !== undefined

const actionsOf = (w: Writer, { stores, value }: Flat, use: Use): readonly Action[] => [
  ...stores.map((one) => ({
    takes: [one.value, one.at.offset].filter(isDefined),
    code: (shared: Shared) => storeVector(w, one, shared),
  })),
  ...[value].filter(isDefined).map((node) => ({
    takes: [node],
    code: (shared: Shared, turn: number) => use(node, shared, turn),
  })),
]

/** Where nodes wait for later passes, in bytes by half, and how many bytes a vector needs in all. */
const slotsOf = (passes: readonly Pass[]) => {
  const slots = new Map<Scalar, readonly number[]>()
  const free: number[] = []
  let bytes = 0
  const fresh = (): number => {
    bytes += 16
    return bytes - 16
  }
  passes.forEach(({ takes, leaves }, i) => {
    const later = new Set(passes.slice(i + 1).flatMap((pass) => pass.takes))
    for (const node of takes) if (!later.has(node)) free.push(...slots.get(node)!)
    for (const node of leaves) {
      slots.set(
        node,
        halvesOf(node.dtype).map(() => free.pop() ?? fresh()),
      )
    }
  })
  return { slots, bytes }
}

/** A chunk of `width` iterations. */
const chunkCode = (
  w: Writer,
  chunk: Loop,
  width: number,
  stored: ReadonlySet<number>,
  flat: Flat,
  use: Use,
): Code => {
  const actions = actionsOf(w, flat, use)
  const overwritten = flat.loads.filter(({ buffer }) => stored.has(buffer))
  const roots = actions.flatMap(({ takes }) => takes)
  const isVarying = (node: Scalar): boolean => varies(w, all, node)
  const all = sharedIn(roots)
  const passes = inVectors(w, chunk, stored, () => passesOf(overwritten, actions, isVarying))
  const { slots, bytes } = slotsOf(passes)
  const scratch = scratchPlace(w, (bytes * width) / vectorLength)
  const current = w.f.local('address')
  const each = (nodes: readonly Scalar[], code: (node: Scalar, half: Half) => Code): Code =>
    nodes.map((node) => halvesOf(node.dtype).map((half) => code(node, half)))
  const passCode = ({ takes, actions: own, leaves }: Pass, turn: number): Code => {
    const shared = sharedIn(roots)
    const place = (node: Scalar, half: Half): Place =>
      at(current, scratch.offset + turn * bytes + slots.get(node)![half]!)
    const known = (node: Scalar, half: Half, code: Code): Code => {
      const local = w.f.local('v128')
      shared.vectors[half].set(node, local)
      return set(local, code)
    }
    const wanted = [...new Set(own.flatMap((action) => action.takes))].filter(isVarying)
    return [
      each(takes, (node, half) => known(node, half, load(v128.load, place(node, half)))),
      // all loads come before what may overwrite what they read
      each(wanted, (node, half) =>
        shared.vectors[half].has(node) ? [] : known(node, half, vectorCode(w, shared, node, half)),
      ),
      each(leaves, (node, half) =>
        store(v128.store, place(node, half), vectorCode(w, shared, node, half)),
      ),
      own.map(({ code }) => code(shared, turn)),
    ]
  }
  return passes.map((pass) => [
    set(current, scratch.address),
    writeLoop(w, chunk.index, [
      {
        count: width / laneCount,
        width: laneCount,
        body: (loop) => [
          inVectors(w, loop, stored, () =>
            unrolled(loop, turns, vectorLength, (turn) => passCode(pass, turn)),
          ),
          advance(current, turns * bytes),
        ],
      },
    ]),
  ])
}

/** The part of a loop that is run in passes: its chunks, none where the body is short or cannot be divided. */
export const inPasses = (
  w: Writer,
  { extent, body, value }: Given,
  { isLong, stored }: BodyPlan,
  use: Use = () => [],
): Segment => {
  const flat = isLong ? flatten(body, value) : null
  if (flat === null) return { count: 0, width: 0, body: () => [] }
  const { count, width } = chunksOf(extent)
  return { count, width, body: (chunk) => chunkCode(w, chunk, width, stored, flat, use) }
}
