import { Graph } from '../graph.ts'
import { Initializer, elementCount } from '../model/initializer.ts'
import { intAttribute } from '../model/node.ts'
import { readsOf } from '../model/order.ts'
import type { GraphNode, Value } from '../model/node.ts'
import type { Evaluate } from '../model/tensor.ts'
import { removeDeadNodes } from './dead-nodes.ts'

export interface FoldOptions {
  evaluate: Evaluate
  /** With them, sizes are constants too: the graph is for these sizes from then on. */
  shapes?: ReadonlyMap<Value, readonly number[]>
  /** Weights that will be differentiated by or replaced: nothing that depends on them is folded. */
  variables?: readonly Value[]
  /** Larger results stay computed (the runtime folds them when it loads the model); 65536 elements by default. */
  maximumElements?: number
}

const unfoldable = /^Random|^Bernoulli$|^Multinomial$|^Sequence|^SplitToSequence$|^Optional|^If$|^Loop$|^Scan$/

/** Shape and Size of a value whose shape is known. */
const sizeConstant = (node: GraphNode, shape: readonly number[]): Initializer => {
  if (node.opType === 'Size') return Initializer.fromData(BigInt64Array.of(BigInt(elementCount(shape))), [])
  const end = node.attributes.has('end') ? intAttribute(node, 'end', 0) : shape.length
  const part = shape.slice(intAttribute(node, 'start', 0), end)
  return Initializer.fromData(BigInt64Array.from(part, BigInt), [part.length])
}

const asksForSize = (node: GraphNode): boolean =>
  node.domain === '' && (node.opType === 'Shape' || node.opType === 'Size')

/** Nodes that depend on constants alone, in order. */
const constantNodes = (graph: Graph, variables: ReadonlySet<Value>): GraphNode[] => {
  const constant = new Set<Value>()
  for (const [value, { external }] of graph.initializers) {
    if (external === undefined && !variables.has(value)) constant.add(value)
  }
  return graph.nodes.filter((node) => {
    if (unfoldable.test(node.opType)) return false
    if (!readsOf(node).every((value) => constant.has(value))) return false
    node.outputs.forEach((output) => constant.add(output))
    return true
  })
}

/** The values of constant nodes that others, or the graph's outputs, use. */
const wantedValues = (graph: Graph, folded: ReadonlySet<GraphNode>): Value[] => {
  const used = new Set<Value>()
  for (const node of graph.nodes) if (!folded.has(node)) readsOf(node).forEach((value) => used.add(value))
  return [...folded].flatMap(({ outputs }) => outputs.filter((output) => output !== '' && used.has(output)))
}

/**
 * Replaces what depends on constants alone by its value, in place: the shape arithmetic that exporters write (Shape,
 * Gather, Concat, … into Reshape, Slice and Resize), and with `shapes` also what depends on sizes. Gradients of operators
 * that are steered by tensors need this. One run of the evaluator.
 */
export const foldConstants = async (
  graph: Graph,
  { evaluate, shapes, variables = [], maximumElements = 65536 }: FoldOptions
): Promise<void> => {
  const outputs = new Set(graph.outputs.map(({ name }) => name))
  graph.nodes = graph.nodes.filter((node) => {
    const [output = ''] = node.outputs
    const shape = shapes?.get(node.inputs[0] ?? '')
    if (!asksForSize(node) || shape === undefined || outputs.has(output)) return true
    graph.initializers.set(output, sizeConstant(node, shape))
    return false
  })
  const folded = constantNodes(graph, new Set(variables))
  const small = (value: Value): boolean => elementCount(shapes?.get(value) ?? []) <= maximumElements
  const wanted = wantedValues(graph, new Set(folded)).filter((value) => !outputs.has(value) && small(value))
  if (wanted.length === 0) return
  const probe = new Graph({ opset: graph.opset, name: graph.name })
  for (const [domain, version] of graph.domains) probe.domains.set(domain, version)
  const read = new Set(folded.flatMap((node) => node.inputs))
  for (const [value, initializer] of graph.initializers) if (read.has(value)) probe.initializers.set(value, initializer)
  probe.nodes = folded
  probe.outputs.push(...wanted.map((name) => ({ name })))
  removeDeadNodes(probe)
  const results = await evaluate(probe.encode(), {}, wanted)
  for (const value of wanted) {
    const result = results[value]
    if (result === undefined || result.data.length > maximumElements) continue
    graph.initializers.set(value, Initializer.fromData(result.data, [...result.dims], result.type))
  }
  // A node whose outputs are constants now must not make them a second time.
  graph.nodes = graph.nodes.flatMap((node) => {
    if (!node.outputs.some((output) => graph.initializers.has(output))) return [node]
    const rest = node.outputs.map((output) => (graph.initializers.has(output) ? '' : output))
    return rest.every((output) => output === '') ? [] : [{ ...node, outputs: rest }]
  })
}
