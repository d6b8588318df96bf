/** Verification of one kernel: scopes, types, bounds, and the promise of parallel loops. */
import type { DType } from '../dtype.ts'
import { addressInterval, type Interval } from './interval.ts'
import type { Address, Buffer, Kernel, Panel, Scalar, Statement } from './loop.ts'
import { typeMistake } from './verifyScalar.ts'
import { sizeOfWalk, spanOfWalk } from './walk.ts'

/** What a kernel does to buffers, reported in the order of its statements. */
export interface Accesses {
  readonly read: (buffer: number) => void
  readonly write: (buffer: number) => void
}

interface Local {
  readonly dtype: DType
  readonly mutable: boolean
  /** How many parallel loops surround the declaration. */
  readonly parallel: number
}

/** Buffers that statements store to, in the bodies of loops and branches too. */
const storedBy = (body: readonly Statement[]): number[] =>
  body.flatMap((statement) => {
    if (statement.kind === 'store') return [statement.buffer]
    if (statement.kind === 'contract') return [statement.c.buffer]
    if (statement.kind === 'if') return storedBy([...statement.then, ...statement.otherwise])
    return 'body' in statement ? storedBy(statement.body) : []
  })

type Of<K extends Statement['kind']> = Extract<Statement, { readonly kind: K }>

class KernelVerifier {
  readonly #name: string
  readonly #buffers: readonly Buffer[]
  readonly #accesses: Accesses
  readonly #declared = new Set<number>()
  readonly #locals = new Map<number, Local>()
  readonly #extents = new Map<number, number>()
  readonly #parallel: number[] = []
  /** Buffers that a surrounding `while` stores to: their reads may see an earlier iteration. */
  readonly #recurring: number[] = []

  constructor(name: string, buffers: readonly Buffer[], accesses: Accesses) {
    this.#name = name
    this.#buffers = buffers
    this.#accesses = accesses
  }

