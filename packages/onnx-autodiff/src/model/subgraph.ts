import { clone } from '@bufbuild/protobuf'
import { GraphProtoSchema } from 'onnx-buf'
import type { GraphProto } from 'onnx-buf'
import type { Value } from './node.ts'

/** Names a subgraph (body of If, Loop, Scan) defines itself and those it captures from outside. */
export const subgraphNames = (graph: GraphProto): { defined: Set<Value>; captured: Set<Value> } => {
  const defined = new Set<Value>([
    ...graph.input.map(({ name }) => name),
    ...graph.initializer.map(({ name }) => name),
    ...graph.node.flatMap(({ output }) => output)
  ])
  const captured = new Set<Value>()
  const read = (name: Value): void => {
    if (name !== '' && !defined.has(name)) captured.add(name)
  }
  for (const node of graph.node) {
    node.input.forEach(read)
    for (const { g } of node.attribute) if (g !== undefined) subgraphNames(g).captured.forEach(read)
  }
  graph.output.forEach(({ name }) => read(name))
  return { defined, captured }
}

// A nested body may capture names of the body around it, which keep theirs: only `outer` ones change.
const renameIn = (proto: GraphProto, outer: ReadonlySet<Value>, rename: (value: Value) => Value): void => {
  const { captured } = subgraphNames(proto)
  const changed = (name: Value): Value => (captured.has(name) && outer.has(name) ? rename(name) : name)
  for (const node of proto.node) {
    node.input = node.input.map(changed)
    for (const { g } of node.attribute) if (g !== undefined) renameIn(g, outer, rename)
  }
  for (const output of proto.output) output.name = changed(output.name)
}

/** A copy of a subgraph in which captured names are those of the graph it was moved to. */
export const renameCaptured = (graph: GraphProto, rename: (value: Value) => Value): GraphProto => {
  const copy = clone(GraphProtoSchema, graph)
  renameIn(copy, subgraphNames(copy).captured, rename)
  return copy
}
