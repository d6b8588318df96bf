/** What a run took of the machine. */
import { durationText } from './progress.ts'

/** What the process has taken since it began. */
export interface Cost {
  /** The most memory that the process held, in bytes. */
  readonly peakMemory: number
  /** What all cores together worked for the process, in seconds; a busy machine makes a run longer, but not this. */
  readonly processorSeconds: number
}

/** What the process has taken up to now. */
export const costSoFar = (): Cost => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
  return { peakMemory: maxRSS * 1024, processorSeconds: (userCPUTime + systemCPUTime) / 1e6 }
}

/** The cost in words, after so many seconds by the clock. */
export const costText = (
  { peakMemory, processorSeconds }: Cost,
  seconds: number,
  backend: string,
): string => {
  const memory = Math.round(peakMemory / 2 ** 20).toLocaleString('en-US')
  return `${durationText(seconds)} in all, ${durationText(processorSeconds)} of processor time, at most ${memory} MiB of memory, backend ${backend}`
}
