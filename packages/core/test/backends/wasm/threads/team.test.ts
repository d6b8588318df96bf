import { describe, expect, it } from 'vitest'
import { barrierFunction } from '../../../../src/backends/wasm/barrier.ts'
import { controlBytes, type TeamRun } from '../../../../src/backends/wasm/control.ts'
import {
  type Code,
  encodeFunction,
  encodeModule,
  instruction,
  type Local,
} from '../../../../src/backends/wasm/encode.ts'
import { compileModule, instantiate } from '../../../../src/backends/wasm/host.ts'
import {
  add,
  after,
  at,
  call,
  countTo,
  createFunction,
  distance,
  load,
  mul,
  set,
  store,
  when,
} from '../../../../src/backends/wasm/instructions.ts'
import { lineBytes } from '../../../../src/backends/wasm/layout.ts'
import { LinearMemory } from '../../../../src/backends/wasm/memory.ts'
import { i32 } from '../../../../src/backends/wasm/opcodes.ts'
import { Team } from '../../../../src/backends/wasm/team.ts'
import { hasWideMemory } from '../wide.ts'

const trap = instruction(0x00)

interface Names {
  readonly start: Local
  readonly thread: Local
  readonly threads: Local
  readonly meet: Code
  readonly local: () => Local
}

/** A team, and a program of it. */
const teamOf = (threads: number, body: (names: Names) => Code, isWide = false) => {
  const kind = { isShared: true, isWide }
  const f = createFunction()
  const param = (): Local => f.param('i32')
  const [startLine, thread, count, controlLine] = [param(), param(), param(), param()]
  const [start, control] = [f.local('address'), f.local('address')]
  const addresses = [
    set(start, distance(startLine, lineBytes)),
    set(control, distance(controlLine, lineBytes)),
  ]
  const meet = call({ index: 0 }, thread, count, control)
  const code = body({ start, thread, threads: count, meet, local: () => f.local('i32') })
  const functions = [barrierFunction(), f.finish('run', [addresses, code, meet])]
  const module = compileModule(
    encodeModule({
      memory: kind,
      imports: [],
      functions: functions.map((func) => ({ func, bytes: encodeFunction(func, isWide) })),
      exports: { run: 1 },
    }),
  )
  const memory = new LinearMemory(kind, 100)
  const team = new Team(memory.host, memory.take(controlBytes(threads))!.address, threads)
  const number = team.send({ kind: 'program', module, imports: [] })
  team.wait(number)
  const { run } = instantiate(module, memory.host)
  const block = memory.take(4096)!
  return {
    team,
    number,
    run: () => team.run(number, run as TeamRun, block.address / lineBytes),
    read: (length: number) => [...memory.copyOut('int32', block.address, length)],
  }
}

describe('a team of threads', () => {
  const rounds = 2000
  /** What each thread has added up in the last round. */
  const meetings = (threads: number, isWide: boolean): number[] => {
    const adding = ({ start, thread, threads: count, meet, local }: Names): Code => {
      const [round, other, sum] = [local(), local(), local()]
      // each adds up what all have written before the barrier, and writes anew after the next
      const place = (index: Code): Code => after(start, distance(index, 4))
      return [
        set(round, 0),
        countTo(round, rounds, 1, [
          store(i32.store, at(place(thread)), add(mul(round, 10), thread)),
          meet,
          [set(sum, 0), set(other, 0)],
          countTo(other, count, 1, set(sum, add(sum, load(i32.load, at(place(other)))))),
          meet,
        ]),
        store(i32.store, at(place(add(thread, 16))), sum),
      ]
    }
    const { run, read } = teamOf(threads, adding, isWide)
    run()
    return read(16 + threads).slice(16)
  }
  const sums = (threads: number): number[] =>
    new Array<number>(threads).fill((rounds - 1) * 10 * threads + (threads * (threads - 1)) / 2)

  it.each([2, 3, 5])('of %i meets at every barrier', (threads) => {
    expect(meetings(threads, false)).toEqual(sums(threads))
  })

  it.skipIf(!hasWideMemory)('meets at every barrier of a wide memory', () => {
    expect(meetings(3, true)).toEqual(sums(3))
  })

  it('runs a thousand jobs, one after another', () => {
    const { run, read } = teamOf(2, ({ start, thread }) => {
      const own = at(after(start, distance(thread, 4)))
      return store(i32.store, own, add(load(i32.load, own), 1))
    })
    const [one, two] = read(2) as [number, number]
    for (let i = 0; i < 1000; i++) run()
    expect(read(2)).toEqual([one + 1000, two + 1000])
  })

  it.each([0, 1, 2])('ends a job in which thread %i fails, and is not used any more', (failing) => {
    const { team, number, run } = teamOf(3, ({ thread, meet }) => [
      meet,
      when([thread, failing, i32.eq], trap),
      meet,
    ])
    expect(team.has(number)).toBe(true)
    expect(run).toThrow('unreachable')
    expect(team.has(number)).toBe(false)
  })
})
