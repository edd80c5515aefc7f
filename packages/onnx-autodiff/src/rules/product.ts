import { floatAttribute, intAttribute } from '../model/node.ts'
import type { Value } from '../model/node.ts'
import type { Graph } from '../graph.ts'
import { elementCount } from '../model/initializer.ts'
import { broadcastShape, range, reduceTo, sameShape, size } from './broadcasting.ts'
import type { Rule, RuleDefinition } from './rule.ts'

/** Swaps the last two axes. */
const transposed = (graph: Graph, value: Value, rank: number): Value => {
  const permutation = range(rank)
  permutation.push(...permutation.splice(rank - 2, 2).reverse())
  return graph.transpose(value, permutation)
}

/** MatMul's one-dimensional operands, seen as the matrices they stand for. */
const asMatrix = (shape: readonly number[], side: 'left' | 'right'): number[] => {
  if (shape.length > 1) return [...shape]
  return side === 'left' ? [1, size(shape, 0)] : [size(shape, 0), 1]
}

const matrixProduct: Rule = ({ graph, node, dy, y, wants, shape }) => {
  const [a = '', b = ''] = node.inputs
  const aShape = asMatrix(shape(a), 'left')
  const bShape = asMatrix(shape(b), 'right')
  const batch = broadcastShape(aShape.slice(0, -2), bShape.slice(0, -2))
  const rows = size(aShape, aShape.length - 2)
  const columns = size(bShape, bShape.length - 1)
  const shaped = (value: Value, from: readonly number[], to: readonly number[]): Value =>
    sameShape(from, to) ? value : graph.reshape(value, to)
  const dyShape = [...batch, rows, columns]
  const dyMatrix = shaped(dy, shape(y), dyShape)
  const left = (): Value => {
    const product = graph.matmul(dyMatrix, transposed(graph, shaped(b, shape(b), bShape), bShape.length))
    const full = [...batch, rows, size(aShape, aShape.length - 1)]
    return shaped(reduceTo(graph, product, full, aShape), aShape, shape(a))
  }
  const right = (): Value => {
    if (bShape.length === 2 && aShape.length > 2) {
      // One product over all rows of the batch, instead of one a batch entry and a sum.
      const inner = size(bShape, 0)
      const total = elementCount(aShape) / inner
      const flat = graph.transpose(graph.reshape(a, [total, inner]), [1, 0])
      return shaped(graph.matmul(flat, graph.reshape(dyMatrix, [total, columns])), bShape, shape(b))
    }
    const product = graph.matmul(transposed(graph, shaped(a, shape(a), aShape), aShape.length), dyMatrix)
    const full = [...batch, size(bShape, bShape.length - 2), columns]
    return shaped(reduceTo(graph, product, full, bShape), bShape, shape(b))
  }
  return [wants(0) ? left() : undefined, wants(1) ? right() : undefined]
}

/** y = alpha A' B' + beta C, where ' transposes if the attribute says so. */
const general: Rule = ({ graph, node, dy, y, input, wants, shape, scalar }) => {
  const [a = '', b = ''] = node.inputs
  const alpha = floatAttribute(node, 'alpha', 1)
  const beta = floatAttribute(node, 'beta', 1)
  const transA = intAttribute(node, 'transA', 0)
  const transB = intAttribute(node, 'transB', 0)
  const c = input(2)
  const product = (left: Value, right: Value, leftTransposed: number, rightTransposed: number): Value =>
    graph.node('Gemm', [left, right], { alpha, transA: leftTransposed, transB: rightTransposed })
  const scaled = (value: Value): Value => (beta === 1 ? value : graph.mul(value, scalar(beta)))
  return [
    !wants(0) ? undefined : transA === 1 ? product(b, dy, transB, 1) : product(dy, b, 0, 1 - transB),
    !wants(1) ? undefined : transB === 1 ? product(dy, a, 1, transA) : product(a, dy, 1 - transA, 0),
    c === undefined || !wants(2) ? undefined : scaled(reduceTo(graph, dy, shape(y), shape(c)))
  ]
}

export const products: Record<string, RuleDefinition> = {
  MatMul: { gradient: matrixProduct },
  Gemm: { gradient: general }
}
