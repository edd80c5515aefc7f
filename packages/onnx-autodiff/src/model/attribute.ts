import { create } from '@bufbuild/protobuf'
import { AttributeProto_AttributeType as Kind, AttributeProtoSchema } from 'onnx-buf'
import type { AttributeProto, GraphProto } from 'onnx-buf'
import type { Initializer } from './initializer.ts'
import { tensorToInitializer, initializerToTensor } from './tensor-proto.ts'

/** An attribute of a node. `other` carries what this package has no use for, unchanged. */
export type Attribute =
  | { kind: 'int'; value: number }
  | { kind: 'ints'; value: readonly number[] }
  | { kind: 'float'; value: number }
  | { kind: 'floats'; value: readonly number[] }
  | { kind: 'string'; value: string }
  | { kind: 'strings'; value: readonly string[] }
  | { kind: 'tensor'; value: Initializer }
  | { kind: 'graph'; value: GraphProto }
  | { kind: 'other'; value: AttributeProto }

/** What a builder may write: plain values become the kind that the attribute's name calls for. */
export type AttributeInput = Attribute | number | boolean | string | readonly number[] | readonly string[] | Initializer

// The attributes of ONNX operators that are floats; a whole number is ambiguous without this list.
const floatNames = new Set(
  (
    'alpha beta gamma epsilon momentum bias lambd ratio scale mean low high seed value_float value_floats ' +
    'cubic_coeff_a extrapolation_value softcap activation_alpha activation_beta spatial_scale threshold scales'
  ).split(' ')
)

const isAttribute = (input: object): input is Attribute => 'kind' in input

export const toAttribute = (name: string, input: AttributeInput): Attribute => {
  if (typeof input === 'boolean') return { kind: 'int', value: input ? 1 : 0 }
  if (typeof input === 'string') return { kind: 'string', value: input }
  if (typeof input === 'number') {
    return floatNames.has(name) || !Number.isInteger(input)
      ? { kind: 'float', value: input }
      : { kind: 'int', value: input }
  }
  if (Array.isArray(input)) {
    const list = input as readonly (number | string)[]
    if (list.some((item) => typeof item === 'string')) return { kind: 'strings', value: list.map(String) }
    const numbers = list.map(Number)
    const floating = floatNames.has(name) || !numbers.every(Number.isInteger)
    return floating ? { kind: 'floats', value: numbers } : { kind: 'ints', value: numbers }
  }
  const object = input as Attribute | Initializer
  return isAttribute(object) ? object : { kind: 'tensor', value: object }
}

const text = new TextDecoder()
const utf8 = new TextEncoder()

export const attributeFromProto = (proto: AttributeProto): Attribute => {
  switch (proto.type) {
    case Kind.INT:
      if (!Number.isSafeInteger(Number(proto.i))) return { kind: 'other', value: proto }
      return { kind: 'int', value: Number(proto.i) }
    case Kind.INTS:
      if (!proto.ints.every((value) => Number.isSafeInteger(Number(value)))) return { kind: 'other', value: proto }
      return { kind: 'ints', value: proto.ints.map(Number) }
    case Kind.FLOAT:
      return { kind: 'float', value: proto.f }
    case Kind.FLOATS:
      return { kind: 'floats', value: proto.floats }
    case Kind.STRING:
      return { kind: 'string', value: text.decode(proto.s) }
    case Kind.STRINGS:
      return { kind: 'strings', value: proto.strings.map((value) => text.decode(value)) }
    case Kind.TENSOR:
      return proto.t === undefined
        ? { kind: 'other', value: proto }
        : { kind: 'tensor', value: tensorToInitializer(proto.t, `attribute ${proto.name}`) }
    case Kind.GRAPH:
      return proto.g === undefined ? { kind: 'other', value: proto } : { kind: 'graph', value: proto.g }
    default:
      return { kind: 'other', value: proto }
  }
}

export const attributeToProto = (name: string, attribute: Attribute): AttributeProto => {
  switch (attribute.kind) {
    case 'int':
      return create(AttributeProtoSchema, { name, type: Kind.INT, i: BigInt(attribute.value) })
    case 'ints':
      return create(AttributeProtoSchema, { name, type: Kind.INTS, ints: attribute.value.map(BigInt) })
    case 'float':
      return create(AttributeProtoSchema, { name, type: Kind.FLOAT, f: attribute.value })
    case 'floats':
      return create(AttributeProtoSchema, { name, type: Kind.FLOATS, floats: [...attribute.value] })
    case 'string':
      return create(AttributeProtoSchema, { name, type: Kind.STRING, s: utf8.encode(attribute.value) })
    case 'strings':
      return create(AttributeProtoSchema, {
        name,
        type: Kind.STRINGS,
        strings: attribute.value.map((value) => utf8.encode(value))
      })
    case 'tensor':
      return create(AttributeProtoSchema, { name, type: Kind.TENSOR, t: initializerToTensor('', attribute.value) })
    case 'graph':
      return create(AttributeProtoSchema, { name, type: Kind.GRAPH, g: attribute.value })
    case 'other':
      return attribute.value
  }
}
