import type { Graph } from '../graph.ts'
import type { Attribute } from '../model/attribute.ts'
import { isFloating } from '../model/element-type.ts'
import type { Initializer } from '../model/initializer.ts'
import type { GraphNode, Value } from '../model/node.ts'
import { Replacement } from './replacement.ts'

// Larger constants are compared by identity of their bytes only.
const comparedElements = 4096

const commutative = new Set(['Add', 'Mul', 'And', 'Or', 'Equal'])
const random = /^Random|^Bernoulli$|^Multinomial$/

const initializerKey = (initializer: Initializer): string | undefined => {
  const { data, type, shape } = initializer
  if (data === undefined || data.length > comparedElements) return undefined
  const values = Array.from(data as ArrayLike<number | bigint>, (value) => (Object.is(value, -0) ? '-0' : `${value}`))
  return `${type}[${shape.join(',')}]${values.join(',')}`
}

const attributeKey = (attribute: Attribute): string | undefined => {
  switch (attribute.kind) {
    case 'graph':
    case 'other':
      return undefined
    case 'tensor':
      return initializerKey(attribute.value)
    default:
      return `${attribute.kind}:${JSON.stringify(attribute.value)}`
  }
}

/** A text that two nodes share exactly if they compute the same; undefined where that can't be told. */
const nodeKey = (node: GraphNode, inputs: readonly Value[]): string | undefined => {
  if (random.test(node.opType)) return undefined
  const attributes: string[] = []
  for (const [name, attribute] of [...node.attributes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const key = attributeKey(attribute)
    if (key === undefined) return undefined
    attributes.push(`${name}=${key}`)
  }
  const ordered = commutative.has(node.opType) && node.domain === '' ? [...inputs].sort() : inputs
  return JSON.stringify([node.domain, node.opType, ordered, attributes])
}

/** Two weights with equal contents are still two weights; integers and lone numbers only steer. */
const onlySteers = ({ type, shape }: Initializer): boolean => !isFloating(type) || shape.length === 0

/**
 * Makes one of several nodes (and steering constants) that compute the same. `variables` are constants whose contents
 * may change. Returns whether anything changed.
 */
export const mergeCommonSubexpressions = (graph: Graph, variables: ReadonlySet<Value> = new Set()): boolean => {
  const replacement = new Replacement(graph)
  const constants = new Map<string, Value>()
  for (const [value, initializer] of graph.initializers) {
    if (variables.has(value) || !onlySteers(initializer)) continue
    const key = initializerKey(initializer)
    if (key === undefined) continue
    const first = constants.get(key)
    if (first === undefined) constants.set(key, value)
    else replacement.set(value, first)
  }
  const known = new Map<string, GraphNode>()
  for (const node of graph.nodes) {
    const key = nodeKey(
      node,
      node.inputs.map((input) => replacement.of(input))
    )
    const first = key === undefined ? undefined : known.get(key)
    if (first === undefined) {
      if (key !== undefined) known.set(key, node)
      continue
    }
    if (!node.outputs.every((output) => output === '' || replacement.canReplace(output))) continue
    node.outputs.forEach((output, index) => {
      if (output === '') return
      const same = first.outputs[index] ?? ''
      if (same !== '') replacement.set(output, same)
      else {
        // Only the second node asked for this optional output: the first one makes it now, under its name.
        while (first.outputs.length < index) first.outputs.push('')
        first.outputs[index] = output
        node.outputs[index] = ''
      }
    })
  }
  return replacement.apply()
}
