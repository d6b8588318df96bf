/** Tasks as steps, in order. */
import type { Step } from '../loop/loop.ts'
import type { Emitter } from './emitter.ts'
import { emitNest, nestName } from './nest.ts'
import type { Task } from './task.ts'

/** The steps of tasks; empty ones vanish. */
export const emitTasks = (emitter: Emitter, tasks: readonly Task[]): Step[] =>
  tasks.flatMap((task) =>
    task.kind === 'nest'
      ? emitter.kernel(nestName(task), () => emitNest(emitter, task))
      : task.steps(emitter),
  )
