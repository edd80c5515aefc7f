import { stringAttribute } from '../model/node.ts'
import type { GraphNode, Value } from '../model/node.ts'
import { range, size } from './broadcasting.ts'
import type { Rule, RuleContext, RuleDefinition } from './rule.ts'

interface Equation {
  operands: string[]
  result: string
}

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** The equation with an explicit result, as written; '...' stays. */
const parse = (node: GraphNode): Equation => {
  const [left = '', right] = stringAttribute(node, 'equation', '').replaceAll(' ', '').split('->')
  const operands = left.split(',')
  if (right !== undefined) return { operands, result: right }
  // Without a result: the ellipsis, then every letter that occurs once, in alphabetical order.
  const once = [...letters].sort().filter((letter) => left.split(letter).length === 2)
  return { operands, result: (left.includes('...') ? '...' : '') + once.join('') }
}

/** Gives the axes behind '...' letters of their own. */
const withoutEllipsis = ({ operands, result }: Equation, ranks: readonly number[]): Equation => {
  const used = operands.join('') + result
  const free = [...letters].filter((letter) => !used.includes(letter))
  const hidden = operands.map((operand, index) =>
    operand.includes('...') ? (ranks[index] ?? 0) - (operand.length - 3) : 0
  )
  const longest = Math.max(0, ...hidden)
  const names = free.slice(0, longest).join('')
  return {
    operands: operands.map((operand, index) => operand.replace('...', names.slice(longest - (hidden[index] ?? 0)))),
    result: result.replace('...', names)
  }
}

/**
 * The gradient of an operand is the einsum of the output gradient with the other operands. An index that only this
 * operand has was summed away, so its gradient is the same all along it.
 */
const operandGradient = (context: RuleContext, { operands, result }: Equation, index: number): Value => {
  const { graph, node, dy, shape } = context
  const target = operands[index] ?? ''
  const from = shape(node.inputs[index] ?? '')
  const others = operands.flatMap((operand, other) =>
    other === index ? [] : [{ operand, value: node.inputs[other] ?? '' }]
  )
  const known = new Set([...result, ...others.map(({ operand }) => operand).join('')])
  const kept = [...target].filter((letter) => known.has(letter)).join('')
  const equation = `${[result, ...others.map(({ operand }) => operand)].join(',')}->${kept}`
  const product = graph.node('Einsum', [dy, ...others.map(({ value }) => value)], { equation })
  // Axes of size 1 that were broadcast against others are summed back.
  const sizeOf = (letter: string): number =>
    Math.max(
      ...operands.map((operand, other) => {
        const at = operand.indexOf(letter)
        return at < 0 ? 1 : size(shape(node.inputs[other] ?? ''), at)
      })
    )
  const broadcast = range(kept.length).filter((axis) => {
    const letter = kept[axis] ?? ''
    return size(from, target.indexOf(letter)) === 1 && sizeOf(letter) !== 1
  })
  const summed = broadcast.length === 0 ? product : graph.reduceSum(product, broadcast)
  const missing = range(target.length).filter((axis) => !known.has(target[axis] ?? ''))
  return missing.length === 0 ? summed : graph.expand(graph.unsqueeze(summed, missing), from)
}

const einsum: Rule = (context) => {
  const { node, shape, wants } = context
  const equation = withoutEllipsis(
    parse(node),
    node.inputs.map((input) => shape(input).length)
  )
  return node.inputs.map((_, index) => (wants(index) ? operandGradient(context, equation, index) : undefined))
}

const repeatsLetter = (operand: string): boolean => {
  const named = operand.replace('...', '')
  return new Set(named).size < named.length
}

export const contractions: Record<string, RuleDefinition> = {
  Einsum: {
    gradient: einsum,
    refuses: (node) =>
      parse(node).operands.some(repeatsLetter) ? 'it takes a diagonal (a letter twice in one operand)' : undefined
  }
}
