import { OnnxAutodiffError } from '../errors.ts'

/** Element types by the names onnxruntime uses. */
export type ElementType =
  | 'float32'
  | 'float64'
  | 'float16'
  | 'bfloat16'
  | 'int64'
  | 'int32'
  | 'int16'
  | 'int8'
  | 'uint64'
  | 'uint32'
  | 'uint16'
  | 'uint8'
  | 'bool'
  | 'string'

export type TypedArray =
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Int16Array
  | Int8Array
  | Uint32Array
  | Uint16Array
  | Uint8Array

interface TypedArrayConstructor {
  readonly BYTES_PER_ELEMENT: number
  new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): TypedArray
}

interface Description {
  /** TensorProto.DataType */
  code: number
  array: TypedArrayConstructor
}

// float16 and bfloat16 are kept as their 16-bit patterns; bool as bytes.
const descriptions: Record<Exclude<ElementType, 'string'>, Description> = {
  float32: { code: 1, array: Float32Array },
  uint8: { code: 2, array: Uint8Array },
  int8: { code: 3, array: Int8Array },
  uint16: { code: 4, array: Uint16Array },
  int16: { code: 5, array: Int16Array },
  int32: { code: 6, array: Int32Array },
  int64: { code: 7, array: BigInt64Array },
  bool: { code: 9, array: Uint8Array },
  float16: { code: 10, array: Uint16Array },
  float64: { code: 11, array: Float64Array },
  uint32: { code: 12, array: Uint32Array },
  uint64: { code: 13, array: BigUint64Array },
  bfloat16: { code: 16, array: Uint16Array }
}

const stringCode = 8

const byCode = new Map<number, ElementType>([
  ...Object.entries(descriptions).map(([type, { code }]): [number, ElementType] => [code, type as ElementType]),
  [stringCode, 'string']
])

const describe = (type: ElementType): Description => {
  if (type === 'string') throw new OnnxAutodiffError('unsupported-type', 'String tensors have no numeric data.')
  return descriptions[type]
}

/** Number of TensorProto.DataType for an element type. */
export const elementTypeCode = (type: ElementType): number => (type === 'string' ? stringCode : descriptions[type].code)

/** Element type of a TensorProto.DataType number; throws for the 4- and 8-bit floats and the complex types. */
export const elementTypeOfCode = (code: number, where: string): ElementType => {
  const type = byCode.get(code)
  if (type === undefined) {
    throw new OnnxAutodiffError('unsupported-type', `Element type ${code} of ${where} is not supported.`)
  }
  return type
}

export const bytesPerElement = (type: ElementType): number => describe(type).array.BYTES_PER_ELEMENT

/** Typed view of raw little-endian bytes: no copy where the bytes are aligned, one where they are not. */
export const typedView = (type: ElementType, bytes: Uint8Array): TypedArray => {
  const { array } = describe(type)
  const length = bytes.byteLength / array.BYTES_PER_ELEMENT
  if (bytes.byteOffset % array.BYTES_PER_ELEMENT === 0) return new array(bytes.buffer, bytes.byteOffset, length)
  return new array(bytes.slice().buffer, 0, length)
}

export const isFloating = (type: ElementType): boolean =>
  type === 'float32' || type === 'float64' || type === 'float16' || type === 'bfloat16'

/** The element type that a typed array stands for unless told otherwise (Uint8Array may also be bool). */
export const elementTypeOfArray = (data: TypedArray): ElementType => {
  if (data instanceof Float32Array) return 'float32'
  if (data instanceof Float64Array) return 'float64'
  if (data instanceof BigInt64Array) return 'int64'
  if (data instanceof BigUint64Array) return 'uint64'
  if (data instanceof Int32Array) return 'int32'
  if (data instanceof Int16Array) return 'int16'
  if (data instanceof Int8Array) return 'int8'
  if (data instanceof Uint32Array) return 'uint32'
  if (data instanceof Uint16Array) return 'uint16'
  return 'uint8'
}

/** Numbers as a typed array of the given element type. */
export const typedArrayOf = (type: ElementType, values: readonly number[]): TypedArray => {
  switch (type) {
    case 'float32':
      return Float32Array.from(values)
    case 'float64':
      return Float64Array.from(values)
    case 'int64':
      return BigInt64Array.from(values, BigInt)
    case 'uint64':
      return BigUint64Array.from(values, BigInt)
    case 'int32':
      return Int32Array.from(values)
    case 'int16':
      return Int16Array.from(values)
    case 'int8':
      return Int8Array.from(values)
    case 'uint32':
      return Uint32Array.from(values)
    case 'uint16':
      return Uint16Array.from(values)
    case 'uint8':
    case 'bool':
      return Uint8Array.from(values)
    case 'float16':
      return Uint16Array.from(values, float16Bits)
    case 'bfloat16':
      return Uint16Array.from(values, bfloat16Bits)
    case 'string':
      throw new OnnxAutodiffError('unsupported-type', 'String tensors have no numeric data.')
  }
}

const float32Bits = (value: number): number => new Uint32Array(Float32Array.of(value).buffer)[0] ?? 0

/** IEEE half bits of a number, rounded to nearest even; overflow becomes infinity. */
const float16Bits = (value: number): number => {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0
  const magnitude = Math.abs(value)
  if (Number.isNaN(value)) return 0x7e00
  if (magnitude >= 65520) return sign | 0x7c00
  const exponent = Math.max(-14, Math.floor(Math.log2(magnitude || Number.MIN_VALUE)))
  const steps = magnitude / 2 ** (exponent - 10)
  const floor = Math.floor(steps)
  const rest = steps - floor
  const rounded = rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor
  // A carry out of the mantissa lands in the exponent by plain addition.
  return sign | (exponent === -14 ? rounded : ((exponent + 14) << 10) + rounded)
}

const bfloat16Bits = (value: number): number => {
  const bits = float32Bits(value)
  return Number.isNaN(value) ? 0x7fc0 : ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff
}
