import type { Graph } from '../graph.ts'
import { elementTypeOfCode } from '../model/element-type.ts'
import type { ElementType } from '../model/element-type.ts'
import type { Initializer } from '../model/initializer.ts'
import { intAttribute, intsAttribute } from '../model/node.ts'
import type { GraphNode, Value } from '../model/node.ts'
import { inferTypes } from '../model/node-types.ts'
import { sameShape } from '../rules/broadcasting.ts'
import { Replacement } from './replacement.ts'

interface Surroundings {
  graph: Graph
  producers: Map<Value, GraphNode>
  types: Map<Value, ElementType>
  /** Static shape, where known. */
  shape: (value: Value) => readonly number[] | undefined
  /** Values of a constant, undefined for what is none. */
  constant: (value: Value | undefined) => Initializer | undefined
  /** To be called where a node is rewritten in place, which may uncover more. */
  rewritten: () => void
}

/** The value that a node's first output is anyway, or undefined where the node is needed. May rewrite the node's inputs. */
type Identity = (node: GraphNode, surroundings: Surroundings) => Value | undefined

/** All elements equal to `number`, in a constant that broadcasting against `other` leaves `other`'s shape. */
const isNeutral = (
  { constant: constantOf, shape }: Surroundings,
  value: Value | undefined,
  number: number,
  other: Value | undefined
): boolean => {
  const constant = constantOf(value)
  if (constant === undefined || other === undefined) return false
  if (constant.shape.length > 0) {
    // Rank and sizes of the constant must not enlarge the result.
    const against = shape(other)
    if (against === undefined || constant.shape.length > against.length) return false
    const offset = against.length - constant.shape.length
    if (constant.shape.some((size, axis) => size !== 1 && size !== against[axis + offset])) return false
  }
  return constant.numbers()?.every((element) => element === number) ?? false
}

const sum: Identity = (node, surroundings) => {
  const [a, b] = node.inputs
  if (isNeutral(surroundings, b, 0, a)) return a
  return isNeutral(surroundings, a, 0, b) ? b : undefined
}

const product: Identity = (node, surroundings) => {
  const [a, b] = node.inputs
  if (isNeutral(surroundings, b, 1, a)) return a
  return isNeutral(surroundings, a, 1, b) ? b : undefined
}

const neutralSecond =
  (number: number): Identity =>
  (node, surroundings) =>
    isNeutral(surroundings, node.inputs[1], number, node.inputs[0]) ? node.inputs[0] : undefined

const twice =
  (opType: string): Identity =>
  (node, { producers }) => {
    const inner = producers.get(node.inputs[0] ?? '')
    return inner?.opType === opType && inner.domain === '' ? inner.inputs[0] : undefined
  }

/** Two transpositions become one, or none. */
const transposition: Identity = (node, surroundings) => {
  const { producers, shape, rewritten } = surroundings
  const input = node.inputs[0] ?? ''
  const permutation = intsAttribute(node, 'perm') ?? shape(input)?.map((_, axis, all) => all.length - 1 - axis)
  if (permutation === undefined) return undefined
  const inner = producers.get(input)
  const innerPermutation =
    inner?.opType === 'Transpose' && inner.domain === '' ? intsAttribute(inner, 'perm') : undefined
  if (inner !== undefined && innerPermutation !== undefined) {
    node.inputs[0] = inner.inputs[0] ?? ''
    node.attributes.set('perm', { kind: 'ints', value: permutation.map((axis) => innerPermutation[axis] ?? axis) })
    rewritten()
    return transposition(node, surroundings)
  }
  return permutation.every((axis, at) => axis === at) ? input : undefined
}

const keepsShape: Identity = (node, { shape }) => {
  const [from, to] = [shape(node.inputs[0] ?? ''), shape(node.outputs[0] ?? '')]
  return from !== undefined && to !== undefined && sameShape(from, to) ? node.inputs[0] : undefined
}

/** A reshape of a reshape forgets the shape between, unless it copies sizes from it. */
const reshape: Identity = (node, surroundings) => {
  const { graph, producers, rewritten } = surroundings
  const target = graph.constantNumbers(node.inputs[1] ?? '')
  const inner = producers.get(node.inputs[0] ?? '')
  const renames =
    inner !== undefined && inner.domain === '' && /^(Reshape|Flatten|Squeeze|Unsqueeze)$/.test(inner.opType)
  if (renames && target !== undefined && !target.includes(0)) {
    node.inputs[0] = inner.inputs[0] ?? ''
    rewritten()
  }
  return keepsShape(node, surroundings)
}

