/**
 * Groups: tasks one after another that threads do without waiting for each other in between. A thread may go on to the next
 * task when nothing in it touches what another thread may still be at: where both tasks are divided alike and keep to the same
 * runs of a buffer, a thread finds there what it left itself, often in its own cache.
 */
import {
  type Buffer,
  bytesOf,
  type Program,
  type Step,
  type Takeovers,
} from '@rootstock/core/backend'
import type { Task, Touch } from './task.ts'

/** Tasks that threads do together, and into how many units those are divided whose runs must agree. */
export interface Group<T extends Task> {
  readonly tasks: readonly T[]
  readonly linked: ReadonlySet<Task>
  readonly units: number
}

/** Bytes of a space in which buffers may overlap. */
export interface Region {
  readonly space: string
  readonly from: number
  readonly to: number
  /** The buffer, where it stands for one part of the region after the other. */
  readonly slice: number | null
}

const scratch: Region = { space: 'scratch', from: 0, to: 1, slice: null }

/** Units enough to divide them evenly. */
const leastUnits = 8

const bytesIn = ({ dtype, length }: Buffer): number => bytesOf(dtype) * length

/** For each buffer that stands for parts of another, that one. */
const sourcesIn = (steps: readonly Step[], sources = new Map<number, number>()) => {
  for (const step of steps) {
    if (step.kind === 'branch') sourcesIn([...step.then, ...step.otherwise], sources)
    if (step.kind !== 'loop') continue
    for (const { buffer, source } of step.slices) sources.set(buffer, source)
    sourcesIn(step.body, sources)
  }
  return sources
}

/** Where buffers are, and which may be the same memory. */
export const regionsOf = (program: Program, takeovers: Takeovers) => {
  const { buffers } = program
  const sources = sourcesIn(program.steps)
  const find = (buffer: number): Region => {
    const source = sources.get(buffer)
    if (source !== undefined) return { ...find(source), slice: buffer }
    const { place } = buffers[buffer]!
    const from = place.kind === 'arena' ? place.offset : 0
    const space = 'position' in place ? `${place.kind} ${place.position}` : place.kind
    return { space, from, to: from + bytesIn(buffers[buffer]!), slice: null }
  }
  const regions = buffers.map((_, buffer) => find(buffer))
  const regionOf = (buffer: number): Region => (buffer < 0 ? scratch : regions[buffer]!)
  const takers = new Map(
    takeovers.map((inputs, output) => [
      `output ${output}`,
      new Set(inputs.map((input) => `input ${input}`)),
    ]),
  )
  const takes = (a: string, b: string): boolean => takers.get(a)?.has(b) === true
  const mayBeSame = (a: string, b: string): boolean => a === b || takes(a, b) || takes(b, a)
  return { regionOf, mayBeSame }
}

/** The regions of a program's buffers. */
export type Regions = ReturnType<typeof regionsOf>

type Meeting = 'apart' | 'aligned' | 'mixed'

/** How two touches meet: not at all, in the same runs if their tasks are divided alike, or anyhow. */
const meetingOf = (a: Touch, b: Touch, { regionOf, mayBeSame }: Regions): Meeting => {
  if (!a.isWrite && !b.isWrite) return 'apart'
  const [x, y] = [regionOf(a.buffer), regionOf(b.buffer)]
  if (x.to <= y.from || y.to <= x.from || !mayBeSame(x.space, y.space)) return 'apart'
  const isOne = x.from === y.from && x.slice === y.slice && x.space !== 'scratch'
  return isOne && a.bytes !== null && b.bytes !== null ? 'aligned' : 'mixed'
}

/** Bytes that all iterations of a divided task together keep to. */
const spanOf = ({ division }: Task, { bytes }: Touch): number => division!.extent * bytes!

/** True when runs of the two agree once they are divided into the same units. */
const agree = (a: Task, b: Task, x: Touch, y: Touch): boolean => spanOf(a, x) === spanOf(b, y)

interface Growing<T extends Task> {
  readonly tasks: T[]
  readonly linked: Set<Task>
  units: number
}

/** Adds a task to a group, or says that it cannot be. */
const join = <T extends Task>(group: Growing<T>, task: T, regions: Regions): boolean => {
  const partners = new Set<Task>()
  for (const before of group.tasks) {
    for (const x of before.touches) {
      for (const y of task.touches) {
        const meeting = meetingOf(x, y, regions)
        if (meeting === 'apart') continue
        // what one thread does twice in a row it does in order
        if (before.division === null && task.division === null) continue
        if (meeting === 'mixed' || !agree(before, task, x, y)) return false
        partners.add(before)
      }
    }
  }
  if (partners.size > 0) {
    const linked = [...group.linked, ...partners, task]
    const units = Math.min(...linked.map(({ division }) => division!.extent))
    if (units < leastUnits || linked.some(({ division }) => division!.extent % units !== 0)) {
      return false
    }
    for (const one of linked) group.linked.add(one)
    group.units = units
  }
  group.tasks.push(task)
  return true
}

/** True when one of two tasks must be over before the other begins. */
const areOrdered = (a: Task, b: Task, regions: Regions): boolean =>
  a.touches.some((x) => b.touches.some((y) => meetingOf(x, y, regions) !== 'apart'))

/** Tasks that wait for a later group, at most, while others are let past. */
const mostWaiting = 24

/**
 * Tasks in groups. One that cannot join the group waits for the next, and those behind it that touch nothing of what the
 * waiting ones do may go before them.
 */
export const groupsOf = <T extends Task>(
  tasks: readonly T[],
  regions: Regions,
): readonly Group<T>[] => {
  const groups: Group<T>[] = []
  let left = tasks
  while (left.length > 0) {
    const [first, ...others] = left as readonly [T, ...T[]]
    const group: Growing<T> = { tasks: [first], linked: new Set(), units: 0 }
    const waiting: T[] = []
    for (const task of others) {
      const mayPass =
        waiting.length < mostWaiting && !waiting.some((before) => areOrdered(before, task, regions))
      if (!mayPass || !join(group, task, regions)) waiting.push(task)
    }
    groups.push(group)
    left = waiting
  }
  return groups
}
