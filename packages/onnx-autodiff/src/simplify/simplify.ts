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
  /** Weights that will be differentiated by or replaced: they keep their names, and nothing is concluded from them. */
  variables?: readonly Value[]
}

// Each round can only remove what the last one uncovered; exported graphs are done after three or four.
const maximumRounds = 20

/**
 * Makes a graph smaller in place, its outputs the same: folds constants, removes nodes that change nothing or that
 * nothing uses, and computes once what is computed twice. Declare the outputs first: other values may vanish.
 */
export const simplify = async (
  graph: Graph,
  { evaluate, shapes, variables = [] }: SimplifyOptions = {}
): Promise<void> => {
  removeDeadNodes(graph)
  if (evaluate !== undefined) await foldConstants(graph, { evaluate, variables, ...(shapes && { shapes }) })
  const kept = new Set(variables)
  for (let round = 0; round < maximumRounds; round += 1) {
    const fewer = applyIdentities(graph, shapes, kept)
    const merged = mergeCommonSubexpressions(graph, kept)
    removeDeadNodes(graph)
    if (!fewer && !merged) return
  }
}
