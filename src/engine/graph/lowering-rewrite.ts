import type { Graph, GraphNode, Value } from 'onnx-autodiff'

/** Shapes of a graph's values, as inferShapes gives them. */
export type Shapes = ReadonlyMap<Value, readonly number[]>

/** Goes through a graph in order and puts, in place of each node that has one, the value that stands in for its first output. */
export function rewrite(graph: Graph, replacement: (node: GraphNode) => Value | undefined): void {
  const nodes = graph.nodes
  graph.nodes = []
  for (const node of nodes) {
    const before = graph.nodes.length
    const value = replacement(node)
    if (value === undefined) {
      graph.nodes.push(node)
      continue
    }
    // The old name goes to the new value, so that nothing downstream has to change.
    const maker = graph.nodes.slice(before).find(({ outputs }) => outputs[0] === value)
    if (!maker) throw new RangeError(`The value ${value} was not made for ${node.name}.`)
    maker.outputs[0] = node.outputs[0]
  }
}

/** A list of integers among a node's attributes. */
export function integers(node: GraphNode, name: string): readonly number[] | null {
  const attribute = node.attributes.get(name)
  return attribute?.kind === 'ints' ? attribute.value : null
}

export function integer(node: GraphNode, name: string, fallback: number): number {
  const attribute = node.attributes.get(name)
  return attribute?.kind === 'int' ? attribute.value : fallback
}
