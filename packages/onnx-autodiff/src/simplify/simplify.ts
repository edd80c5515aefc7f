import type { Graph } from '../graph.ts'
import type { Value } from '../model/node.ts'
import type { Evaluate } from '../model/tensor.ts'
import { mergeCommonSubexpressions } from './common-subexpressions.ts'
import { removeDeadNodes } from './dead-nodes.ts'
import { foldConstants } from './fold-constants.ts'
import { applyIdentities } from './identities.ts'

export interface SimplifyOptions {
  /** With an evaluator, constants are folded too. */
  evaluate?: Evaluate
  /** With static shapes more can be removed; the graph is for these sizes from then on. */
  shapes?: ReadonlyMap<Value, readonly number[]>
}

// Each round can only remove what the last one uncovered; exported graphs are done after three or four.
const maximumRounds = 20

/**
 * Makes a graph smaller in place, its outputs the same: folds constants, removes nodes that change nothing or that
 * nothing uses, and computes once what is computed twice. Declare the outputs first: other values may vanish.
 */
export const simplify = async (graph: Graph, { evaluate, shapes }: SimplifyOptions = {}): Promise<void> => {
  removeDeadNodes(graph)
  if (evaluate !== undefined) await foldConstants(graph, { evaluate, ...(shapes === undefined ? {} : { shapes }) })
  for (let round = 0; round < maximumRounds; round += 1) {
    const fewer = applyIdentities(graph, shapes)
    const merged = mergeCommonSubexpressions(graph)
    removeDeadNodes(graph)
    if (!fewer && !merged) return
  }
}
