/** What losses ask of their arguments; who does not give it reads which loss, what was given and the rule. */
import { ArgumentError, DTypeError, ShapeError, type Tensor } from '@rootstock/core'

/** Throws unless all have the same shape: a loss never broadcasts, since a column against a row is a matrix of mistakes. */
export const expectSameShape = (
  operation: string,
  named: Readonly<Record<string, Tensor>>,
): void => {
  const [first, ...rest] = Object.values(named)
  if (rest.every(({ shape }) => String(shape) === String(first!.shape))) return
  throw new ShapeError({
    operation,
    inputs: named,
    rule: `${Object.keys(named).join(', ')} must have the same shape`,
  })
}

/** Throws unless labels are codes and lie as the outputs do, whose classes are the last axis. */
export const expectLabels = (operation: string, outputs: Tensor, labels: Tensor): void => {
  if (labels.dtype !== 'int32') {
    throw new DTypeError({
      operation,
      inputs: { outputs, labels },
      rule: `labels must be int32 codes of classes, not ${labels.dtype}`,
    })
  }
  if (outputs.rank > 0 && String(outputs.shape.slice(0, -1)) === String(labels.shape)) return
  throw new ShapeError({
    operation,
    inputs: { outputs, labels },
    rule: 'outputs must have the axes of labels and one of classes',
  })
}

/** Ranges that options come in. */
const ranges = {
  'greater than 0': (x: number) => x > 0,
  'at least 0': (x: number) => x >= 0,
  'between 0 and 1': (x: number) => x >= 0 && x <= 1,
} as const

/** Throws unless each option lies in the range. */
export const expectRange = (
  operation: string,
  range: keyof typeof ranges,
  options: Readonly<Record<string, number>>,
): void => {
  for (const [name, value] of Object.entries(options)) {
    if (ranges[range](value)) continue
    throw new ArgumentError({
      operation,
      inputs: { [name]: value },
      rule: `${name} must be ${range}`,
    })
  }
}
