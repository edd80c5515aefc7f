import type { Graph } from './graph.ts'
import type { GraphNode, Value } from './model/node.ts'

/**
 * Returns a value to stand in for the node's first output, made with the graph's builder; undefined keeps the node.
 */
export type Lowering = (node: GraphNode) => Value | undefined

/** Goes through a graph in order and puts, in place of each node that has one, its replacement. */
export const rebuild = (graph: Graph, lowering: Lowering): void => {
  const nodes = graph.nodes
  graph.nodes = []
  for (const node of nodes) {
    const before = graph.nodes.length
    const value = lowering(node)
    const [output = ''] = node.outputs
    if (value === undefined) graph.nodes.push(node)
    else {
      // The old name goes to the new value, so that nothing downstream has to change.
      const maker = graph.nodes.slice(before).find(({ outputs }) => outputs[0] === value)
      if (maker === undefined) {
        const attributes = new Map<string, never>()
        graph.nodes.push({
          opType: 'Identity',
          domain: '',
          name: node.name,
          inputs: [value],
          outputs: [output],
          attributes
        })
      } else maker.outputs[0] = output
    }
  }
}
