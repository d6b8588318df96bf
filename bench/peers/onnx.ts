/** Models in the format of ONNX, as far as the workloads need it: a chain of operators over float32 tensors. */

/** One operator with its inputs and its output by name. */
export interface Operator {
  readonly kind: string
  readonly inputs: readonly string[]
  readonly output: string
}

/** A model. Sizes that vary are names. */
export interface Model {
  readonly inputs: Readonly<Record<string, readonly (number | string)[]>>
  readonly outputs: Readonly<Record<string, readonly (number | string)[]>>
  readonly constants: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly data: Float32Array }>
  >
  readonly operators: readonly Operator[]
}

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]

const number = (field: number, value: number): Buffer =>
  Buffer.from([...varint(field * 8), ...varint(value)])

/** A field of bytes: text, a nested message or packed elements. */
const bytes = (field: number, ...parts: readonly (string | Uint8Array)[]): Buffer => {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part as Uint8Array)))
  return Buffer.concat([
    Buffer.from([...varint(field * 8 + 2), ...varint(content.length)]),
    content,
  ])
}

const float32 = 1
const intermediateVersion = 8
const operatorSet = 13

// Field numbers are those of onnx.proto; the comments name the messages.
const dimension = (size: number | string): Buffer =>
  bytes(1, typeof size === 'number' ? number(1, size) : bytes(2, size)) // TensorShapeProto.dim

const valueInfo = (field: number, name: string, shape: readonly (number | string)[]): Buffer => {
  const tensorType = bytes(1, number(1, float32), bytes(2, ...shape.map(dimension))) // TypeProto.tensor_type
  return bytes(field, bytes(1, name), bytes(2, tensorType)) // ValueInfoProto
}

const node = ({ kind, inputs, output }: Operator): Buffer =>
  bytes(1, ...inputs.map((input) => bytes(1, input)), bytes(2, output), bytes(4, kind)) // NodeProto

const initializer = (name: string, shape: readonly number[], data: Float32Array): Buffer => {
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  const sizes = shape.map((size) => number(1, size))
  return bytes(5, ...sizes, number(2, float32), bytes(8, name), bytes(9, raw)) // TensorProto
}

/** The bytes of a model. */
export const encodeModel = ({ inputs, outputs, constants, operators }: Model): Uint8Array => {
  const graph = bytes(
    7,
    ...operators.map(node),
    bytes(2, 'graph'),
    ...Object.entries(constants).map(([name, { shape, data }]) => initializer(name, shape, data)),
    ...Object.entries(inputs).map(([name, shape]) => valueInfo(11, name, shape)),
    ...Object.entries(outputs).map(([name, shape]) => valueInfo(12, name, shape)),
  )
  return Buffer.concat([number(1, intermediateVersion), graph, bytes(8, number(2, operatorSet))]) // ModelProto
}