  #fail(what: string): never {
    throw new Error(`loop IR: kernel ${this.#name}: ${what}`)
  }

  /** Ids of locals and indices share one space. */
  #declare(id: number): void {
    if (this.#declared.has(id)) this.#fail(`id ${id} is defined twice`)
    this.#declared.add(id)
  }

  #bufferOf(number: number): Buffer {
    return this.#buffers[number] ?? this.#fail(`buffer ${number} does not exist`)
  }

  /** True when some surrounding loop never runs, so that nothing here is reached. */
  #isUnreached(): boolean {
    return [...this.#extents.values()].includes(0)
  }

  #inBounds(what: string, number: number, { low, high }: Interval): void {
    const { length } = this.#bufferOf(number)
    const isKnown = low !== -Infinity && high !== Infinity
    if (!isKnown || this.#isUnreached() || (low >= 0 && high < length)) return
    this.#fail(
      `${what} reaches ${low} .. ${high} of buffer ${number}, which has ${length} elements`,
    )
  }

  #interval(at: Address): Interval {
    return addressInterval(at, (index) => this.#extents.get(index) ?? 1)
  }

  #address(at: Address, seen: Set<Scalar>): void {
    for (const { index } of at.terms) {
      if (!this.#extents.has(index)) this.#fail(`index ${index} is used outside its loop`)
    }
    if (at.offset === undefined) return
    this.#scalar(at.offset, seen)
    if (at.offset.dtype !== 'int32') this.#fail(`an address is offset by ${at.offset.dtype}`)
  }

  #scalar(x: Scalar, seen: Set<Scalar> = new Set()): void {
    if (seen.has(x)) return
    seen.add(x)
    if ('args' in x) for (const arg of x.args) this.#scalar(arg, seen)
    const mistake = typeMistake(x)
    if (mistake !== null) this.#fail(mistake)
    if (x.op === 'index' || x.op === 'load') this.#address(x.at, seen)
    if (x.op === 'load') {
      const { dtype } = this.#bufferOf(x.buffer)
      if (dtype !== x.dtype) this.#fail(`a load of ${x.dtype} from a buffer of ${dtype}`)
      this.#inBounds('a load', x.buffer, this.#interval(x.at))
      if (!this.#recurring.includes(x.buffer)) this.#accesses.read(x.buffer)
    }
    if (x.op === 'local') {
      const known = this.#locals.get(x.id) ?? this.#fail(`local ${x.id} is used outside its block`)
      if (known.dtype !== x.dtype) this.#fail(`local ${x.id} is ${known.dtype}, not ${x.dtype}`)
    }
  }

  #truth(x: Scalar): void {
    this.#scalar(x)
    if (x.dtype !== 'bool') this.#fail(`a condition is ${x.dtype}`)
  }

  #define(id: number, dtype: DType, mutable: boolean): void {
    this.#declare(id)
    this.#locals.set(id, { dtype, mutable, parallel: this.#parallel.length })
  }

  /** Iterations of a parallel loop must not write the same element. */
  #ownsElement(at: Address): void {
    if (at.offset !== undefined) return
    const still = this.#parallel.find(
      (index) =>
        this.#extents.get(index)! > 1 &&
        !at.terms.some((term) => term.index === index && term.stride !== 0),
    )
    if (still !== undefined) {
      this.#fail(`iterations of parallel loop ${still} store to the same element`)
    }
  }

  #write(number: number, at: Address): void {
    const { place } = this.#bufferOf(number)
    if (place.kind === 'input' || place.kind === 'constant') {
      this.#fail(`a store to buffer ${number}, which is ${place.kind} ${place.position}`)
    }
    this.#ownsElement(at)
    this.#accesses.write(number)
  }

  #store({ buffer, at, value }: Of<'store'>): void {
    const seen = new Set<Scalar>()
    this.#address(at, seen)
    this.#scalar(value, seen)
    const { dtype } = this.#bufferOf(buffer)
    if (dtype !== value.dtype) this.#fail(`a store of ${value.dtype} to a buffer of ${dtype}`)
    this.#inBounds('a store', buffer, this.#interval(at))
    this.#write(buffer, at)
  }

  #set({ id, value }: Of<'set'>): void {
    this.#scalar(value)
    const known = this.#locals.get(id) ?? this.#fail(`local ${id} is set outside its block`)
    if (!known.mutable) this.#fail(`local ${id} is set, but it is no var`)
    if (known.dtype !== value.dtype) this.#fail(`local ${id} is ${known.dtype}, not ${value.dtype}`)
    if (known.parallel < this.#parallel.length) {
      this.#fail(`local ${id} is set by iterations of a parallel loop`)
    }
  }

  /** Runs `body` where index takes the values below `extent`. */
  #counting(index: number, extent: number, body: () => void): void {
    if (!Number.isInteger(extent) || extent < 0) this.#fail(`a loop of extent ${extent}`)
    this.#declare(index)
    this.#extents.set(index, extent)
    body()
    this.#extents.delete(index)
  }

  #for({ index, extent, parallel, body }: Of<'for'>): void {
    this.#counting(index, extent, () => {
      if (parallel) this.#parallel.push(index)
      this.#block(body)
      if (parallel) this.#parallel.pop()
    })
  }

  #reduce({ id, dtype, index, extent, body, value }: Of<'reduce'>): void {
    const stray = body.find(({ kind }) => kind !== 'let' && kind !== 'reduce' && kind !== 'store')
    if (stray !== undefined) this.#fail(`a ${stray.kind} inside a reduce`)
    if (dtype === 'bool') this.#fail('a reduce of bool')
    this.#counting(index, extent, () => {
      // several may be computed at once, so each stores to an element of its own
      this.#parallel.push(index)
      this.#block(body, () => {
        this.#scalar(value)
        if (value.dtype !== dtype) this.#fail(`a reduce of ${dtype} over ${value.dtype}`)
      })
      this.#parallel.pop()
    })
    this.#define(id, dtype, false)
  }

  #while({ condition, body }: Of<'while'>): void {
    this.#truth(condition)
    const outside = this.#recurring.length
    this.#recurring.push(...storedBy(body))
    this.#block(body)
    this.#recurring.length = outside
  }

  #panel(name: string, panel: Panel, dtype: DType, rows: number, columns: number): void {
    const { buffer, at } = panel
    this.#address(at, new Set())
    if (this.#bufferOf(buffer).dtype !== dtype) this.#fail(`panel ${name} is not ${dtype}`)
    if (sizeOfWalk(panel.rows) !== rows || sizeOfWalk(panel.columns) !== columns) {
      this.#fail(`panel ${name} does not walk ${rows} x ${columns} elements`)
    }
    if (rows === 0 || columns === 0) return
    const parts = [this.#interval(at), spanOfWalk(panel.rows), spanOfWalk(panel.columns)]
    this.#inBounds(`panel ${name}`, buffer, {
      low: parts.reduce((sum, { low }) => sum + low, 0),
      high: parts.reduce((sum, { high }) => sum + high, 0),
    })
  }

  #contract({ dtype, rows, columns, depth, a, b, c }: Of<'contract'>): void {
    this.#panel('a', a, dtype, rows, depth)
    this.#panel('b', b, dtype, depth, columns)
    this.#panel('c', c, dtype, rows, columns)
    if (c.rows.length > 1 || c.columns.length > 1) this.#fail('a contract onto nested steps')
    if (c.buffer === a.buffer || c.buffer === b.buffer) this.#fail('a contract onto its own input')
    this.#accesses.read(a.buffer)
    this.#accesses.read(b.buffer)
    this.#write(c.buffer, c.at)
  }

  #statement(statement: Statement): void {
    switch (statement.kind) {
      case 'let':
      case 'var':
        this.#scalar(statement.value)
        this.#define(statement.id, statement.value.dtype, statement.kind === 'var')
        break
      case 'set':
        this.#set(statement)
        break
      case 'store':
        this.#store(statement)
        break
      case 'for':
        this.#for(statement)
        break
      case 'reduce':
        this.#reduce(statement)
        break
      case 'while':
        this.#while(statement)
        break
      case 'if':
        this.#truth(statement.condition)
        this.#block(statement.then)
        this.#block(statement.otherwise)
        break
      case 'contract':
        this.#contract(statement)
    }
  }

  /** Verifies statements, then `last` with their locals in sight. */
  #block(body: readonly Statement[], last?: () => void): void {
    const outside = new Set(this.#locals.keys())
    for (const statement of body) this.#statement(statement)
    last?.()
    for (const id of this.#locals.keys()) if (!outside.has(id)) this.#locals.delete(id)
  }

  run(body: readonly Statement[]): void {
    this.#block(body)
  }
}

/** Throws unless the kernel is well formed; tells what it reads and writes. */
export const verifyKernel = (
  { name, body }: Kernel,
  buffers: readonly Buffer[],
  accesses: Accesses,
): void => {
  new KernelVerifier(name, buffers, accesses).run(body)
}
