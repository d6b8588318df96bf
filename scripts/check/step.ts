/** A step of the gate. */

/** What a step found. */
export interface Outcome {
  /** Cases that hold. A step that is one question counts as one case. */
  readonly passed: number
  readonly failed: number
  readonly skipped?: number
  /** A few words beside the step's name. */
  readonly note?: string
  /** Shown in full when the step fails. */
  readonly log: string
  /** Shown whatever the result. */
  readonly table?: string
}

/** One check of the gate. */
export interface Step {
  readonly name: string
  /** Names of steps that must have passed, because this one uses what they made. */
  readonly after: readonly string[]
  readonly run: () => Promise<Outcome>
}

/** The outcome of a step that is one question. */
export const verdict = (holds: boolean, log: string, note?: string): Outcome => ({
  passed: holds ? 1 : 0,
  failed: holds ? 0 : 1,
  log,
  ...(note === undefined ? {} : { note }),
})
