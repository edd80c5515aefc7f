import type { FunctionProto } from 'onnx-buf'
import { attributeFromProto } from './attribute.ts'
import type { Attribute } from './attribute.ts'
import type { GraphNode, Value } from './node.ts'

const key = (domain: string, name: string): string => `${domain === 'ai.onnx' ? '' : domain}::${name}`

/** A function's body node for one call, its names made those of the call site and its attribute references resolved. */
const instantiate = (
  proto: FunctionProto['node'][number],
  call: GraphNode,
  defaults: Map<string, Attribute>,
  rename: (value: Value) => Value
): GraphNode => {
  const attributes = new Map<string, Attribute>()
  for (const attribute of proto.attribute) {
    if (attribute.refAttrName === '') attributes.set(attribute.name, attributeFromProto(attribute))
    else {
      const passed = call.attributes.get(attribute.refAttrName) ?? defaults.get(attribute.refAttrName)
      if (passed !== undefined) attributes.set(attribute.name, passed)
    }
  }
  return {
    opType: proto.opType,
    domain: proto.domain === 'ai.onnx' ? '' : proto.domain,
    name: `${call.name === '' ? (call.outputs[0] ?? '') : call.name}/${proto.name === '' ? (proto.output[0] ?? '') : proto.name}`,
    inputs: proto.input.map(rename),
    outputs: proto.output.map(rename),
    attributes
  }
}

/** Replaces calls of model-local functions (PyTorch's newer exporter writes them) by their bodies. */
export const expandFunctions = (nodes: GraphNode[], functions: readonly FunctionProto[]): GraphNode[] => {
  if (functions.length === 0) return nodes
  const byKey = new Map(functions.map((proto) => [key(proto.domain, proto.name), proto]))
  let calls = 0
  const expand = (node: GraphNode): GraphNode[] => {
    const body = byKey.get(key(node.domain, node.opType))
    if (body === undefined) return [node]
    calls += 1
    const prefix = `${body.name}_${calls}/`
    const names = new Map<Value, Value>()
    body.input.forEach((formal, index) => names.set(formal, node.inputs[index] ?? ''))
    body.output.forEach((formal, index) => {
      const actual = node.outputs[index]
      if (actual !== undefined && actual !== '') names.set(formal, actual)
    })
    const rename = (value: Value): Value => (value === '' ? '' : (names.get(value) ?? prefix + value))
    const defaults = new Map(
      body.attributeProto.map((attribute): [string, Attribute] => [attribute.name, attributeFromProto(attribute)])
    )
    return body.node.map((inner) => instantiate(inner, node, defaults, rename)).flatMap(expand)
  }
  return nodes.flatMap(expand)
}
