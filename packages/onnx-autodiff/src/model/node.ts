import type { Attribute } from './attribute.ts'

/** Name of a tensor in a graph. '' stands for an absent optional input or output, as in ONNX. */
export type Value = string

export interface GraphNode {
  opType: string
  /** '' is the default ONNX domain. */
  domain: string
  name: string
  inputs: Value[]
  outputs: Value[]
  attributes: Map<string, Attribute>
}

export const intAttribute = (node: GraphNode, name: string, fallback: number): number => {
  const attribute = node.attributes.get(name)
  return attribute?.kind === 'int' || attribute?.kind === 'float' ? attribute.value : fallback
}

export const floatAttribute = intAttribute

export const intsAttribute = (node: GraphNode, name: string): readonly number[] | undefined => {
  const attribute = node.attributes.get(name)
  return attribute?.kind === 'ints' || attribute?.kind === 'floats' ? attribute.value : undefined
}

export const stringAttribute = (node: GraphNode, name: string, fallback: string): string => {
  const attribute = node.attributes.get(name)
  return attribute?.kind === 'string' ? attribute.value : fallback
}

/** `name` where the node has one, else its first output: what a person finds in a graph viewer. */
export const nodeLabel = (node: GraphNode): string => (node.name === '' ? (node.outputs[0] ?? '') : node.name)
