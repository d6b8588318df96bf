/**
 * The verifier of programs: what lowering promises to backends. It runs between the two in tests. Besides types, scopes and
 * bounds it follows which buffers hold a value: writing one ends every other that shares its bytes of the arena, so a
 * memory plan that reuses a place too early is found as a read of what is no longer there.
 */
import { bytesOf, dtypeOf } from '../dtype.ts'
import type { Buffer, Program, Slice, Step } from './loop.ts'
import { verifyKernel } from './verifyKernel.ts'

const fail = (what: string): never => {
  throw new Error(`loop IR: ${what}`)
}

const isCount = (x: number): boolean => Number.isInteger(x) && x >= 0

const verifyArenaPlace = ({ dtype, length }: Buffer, offset: number, arena: number): boolean =>
  isCount(offset) && offset % 64 === 0 && offset + bytesOf(dtype) * length <= arena

/** Places name what exists, and inputs, outputs and constants each one thing. */
const verifyBuffers = ({ buffers, inputs, outputs, constants, arenaBytes }: Program): void => {
  const taken = new Set<string>()
  buffers.forEach(({ dtype, length, place }, i) => {
    if (!isCount(length)) fail(`buffer ${i} has length ${length}`)
    if (place.kind === 'slice') return
    if (place.kind === 'arena') {
      if (verifyArenaPlace(buffers[i]!, place.offset, arenaBytes)) return
      fail(`buffer ${i} lies at ${place.offset} of an arena of ${arenaBytes} bytes`)
      return
    }
    const name = `${place.kind} ${place.position}`
    if (taken.has(name)) fail(`two buffers are ${name}`)
    taken.add(name)
    const { position } = place
    if (place.kind === 'input' && position >= inputs) fail(`buffer ${i} is ${name} of ${inputs}`)
    if (place.kind === 'output' && outputs[position] !== i) {
      fail(`buffer ${i} is ${name}, but the program names buffer ${outputs[position]}`)
    }
    const constant = constants[position]
    if (place.kind === 'constant' && (dtypeOf(constant) !== dtype || constant!.length !== length)) {
      fail(`buffer ${i} is ${name}, which is not ${dtype}[${length}]`)
    }
  })
  outputs.forEach((buffer, i) => {
    if (buffers[buffer]?.place.kind !== 'output')
      fail(`output ${i} is buffer ${buffer}, which is no output`)
  })
}

/** Which buffers hold values at some moment. */
type Held = Set<number>

const shareBytes = (a: Buffer, b: Buffer): boolean =>
  a.place.kind === 'arena' &&
  b.place.kind === 'arena' &&
  a.place.offset < b.place.offset + bytesOf(b.dtype) * b.length &&
  b.place.offset < a.place.offset + bytesOf(a.dtype) * a.length

class StepsVerifier {
  readonly #buffers: readonly Buffer[]
  /** For each buffer, those that lie on some of its bytes. */
  readonly #rivals: readonly (readonly number[])[]
  readonly #slices = new Map<number, Slice>()
  #held: Held

