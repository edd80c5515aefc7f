import { fromBinary } from '@bufbuild/protobuf'
import { ModelProtoSchema } from 'onnx-buf'
import type { ModelProto, NodeProto } from 'onnx-buf'
import { OnnxAutodiffError } from '../errors.ts'
import { attributeFromProto } from './attribute.ts'
import { Initializer } from './initializer.ts'
import type { GraphNode, Value } from './node.ts'
import { tensorToInitializer } from './tensor-proto.ts'
import { valueInfoFromProto } from './value-info.ts'
import type { ValueInfo } from './value-info.ts'
import { expandFunctions } from './functions.ts'
import { inTopologicalOrder } from './order.ts'

/** The parts of a model that a graph is made of. */
export interface ModelParts {
  name: string
  opset: number
  /** Versions of the domains other than the default one. */
  domains: Map<string, number>
  inputs: ValueInfo[]
  outputs: ValueInfo[]
  nodes: GraphNode[]
  initializers: Map<Value, Initializer>
}

export const nodeFromProto = (proto: NodeProto): GraphNode => ({
  opType: proto.opType,
  domain: proto.domain === 'ai.onnx' ? '' : proto.domain,
  name: proto.name,
  inputs: [...proto.input],
  outputs: [...proto.output],
  attributes: new Map(proto.attribute.map((attribute) => [attribute.name, attributeFromProto(attribute)]))
})

/** The value of a Constant node, or undefined where it is a string or sparse one. */
const constantValue = (node: GraphNode): Initializer | undefined => {
  for (const [name, attribute] of node.attributes) {
    if (name === 'value' && attribute.kind === 'tensor') return attribute.value
    if (name === 'value_float' && attribute.kind === 'float') {
      return Initializer.fromData(Float32Array.of(attribute.value), [])
    }
    if (name === 'value_floats' && attribute.kind === 'floats') {
      return Initializer.fromData(Float32Array.from(attribute.value), [attribute.value.length])
    }
    if (name === 'value_int' && attribute.kind === 'int') {
      return Initializer.fromData(BigInt64Array.of(BigInt(attribute.value)), [])
    }
    if (name === 'value_ints' && attribute.kind === 'ints') {
      return Initializer.fromData(BigInt64Array.from(attribute.value, BigInt), [attribute.value.length])
    }
  }
  return undefined
}

const parse = (bytes: Uint8Array): ModelProto => {
  try {
    // A Node Buffer's slice() does not copy; views below rely on the standard meaning.
    return fromBinary(ModelProtoSchema, new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  } catch (cause) {
    throw new OnnxAutodiffError(
      'bad-model',
      `These ${bytes.byteLength} bytes are not an ONNX model: ${cause instanceof Error ? cause.message : String(cause)}.`,
      'The file may be truncated or of another kind.'
    )
  }
}

/** Decodes a ModelProto. Weights stay views of `bytes`, Constant nodes become initializers, local functions are expanded. */
export const decodeModel = (bytes: Uint8Array): ModelParts => {
  const model = parse(bytes)
  if (model.graph === undefined) {
    throw new OnnxAutodiffError(
      'bad-model',
      'The ONNX model has no graph.',
      'The file may be truncated or of another kind.'
    )
  }
  const { graph } = model
  if (graph.sparseInitializer.length > 0) {
    throw new OnnxAutodiffError('unsupported-model', 'Sparse initializers are not supported.', 'Export dense weights.')
  }
  const domains = new Map(model.opsetImport.map(({ domain, version }) => [domain, Number(version)]))
  const opset = domains.get('') ?? domains.get('ai.onnx') ?? 1
  domains.delete('')
  domains.delete('ai.onnx')
  const initializers = new Map(
    graph.initializer.map((tensor) => [tensor.name, tensorToInitializer(tensor, `initializer ${tensor.name}`)])
  )
  const nodes: GraphNode[] = []
  for (const node of expandFunctions(graph.node.map(nodeFromProto), model.functions)) {
    const value = node.opType === 'Constant' && node.domain === '' ? constantValue(node) : undefined
    const output = node.outputs[0]
    if (value !== undefined && output !== undefined) initializers.set(output, value)
    else nodes.push(node)
  }
  // Models of IR version 3 list their weights as inputs too.
  const inputs = graph.input.filter(({ name }) => !initializers.has(name)).map(valueInfoFromProto)
  const outputs = graph.output.map(valueInfoFromProto)
  const ordered = inTopologicalOrder(nodes, [...inputs.map(({ name }) => name), ...initializers.keys()])
  const made = new Set([
    ...inputs.map(({ name }) => name),
    ...initializers.keys(),
    ...ordered.flatMap((node) => node.outputs)
  ])
  for (const { name } of outputs) {
    if (!made.has(name)) {
      throw new OnnxAutodiffError(
        'bad-model',
        `Nothing makes the output "${name}".`,
        'The file is damaged; export it again.'
      )
    }
  }
  return { name: graph.name, opset, domains, inputs, outputs, nodes: ordered, initializers }
}
