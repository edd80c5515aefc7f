import { create } from '@bufbuild/protobuf'
import {
  TensorShapeProtoSchema,
  TensorShapeProto_DimensionSchema,
  TypeProtoSchema,
  TypeProto_TensorSchema,
  ValueInfoProtoSchema
} from 'onnx-buf'
import type { ValueInfoProto } from 'onnx-buf'
import { elementTypeCode, elementTypeOfCode } from './element-type.ts'
import type { ElementType } from './element-type.ts'

/** A dimension: a size, or the name of one that is known only when the graph runs. */
export type Dimension = number | string

/** Name, type and shape of a graph input or output; type and shape may be unknown for an output. */
export interface ValueInfo {
  name: string
  type?: ElementType
  shape?: readonly Dimension[]
}

export const valueInfoFromProto = (proto: ValueInfoProto): ValueInfo => {
  const { name } = proto
  if (proto.type?.value.case !== 'tensorType') return { name }
  const { elemType, shape } = proto.type.value.value
  const type = elemType === 0 ? {} : { type: elementTypeOfCode(elemType, name) }
  if (shape === undefined) return { name, ...type }
  const dimensions = shape.dim.map(({ value }, axis): Dimension => {
    if (value.case === 'dimValue') return Number(value.value)
    return value.case === 'dimParam' && value.value !== '' ? value.value : `${name}_${axis}`
  })
  return { name, ...type, shape: dimensions }
}

const dimensionToProto = (dimension: Dimension) =>
  create(TensorShapeProto_DimensionSchema, {
    value:
      typeof dimension === 'number'
        ? { case: 'dimValue', value: BigInt(dimension) }
        : { case: 'dimParam', value: dimension }
  })

export const valueInfoToProto = ({ name, type, shape }: ValueInfo): ValueInfoProto => {
  // Without a type the field stays out: onnxruntime infers it.
  if (type === undefined) return create(ValueInfoProtoSchema, { name })
  const tensor = create(TypeProto_TensorSchema, { elemType: elementTypeCode(type) })
  if (shape !== undefined) tensor.shape = create(TensorShapeProtoSchema, { dim: shape.map(dimensionToProto) })
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, { value: { case: 'tensorType', value: tensor } })
  })
}