  constructor({ buffers }: Program) {
    this.#buffers = buffers
    this.#held = new Set(
      buffers.flatMap(({ place, length }, i) =>
        length === 0 || place.kind === 'input' || place.kind === 'constant' ? [i] : [],
      ),
    )
    this.#rivals = buffers.map((a, i) =>
      buffers.flatMap((b, j) => (i !== j && shareBytes(a, b) ? [j] : [])),
    )
  }

  #bufferOf(number: number, where: string): Buffer {
    return this.#buffers[number] ?? fail(`${where}: buffer ${number} does not exist`)
  }

  #read(number: number, where: string): void {
    this.#bufferOf(number, where)
    if (!this.#held.has(number)) fail(`${where} reads buffer ${number}, which holds no value`)
  }

  #write(number: number, where: string): void {
    const { place } = this.#bufferOf(number, where)
    if (place.kind === 'input' || place.kind === 'constant') {
      fail(`${where} writes buffer ${number}, which is ${place.kind} ${place.position}`)
    }
    const slice = this.#slices.get(number)
    if (place.kind === 'slice' && slice === undefined) {
      fail(`${where} uses slice ${number} outside the loop that declares it`)
    }
    for (const rival of this.#rivals[number]!) this.#held.delete(rival)
    this.#held.add(number)
    if (slice !== undefined) this.#write(slice.source, where)
  }

  #kernel({ kernel }: Extract<Step, { kind: 'kernel' }>): void {
    const where = `kernel ${kernel.name}`
    const touched = new Set<number>()
    verifyKernel(kernel, this.#buffers, {
      read: (buffer) => {
        touched.add(buffer)
        this.#read(buffer, where)
      },
      write: (buffer) => {
        touched.add(buffer)
        this.#write(buffer, where)
      },
    })
    for (const buffer of touched) {
      const rival = this.#rivals[buffer]!.find((other) => touched.has(other))
      if (rival !== undefined) fail(`${where} uses buffers ${buffer} and ${rival} in one place`)
    }
  }

  #copy(from: number, to: number, where: string): void {
    const [a, b] = [this.#bufferOf(from, where), this.#bufferOf(to, where)]
    if (a.dtype !== b.dtype || a.length !== b.length) {
      fail(`${where} from ${a.dtype}[${a.length}] to ${b.dtype}[${b.length}]`)
    }
    if (shareBytes(a, b)) fail(`${where} between buffers ${from} and ${to} in one place`)
    this.#read(from, where)
    this.#write(to, where)
  }

  #openSlice(slice: Slice, count: number): void {
    const { buffer, source, stride } = slice
    const [part, whole] = [this.#bufferOf(buffer, 'loop'), this.#bufferOf(source, 'loop')]
    if (part.place.kind !== 'slice') fail(`loop slices into buffer ${buffer}, which is no slice`)
    if (this.#slices.has(buffer)) fail(`slice ${buffer} is declared twice`)
    if (part.dtype !== whole.dtype || part.length !== stride || stride * count > whole.length) {
      fail(`slice ${buffer} does not fit ${count} times into buffer ${source}`)
    }
    this.#slices.set(buffer, slice)
  }

  #loop({ count, slices, carries, body }: Extract<Step, { kind: 'loop' }>): void {
    if (!isCount(count)) fail(`a loop of ${count} iterations`)
    for (const slice of slices) this.#openSlice(slice, count)
    // twice: what the first iteration destroys, the second one misses
    for (let iteration = 0; iteration < Math.min(2, count); iteration++) {
      for (const { buffer, source } of slices) {
        if (this.#held.has(source)) this.#held.add(buffer)
        else this.#held.delete(buffer)
      }
      this.steps(body)
      for (const { from } of carries) this.#read(from, 'carry')
      for (const { from, to } of carries) this.#copy(from, to, 'carry')
    }
    for (const { buffer } of slices) {
      this.#slices.delete(buffer)
      this.#held.delete(buffer)
    }
  }

  #branch({ predicate, then, otherwise }: Extract<Step, { kind: 'branch' }>): void {
    const { dtype, length } = this.#bufferOf(predicate, 'branch')
    if ((dtype !== 'bool' && dtype !== 'int32') || length === 0) {
      fail(`branch on buffer ${predicate}, which is ${dtype}[${length}]`)
    }
    this.#read(predicate, 'branch')
    const before = new Set(this.#held)
    this.steps(then)
    const afterThen = this.#held
    this.#held = before
    this.steps(otherwise)
    this.#held = new Set([...this.#held].filter((buffer) => afterThen.has(buffer)))
  }

  steps(list: readonly Step[]): void {
    for (const step of list) {
      if (step.kind === 'kernel') this.#kernel(step)
      else if (step.kind === 'copy') this.#copy(step.from, step.to, 'copy')
      else if (step.kind === 'loop') this.#loop(step)
      else this.#branch(step)
    }
  }

  /** Throws unless every output holds its value. */
  end(outputs: readonly number[]): void {
    for (const buffer of outputs) this.#read(buffer, 'the caller')
  }
}

/**
 * Throws unless a program is well formed: places exist, kernels are well typed and stay in bounds as far as can be known,
 * nothing is read that holds no value, nothing is written that must not be, and every output has its value in the end.
 * @example
 * ```ts
 * import { add, lower, placeholder, type Tensor, trace, verifyProgram } from '@rootstock/core'
 * const { graph } = trace((x: Tensor) => add(x, 1))(placeholder([4]))
 * verifyProgram(lower(graph))
 * ```
 */
export const verifyProgram = (program: Program): void => {
  verifyBuffers(program)
  const verifier = new StepsVerifier(program)
  verifier.steps(program.steps)
  verifier.end(program.outputs)
}
