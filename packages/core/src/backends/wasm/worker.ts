/**
 * A worker of a team: it runs the jobs that the shared memory announces, and returns to its event loop for messages, which
 * bring the programs. Each message and job has a number, so that nothing is lost however late the worker looks.
 */
import { announceFailure, type Message, patience, type TeamRun, words } from './control.ts'
import { type HostExports, type HostMemory, instantiate } from './host.ts'
import { lineBytes } from './layout.ts'
import { listen } from './threads.ts'

const libraries = new Map<string, HostExports>()
const programs = new Map<number, TeamRun>()
let memory: HostMemory
let control: Int32Array = new Int32Array(0)
let [line, thread, threads, received, jobs] = [0, 0, 0, 0, 0]

const work = (): void => {
  const program = programs.get(Atomics.load(control, words.program))!
  program(Atomics.load(control, words.start), thread, threads, line)
}

/** Takes part in a job, unless it has failed already. */
const takePart = (): void => {
  Atomics.add(control, words.working, 1)
  try {
    if (Atomics.load(control, words.failed) === 0) work()
  } catch {
    announceFailure(control)
  }
  Atomics.sub(control, words.working, 1)
}

/** Waits until the count of news is no longer what it was: awake for a moment, then asleep. */
const awaitNews = (seen: number): void => {
  for (let looks = 0; looks < patience.news; looks++) {
    if (Atomics.load(control, words.news) !== seen) return
  }
  Atomics.add(control, words.idle, 1)
  Atomics.wait(control, words.news, seen)
  Atomics.sub(control, words.idle, 1)
}

/** Does jobs until there is a message. */
const serve = (): void => {
  for (;;) {
    const news = Atomics.load(control, words.news)
    const job = Atomics.load(control, words.jobs)
    if (job !== jobs) {
      jobs = job
      takePart()
    } else if (Atomics.load(control, words.sent) > received) return
    else awaitNews(news) // also where a message came before its announcement
  }
}

const take = (message: Message, number: number): void => {
  switch (message.kind) {
    case 'enlist':
      ;({ memory, thread, threads } = message)
      line = message.control / lineBytes
      control = new Int32Array(memory.buffer, message.control, words.received + threads)
      break
    case 'library':
      libraries.set(message.name, instantiate(message.module, memory))
      break
    case 'program': {
      const exportsOf = (library: string) => libraries.get(library)!
      const { run } = instantiate(message.module, memory, message.imports, exportsOf)
      programs.set(number, run as TeamRun)
      break
    }
    case 'forget':
      programs.delete(message.program)
  }
}

listen((message) => {
  received++
  take(message, received)
  Atomics.store(control, words.received + thread, received)
  Atomics.notify(control, words.received + thread)
  serve()
})
