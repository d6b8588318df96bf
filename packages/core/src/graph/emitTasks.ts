/** Tasks as steps, in order. */
import type { Step } from '../loop/loop.ts'
import type { Emitter } from './emitter.ts'
import { emitNest, emitRows, nestName } from './nest.ts'
import type { Task } from './task.ts'

/** The steps of tasks; empty ones vanish. */
export const emitTasks = (emitter: Emitter, tasks: readonly Task[]): Step[] =>
  tasks.flatMap((task) => {
    switch (task.kind) {
      case 'nest':
        return emitter.kernel(nestName(task), () => emitNest(emitter, task))
      case 'rows':
        return emitter.kernel(task.parts.map(nestName).join('_'), () => emitRows(emitter, task))
      case 'opaque':
        return task.steps(emitter)
    }
  })
