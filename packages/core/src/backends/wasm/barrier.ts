/** Where all threads of a team meet, as WebAssembly: a short wait is spent looking, a long one sleeping. */
import { patience, words } from './control.ts'
import { type Code, type Func, instruction, type Local, unsigned } from './encode.ts'
import { add, choose, createFunction, repeat, set, tee, when } from './instructions.ts'
import { i32 } from './opcodes.ts'

/** Atomic access to a word of the control block. */
const atomic = (opcode: number, control: Local, word: number, ...operands: Code[]): Code => [
  control,
  operands,
  instruction(0xfe, opcode, 2, ...unsigned(4 * word)),
]
const drop = instruction(0x1a)
const leave = instruction(0x0f)
const trap = instruction(0x00)
const noTimeout: Code = instruction(0x42, 0x7f)

/**
 * `barrier(thread, threads, control)`: returns when all threads have called it. What they wrote before is then seen by all.
 * Traps when one of them has failed.
 */
export const barrierFunction = (): Func => {
  const f = createFunction()
  const [thread, threads, control] = [f.param('i32'), f.param('i32'), f.param('i32')]
  const [phase, looks] = [f.local('i32'), f.local('i32')]
  const read = (word: number): Code => atomic(0x10, control, word)
  const write = (word: number, value: Code): Code => atomic(0x17, control, word, value)
  const increase = (word: number, by: number): Code => atomic(0x1e, control, word, by)
  const trapWhenFailed = when(read(words.failed), trap)
  const isWaiting: Code = [read(words.phase), phase, i32.eq]
  const wakeAll = [atomic(0x00, control, words.phase, -1), drop]
  const sleep = [
    [increase(words.sleeping, 1), drop],
    [atomic(0x01, control, words.phase, phase, noTimeout), drop],
    [increase(words.sleeping, -1), drop],
  ]
  const release = [
    write(words.arrived, 0),
    write(words.phase, add(phase, 1)),
    when(read(words.sleeping), wakeAll),
  ]
  // only the caller's thread may be one that must not sleep
  const limit = choose(thread, patience.barrier, read(words.patience))
  const isPatient = [tee(looks, add(looks, 1)), limit, i32.leU]
  const wait = [
    set(looks, 0),
    when(isWaiting, repeat(when(isPatient, [], sleep), isWaiting)),
    trapWhenFailed,
  ]
  const isLast = [increase(words.arrived, 1), add(threads, -1), i32.eq]
  return f.finish('barrier', [
    when([threads, 1, i32.eq], leave),
    set(phase, read(words.phase)),
    trapWhenFailed,
    when(isLast, release, wait),
  ])
}
