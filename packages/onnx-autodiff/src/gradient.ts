import { OnnxAutodiffError, UnsupportedOperatorError } from './errors.ts'
import type { Graph } from './graph.ts'
import { isFloating } from './model/element-type.ts'
import type { ElementType } from './model/element-type.ts'
import { inferTypes } from './model/node-types.ts'
import { nodeLabel } from './model/node.ts'
import { readsOf } from './model/order.ts'
import type { GraphNode, Value } from './model/node.ts'
import { upgradeOpset } from './opset.ts'
import { isWithoutGradient, ruleFor, ruleKey } from './rules/registry.ts'
import { ruleContext, shapeIn } from './rules/rule.ts'
import type { RuleDefinition } from './rules/rule.ts'

export interface GradientOptions {
  /** What is differentiated: a scalar, an energy a sample (B,), or any shape. */
  of: Value
  /** Inputs, weights or any intermediate values. */
  withRespectTo: readonly Value[]
  /**
   * Gradient that arrives at `of`, with its shape: the vector of the vector-Jacobian product. Ones if left out: the
   * gradient of the sum, which for an energy (B,) of independent samples is each sample's own gradient.
   */
  seed?: Value
  /** Static shapes of all values, from `inferShapes`. */
  shapes: ReadonlyMap<Value, readonly number[]>
  /**
   * Uses only operators that GPU providers have too, where there is a choice: MaxPool by comparison instead of by its
   * Indices output, which is faster on CPU.
   */
  portable?: boolean
  /** Rules for further operators, or instead of the built-in ones; the key is `Operator` or `domain::Operator`. */
  rules?: Readonly<Record<string, RuleDefinition>>
}

interface Plan {
  /** Values that depend on what is differentiated by. */
  active: Set<Value>
  /** Nodes between `withRespectTo` and `of`, in graph order. */
  nodes: GraphNode[]
}

/** Finds what has to be differentiated: nodes that depend on `withRespectTo` and that `of` depends on. */
const plan = (
  graph: Graph,
  { withRespectTo, of, rules }: Pick<GradientOptions, 'withRespectTo' | 'of' | 'rules'>,
  types: Map<Value, ElementType>
): Plan => {
  const active = new Set<Value>(withRespectTo)
  const dependent: GraphNode[] = []
  for (const node of graph.nodes) {
    const ignored = isWithoutGradient(node) && rules?.[ruleKey(node)] === undefined
    if (ignored || !readsOf(node).some((value) => active.has(value))) continue
    const outputs = node.outputs.filter((output) => output !== '' && isFloating(types.get(output) ?? 'float32'))
    if (outputs.length === 0) continue
    outputs.forEach((output) => active.add(output))
    dependent.push(node)
  }
  const needed = new Set<Value>([of])
  const nodes: GraphNode[] = []
  for (const node of dependent.reverse()) {
    if (!node.outputs.some((output) => needed.has(output))) continue
    nodes.push(node)
    readsOf(node)
      .filter((value) => active.has(value))
      .forEach((value) => needed.add(value))
  }
  return { active, nodes: nodes.reverse() }
}

const demandValues = (graph: Graph, values: readonly Value[]): void => {
  const made = new Set(graph.nodes.flatMap(({ outputs }) => outputs))
  const given = new Set(graph.inputs.map(({ name }) => name))
  for (const value of values) {
    if (!made.has(value) && !given.has(value) && !graph.initializers.has(value)) {
      throw new OnnxAutodiffError(
        'unknown-value',
        `The graph has no value "${value}".`,
        'If it had, simplify removed it: name weights in its `variables`, and results as outputs.'
      )
    }
  }
}

/**
 * Multiplications x * Sigmoid(x), which is how exporters write SiLU (Swish), by their input x. Taken together their derivative is
 * s + y (1 - s), four passes over memory instead of the six of product and sigmoid apart.
 */
const swishInputs = (graph: Graph, nodes: readonly GraphNode[]): Map<GraphNode, { x: Value; sigmoid: Value }> => {
  const sigmoids = new Map(
    graph.nodes
      .filter(({ opType, domain }) => opType === 'Sigmoid' && domain === '')
      .map(({ inputs, outputs }) => [outputs[0] ?? '', inputs[0] ?? ''])
  )
  const found = new Map<GraphNode, { x: Value; sigmoid: Value }>()
  for (const node of nodes) {
    if (node.opType !== 'Mul' || node.domain !== '') continue
    const [a = '', b = ''] = node.inputs
    if (sigmoids.get(b) === a) found.set(node, { x: a, sigmoid: b })
    else if (sigmoids.get(a) === b) found.set(node, { x: b, sigmoid: a })
  }
  return found
}

