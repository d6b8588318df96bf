/** Where all threads of a team meet, as WebAssembly: a short wait is spent looking, a long one sleeping. */
import { patience, words } from './control.ts'
import { type Code, type Func, instruction, type Local, unsigned } from './encode.ts'
import { add, choose, createFunction, repeat, set, sub, tee, when } from './instructions.ts'
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
 * Traps when one of them has failed. All of it happens in one word, so that its cache line travels as little as possible:
 * whoever arrives adds 1, the last takes those off again and adds 256, and the others see the bits above change.
 */
export const barrierFunction = (): Func => {
  const f = createFunction()
  const [thread, threads, control] = [f.param('i32'), f.param('i32'), f.param('address')]
  const [before, now, looks] = [f.local('i32'), f.local('i32'), f.local('i32')]
  const read = (word: number): Code => atomic(0x10, control, word)
  const increase = (word: number, by: Code): Code => atomic(0x1e, control, word, by)
  const round = (word: Local): Code => [word, 8, i32.shrU]
  const isWaiting: Code = [
    set(now, read(words.gate)),
    [round(now), round(before), i32.eq],
    [read(words.failed), i32.eqz, i32.and],
  ]
  const sleep = [
    [increase(words.sleeping, 1), drop],
    [atomic(0x01, control, words.gate, now, noTimeout), drop],
    [increase(words.sleeping, -1), drop],
  ]
  // only the caller's thread may be one that must not sleep
  const limit = choose(thread, patience.barrier, read(words.patience))
  const isPatient = [tee(looks, add(looks, 1)), limit, i32.leU]
  const wait = [
    set(looks, 0),
    when(isWaiting, repeat(when(isPatient, [], sleep), isWaiting)),
    when(read(words.failed), trap),
  ]
  const release = [
    [increase(words.gate, sub(256, threads)), drop],
    when(read(words.sleeping), [atomic(0x00, control, words.gate, -1), drop]),
  ]
  const isLast = [tee(before, increase(words.gate, 1)), 255, i32.and, add(threads, -1), i32.eq]
  return f.finish('barrier', [when([threads, 1, i32.eq], leave), when(isLast, release, wait)])
}
