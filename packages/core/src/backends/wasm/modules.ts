/** Compiled modules by content: the same bytes are compiled and instantiated once, here and in the threads of the team. */
import { adaptiveSize, fixedSize } from '../teamSize.ts'
import type { Sharing } from './context.ts'
import { controlBytes, type TeamRun } from './control.ts'
import type { FuncImport } from './encode.ts'
import { compileModule, type HostExports, type HostModule, instantiate } from './host.ts'
import type { LinearMemory } from './memory.ts'
import { productModule } from './product.ts'
import { Team } from './team.ts'
import type { Element } from './tile.ts'

/** What a module exports: runs the program whose memory starts at that line. */
export type Run = (start: number) => void

/** What loading takes of a rendered program. */
export interface Loadable {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly imports: readonly FuncImport[]
  /** True when its `run` is for several threads. */
  readonly isShared: boolean
}

/** Modules kept for reuse; executables keep theirs in any case. */
const capacity = 1000

const equal = (a: Uint8Array, b: Uint8Array): boolean => {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** FNV-1a. */
const hash = (bytes: Uint8Array): number => {
  let h = 0x811c9dc5
  for (const byte of bytes) h = Math.imul(h ^ byte, 0x01000193)
  return h
}

/** A module that programs import from. */
interface Library {
  readonly module: HostModule
  readonly exports: HostExports
  /** True when the team has it. */
  sent: boolean
}

/** The modules of a backend, all over one memory. */
export class Modules {
  readonly #memory: LinearMemory
  readonly #sharing: Sharing
  readonly #isFixed: boolean
  readonly #known = new Map<number, { readonly bytes: Uint8Array; readonly run: Run }>()
  readonly #libraries = new Map<Element, Library>()
  #team: Team | null = null
  readonly #registry = new FinalizationRegistry<number>((program) => {
    this.#team?.send({ kind: 'forget', program })
  })

  /** The threads of `sharing` run a program: always if their number is fixed, else where that is faster than one. */
  constructor(memory: LinearMemory, sharing: Sharing, isFixed: boolean) {
    this.#memory = memory
    this.#sharing = sharing
    this.#isFixed = isFixed
  }

  /** Makes a program ready to run. */
  load({ bytes, imports, isShared }: Loadable): Run {
    const key = hash(bytes)
    const found = this.#known.get(key)
    if (found !== undefined && equal(found.bytes, bytes)) return found.run
    const module = compileModule(bytes)
    const exportsOf = (library: string) => this.#library(library as Element).exports
    const exports = instantiate(module, this.#memory.host, imports, exportsOf)
    const run = isShared
      ? this.#share(module, imports, exports.run as TeamRun)
      : (exports.run as Run)
    this.#known.delete(key)
    if (this.#known.size >= capacity) this.#known.delete(this.#known.keys().next().value!)
    this.#known.set(key, { bytes, run })
    return run
  }

  /** Gives a program to the team, which runs it as soon as all have it. */
  #share(module: HostModule, imports: readonly FuncImport[], program: TeamRun): Run {
    const team = this.#startTeam()
    for (const { from } of imports) {
      const library = this.#library(from)
      if (!library.sent) team.send({ kind: 'library', name: from, module: library.module })
      library.sent = true
    }
    const number = team.send({ kind: 'program', module, imports })
    if (this.#sharing.always) team.wait(number)
    const size = (this.#isFixed ? fixedSize : adaptiveSize)(this.#sharing.threads)
    const runOn = (threads: number, start: number): void => {
      if (threads === 1) program(start, 0, 1, 0)
      else team.run(number, program, start)
    }
    const run = (start: number): void => {
      if (team.has(number)) size((threads) => runOn(threads, start))
      else runOn(1, start)
    }
    this.#registry.register(run, number)
    return run
  }

  #startTeam(): Team {
    if (this.#team === null) {
      const { threads } = this.#sharing
      const block = this.#memory.take(controlBytes(threads))
      // the memory is as good as empty when a backend compiles its first programs
      if (block === null) throw new Error('no memory for the threads of the wasm backend')
      this.#team = new Team(this.#memory.host, block.address, threads)
    }
    return this.#team
  }

  #library(dtype: Element): Library {
    const found = this.#libraries.get(dtype)
    if (found !== undefined) return found
    const module = compileModule(productModule(dtype, this.#memory))
    const exports = instantiate(module, this.#memory.host)
    const library = { module, exports, sent: false }
    this.#libraries.set(dtype, library)
    return library
  }
}
