import { create } from '@bufbuild/protobuf'
import { TensorProto_DataLocation, TensorProtoSchema } from 'onnx-buf'
import type { TensorProto } from 'onnx-buf'
import { OnnxAutodiffError } from '../errors.ts'
import { elementTypeCode, elementTypeOfCode, typedArrayOf } from './element-type.ts'
import type { ElementType, TypedArray } from './element-type.ts'
import { Initializer } from './initializer.ts'
import type { ExternalData } from './initializer.ts'

const externalReference = (proto: TensorProto, where: string): ExternalData => {
  const entries = new Map(proto.externalData.map(({ key, value }) => [key, value]))
  const location = entries.get('location')
  if (location === undefined) {
    throw new OnnxAutodiffError('bad-model', `External data of ${where} name no location.`)
  }
  const offset = entries.get('offset')
  const length = entries.get('length')
  return {
    location,
    ...(offset === undefined ? {} : { offset: Number(offset) }),
    ...(length === undefined ? {} : { length: Number(length) })
  }
}

/** Values of the typed fields, for the writers that don't use raw_data. */
const fieldValues = (proto: TensorProto, type: ElementType): TypedArray => {
  switch (type) {
    case 'float32':
      return Float32Array.from(proto.floatData)
    case 'float64':
      return Float64Array.from(proto.doubleData)
    case 'int64':
      return BigInt64Array.from(proto.int64Data)
    case 'uint64':
      return BigUint64Array.from(proto.uint64Data)
    case 'uint32':
      return Uint32Array.from(proto.uint64Data, Number)
    case 'float16':
    case 'bfloat16':
      // The fields hold the 16-bit pattern, not the number.
      return Uint16Array.from(proto.int32Data)
    default:
      return typedArrayOf(type, proto.int32Data)
  }
}

/** A view of the proto's raw bytes, not a copy. */
export const tensorToInitializer = (proto: TensorProto, where: string): Initializer => {
  const type = elementTypeOfCode(proto.dataType, where)
  const shape = proto.dims.map(Number)
  if (proto.dataLocation === TensorProto_DataLocation.EXTERNAL) {
    return Initializer.fromExternal(externalReference(proto, where), shape, type)
  }
  if (type === 'string') throw new OnnxAutodiffError('unsupported-type', `String tensor ${where} is not supported.`)
  if (proto.rawData.byteLength > 0) return Initializer.fromBytes(proto.rawData, shape, type, where)
  return Initializer.fromData(fieldValues(proto, type), shape, type)
}

/** Everything of the tensor but its bytes. */
export const tensorHeader = (name: string, initializer: Initializer): TensorProto => {
  const proto = create(TensorProtoSchema, {
    name,
    dims: initializer.shape.map(BigInt),
    dataType: elementTypeCode(initializer.type)
  })
  const { external } = initializer
  if (external !== undefined) setExternal(proto, external)
  return proto
}

export const setExternal = (proto: TensorProto, external: ExternalData): void => {
  proto.dataLocation = TensorProto_DataLocation.EXTERNAL
  const { location, offset, length } = external
  const entries = { location, offset, length }
  for (const [key, value] of Object.entries(entries)) {
    if (value !== undefined) {
      proto.externalData.push({ $typeName: 'onnx.StringStringEntryProto', key, value: String(value) })
    }
  }
}

export const initializerToTensor = (name: string, initializer: Initializer): TensorProto => {
  const proto = tensorHeader(name, initializer)
  const { bytes } = initializer
  if (bytes !== undefined) proto.rawData = bytes as Uint8Array<ArrayBuffer>
  return proto
}