const cast: Identity = (node, { types }) => {
  const to = intAttribute(node, 'to', 0)
  return types.get(node.inputs[0] ?? '') === elementTypeOfCode(to, node.name) ? node.inputs[0] : undefined
}

const padding: Identity = (node, { graph }) => {
  const pads = graph.constantNumbers(node.inputs[1] ?? '')
  return pads?.every((pad) => pad === 0) === true ? node.inputs[0] : undefined
}

/** A slice that keeps every size keeps every element, unless it turns the axis round. */
const slice: Identity = (node, surroundings) => {
  const steps = node.inputs[4] ?? ''
  if (steps !== '') {
    const values = surroundings.graph.constantNumbers(steps)
    if (values === undefined || values.some((step) => step < 0)) return undefined
  }
  return keepsShape(node, surroundings)
}

const onlyInput: Identity = (node) => (node.inputs.length === 1 ? node.inputs[0] : undefined)

/** x + (-y) = x - y */
const additionOfNegative: Identity = (node, { producers, rewritten }) => {
  const negated = node.inputs.findIndex((input) => {
    const inner = producers.get(input)
    return inner?.opType === 'Neg' && inner.domain === ''
  })
  if (negated < 0) return undefined
  const positive = node.inputs[1 - negated] ?? ''
  const inner = producers.get(node.inputs[negated] ?? '')
  node.opType = 'Sub'
  node.inputs = [positive, inner?.inputs[0] ?? '']
  rewritten()
  return undefined
}

/** x - (-y) = x + y */
const subtractionOfNegative: Identity = (node, { producers, rewritten }) => {
  const inner = producers.get(node.inputs[1] ?? '')
  if (inner?.opType !== 'Neg' || inner.domain !== '') return undefined
  node.opType = 'Add'
  node.inputs = [node.inputs[0] ?? '', inner.inputs[0] ?? '']
  rewritten()
  return undefined
}

const firstOf =
  (...identities: Identity[]): Identity =>
  (node, surroundings) => {
    for (const identity of identities) {
      const value = identity(node, surroundings)
      if (value !== undefined) return value
    }
    return undefined
  }

const identities: Record<string, Identity> = {
  Identity: (node) => node.inputs[0],
  // Training mode, which would make it random, is an input.
  Dropout: (node) => ((node.inputs[2] ?? '') === '' && (node.outputs[1] ?? '') === '' ? node.inputs[0] : undefined),
  Add: firstOf(sum, additionOfNegative),
  Sub: firstOf(neutralSecond(0), subtractionOfNegative),
  Mul: product,
  Div: neutralSecond(1),
  Pow: neutralSecond(1),
  Neg: twice('Neg'),
  Relu: (node, { producers }) => (producers.get(node.inputs[0] ?? '')?.opType === 'Relu' ? node.inputs[0] : undefined),
  Transpose: transposition,
  Reshape: reshape,
  Flatten: keepsShape,
  Squeeze: keepsShape,
  Expand: keepsShape,
  Tile: keepsShape,
  Cast: cast,
  Pad: padding,
  Slice: slice,
  Concat: onlyInput,
  Sum: onlyInput,
  Max: onlyInput,
  Min: onlyInput,
  Mean: onlyInput
}

/**
 * Removes nodes that change nothing (x + 0, x * 1, transpositions that cancel, reshapes to the same shape, …) and joins
 * those that undo each other. With `shapes` more is known; `variables` are constants whose contents may change. Returns whether anything changed.
 */
export const applyIdentities = (
  graph: Graph,
  shapes: ReadonlyMap<Value, readonly number[]> = new Map(),
  variables: ReadonlySet<Value> = new Set()
): boolean => {
  const replacement = new Replacement(graph)
  let changed = false
  const surroundings: Surroundings = {
    graph,
    producers: graph.producers(),
    types: inferTypes(graph),
    shape: (value) => graph.initializers.get(value)?.shape ?? shapes.get(value),
    constant: (value = '') => (variables.has(value) ? undefined : graph.initializers.get(value)),
    rewritten: () => {
      changed = true
    }
  }
  for (const node of graph.nodes) {
    node.inputs = node.inputs.map((input) => replacement.of(input))
    const identity = node.domain === '' ? identities[node.opType] : undefined
    const value = identity?.(node, surroundings)
    if (value !== undefined && value !== '') replacement.set(node.outputs[0] ?? '', value)
  }
  return replacement.apply() || changed
}
