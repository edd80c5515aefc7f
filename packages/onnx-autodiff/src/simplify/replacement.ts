import type { Graph } from '../graph.ts'
import { readsOf } from '../model/order.ts'
import type { Value } from '../model/node.ts'

/**
 * Values that stand for others, applied to a graph in one sweep. Outputs of the graph and values that a subgraph (If,
 * Loop) captures keep their names, so they can't be replaced.
 */
export class Replacement {
  readonly #graph: Graph
  readonly #fixed: Set<Value>
  readonly #by = new Map<Value, Value>()

  constructor(graph: Graph) {
    this.#graph = graph
    this.#fixed = new Set(graph.outputs.map(({ name }) => name))
    for (const node of graph.nodes) {
      const inputs = new Set(node.inputs)
      for (const value of readsOf(node)) if (!inputs.has(value)) this.#fixed.add(value)
    }
  }

  canReplace(value: Value): boolean {
    return !this.#fixed.has(value)
  }

  /** From now on `value` is `other`; false where it has to stay. */
  set(value: Value, other: Value): boolean {
    if (!this.canReplace(value) || value === other) return false
    this.#by.set(value, this.of(other))
    return true
  }

  /** What a value has become. */
  of(value: Value): Value {
    let current = value
    for (let next = this.#by.get(current); next !== undefined; next = this.#by.get(current)) current = next
    return current
  }

  /** Renames what nodes read; true where anything was replaced. */
  apply(): boolean {
    if (this.#by.size === 0) return false
    for (const node of this.#graph.nodes) node.inputs = node.inputs.map((input) => this.of(input))
    return true
  }
}