/** Why a node can't be differentiated: '' for want of a rule, a reason where the rule refuses it, else undefined. */
const refusal = (node: GraphNode, rules?: GradientOptions['rules']): string | undefined => {
  const rule = ruleFor(node, rules)
  return rule === undefined ? '' : rule.refuses?.(node)
}

/**
 * The nodes between `withRespectTo` and `of` that have no gradient rule: empty means that `gradient` will work. Needs no
 * shapes, so that a model can be checked as soon as it is read.
 */
export const unsupportedOperators = (
  graph: Graph,
  withRespectTo: readonly Value[],
  of: Value,
  rules?: GradientOptions['rules']
): { opType: string; node: string; reason?: string }[] => {
  demandValues(graph, [...withRespectTo, of])
  return plan(graph, { withRespectTo, of, ...(rules && { rules }) }, inferTypes(graph)).nodes.flatMap((node) => {
    const reason = refusal(node, rules)
    if (reason === undefined) return []
    return [{ opType: node.opType, node: nodeLabel(node), ...(reason === '' ? {} : { reason }) }]
  })
}

/**
 * Appends the nodes that compute the gradient of `of` by reverse mode and returns the gradient of each value of
 * `withRespectTo`, in its shape (zeros where `of` does not depend on it). Only what lies between the two is
 * differentiated. Sizes are those of `shapes`: the graph is for that tile and batch size from then on. May raise the
 * graph's opset to 16 (scatter with addition) and add the Indices output to MaxPool nodes.
 *
 * Throws `UnsupportedOperatorError` for a node without a rule before anything is appended.
 */
export const gradient = (
  graph: Graph,
  { of, withRespectTo, seed, shapes, rules, portable = false }: GradientOptions
): Record<Value, Value> => {
  demandValues(graph, [...withRespectTo, of, ...(seed === undefined ? [] : [seed])])
  upgradeOpset(graph, graph.opset)
  const types = inferTypes(graph)
  const typeOf = (value: Value): ElementType => types.get(value) ?? 'float32'
  const { active, nodes } = plan(graph, { withRespectTo, of, ...(rules && { rules }) }, types)
  for (const node of nodes) {
    const reason = refusal(node, rules)
    if (reason !== undefined) {
      throw new UnsupportedOperatorError(node.opType, nodeLabel(node), reason === '' ? undefined : reason)
    }
  }
  const filled = (value: Value, number: number): Value => {
    const shape = shapeIn(shapes, value)
    const constant = graph.scalar(number, typeOf(value))
    return shape.length === 0 ? constant : graph.expand(constant, shape)
  }
  const gradients = new Map<Value, Value>()
  const accumulate = (value: Value, part: Value): void => {
    const sum = gradients.get(value)
    gradients.set(value, sum === undefined ? part : graph.add(sum, part))
  }
  if (active.has(of)) accumulate(of, seed ?? filled(of, 1))
  const swishes = rules === undefined ? swishInputs(graph, nodes) : new Map<GraphNode, never>()
  for (const node of nodes.reverse()) {
    const outputGradients = node.outputs.map((output) => gradients.get(output))
    if (outputGradients.every((value) => value === undefined)) continue
    const swish = swishes.get(node)
    const [dy] = outputGradients
    if (swish !== undefined && dy !== undefined && active.has(swish.x) && !withRespectTo.includes(swish.sigmoid)) {
      const { x, sigmoid } = swish
      const rest = graph.mul(node.outputs[0] ?? '', graph.sub(graph.scalar(1, typeOf(x)), sigmoid))
      accumulate(x, graph.mul(dy, graph.add(rest, sigmoid)))
      continue
    }
    const rule = ruleFor(node, rules)
    const parts = rule?.gradient(ruleContext({ graph, node, shapes, types, active, outputGradients, portable })) ?? []
    node.inputs.forEach((input, index) => {
      const part = parts[index]
      if (part !== undefined && active.has(input)) accumulate(input, part)
    })
  }
  return Object.fromEntries(withRespectTo.map((value) => [value, gradients.get(value) ?? filled(value, 0)]))
}
