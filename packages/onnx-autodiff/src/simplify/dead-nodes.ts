import type { Graph } from '../graph.ts'
import { readsOf } from '../model/order.ts'
import type { GraphNode, Value } from '../model/node.ts'

/** Removes nodes and constants that no output depends on. Inputs stay: they are the graph's interface. */
export const removeDeadNodes = (graph: Graph): void => {
  const needed = new Set<Value>(graph.outputs.map(({ name }) => name))
  const alive: GraphNode[] = []
  for (const node of [...graph.nodes].reverse()) {
    if (!node.outputs.some((output) => needed.has(output))) continue
    alive.push(node)
    readsOf(node).forEach((value) => needed.add(value))
  }
  graph.nodes = alive.reverse()
  for (const value of [...graph.initializers.keys()]) if (!needed.has(value)) graph.initializers.delete(value)
}
