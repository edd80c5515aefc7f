import { OnnxAutodiffError } from '../errors.ts'
import type { Graph } from '../graph.ts'
import type { ElementType } from '../model/element-type.ts'
import { nodeLabel } from '../model/node.ts'
import type { GraphNode, Value } from '../model/node.ts'

/** What a rule sees of the node it differentiates. */
export interface RuleContext {
  readonly graph: Graph
  readonly node: GraphNode
  /** The node's first input, which every differentiable operator has. */
  readonly x: Value
  /** The node's first output. */
  readonly y: Value
  /** Gradient of the first output; with several outputs see `outputGradient`. */
  readonly dy: Value
  /** Element type of the node's first floating-point input. */
  readonly type: ElementType
  /** Input `index`, undefined where it is absent. */
  input(index: number): Value | undefined
  /** Whether only operators that every provider has may be used, where there is a choice. */
  readonly portable: boolean
  /** Whether a gradient with respect to input `index` is wanted. */
  wants(index: number): boolean
  outputGradient(index: number): Value | undefined
  /** Static shape of a value of the original graph. */
  shape(value: Value): readonly number[]
  /** Values of a constant input as numbers; throws 'not-constant' where it is computed. */
  constant(value: Value): number[]
  /** A rank-0 constant of `type`. */
  scalar(value: number): Value
}

/**
 * Appends the nodes that carry a gradient from a node's outputs to its inputs, and returns one gradient for each input,
 * undefined for those that are not wanted. Each has exactly the shape of its input.
 */
export type Rule = (context: RuleContext) => (Value | undefined)[]

export interface RuleDefinition {
  gradient: Rule
  /** Why this particular node can't be differentiated, or undefined if it can. */
  refuses?: (node: GraphNode) => string | undefined
}

interface ContextParts {
  graph: Graph
  node: GraphNode
  shapes: ReadonlyMap<Value, readonly number[]>
  types: ReadonlyMap<Value, ElementType>
  active: ReadonlySet<Value>
  outputGradients: readonly (Value | undefined)[]
  portable: boolean
}

/** Static shape of a value, or a named error. */
export const shapeIn = (shapes: ReadonlyMap<Value, readonly number[]>, value: Value): readonly number[] => {
  const shape = shapes.get(value)
  if (shape === undefined) {
    throw new OnnxAutodiffError(
      'unknown-shape',
      `The shape of "${value}" is not known.`,
      'Call inferShapes on the graph as it is now.'
    )
  }
  return shape
}

export const ruleContext = ({
  graph,
  node,
  shapes,
  types,
  active,
  outputGradients,
  portable
}: ContextParts): RuleContext => {
  const type = node.inputs.map((input) => types.get(input)).find((found) => found !== undefined && /float/.test(found))
  const elementType = type ?? 'float32'
  return {
    graph,
    node,
    x: node.inputs[0] ?? '',
    y: node.outputs[0] ?? '',
    dy: outputGradients[0] ?? '',
    type: elementType,
    portable,
    input: (index) => (node.inputs[index] === '' ? undefined : node.inputs[index]),
    wants: (index) => active.has(node.inputs[index] ?? ''),
    outputGradient: (index) => outputGradients[index],
    shape: (value) => shapeIn(shapes, value),
    constant: (value) => {
      const numbers = graph.constantNumbers(value)
      if (numbers === undefined) {
        throw new OnnxAutodiffError(
          'not-constant',
          `Input "${value}" of ${node.opType} (node "${nodeLabel(node)}") has to be a constant.`,
          'Call foldConstants on the graph first.'
        )
      }
      return numbers
    },
    scalar: (value) => graph.scalar(value, elementType)
  }
}
