import { OnnxAutodiffError } from '../errors.ts'
import { nodeLabel } from './node.ts'
import type { GraphNode, Value } from './node.ts'
import { subgraphNames } from './subgraph.ts'

/** Every value that a node reads, names captured by subgraphs (If, Loop) included. */
export const readsOf = (node: GraphNode): Value[] => {
  const captured: Value[] = []
  for (const attribute of node.attributes.values()) {
    if (attribute.kind === 'graph') captured.push(...subgraphNames(attribute.value).captured)
  }
  return [...node.inputs.filter((input) => input !== ''), ...captured]
}

/**
 * Nodes in an order in which each reads only what exists, their own order where that is one already. Throws 'bad-model'
 * where a node reads what no one makes, or its own result.
 */
export const inTopologicalOrder = (nodes: readonly GraphNode[], given: Iterable<Value>): GraphNode[] => {
  const available = new Set<Value>(given)
  const ordered: GraphNode[] = []
  let waiting: readonly GraphNode[] = nodes
  while (waiting.length > 0) {
    const later: GraphNode[] = []
    for (const node of waiting) {
      if (readsOf(node).every((value) => available.has(value))) {
        ordered.push(node)
        node.outputs.forEach((output) => available.add(output))
      } else later.push(node)
    }
    const [stuck] = later
    if (stuck !== undefined && later.length === waiting.length) {
      const missing = readsOf(stuck).find((value) => !available.has(value)) ?? ''
      throw new OnnxAutodiffError(
        'bad-model',
        `Node "${nodeLabel(stuck)}" (${stuck.opType}) reads "${missing}", which nothing before it makes.`,
        'The file is damaged; export it again.'
      )
    }
    waiting = later
  }
  return ordered
}
