import { create, toBinary } from '@bufbuild/protobuf'
import { GraphProtoSchema, ModelProtoSchema, NodeProtoSchema, TensorProtoSchema } from 'onnx-buf'
import type { NodeProto } from 'onnx-buf'
import { OnnxAutodiffError } from '../errors.ts'
import { attributeToProto } from './attribute.ts'
import type { ModelParts } from './decode.ts'
import type { Initializer } from './initializer.ts'
import type { GraphNode } from './node.ts'
import { setExternal, tensorHeader } from './tensor-proto.ts'
import { valueInfoToProto } from './value-info.ts'

// Field numbers of onnx.proto that are written by hand, so that weights are copied once, straight into the result.
const modelGraph = 7
const graphInitializer = 5
const tensorRawData = 9

// A protobuf message can't exceed 2 GiB.
const maximumBytes = 2 ** 31 - 1

const varintLength = (value: number): number => {
  let length = 1
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) length += 1
  return length
}

const lengthPrefix = (field: number, length: number): Uint8Array => {
  const bytes = new Uint8Array(1 + varintLength(length))
  bytes[0] = (field << 3) | 2
  let rest = length
  for (let at = 1; at < bytes.length; at += 1) {
    bytes[at] = (rest % 128) | (at === bytes.length - 1 ? 0 : 128)
    rest = Math.floor(rest / 128)
  }
  return bytes
}

const totalLength = (chunks: readonly Uint8Array[]): number =>
  chunks.reduce((total, chunk) => total + chunk.byteLength, 0)

const nodeToProto = (node: GraphNode): NodeProto =>
  create(NodeProtoSchema, {
    opType: node.opType,
    domain: node.domain,
    name: node.name,
    input: node.inputs,
    output: node.outputs,
    attribute: [...node.attributes].map(([name, attribute]) => attributeToProto(name, attribute))
  })

/** The lowest IR version that may hold the opset; runtimes refuse versions newer than themselves. */
const irVersion = (opset: number): bigint => {
  if (opset >= 23) return 11n
  if (opset >= 21) return 10n
  if (opset >= 19) return 9n
  return opset >= 15 ? 8n : 7n
}

const initializerChunks = (header: Uint8Array, bytes: Uint8Array | undefined): Uint8Array[] => {
  const body = bytes === undefined ? [header] : [header, lengthPrefix(tensorRawData, bytes.byteLength), bytes]
  return [lengthPrefix(graphInitializer, totalLength(body)), ...body]
}

const modelChunks = (parts: ModelParts, initializers: Uint8Array[]): Uint8Array[] => {
  const graph = toBinary(
    GraphProtoSchema,
    create(GraphProtoSchema, {
      name: parts.name,
      node: parts.nodes.map(nodeToProto),
      input: parts.inputs.map(valueInfoToProto),
      output: parts.outputs.map(valueInfoToProto)
    })
  )
  const model = toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: irVersion(parts.opset),
      producerName: 'onnx-autodiff',
      opsetImport: [
        { domain: '', version: BigInt(parts.opset) },
        ...[...parts.domains].map(([domain, version]) => ({ domain, version: BigInt(version) }))
      ]
    })
  )
  const graphLength = graph.byteLength + totalLength(initializers)
  return [model, lengthPrefix(modelGraph, graphLength), graph, ...initializers]
}

const join = (chunks: readonly Uint8Array[]): Uint8Array => {
  const length = totalLength(chunks)
  if (length > maximumBytes) {
    throw new OnnxAutodiffError(
      'model-too-large',
      `The encoded model would take ${length} bytes, more than the 2 GiB that its format allows.`,
      'Use encodeWithExternalData.'
    )
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.byteLength
  }
  return bytes
}

/** One buffer with everything in it; external data stay references. */
export const encodeModel = (parts: ModelParts): Uint8Array => {
  const initializers = [...parts.initializers].flatMap(([name, initializer]) =>
    initializerChunks(toBinary(TensorProtoSchema, tensorHeader(name, initializer)), initializer.bytes)
  )
  return join(modelChunks(parts, initializers))
}

/** A model whose larger weights are in a second file. */
export interface ModelWithExternalData {
  model: Uint8Array
  /** The data file's content, to be written one after the other: views of the weights, no copies. */
  data: Uint8Array[]
}

// Runtimes may map the file into memory: every tensor starts on a boundary of this many bytes.
const alignment = 64

export const encodeModelWithExternalData = (
  parts: ModelParts,
  location: string,
  minimumBytes: number
): ModelWithExternalData => {
  const data: Uint8Array[] = []
  let offset = 0
  const encodeOne = (name: string, initializer: Initializer): Uint8Array[] => {
    const header = tensorHeader(name, initializer)
    const { bytes } = initializer
    if (bytes === undefined || bytes.byteLength < minimumBytes) {
      return initializerChunks(toBinary(TensorProtoSchema, header), bytes)
    }
    const padding = (alignment - (offset % alignment)) % alignment
    if (padding > 0) data.push(new Uint8Array(padding))
    offset += padding
    setExternal(header, { location, offset, length: bytes.byteLength })
    data.push(bytes)
    offset += bytes.byteLength
    return initializerChunks(toBinary(TensorProtoSchema, header), undefined)
  }
  const initializers = [...parts.initializers].flatMap(([name, initializer]) => encodeOne(name, initializer))
  return { model: join(modelChunks(parts, initializers)), data }
}
